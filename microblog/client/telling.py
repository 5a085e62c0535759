"""Telling a team that its posts are taken out: before there is a file."""

from collections.abc import Sequence
from typing import TypeAlias

from microblog.client import writing
from microblog.client.feed import Feed
from microblog.client.sending import Batch, add_due_epoch, send
from microblog.client.session import Session, feed_of, read_id
from microblog.protocol.errors import Malformed
from microblog.protocol.export import Export, encode_export

Told: TypeAlias = Export

# Of a chronology.
FORMATS = ("csv", "xlsx", "print")


def tell_taken_out(session: Session, logs: Sequence[str], told: Told) -> None:
    """Tell each team that its posts are taken out, in which format, between which dates and why.

    Raises:
        Malformed: a date is none, the format is none of a chronology's, or the reason too long;
            nothing was sent.
        As `send`: those before it were told.
    """
    if told.format not in FORMATS:
        raise Malformed("a chronology has no such format")
    told = Told(told.format, told.start, told.end, writing.nfc(told.why))
    check_told(told)
    feeds = streams_of(session, logs)
    for done, feed in enumerate(feeds):
        session.world.progress("hand", done, len(feeds))
        tell_team(session, feed.log, told)
    session.world.progress("hand", 1, 1)


def check_told(told: Told) -> None:
    """Check what a team is to be told.

    Raises:
        Malformed: a date is none, the first is later than the last, or the reason is too long.
    """
    encode_export(told)
    check_dates(told.start, told.end)


def tell_team(session: Session, log: bytes, told: Told) -> None:
    """Append to a stream that it is taken out; raises as `send`."""

    def write(batch: Batch) -> None:
        add_due_epoch(batch)
        place, fresh = batch.place, batch.fresh()
        batch.add(writing.tell_export(session.writer, place, fresh, batch.secret, told))

    send(session, log, write)


def check_dates(start: str, end: str) -> None:
    """Check that two days, as far as given, are not the wrong way round; raise Malformed."""
    if start and end and start[: len(end)] > end:
        raise Malformed("the first date is later than the last")


def streams_of(session: Session, logs: Sequence[str]) -> list[Feed]:
    """Return some streams, once each; none: those whose team I am on.

    Raises:
        NotFollowed: one of them is none of mine.
    """
    if logs:
        return [feed_of(session, read_id(log)) for log in dict.fromkeys(logs)]
    return [feed for feed in session.feeds.values() if session.me in feed.stream.roles]
