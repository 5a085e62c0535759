"""Rows of a spreadsheet as posts: dates, columns, cuts, and by what a row is known again."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from microblog.client.cells import title_of
from microblog.client.columns import COLUMNS
from microblog.client.cutting import cut_post, cut_text
from microblog.client.dating import Dated, read_clock, read_date
from microblog.client.guessing import guess_child_columns, guess_columns
from microblog.client.importing import Origin, read_rows
from microblog.client.shown_rows import Column
from microblog.protocol.post import MAX_NOTES, MAX_TEXT, Post, encode_post

#: What both languages must say alike: tests/webclient/importing.test.ts reads it too.
CASES = json.loads(Path(__file__).with_name("rows.json").read_text())
ORIGIN = Origin(CASES["source"], CASES["now"], "Sample A")


@pytest.fixture(autouse=True)
def _in_london(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    yield
    monkeypatch.undo()
    os.environ.setdefault("TZ", "")
    if not os.environ["TZ"]:
        del os.environ["TZ"]
    time.tzset()


@pytest.mark.parametrize(("cell", "at", "wrong"), CASES["dates"])
def test_dates_are_read_day_first_and_what_is_none_is_said(cell, at, wrong):
    assert read_date(cell, CASES["latest"]) == Dated(at, wrong)


@pytest.mark.parametrize(("cell", "clock"), CASES["clocks"])
def test_times_of_day_are_read(cell, clock):
    assert read_clock(cell) == clock


@pytest.mark.parametrize(("titles", "fields"), CASES["titles"])
def test_columns_are_guessed_from_their_titles(titles, fields):
    assert [column.field for column in guess_columns([["", ""], titles])] == fields


@pytest.mark.parametrize(("titles", "fields"), CASES["childTitles"])
def test_columns_of_a_list_are_guessed_from_their_titles(titles, fields):
    assert [column.field for column in guess_child_columns([titles])] == fields


@pytest.mark.parametrize(("text", "lengths"), CASES["cuts"])
def test_a_long_text_is_cut_at_good_places_and_put_together_is_itself(text, lengths):
    pieces = cut_text(text)
    assert [len(piece) for piece in pieces] == lengths
    assert "".join(pieces) == text


def test_every_row_is_good_or_bad_for_a_reason_that_names_its_column():
    read = read_rows(CASES["table"], None, ORIGIN)
    found = [
        {
            "row": good.row,
            "hash": good.hash.hex(),
            "happened": good.whole.happened,
            "kind": good.whole.kind,
            "text": good.whole.text,
            "source": good.whole.source,
            "original": good.whole.original,
            "answers": [row.row for row in good.answers],
            "parts": len(good.parts),
        }
        for good in read.good
    ]
    assert found == CASES["good"]
    assert [[bad.row, bad.reason] for bad in read.bad] == CASES["bad"]


def test_a_row_that_answers_comes_after_those_it_answers_though_they_answer_it():
    titles = ["Number", "Text", "Answers"]
    rows = [["1", "a", "3"], ["2", "b", "1"], ["3", "c", "2"], ["4", "d", ""]]
    read = read_rows([titles, *rows], None, ORIGIN)
    assert sorted(row.row for row in read.good) == [2, 3, 4, 5]
    places = {row.row: at for at, row in enumerate(read.good)}
    # Round in a circle one has to be first; the others follow what they answer.
    assert places[4] > places[3] or places[3] > places[2]


def test_equal_rows_are_rows_of_their_own_and_the_files_source_makes_none_another():
    table = [["Date", "Notes"], ["1/2/2025", "The same."], ["01/02/2025", "The same."]]
    one = [row.hash for row in read_rows(table, None, ORIGIN).good]
    other = [
        row.hash
        for row in read_rows(table, None, Origin("elsewhere", CASES["now"] + 1, "Sample B")).good
    ]
    assert one == other
    assert len(set(one)) == 2


def test_without_a_column_of_texts_nothing_can_be_brought_in():
    read = read_rows([["Date"], ["1/2/2025"]], None, ORIGIN)
    assert (read.good, read.bad, read.needs) == ((), (), ("text",))


def test_several_columns_of_texts_are_one_text():
    columns = [Column(title="Notes", field="text"), Column(title="Action", field="text")]
    (row,) = read_rows([["Notes", "Action"], ["Rang.", "Rings back."]], columns, ORIGIN).good
    assert row.whole.text == "Rang.\nRings back."


def test_a_column_without_a_title_is_named_by_its_letter():
    columns = [Column(title="", field="")] * 60
    assert [title_of(columns, at) for at in (0, 25, 26, 51, 52)] == [
        "Column A", "Column Z", "Column AA", "Column AZ", "Column BA",
    ]  # fmt: skip


@pytest.mark.parametrize("long", [0, 119, 121, 400])
def test_every_part_fits_a_post_and_together_they_are_the_whole(long):
    whole = Post(
        text="word " * 300, kind="visit", outcome="seen", scale="3", happened="2025",
        source="s" * long, original="o" * 100, reason="r" * (long // 2), row=b"r" * 32,
    )  # fmt: skip
    parts = cut_post(whole)
    for part in parts:
        encode_post(part)
        assert len(part.text) <= MAX_TEXT
        assert len(part.source) + len(part.original) + len(part.reason) <= MAX_NOTES
    assert "".join(part.text for part in parts) == whole.text
    for name in ("source", "original", "reason"):
        assert "".join(getattr(part, name) for part in parts) == getattr(whole, name)
    assert [part.part for part in parts] == list(range(1, len(parts) + 1))
    assert [part.scale for part in parts] == ["3", *[""] * (len(parts) - 1)]
    assert {part.happened for part in parts} == {"2025"}


def test_half_a_character_makes_a_row_bad():
    (bad,) = read_rows([["Notes"], ["\ud83d"]], None, ORIGIN).bad
    assert bad.reason == "“Notes” has half a character in it, which cannot be kept."


def test_of_a_chronology_of_several_only_the_rows_about_this_one_are_brought_in():
    titles = [heading.title for heading in COLUMNS]
    about, text = titles.index("About"), titles.index("Text")

    def table(*names):
        rows = [[""] * len(titles) for _ in names]
        for row, name in zip(rows, names, strict=True):
            row[about], row[text] = name, f"About {name}."
        return [titles, *rows]

    read = read_rows(table("Sample A", "Sample B", " sample  a "), None, ORIGIN)
    assert [row.row for row in read.good] == [2, 4]
    (bad,) = read.bad
    assert (bad.row, bad.reason) == (3, (
        "“About” says “Sample B”: rows of several are in this file, and here only those about"
        " “Sample A” are brought in."
    ))  # fmt: skip
    # Of one alone the name may be another: where it is brought in is whom it is about.
    assert len(read_rows(table("Sample B", "Sample B"), None, ORIGIN).good) == 2
