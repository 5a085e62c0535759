"""For how long words are kept: what a practice has settled, what is held, proposed and destroyed.

A date is something to think about then. Nothing is ever destroyed because of one.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from microblog.client import writing
from microblog.client.destroying import open_proposals, shred_at
from microblog.client.feed import Feed
from microblog.client.sending import send_to_directory
from microblog.client.session import Session, feed_of, read_id
from microblog.client.showing import show_person
from microblog.client.shown import Person
from microblog.client.when import local_time
from microblog.client.writing import Fresh, Place
from microblog.protocol.about import About
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.directory import rules_of
from microblog.protocol.entry import Entry
from microblog.protocol.shred import WAIT_MS, Reason
from microblog.protocol.staff import BEGINNINGS, Policy, Retention

#: A class of words, for how long they are kept, counted from one of `BEGINS`, and who says so.
Class: TypeAlias = Retention
BEGINS = BEGINNINGS

_DAY_MS = 24 * 60 * 60 * 1000
_YEAR = 12
_LAST_YEAR = 9999

#: None holds before a steward confirms it, and none fits every practice: each says who says so.
EXAMPLES = (
    Retention(
        "Child protection, after closing",
        35 * _YEAR,
        "closed",
        "One council's policy, held lawful: R (C) v Northumberland CC [2015] EWHC 2134 (Admin)",
    ),
    Retention(
        "Looked after by the council (England)",
        75 * _YEAR,
        "birth",
        "Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959), reg 50",
    ),
    Retention(
        "Looked after by the council (Scotland)",
        100 * _YEAR,
        "birth",
        "Looked After Children (Scotland) Regulations 2009 (SSI 2009/210), reg 43",
    ),
    Retention(
        "Child's health record (England)",
        26 * _YEAR,
        "birth",
        "NHS England, Records Management Code of Practice: 25th birthday, 26th if 17 when it ended",
    ),
    Retention(
        "Child protection file of a school",
        25 * _YEAR,
        "birth",
        "Information and Records Management Society, Toolkit for Schools: birth + 25 years,"
        " then review",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Who keeps a stream from being destroyed, since when and why."""

    by: Person
    time: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Who seconded it, and when: from then on it is gone."""

    by: Person
    time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shred:
    """What a keeper proposes to destroy for good, or what was destroyed.

    `ready` is from when it may be seconded. `gone_from_backups`: from then on no backup holds it
    any more; 0 where nobody said for how long backups are kept, or it is not done.
    """

    id: str
    seqs: tuple[int, ...]
    by: Person
    time: int
    sort: str
    why: str
    ready: int
    done: Done | None
    gone_from_backups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """From which day a class lets a stream go, YYYY-MM-DD; empty where it does not say."""

    sort: str
    source: str
    due: str


def settled(session: Session) -> tuple[Retention, ...]:
    """Return the classes that the practice has confirmed."""
    policy = session.directory.policy
    return policy.retention if policy else ()


def set_retention(session: Session, rows: Sequence[Retention]) -> None:
    """Settle for how long words are kept; name, numbers and rules of the practice stay."""

    def write(place: Place, fresh: Fresh) -> Entry:
        old = session.directory.policy or Policy("", (), (), {})
        policy = Policy(old.name, old.numbers, tuple(rows), old.rules)
        return writing.set_policy(session.writer, place, fresh, policy)

    send_to_directory(session, write)


def backups_kept_days(session: Session) -> int:
    """Return for how many days backups are kept; 0 where nobody has said."""
    return rules_of(session.directory).get("backups-kept-days", 0)


def held(session: Session, log: str) -> Held | None:
    """Return who holds a stream; None if nobody does."""
    feed = feed_of(session, read_id(log))
    if not feed.stream.held:
        return None
    header = feed.entries[feed.hold].header
    by = show_person(session.directory, header.author)
    return Held(by=by, time=header.time, why=feed.why(feed.hold))


def shreds(session: Session, log: str) -> tuple[Shred, ...]:
    """Return what is proposed and what was destroyed, newest first.

    What a hold has taken back is none any more.
    """
    feed = feed_of(session, read_id(log))
    waiting = set(open_proposals(feed))
    shown = [(seq, _show_shred(session, feed, seq)) for seq in reversed(feed.shreds)]
    return tuple(shred for seq, shred in shown if shred.done or seq in waiting)


def due(session: Session, log: str) -> tuple[Due, ...]:
    """Return from when each class of the practice lets a stream go."""
    feed = feed_of(session, read_id(log))
    return tuple(
        Due(sort=row.name, source=row.source, due=due_date(feed, row)) for row in settled(session)
    )


def due_date(feed: Feed, row: Retention) -> str:
    """Return the day from which a class lets a stream go; empty where it does not say."""
    begin = {"birth": _birth, "closed": _closing, "newest": _newest}.get(row.begins)
    start = begin(feed) if begin else ""
    return _add_months(start, row.months) if start else ""


def _show_shred(session: Session, feed: Feed, seq: int) -> Shred:
    directory, entry = session.directory, feed.entries[seq]
    words, days = feed.words.get(seq), backups_kept_days(session)
    done = _done(session, feed, entry.id)
    return Shred(
        id=encode_base64url(entry.id),
        seqs=shred_at(feed, seq)[0],
        by=show_person(directory, entry.header.author),
        time=entry.header.time,
        sort=words.sort if isinstance(words, Reason) else "",
        why=feed.why(seq),
        ready=entry.header.time + WAIT_MS,
        done=done,
        gone_from_backups=done.time + days * _DAY_MS if done and days else 0,
    )


def _done(session: Session, feed: Feed, proposal: bytes) -> Done | None:
    for seq in feed.shreds:
        if shred_at(feed, seq)[1] == proposal:
            header = feed.entries[seq].header
            return Done(by=show_person(session.directory, header.author), time=header.time)
    return None


def _birth(feed: Feed) -> str:
    # Where a day or a month is not known, the last that it can be: rather kept too long.
    about = feed.about()
    parts = about.birth[1].split("-") if about else [""]
    if not parts[0]:
        return ""
    year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else _YEAR
    day = int(parts[2]) if len(parts) > 2 else _days_in(year, month)
    return f"{year:04}-{month:02}-{day:02}"


def _closing(feed: Feed) -> str:
    # When it was closed for good: reopened and closed again, the last time counts.
    closed = ""
    for seq in feed.abouts:
        words = feed.words.get(seq)
        if isinstance(words, About):
            closed = (closed or _day(feed.entries[seq].header.time)) if words.closed else ""
    return closed


def _newest(feed: Feed) -> str:
    times = [target.time for target in feed.targets.values()]
    return _day(max(times)) if times else ""


def _day(time_ms: int) -> str:
    return local_time(time_ms)[: len("2026-01-01")]


def _add_months(date: str, months: int) -> str:
    year, month, day = map(int, date.split("-"))
    year, month = divmod(year * _YEAR + month - 1 + months, _YEAR)
    if year > _LAST_YEAR:
        return ""  # beyond the calendar
    return f"{year:04}-{month + 1:02}-{min(day, _days_in(year, month + 1)):02}"


def _days_in(year: int, month: int) -> int:
    # A year zero is written, and unknown to the calendar; it was a leap year.
    return calendar.monthrange(year or 4, month)[1]
