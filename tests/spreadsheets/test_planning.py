"""What becomes of a table is the same in both languages, whatever stands in it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from microblog.client.columns import COLUMNS, HOWS, KINDS, OUTCOMES, SIDES, SURES
from microblog.client.importing import Origin, Row, count_rows, read_rows
from microblog.client.listing import Listed, read_list
from microblog.client.when import today
from microblog.protocol.post import encode_post
from tests.browser import node
from tests.counting.test_counts import zone

if TYPE_CHECKING:
    from random import Random

    from tests.conftest import Trials

DRIVER = Path(__file__).with_name("planning.ts")
ZONES = ("Europe/London", "Pacific/Auckland")
# Around the change to summer time, the end of a year, and a leap day.
MOMENTS = (1774746000000, 1792890000000, 1798761600000, 1709208000000)
TITLES = (
    *(heading.title for heading in COLUMNS), "Time", "Notes", "Case note",
    "Worker\u2019s name", "DOB",
    "First name", "Surname", "Household", "Type", "Outcome:", "", "Address",
)  # fmt: skip
WORDS = (
    "Quiet.", "two\nlines", "=1+1", "“said”", "Ḋ e\u0301 ﬀ क़", "🙂 👩‍👩‍👧", "a · b \\ c", " ", "",
    "[Remarks: x]", "x\n[Remarks: y]", "Corrected by number 9; filed", "İstanbul", "\u00a0x\u00a0",
    "word " * 90, "w" * 300, "Long one. " * 70, "🙂" * 290, "s" * 130, "ǅ ß \u017f",
)  # fmt: skip
DATES = (
    "31/05/2019", "1.2.25", "29/02/2024", "29/02/2023", "05/31/2024", "May 2019", "may-19", "2024",
    "3rd of March 2020 at 2.30pm", "2026-03-29T01:30", "25/10/2026 01:30", "31/12/2026 23:59",
    "1/1/27", "next week", "not sure when", "", "", "46173", "2.30pm", "Sunday 29 March 2026",
    "EDD 3/3/27", "29 Feb 2028", "١٢/٠٣/٢٠٢٤", "12/03/20245", "0000", "1/1/0001",
)  # fmt: skip
LABELS = tuple(
    word for labels in (KINDS, SURES, SIDES, OUTCOMES, HOWS)
    for pair in labels.items() for word in (*pair, pair[1].upper())
)  # fmt: skip
NUMBERS = ("", "1", "2", "3", "4", "2, 1", "9", "0", "10", "11", "7/10", "3.0", "5 of 10", "-1")


@pytest.mark.trial(small=60, great=4_000)
def test_both_languages_make_the_same_of_a_table(trials: Trials) -> None:
    made = [_asked(trials.random(number)) for number in range(trials.count)]
    good = bad = 0
    for place in ZONES:
        asked = made[ZONES.index(place) :: len(ZONES)]
        with zone(place):
            here = [_plan(one) for one in asked]
        for one, ours, theirs in zip(asked, here, _in_typescript(asked, place), strict=True):
            assert ours == theirs, one
            good, bad = good + len(ours["good"]), bad + len(ours["bad"])
    assert min(good, bad) > trials.count


@pytest.mark.trial(small=40, great=2_000)
def test_every_row_is_good_or_bad_and_every_good_one_can_be_said(trials: Trials) -> None:
    for number in range(trials.count):
        asked = _asked(trials.random(number))
        table = asked["table"]
        read = read_rows(table, None, Origin(asked["source"], asked["now"], "Sample A"))
        if read.needs:
            continue
        rows = {one.row for one in read.good} | {one.row for one in read.bad}
        assert len(rows) == len(read.good) + len(read.bad) == count_rows(table)
        assert len({one.hash for one in read.good}) == len(read.good)
        for row in read.good:
            for part in row.parts:
                encode_post(part)
            assert "".join(part.text for part in row.parts) == row.whole.text
        for bad in read.bad:
            assert bad.reason.startswith(("“", "Column ")), bad.reason
            assert bad.reason.endswith("."), bad.reason


def _asked(random: Random) -> dict[str, Any]:
    width = random.randint(1, 9)
    titles = random.sample(TITLES, width)
    rows = [
        [_cell(random, title) for title in titles[: random.randint(1, width)]] for _ in range(12)
    ]
    rows += random.sample(rows, 3)
    now, source = random.choice(MOMENTS), random.choice(WORDS)
    return {"now": now, "source": source, "table": [*random.choice(([], [[""]])), titles, *rows]}


def _cell(random: Random, title: str) -> str:
    if random.random() < 0.1:
        return random.choice(WORDS)
    if title in ("Date", "Posted", "Review date", "Time", "DOB"):
        return random.choice(DATES)
    if title in ("Number", "Answers", COLUMNS[10].title):
        return random.choice(NUMBERS)
    if title in ("Kind", "How sure", "Working well or worried", "Outcome", "How", "Outcome:"):
        return random.choice(LABELS)
    return random.choice(WORDS)


def _plan(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the command line's client makes of a table."""
    now = asked["now"]
    read = read_rows(asked["table"], None, Origin(asked["source"], now, "Sample A"))
    listed = read_list(asked["table"], None, today(now))
    found = {
        "columns": [asdict(column) for column in read.columns],
        "good": [_plain(row) for row in read.good],
        "bad": [asdict(bad) for bad in read.bad],
        "needs": read.needs,
        "list": {
            "columns": [asdict(column) for column in listed.columns],
            "good": [_listed(one) for one in listed.good],
            "bad": [asdict(bad) for bad in listed.bad],
            "needs": listed.needs,
        },
    }
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain


def _plain(row: Row) -> dict[str, Any]:
    parts = [asdict(part) for part in row.parts]
    for part in parts:
        for name in ("row", "refers", "newer"):
            del part[name]
    answers = [one.row for one in row.answers]
    return {
        "row": row.row, "hash": row.hash.hex(), "id": row.id, "parts": parts, "answers": answers,
    }  # fmt: skip


def _listed(one: Listed) -> dict[str, Any]:
    found = asdict(one)
    how, date = found.pop("birth")
    known_as = found.pop("known_as")
    return {**found, "birth": {"how": how, "date": date}, "knownAs": known_as}


def _in_typescript(asked: list[dict[str, Any]], place: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [str(node()), "--disable-warning=ExperimentalWarning", str(DRIVER)],
        input=json.dumps(asked),
        env=os.environ | {"TZ": place},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made: list[dict[str, Any]] = json.loads(done.stdout)
    return made
