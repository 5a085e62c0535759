"""Fetching what streams have that is new."""

from itertools import islice

from microblog.client.directory import refresh_directory
from microblog.client.feed import Feed
from microblog.client.login import ask
from microblog.client.replies import Fetched
from microblog.client.session import Session
from microblog.protocol.errors import DirectoryBehind
from microblog.protocol.stream import Stream

MAX_LOGS = 256


def begin_feed(session: Session, log: bytes) -> Feed:
    """Return the stream of that id, which may be new."""
    return session.feeds.setdefault(log, Feed(log, Stream(log)))


def fetch_streams(session: Session, wanted: dict[bytes, int], total: int) -> set[bytes]:
    """Fetch streams from the seqs wanted on, and return those of which something was served."""
    served: set[bytes] = set()
    while wanted:
        batch = dict(islice(wanted.items(), MAX_LOGS))
        fetched = _fetch_batch(session, batch)
        replies = {r.log: r for r in fetched if r.log in batch and r.entries}
        for log, reply in replies.items():
            if log not in served:
                session.feeds[log].settle()
            _take(session, reply)
            served.add(log)
        cut = any(reply.more for reply in fetched) and bool(replies)
        wanted = _still_wanted(session, wanted, batch, replies, cut)
        session.world.progress("fetch", sum(f.next_seq for f in session.feeds.values()), total)
    return served


def _fetch_batch(session: Session, batch: dict[bytes, int]) -> list[Fetched]:
    return ask(session, lambda: session.transport.fetch(batch))


def _still_wanted(
    session: Session,
    wanted: dict[bytes, int],
    batch: dict[bytes, int],
    replies: dict[bytes, Fetched],
    cut: bool,
) -> dict[bytes, int]:
    """Return what to ask for next: logs not asked for yet, cut off, or left out of a reply cut off.

    A log is asked for again only while all that came was good, so that nobody can keep us asking.
    """
    still: dict[bytes, int] = {}
    for log, since in wanted.items():
        reply = replies.get(log)
        if log not in batch or (reply is None and cut):
            still[log] = since
        elif reply is not None and reply.more:
            following = since + len(reply.entries)
            feed = session.feeds[log]
            good = feed.trouble is None or feed.is_forked()
            if good and following <= feed.next_seq:
                still[log] = following
    return still


def _take(session: Session, reply: Fetched) -> None:
    feed = session.feeds[reply.log]
    try:
        feed.take(reply.entries, session.directory)
    except DirectoryBehind:
        # Written since the directory was fetched a moment ago.
        refresh_directory(session)
        try:
            feed.take(reply.entries, session.directory)
        except DirectoryBehind as error:
            feed.stop(error)
