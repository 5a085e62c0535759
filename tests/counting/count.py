"""What a picture has to say, counted again by hand.

This was written from what is asked of the picture, and from nothing of what draws it: plain rows
in, plain numbers out, by the calendar of Python's own library. Where two counts could both be meant
(a visit in March, and one on the third of March) it does not say which.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

Row = dict[str, Any]

SEEN, FAILED = ("seen", "alone"), ("not-seen", "not-let-in", "nobody-in", "not-brought")
#: Answers that are no mark of their own.
ECHOES = ("same", "copied")
MANY = 3
#: "Within 14 days" may be said of two days that lie 13 or 14 apart.
WINDOWS = (13, 14)
QUIET_DAYS, QUIET_TIMES, POSTING_DAYS = 21, 3, 4


@dataclass(frozen=True)
class Whole:
    """A post that counts, with what its newest correction says of it."""

    row: Row
    says: Row
    first: date | None
    last: date | None
    clock: str

    @property
    def key(self) -> tuple[str, int]:
        return self.row["log"], self.row["seq"]

    @property
    def outcome(self) -> str:
        return self.says["outcome"] if self.says["kind"] == "visit" else ""

    @property
    def order(self) -> tuple[bool, date, date, str]:
        """What things that happened are sorted by; those without a day come last."""
        return self.first is None, self.first or date.max, self.last or date.max, self.clock


def wholes(rows: list[Row]) -> list[Whole]:
    """Return the posts that count, a text in parts once, with what corrections say."""
    shown = _shown(rows)
    writers = {row["id"]: row["author"]["id"] for row in shown}
    return [_whole(row, shown) for row in shown if not is_echo(row, writers)]


def is_echo(row: Row, writers: dict[str, str]) -> bool:
    """Say whether a post is no mark of its own; nobody corrects what is another's."""
    if row["how"] == "correction":
        return writers[row["refers"][0]] == row["author"]["id"]
    return row["how"] in ECHOES


def count(rows: list[Row], now: int) -> dict[str, Any]:
    """Return what a picture of one stream's posts has to say at a time, in milliseconds."""
    today, marks = _local(now).date(), sorted(wholes(rows), key=lambda it: it.order)
    seen = max((it.first for it in marks if it.outcome in SEEN and it.first), default=None)
    tries = [it for it in marks if it.outcome in FAILED]
    return {
        "today": today.isoformat(),
        "monday": _monday(today).isoformat(),
        "marks": {it.key: _mark(it, rows) for it in marks},
        "order": [it.first.isoformat() if it.first else "" for it in marks],
        "seen": (today - seen).days if seen else None,
        "sightings": {it.key: it.outcome for it in marks if it.first == seen and seen},
        # On the very day it was seen, the clock or the stream decides, and not this.
        "attempts": {it.key for it in tries if not seen or (it.first and it.first > seen)},
        "same day": {it.key for it in tries if it.first and it.first == seen},
        "tellers": len({voice(row) for row in _voices(rows)}),
        "weeks": dict(Counter(_monday(it.first).isoformat() for it in marks if it.first)),
        "quiet": quiet(rows, today),
        "concern": {concern(rows, today - timedelta(days=days), today) for days in WINDOWS},
    }


def voice(row: Row) -> str:
    """Return whose voice a post is: of what was told, whoever told it, not who passed it on."""
    if row["kind"] == "told" and row["source"].strip():
        return "told by " + " ".join(row["source"].casefold().split())
    if row["row"] and row["original"]:
        return "written by " + row["original"]
    return "person " + row["author"]["id"]


def quiet(rows: list[Row], today: date) -> dict[str, int]:
    """Return the days since the last post of each agency that was here more often before."""
    days: dict[str, set[date]] = defaultdict(set)
    for row in _shown(rows):
        if not row["row"]:
            days[row["author"]["agencyId"]].add(_local(row["time"]).date())
    found = {}
    for agency, posted in days.items():
        ordered = sorted(posted)
        gaps = [(b - a).days for a, b in pairwise(ordered)]
        since = (today - ordered[-1]).days
        if len(ordered) >= POSTING_DAYS and since > max(QUIET_DAYS, QUIET_TIMES * median(gaps)):
            found[agency] = since
    return found


def concern(rows: list[Row], since: date, today: date) -> str:
    """Say whether three voices said since a day that they worry, or see the same; or neither."""
    fresh = [row for row in _voices(rows) if since <= (_said(row) or date.min) <= today]
    if len({voice(row) for row in fresh if row["side"] == "worried"}) >= MANY:
        return "worried"
    about = subjects(rows)
    alike: dict[str, set[str]] = defaultdict(set)
    for row in fresh:
        alike[about[row["id"]] if row["how"] == "same" else row["id"]].add(voice(row))
    return "same" if any(len(voices) >= MANY for voices in alike.values()) else ""


def subjects(rows: list[Row]) -> dict[str, str]:
    """Return, by its id, which post each is about: whoever sees the same as an echo sees that."""
    about: dict[str, str] = {}
    writers = {row["id"]: row["author"]["id"] for row in _shown(rows)}
    for row in _shown(rows):
        to = row["refers"][0] if is_echo(row, writers) else row["id"]
        about[row["id"]] = about.get(to, to)
    return about


def _said(row: Row) -> date | None:
    """Return the day on which it was said here; of a row brought in, when it happened."""
    return _span(row)[0] if row["row"] else _local(row["time"]).date()


def _voices(rows: list[Row]) -> list[Row]:
    """Return what somebody says, as it now stands; that something was copied says nothing."""
    says = {it.row["id"]: it.says for it in wholes(rows)}
    echoes = [row for row in _shown(rows) if row["how"] == "same"]
    return [*says.values(), *echoes]


def _whole(row: Row, shown: list[Row]) -> Whole:
    says = dict(row)
    for other in shown:  # in the order posted: the newest has the last word
        own = other["author"] == row["author"] and other["how"] == "correction"
        if own and other["refers"][0] == row["id"]:
            for name in ("kind", "outcome", "scale", "side", "happened"):
                says[name] = other[name] or says[name]
    first, last, clock = _span(says)
    return Whole(row, says, first, last, clock)


def _span(row: Row) -> tuple[date | None, date | None, str]:
    """Return the first and last day on which it may have been, and the time of day."""
    said = row["happened"]
    if not said and row["row"]:
        return None, None, ""
    if not said:
        moment = _local(row["time"])
        return moment.date(), moment.date(), moment.strftime("T%H:%M")
    if len(said) == 4:
        return date(int(said), 1, 1), date(int(said), 12, 31), ""
    if len(said) == 7:
        year, month = int(said[:4]), int(said[5:])
        after = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), after - timedelta(days=1), ""
    day = date.fromisoformat(said[:10])
    return day, day, said[10:]


def _mark(it: Whole, rows: list[Row]) -> list[Any]:
    """Return a post as the picture and its table have it."""
    about = subjects(rows)
    answers = {row["how"] for row in _shown(rows)
               if row["refers"] and about.get(row["refers"][0]) == it.row["id"]}  # fmt: skip
    differs = "different" in (it.row["how"], *answers)
    corrected = "correction" in answers
    days = [day.isoformat() if day else "" for day in (it.first, it.last)]
    says = [it.says[name] for name in ("kind", "outcome", "scale", "side")]
    return [*days, *says, it.outcome in FAILED, differs, corrected, bool(it.row["row"])]


def _shown(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["state"] == "shown" and row["part"] in (0, 1)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _local(time_ms: int) -> datetime:
    return datetime.fromtimestamp(time_ms / 1000).astimezone()
