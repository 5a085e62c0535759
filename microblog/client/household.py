"""Whom a stream is about: what a keeper says of a child or household, and where a child lives.

A description replaces the one before as a whole (PROTOCOL.md 7.3). So each is made of the newest
there is, and what another keeper changed meanwhile stays unless this one changed the same.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TypeAlias

from microblog.client import writing
from microblog.client.family import about_at, described, earlier_stays, is_open, oldest_ended
from microblog.client.feed import Feed
from microblog.client.messages import AboutDraft
from microblog.client.sending import Batch, add_due_epoch, send
from microblog.client.session import Session, feed_of, read_id
from microblog.protocol.about import MAX_HOUSEHOLDS, About, encode_about
from microblog.protocol.errors import Malformed, NotAllowed, TooNew, Unreadable

Stays: TypeAlias = tuple[tuple[bytes, str, str], ...]


def describe(session: Session, log: str, draft: AboutDraft, seen: int | None = None) -> None:
    """Say whom a stream is about; `seen` is the seq of the description that its writer looked at.

    Raises:
        NotAllowed: I am no keeper, or a household is none.
        NotFollowed: I do not follow a household that the child is put into.
        Malformed: a field is too long, or not what it should be; or a stay ends before it begins.
        TooNew: the newest description holds more than this version knows, which would be lost.
        Unreadable: the server withholds a newer description.
        As `send`.
    """
    feed = feed_of(session, read_id(log))
    newest = described(feed)
    base = about_at(feed, seen) if seen is not None else newest and newest[1]
    earlier = {row[:2] for row in earlier_stays(feed)}

    def change(now: About | None) -> About:
        about = _drafted(draft, now)
        stays = tuple(row for row in about.households if row[:2] not in earlier)
        return _merge(base, now, replace(about, households=stays))

    _rewrite(session, feed.log, change)


def move_child(session: Session, log: str, since: str, to: str, date: str) -> None:
    """End a child's stay in the household `since` and begin one in `to`; either may be empty.

    The past stays stay.

    Raises:
        NotAllowed: I am no keeper, the child is not in the one or is in the other already, or that
            is no household.
        As `describe`.
    """
    out, into = read_id(since), read_id(to)

    def move(newest: About | None) -> About:
        if newest is None or newest.sort != "child":
            raise NotAllowed("only a child moves")
        return replace(newest, households=_moved(newest.households, out, into, date))

    _rewrite(session, read_id(log), move)


def check_stays(session: Session, about: About, before: Stays) -> None:
    """Check where a child is put, beside where it was said to live before.

    Raises:
        Malformed, NotAllowed, NotFollowed: see `describe`.
    """
    here = [row[0] for row in about.households if is_open(row)]
    if about.sort == "household" and about.households:
        raise Malformed("a household is in no household")
    for log, since, until in about.households:
        if _ends_early(since, until):
            raise Malformed("a stay ends before it begins")
        if here.count(log) > 1:
            raise NotAllowed("the child is in that household already")
        if log in {row[0] for row in before}:
            continue
        household = feed_of(session, log).about()
        if household is None or household.sort != "household":
            raise NotAllowed("that is no household")


def _rewrite(session: Session, log: bytes, change: Callable[[About | None], About]) -> None:
    """Make the newest description into another, and send it if it is another."""

    def following(feed: Feed) -> tuple[About | None, About]:
        found = described(feed)
        newest = found[1] if found else None
        _check_none_withheld(feed, found[0] if found else -1)
        if newest is not None and newest.newer:
            raise TooNew("the description was written with a newer version")
        about = change(newest)
        check_stays(session, about, newest.households if newest else ())
        return newest, about

    def is_done(feed: Feed) -> bool:
        newest, about = following(feed)
        return newest is not None and encode_about(newest) == encode_about(about)

    def write(batch: Batch) -> None:
        _, about = following(batch.feed)
        add_due_epoch(batch)
        me, place = session.writer, batch.place
        batch.add(writing.describe(me, place, batch.fresh(), batch.secret, about))

    send(session, log, write, is_done)


def _check_none_withheld(feed: Feed, seq: int) -> None:
    # What the server keeps back of a newer description would be written over unseen.
    unread = [feed.words.get(newer) for newer in feed.abouts if newer > seq]
    if any(why in ("withheld", "waiting") for why in unread):
        raise Unreadable("withheld")


def _drafted(draft: AboutDraft, newest: About | None) -> About:
    return About(
        sort=newest.sort if newest else "child",
        name=draft.name,
        known_as=draft.known_as,
        birth=draft.birth,
        households=tuple((read_id(log), since, until) for log, since, until in draft.households),
        people=draft.relatives,
        school=draft.school,
        protected=draft.protected_address,
        closed=draft.closed,
    )


def _merge(base: About | None, newest: About | None, draft: About) -> About:
    """Return the draft; what it does not change is as it was said last, whoever said it."""
    if base is None or newest is None:
        return draft
    names = [field.name for field in fields(About) if field.name not in ("sort", "newer")]
    kept = {name for name in names if getattr(base, name) == getattr(draft, name)}
    return replace(draft, **{name: getattr(newest, name) for name in kept})


def _moved(stays: Stays, out: bytes, into: bytes, date: str) -> Stays:
    if not date:
        raise Malformed("a move has a date")
    if out == into:
        raise Malformed("a move is from one household to another")
    left = _end(stays, out, date) if out else stays
    return _begin(left, into, date) if into else left


# An attempt whose answer was lost may have ended it, or begun it, already: then nothing is left to
# do.


def _end(stays: Stays, household: bytes, date: str) -> Stays:
    here = [row for row in stays if row[0] == household]
    if any(map(is_open, here)):
        return tuple(
            (log, since, date) if log == household and not until else (log, since, until)
            for log, since, until in stays
        )
    if any(until == date for _, _, until in here):
        return stays
    raise NotAllowed("the child is not in that household")


def _begin(stays: Stays, household: bytes, date: str) -> Stays:
    begun = [row for row in stays if row[0] == household and is_open(row)]
    if not begun:
        # The oldest that has ended makes room; the descriptions before say that it was there.
        oldest = oldest_ended(stays) if len(stays) == MAX_HOUSEHOLDS else None
        return (*(row for row in stays if row != oldest), (household, date, ""))
    if begun[0][1] == date:
        return stays
    raise NotAllowed("the child is in that household already")


def _ends_early(since: str, until: str) -> bool:
    # Dates may be a year or a month only: they are compared as far as both go.
    size = min(len(since), len(until))
    return until[:size] < since[:size]
