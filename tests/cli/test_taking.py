"""A chronology from a terminal: a spreadsheet, gone through row by row, and told to each team."""

import pytest

from microblog.sheets.tables import read_table

WHY = ("--why", "the case conference")


@pytest.fixture
def ann(office):
    """Return the keeper of a child in a household, of whom three things were posted."""
    ann = office.found("Ann Lee")
    ann.did("child", "add", "Rosie Turner")
    ann.did("post", "rosie", "Quieter than last week.", "--at", "2026-05-02")
    ann.did("post", "rosie", "Ring Mrs Sample on 07700 900123.", "--at", "2026-05", "--yes")
    ann.did("post", "rosie", "=1+1", "--at", "2025")
    return ann


def table_in(file):
    return read_table(file.read_bytes()).sheets[0].table


def texts_in(file):
    titles, *rows = table_in(file)
    return [row[titles.index("Text")] for row in rows]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_chronology_is_by_when_it_happened_and_the_team_is_told(ann, tmp_path, form):
    file = tmp_path / "rosie"
    said = ann.did("export", "rosie", "--format", form, *WHY, "--output", str(file), "--yes")
    assert "Rosie Turner's stream is in" in said.out
    assert file.stat().st_mode & 0o777 == 0o600
    assert texts_in(file) == [
        "=1+1", "Ring Mrs Sample on 07700 900123.", "Quieter than last week.",
    ]  # fmt: skip
    (told,) = ann.did("children", "--json").json[0]["exports"]
    assert (told["format"], told["why"]) == (form, "the case conference")


def test_between_two_days_and_of_all_that_i_follow(ann, tmp_path):
    ann.did("child", "add", "Sam Hill")
    ann.did("post", "sam", "All is well.", "--at", "2026-05-01")
    file = tmp_path / "all"
    line = ["export", "--all", "--format", "csv", *WHY, "--output", str(file), "--yes"]
    assert "2 streams are in" in ann.did(*line, "--from", "2026-05-01").out
    assert texts_in(file) == [
        "All is well.", "Ring Mrs Sample on 07700 900123.", "Quieter than last week.",
    ]  # fmt: skip
    exports = [child["exports"] for child in ann.did("children", "--json").json]
    assert [(one["start"], one["why"]) for (one,) in exports] == [
        ("2026-05-01", "the case conference")
    ] * 2


def test_a_file_is_named_after_no_child(ann, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ann.did("export", "rosie", "--format", "csv", *WHY, "--yes")
    (file,) = tmp_path.glob("*.csv")
    assert "rosie" not in file.name.lower()


REFUSALS = [
    (["rosie", "--all", "--format", "csv"], 2, "name a child, or say --all"),
    (["--all"], 2, "go with --format csv or xlsx"),
    (["rosie", "--black-out"], 2, "go with --format csv or xlsx"),
    (["rosie", "--format", "csv", "--from", "soon"], 1, "nothing was taken out"),
    (["rosie", "--format", "csv", "--from", "2026-05", "--to", "2026-04"], 1, "later than"),
    (["rosie", "--format", "csv", "--black-out"], 1, "nobody can be asked"),
    (["rosie", "--format", "csv", "--to", "1999"], 1, "there is no post"),
]


def test_what_makes_no_sense_is_refused_and_nobody_is_told(ann, tmp_path):
    file = tmp_path / "new"
    for line, code, says in REFUSALS:
        said = ann.does("export", *line, *WHY, "--output", str(file), "--yes")
        assert (said.code, says in said.err) == (code, True), said.err
    unasked = ann.does("export", "rosie", "--format", "csv", *WHY, "--output", str(file))
    assert "add --yes if its team may be told of it" in unasked.err
    assert not file.exists()
    assert ann.did("children", "--json").json[0]["exports"] == []


def test_rows_are_gone_through_and_what_is_marked_is_black(ann, tmp_path):
    file = tmp_path / "black"
    answers = [
        (r"Row 1 of 3.*black out: ", "r\n"),
        (r"the whole row is black.*black out: ", "\n"),
        (r"Row 2 of 3.*1\) Mrs Sample \(name\).*2\) 07700 900123.*black out: ", "2\n"),
        (r"Ring Mrs Sample on █████.*black out: ", "\n"),
        (r"Row 3 of 3.*black out: ", "w last week\n"),
        (r"Quieter than █████.*black out: ", "c Who\n"),
        (r"Who: █████.*black out: ", "d\n"),
        (r"Each team is told. \[y/N\]: ", "y\n"),
    ]
    said = ann.types("export", "rosie", "--format", "csv", *WHY, "--black-out", "--output",
                     str(file), answers=answers)  # fmt: skip
    assert said.code == 0, said.out
    assert texts_in(file) == [
        "[blacked out]", "Ring Mrs Sample on █████.", "Quieter than █████.",
    ]  # fmt: skip
    titles, first, _, last = table_in(file)
    assert [cell for cell in first if cell] == ["1", "[blacked out]"]
    assert last[titles.index("Who")] == "█████"


def test_who_copied_a_post_to_the_record_stands_beside_it(ann):
    (first, *_) = reversed(ann.did("stream", "rosie", "--json").json)
    ann.did("post", "rosie", "--copied", str(first["seq"]), "--kind", "records")
    assert "Copied to the record by Ann Lee, " in ann.did("stream", "rosie").out
