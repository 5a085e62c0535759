"""A chronology: every post a row, in order of when it happened, saying what each one is."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from microblog.client.chronology import chronology_of, say_day
from microblog.client.columns import (
    COLUMNS,
    HOWS,
    KINDS,
    OUTCOMES,
    SIDES,
    STANDINGS,
    STATES,
    SURES,
    join_original,
    join_remarks,
    lasting_remarks,
    split_original,
    split_remarks,
    was_taken_back,
)
from microblog.client.shown import Withdrawn
from microblog.client.shown_rows import FIELDS
from microblog.protocol import post as written
from tests.chronicle.streams import TEXTS, invent
from tests.client.posts import LOG, person, post

NAMES = {LOG: "Sample Rosie"}
BEN = person("Ben", "School", "teacher")


def rows(*posts, start="", end=""):
    """Return the rows of a chronology, each by title."""
    found = chronology_of(posts, NAMES, start, end)
    titles = [column.title for column in found.columns]
    return [dict(zip(titles, row.cells, strict=True)) for row in found.rows]


def test_the_columns_stand_in_their_order_and_every_word_of_a_post_has_a_label():
    assert [one.title for one in COLUMNS] == [
        "Number", "Date", "Posted", "About", "Agency", "Who", "Job", "Kind", "Standing",
        "How sure", "Scale: 0 not safe, 10 safe enough to close", "Working well or worried",
        "Outcome", "Text", "Source", "Reason", "Review date", "Answers", "How", "Remarks",
        "Brought in by", "Id",
    ]  # fmt: skip
    assert {one.field for one in COLUMNS} - {""} <= set(FIELDS)
    for labels, known in (
        (KINDS, written.KINDS), (STANDINGS, written.KINDS), (SURES, written.SURES),
        (SIDES, written.SIDES), (OUTCOMES, written.OUTCOMES), (HOWS, written.HOWS),
    ):  # fmt: skip
        assert set(labels) == set(known)


def test_a_row_says_who_wrote_what_and_whether_it_is_opinion():
    (row,) = rows(post(
        author=BEN, day="2026-05-03T09:05", kind="told", sure="fairly", scale="3", side="worried",
        source="grandmother", text="Shouting most nights.", happened="2026-05",
    ))  # fmt: skip
    assert row["Number"] == "1"
    assert row["Date"] == "2026-05"
    assert row["Posted"] == "2026-05-03T09:05"
    assert [row[title] for title in ("About", "Agency", "Who", "Job")] == [
        "Sample Rosie", "School", "Ben", "teacher",
    ]  # fmt: skip
    assert [row[title] for title in ("Kind", "Standing", "How sure")] == [
        "Told", "Told by someone else", "Fairly sure",
    ]  # fmt: skip
    assert row["Scale: 0 not safe, 10 safe enough to close"] == "3"
    assert row["Working well or worried"] == "Worried"
    assert [row["Text"], row["Source"]] == ["Shouting most nights.", "grandmother"]


def test_rows_stand_in_order_of_when_it_happened_and_the_undated_come_last():
    posts = [
        post(text="undated", row="x", day="2026-01-01"),
        post(text="posted in June", day="2026-06-01"),
        post(text="in May, some day", happened="2026-05", day="2026-06-02"),
        post(text="on 1 May", happened="2026-05-01", day="2026-06-03"),
        post(text="at the turn of the year", happened="2025-12-31T23:59", day="2026-06-04"),
        post(text="in 2026", happened="2026", day="2026-06-05"),
    ]
    assert [row["Text"] for row in rows(*posts)] == [
        "at the turn of the year", "in 2026", "on 1 May", "in May, some day", "posted in June",
        "undated",
    ]  # fmt: skip


def test_between_two_dates_is_what_may_lie_there_and_whatever_has_no_date():
    posts = [
        post(text="before", day="2026-04-30"), post(text="first", day="2026-05-01"),
        post(text="last", day="2026-05-31T23:59"), post(text="after", day="2026-06-01"),
        post(text="that year", happened="2026"), post(text="undated", row="x"),
    ]  # fmt: skip
    found = rows(*posts, start="2026-05-01", end="2026-05-31")
    assert [row["Text"] for row in found] == ["that year", "first", "last", "undated"]
    assert [row["Number"] for row in found] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("seed", range(5))
def test_there_are_never_fewer_rows_than_posts(seed):
    posts = invent(Random(seed), 60)
    found = rows(*posts)
    assert sorted(row["Id"] for row in found) == sorted(one.id for one in posts)


def test_what_became_of_a_post_is_among_its_remarks():
    back = Withdrawn(by=BEN, time=post(day="2026-05-03").time, why="it was\nher sister")
    posts = [
        post(state="withdrawn", withdrawn=back),
        post(state="erased", text="", kind="", withdrawn=replace(back, why="")),
        post(state="void", text="", kind=""),
        post(nudge=True, doubtful=True),
    ]
    assert [row["Remarks"] for row in rows(*posts)] == [
        "This post was withdrawn by Ben on 3 May 2026: it was her sister",
        f"{STATES['erased']}; This post was withdrawn by Ben on 3 May 2026",
        "An entry that cannot be read",
        "Supervisors were told; Signed by a device after it was lost",
    ]
    assert rows(*posts)[0]["Text"] == "Invented."


def test_answers_point_to_a_number_and_the_answered_row_back():
    first = post(day="2026-05-02")
    correction = post(how="correction", refers=(first.id,), day="2026-05-03")
    copy = post(how="copied", refers=(first.id,), text="", author=BEN, day="2026-05-04")
    other = post(how="different", refers=(first.id, correction.id), day="2026-05-01")
    answering = rows(first, correction, copy, other)
    assert [row["Answers"] for row in answering] == ["2, 3", "", "2", "2"]
    assert [row["How"] for row in answering][3] == "Copied to the record"
    assert answering[1]["Remarks"] == (
        "Copied to the record by Ben on 4 May 2026; Seen differently by number 1;"
        " Corrected by number 3"
    )
    (alone,) = rows(first, correction, start="2026-05-03")
    assert alone["Remarks"] == "Answers a post that is not in this chronology"
    taken = replace(copy, state="withdrawn")
    assert rows(first, taken)[0]["Remarks"] == ""


def test_a_row_brought_in_speaks_for_its_original_author_and_never_for_who_brought_it():
    original = join_original("J. Smith", "health visitor", "Old · Trust")
    text = join_remarks("Weighed.", "from the red book")
    (row,) = rows(post(row="x", original=original, text=text, happened="2019", day="2026-05-03",
                       kind="records", source="red book", author=BEN))  # fmt: skip
    assert [row[title] for title in ("Who", "Job", "Agency")] == [
        "J. Smith", "health visitor", "Old · Trust",
    ]  # fmt: skip
    assert [row["Text"], row["Remarks"], row["Date"]] == ["Weighed.", "from the red book", "2019"]
    assert row["Brought in by"] == "Ben, teacher, School, 3 May 2026"
    (unknown,) = rows(post(row="x", author=BEN))
    assert [unknown[title] for title in ("Who", "Job", "Agency")] == ["", "", ""]


def test_someone_whose_name_is_withheld_is_said_so():
    (row,) = rows(post(author=replace(BEN, name="")))
    assert row["Who"] == "name withheld"


@pytest.mark.parametrize("text", [*TEXTS, ""])
@pytest.mark.parametrize("remarks", ["", "one", "one; two"])
def test_a_text_and_its_remarks_come_apart_as_they_were_put_together(text, remarks):
    assert split_remarks(join_remarks(text, remarks)) == (text, remarks)


@pytest.mark.parametrize("name", ["", "Ann", "a · b", "\\", "\\·", " · ", "· ", "x\\"])
@pytest.mark.parametrize("job", ["", "teacher", "·"])
@pytest.mark.parametrize("agency", ["", "School", "\\ · "])
def test_an_original_author_comes_apart_as_put_together(name, job, agency):
    assert split_original(join_original(name, job, agency)) == (name, job, agency)


def test_an_original_author_written_otherwise_is_all_name():
    assert split_original("Smith, J (HV)") == ("Smith, J (HV)", "", "")


def test_remarks_that_point_to_a_number_do_not_last():
    remarks = "Supervisors were told; Corrected by number 12; Seen differently by number 3"
    assert lasting_remarks(remarks) == "Supervisors were told"
    assert lasting_remarks("Corrected by number twelve") == "Corrected by number twelve"


def test_a_row_that_was_withdrawn_where_it_came_from_does_not_stand():
    (row,) = rows(post(state="withdrawn", withdrawn=Withdrawn(by=BEN, time=0, why="")))
    text = join_remarks(row["Text"], row["Remarks"])
    assert was_taken_back("x", text)
    assert not was_taken_back("", text)
    assert not was_taken_back("x", join_remarks("Seen.", "Withdrawn by mother from school"))


def test_an_answer_that_was_withdrawn_where_it_came_from_points_nowhere():
    first = post(day="2026-05-02")
    taken = join_remarks("Not so.", "This post was withdrawn by Ben on 3 May 2026")
    answer = post(how="correction", refers=(first.id,), row="x", text=taken, day="2026-05-03")
    assert rows(first, answer)[0]["Remarks"] == ""
    assert rows(first, replace(answer, text="Not so."))[0]["Remarks"] == "Corrected by number 2"


def test_days_are_said_as_far_as_they_are_known():
    said = [say_day(at) for at in ("2026-05-03T10:00", "2026-05-03", "2026-05", "2026", "")]
    assert said == ["3 May 2026", "3 May 2026", "May 2026", "2026", ""]
