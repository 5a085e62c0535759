"""`microblog import`, as people type it."""

import re

import pytest

from microblog.client.transport import HttpTransport, Unreachable
from tests.cli.terminals import INTERRUPT

NOTES = """\
Date,Worker,Job,Team,Contact type,Details,Source
03/02/2025,B. Tarn,teacher,Oak School,Call,Thin today.,paper file
31/02/2025,,,,,Never,
,B. Tarn,,,,Undated,
"""


@pytest.fixture
def ann(office):
    ann = office.found()
    ann.did("child", "add", "Rosie Pine")
    return ann


@pytest.fixture
def notes(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text(NOTES)
    return path


def test_a_file_is_shown_first_then_brought_in_and_bad_rows_leave_with_1(ann, notes):
    shown = ann.does("import", "rosie", str(notes), "--dry-run")
    assert shown.code == 1
    for words in (
        "  Contact type: kind\n", "2: 2025-02-03 · From records · Thin today. Contact type: Call",
        "B. Tarn · teacher · Oak School · paper file", "4: not sure when", "1 row cannot be read:",
        "3: “Date” says “31/02/2025”: February 2025 has no day 31.",
        "3 rows: 2 can be brought in, 1 of them not sure when; 0 are here already; 1 cannot",
    ):  # fmt: skip
        assert words in shown.out
    assert "posts · " not in ann.did("stream", "rosie").out
    refused = ann.does("import", "rosie", str(notes))
    assert (refused.code, "nothing was brought in" in refused.err) == (1, True)
    said = ann.does("import", "rosie", str(notes), "--yes", "--source", "old notes")
    assert (said.code, "2 rows brought in for Rosie Pine's team." in said.out) == (1, True)
    again = ann.does("import", "rosie", str(notes), "--yes")
    assert "0 can be brought in; 2 are here already" in again.out
    line = ann.did("stream", "rosie").out
    assert "[2 rows, brought in: --rows 3 lists them]" in line
    rows = ann.did("stream", "rosie", "--rows", "3").out
    assert "by B. Tarn · teacher · Oak School" in rows
    assert "from old notes" in rows
    assert ann.does("stream", "rosie", "--rows", "0").code == 1


def test_columns_can_be_said_and_what_was_done_comes_as_data(ann, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("When seen;Said\n1/2/2025;Quiet.\n")
    lost = ann.does("import", "rosie", str(path), "--yes")
    assert (lost.code, "no column is taken for text" in lost.err) == (1, True)
    given = ["--column", "when seen=date", "--column", "Said=text", "--yes", "--json"]
    assert ann.did("import", "rosie", str(path), *given).json == {
        "rows": 1, "known": 0, "left": 0, "bad": [],
    }  # fmt: skip
    (row,) = ann.did("stream", "rosie", "--rows", "2", "--json").json
    assert (row["happened"], row["text"]) == ("2025-02-01", "Quiet.")
    for column, message in (("Said=colour", "a field one of"), ("Nothing=text", "no column is")):
        said = ann.does("import", "rosie", str(path), "--column", column)
        assert message in said.err


def test_cut_off_it_says_what_is_left_and_goes_on(ann, tmp_path, monkeypatch):
    path = tmp_path / "many.csv"
    path.write_text("Date,Text\n" + "".join(f"1/2/2025,Note {at}.\n" for at in range(100)))
    append, sent = HttpTransport.append, []

    def cut(self, log, entries):
        sent.append(len(entries))
        if len(sent) > 1:
            raise Unreachable("the server does not answer")
        return append(self, log, entries)

    monkeypatch.setattr(HttpTransport, "append", cut)
    said = ann.does("import", "rosie", str(path), "--yes")
    assert (said.code, "64 rows brought in" in said.out) == (1, True)
    assert "36 rows are left" in said.err
    assert "it goes on where it ended" in said.err
    monkeypatch.setattr(HttpTransport, "append", append)
    assert "36 rows brought in" in ann.did("import", "rosie", str(path), "--yes").out


def test_ctrl_c_stops_after_the_request_under_way_and_the_same_command_goes_on(ann, tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("Date,Text\n" + "".join(f"1/2/2025,Note {at}.\n" for at in range(1200)))
    said = ann.types(
        "import", "rosie", str(path),
        answers=[(r"Bring in 1200 rows for .*\? \[y/N\]: ", "y\n"), ("Bringing in… 6", INTERRUPT)],
    )  # fmt: skip
    assert said.code == 1
    done = int(re.search(r"(\d+) rows brought in for Rosie Pine's team", said.out)[1])
    assert 0 < done < 1200
    assert f"{1200 - done} rows are left" in said.out
    assert f"{1200 - done} rows brought in" in ann.did("import", "rosie", str(path), "--yes").out


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("page.csv", "<html>", "neither CSV nor XLSX"),
        ("empty.csv", " ", "there is nothing in it"),
        ("open.csv", 'a\n"b', "does not end with one"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(ann, tmp_path, name, text, message):
    path = tmp_path / name
    path.write_text(text)
    said = ann.does("import", "rosie", str(path), "--yes")
    assert (said.code, message in said.err) == (1, True)


def test_a_file_that_is_not_there_and_words_that_are_missing_are_said(ann, somebody):
    said = ann.does("import", "rosie", "/nowhere.csv")
    assert (said.code, "/nowhere.csv" in said.err) == (1, True)
    for words in (["rosie"], ["a", "b", "c"], ["--children", "a", "b"]):
        said = somebody.does("import", *words)
        assert (said.code, "name CHILD and FILE" in said.err) == (2, True)
    said = somebody.does("stream", "--rows", "3")
    assert (said.code, "name the CHILD" in said.err) == (2, True)


def test_a_list_of_children_is_begun_once(ann, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "First name,Surname,DOB,Household\nAlfie,Pine,03/04/2019,The Pines\nRosie,Pine,,\n,,x,\n"
    )
    said = ann.does("import", "--children", str(path), "--yes")
    assert said.code == 1
    for words in (
        "2: Alfie Pine (child, 2019-04-03, lives in The Pines)", "3: Rosie Pine is on your list",
        "4: “First name” is empty", "1 stream begun.",
    ):  # fmt: skip
        assert words in said.out
    names = [row["name"] for row in ann.did("children", "--json").json]
    assert names == ["Alfie Pine", "Rosie Pine", "The Pines"]
    assert "Alfie Pine is on your list" in ann.does("import", "--children", str(path)).out
