"""Posts as they are shown, invented one by one."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime
from typing import Any

from microblog.client.shown import Person, Post

LOG = "bG9nLi4uLi4uLi4uLi4uLg"
NOBODY = Person(
    id="ann", name="Ann Lee", job="social worker", agency="Council", agency_id="council",
    role="practitioner", left=False, phone="", email="", supervisor="", deputies=(),
)  # fmt: skip
PLAIN = Post(
    log=LOG, seq=0, id="", author=NOBODY, time=0, odd_time=False, doubtful=False, nudge=False,
    mine=False, unread=False, state="shown", newer=False, text="Invented.", kind="hunch", sure="",
    scale="", side="", happened="", written=0, refers=(), how="", source="", original="",
    outcome="", reason="", review="", part=0, parts=0, row="", quiet=False, rows=0, withdrawn=None,
    replies=(),
)  # fmt: skip
NUMBERS = itertools.count(1)


def person(who: str, agency: str = "Council", job: str = "social worker") -> Person:
    """Return someone who works here."""
    return replace(NOBODY, id=who, name=who, job=job, agency=agency, agency_id=agency.lower())


def post(**parts: Any) -> Post:
    """Return a post, later in its stream than those before; `day` is when it was posted."""
    seq = next(NUMBERS)
    if day := parts.pop("day", ""):
        moment = datetime.fromisoformat(day if "T" in day else f"{day}T12:00").astimezone()
        parts["time"] = int(moment.timestamp() * 1000)
    return replace(PLAIN, **{"seq": seq, "id": f"post-{seq}", **parts})
