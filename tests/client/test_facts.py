"""What posts add up to: tests/webclient/facts.test.ts holds the other client to the same list."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from microblog.client.account import Account, account_of
from microblog.client.facts import (
    attempts_in,
    concern_in,
    due_in,
    nudged_in,
    seen_in,
    tellers_in,
)
from microblog.client.glance import glance_of
from microblog.client.picture import lanes_of, marks_of
from microblog.client.rhythm import first_monday, quiet_in, weeks_of
from microblog.client.shown import Agency, Concern, Post
from tests.client.posts import person, post

LIST = json.loads(Path(__file__).with_name("facts.json").read_text())
NAMES = {case["name"]: case for case in LIST["cases"]}
AGENCIES = [
    Agency(id=name.lower(), name=name, sort="other")
    for name in sorted({agency for _, agency in LIST["people"].values()})
]


def posts_of(case: dict[str, Any]) -> list[Post]:
    found = []
    for seq, row in enumerate(case["posts"], 1):
        job, agency = LIST["people"][row.get("by", "ann")]
        marks = {name: value for name, value in row.items() if name not in ("by", "to")}
        if "to" in row:
            marks["refers"] = (f"post-{row['to']}",)
        author = person(row.get("by", "ann"), agency, job)
        day = marks.pop("day", case.get("today", LIST["today"]))
        found.append(
            post(**{"day": day, **marks, "author": author, "seq": seq, "id": f"post-{seq}"})
        )
    return found


def found_in(account: Account, posts: list[Post]) -> dict[str, Any]:
    """Return all that the list may ask for."""
    today, seen = account.today, seen_in(account)
    marks = marks_of(account.said, AGENCIES)
    start = first_monday(account.said, today)
    weeks = weeks_of(account.said, start, today)
    nudged = nudged_in(account)
    return {
        "seen": seen and [seen.seq, seen.days, seen.alone],
        "seen_by": seen and [seen.by.id, seen.by.name, seen.by.job, seen.by.agency],
        "attempts": [attempt.seq for attempt in attempts_in(account, seen)],
        "tellers": tellers_in(account),
        "marks": len(marks),
        "outcomes": [mark.outcome for mark in marks],
        "corrected": sorted(mark.seq for mark in marks if mark.corrected),
        "differs": sorted(mark.seq for mark in marks if mark.differs),
        "lanes": [[lane.name, lane.posts] for lane in lanes_of(marks, AGENCIES)],
        "unreadable": account.unreadable,
        "concern": said(concern_in(account)),
        "quiet": [[one.name, one.days, one.usual] for one in quiet_in(account.shown, today)],
        "due": [[one.seq, one.review] for one in due_in(account)],
        "nudged": nudged and [nudged.seq, nudged.by.id],
        "weeks": [start, [week.posts for week in weeks]],
        "first_week": [weeks[0].monday, len(weeks)],
        "last": list(glance_of(posts, today).weeks),
    }


def said(concern: Concern | None) -> list[Any] | None:
    if concern is None:
        return None
    seqs = [place.seq for place in concern.posts]
    return [concern.sort, list(concern.people), concern.start, concern.end, seqs]


@pytest.mark.parametrize("name", NAMES)
def test_what_posts_add_up_to(name):
    case = NAMES[name]
    posts = posts_of(case)
    found = found_in(account_of(posts, case.get("today", LIST["today"])), posts)
    assert {what: found[what] for what in case["is"]} == case["is"]


def test_a_glance_says_what_a_picture_says():
    posts = posts_of(NAMES["three people worried within 14 days"])
    account, glance = account_of(posts, LIST["today"]), glance_of(posts, LIST["today"])
    assert glance.concern == concern_in(account) is not None
    assert (glance.seen, glance.attempts) == (seen_in(account), 0)


def test_a_correction_of_an_answer_leaves_what_it_answers_alone():
    first, again = (replace(one, side="worried") for one in posts_of({"posts": [{}, {}]}))
    same = replace(again, how="same", refers=(first.id,))
    mine = replace(again, id="post-3", seq=3, how="correction", refers=(same.id,), side="well")
    account = account_of([first, same, mine], LIST["today"])
    assert [one.post.side for one in account.said] == ["worried"]
    assert [voice.post.side for voice in account.voices] == ["worried", "well"]
