"""The numbers of a picture, in both languages, are those that somebody else counts by hand.

Days are counted in zones of the year with summer time, and around the moments when it begins and
ends, a year does, and a leap day is.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from microblog.client import facts, picture, rhythm
from microblog.client.account import account_of
from microblog.client.parts import whole_posts
from microblog.client.shown import Agency
from microblog.client.when import today as day_of
from tests.browser import node
from tests.counting.count import Row, count
from tests.counting.plain import plain, post_of
from tests.counting.streams import agencies, clocks, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Trials

DRIVER = Path(__file__).with_name("count.ts")
ZONES = ("Europe/London", "Pacific/Auckland", "America/Los_Angeles")
POSTS, DAYS = (9, 160), 420
EVENTS = ("seen", "attempts", "concern", "quiet")
WEEK_DAYS = 7


@contextmanager
def zone(name: str) -> Iterator[None]:
    """Have this process live somewhere else for a while."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def in_typescript(asked: list[tuple[list[Row], int]], place: str) -> list[dict[str, Any]]:
    """Return what the browser's client counts."""
    given = [{"now": now, "agencies": agencies(), "posts": rows} for rows, now in asked]
    done = subprocess.run(
        [str(node()), "--disable-warning=ExperimentalWarning", str(DRIVER)],
        input=json.dumps(given),
        env=os.environ | {"TZ": place},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counted: list[dict[str, Any]] = json.loads(done.stdout)
    return counted


def in_python(rows: list[Row], now: int) -> dict[str, Any]:
    """Return what the command line's client counts."""
    today = day_of(now)
    account = account_of(whole_posts([post_of(row) for row in rows]), today)
    seen = facts.seen_in(account)
    start = rhythm.first_monday(account.said, today)
    known = [Agency(**row) for row in agencies()]
    return plain({
        "today": today,
        "marks": picture.marks_of(account.said, known),
        "seen": seen,
        "attempts": facts.attempts_in(account, seen),
        "tellers": facts.tellers_in(account),
        "weeks": rhythm.weeks_of(account.said, start, today),
        "quiet": rhythm.quiet_in(account.shown, today),
        "concern": facts.concern_in(account),
    })  # fmt: skip


def complaints(counted: dict[str, Any], rows: list[Row], now: int) -> list[str]:
    """Return what was counted otherwise than by hand."""
    wanted = count(rows, now)
    seen, concern = counted["seen"], counted["concern"]
    tries = {_key(attempt) for attempt in counted["attempts"]}
    weeks = {week["monday"]: week["posts"] for week in counted["weeks"]}
    found = {
        "today": counted["today"] == wanted["today"],
        "marks": {_key(mark): _mark(mark) for mark in counted["marks"]} == wanted["marks"],
        "order": [mark["when"]["first"] for mark in counted["marks"]] == wanted["order"],
        "seen": (seen and seen["days"]) == wanted["seen"],
        "by whom": seen is None or wanted["sightings"].get(_key(seen)) in _outcomes(seen),
        "attempts": tries - wanted["same day"] == wanted["attempts"],
        "tellers": counted["tellers"] == wanted["tellers"],
        "weeks": {day: posts for day, posts in weeks.items() if posts} == wanted["weeks"],
        "no gap": _steps(weeks) <= {WEEK_DAYS} and max(weeks) == wanted["monday"],
        "quiet": {it["agencyId"]: it["days"] for it in counted["quiet"]} == wanted["quiet"],
        "concern": (concern["sort"] if concern else "") in wanted["concern"],
    }
    return [name for name, same in found.items() if not same]


@pytest.mark.trial(small=2, great=200)
@pytest.mark.parametrize("place", ZONES)
def test_both_clients_count_what_a_hand_counts(place: str, trials: Trials) -> None:
    eventful: Counter[str] = Counter()
    with zone(place):
        for number in range(trials.count):
            random = trials.random(number)
            moments = [now for _, now in clocks()]
            asked = [(stream(random, now, random.choice(POSTS), DAYS), now) for now in moments]
            theirs = in_typescript(asked, place)
            found = [complaints(it, *of) for it, of in zip(theirs, asked, strict=True)]
            assert found == [[]] * len(asked)
            assert [in_python(*it) for it in asked] == theirs
            eventful.update(name for it in theirs for name in EVENTS if it[name])
    # Streams in which nothing is ever the matter would prove nothing.
    assert min(eventful[name] for name in EVENTS) >= trials.count


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("today", lambda _: "2026-01-01"),
        ("marks", lambda marks: marks[1:]),
        ("seen", lambda seen: seen | {"days": seen["days"] + 1}),
        ("attempts", lambda attempts: attempts[1:]),
        ("tellers", lambda tellers: tellers + 1),
        ("weeks", lambda weeks: weeks[:-1]),
        ("quiet", lambda quiet: [*quiet, {"agencyId": "x", "days": 99}]),
        ("concern", lambda _: {"sort": "of nobody"}),
    ],
)
def test_a_number_that_is_wrong_would_be_noticed(name: str, wrong: Any) -> None:
    rows, now, counted = _eventful()
    assert complaints(counted, rows, now) == []
    assert complaints(counted | {name: wrong(counted[name])}, rows, now) != []


def _eventful() -> tuple[list[Row], int, dict[str, Any]]:
    """Return the first stream in which the child was seen, and not let in since."""
    now = clocks()[2][1]
    for seed in range(100):
        rows = stream(Random(seed), now, POSTS[1], DAYS)
        counted = in_python(rows, now)
        if counted["seen"] and len(counted["attempts"]) > 1:
            return rows, now, counted
    raise AssertionError("nothing ever happens")


def _key(item: Row) -> tuple[str, int]:
    return item["log"], item["seq"]


def _mark(mark: Row) -> list[Any]:
    names = ("kind", "outcome", "scale", "side", "failed", "differs", "corrected", "brought")
    return [mark["when"]["first"], mark["when"]["last"], *(mark[name] for name in names)]


def _outcomes(seen: Row) -> set[str]:
    return {"alone"} if seen["alone"] else {"seen"}


def _steps(weeks: dict[str, int]) -> set[int]:
    days = [date.fromisoformat(monday) for monday in weeks]
    return {(after - before).days for before, after in pairwise(days)}
