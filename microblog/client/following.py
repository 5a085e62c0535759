"""Keeping up: the directory first, then every stream that I follow, each checked before it counts.

A log never goes back (PROTOCOL.md 9, pins): if the server shows less of one than was seen, or
another, or no longer lists a stream without a removal that can be verified, that is its trouble for
good.
"""

from itertools import islice

from microblog.client.asks import fetch_asks
from microblog.client.boxes import check_boxes, open_secrets
from microblog.client.checking import ask_again
from microblog.client.feed import Feed
from microblog.client.giving import give_back_streams
from microblog.client.keeping import save_directory, save_feed
from microblog.client.login import ask, may_show_less, must_hold
from microblog.client.memory import Note
from microblog.client.session import Session, feed_of, rolled_back
from microblog.client.shown import Trouble
from microblog.client.transport import Fetched, Listed
from microblog.protocol.entry import DIRECTORY, decode_entry
from microblog.protocol.errors import BrokenChain, DirectoryBehind, ProtocolError, RolledBack
from microblog.protocol.log import check_pin
from microblog.protocol.stream import Stream

MAX_LOGS = 256


def refresh(session: Session) -> None:
    """Fetch and check what is new in the directory and in all streams, and put boxes right.

    Raises:
        Unreachable: the server did not answer; what was known before is still there.
    """
    session.online = False
    refresh_directory(session)
    rows = _give_back(session, ask(session, session.transport.streams))
    listed = {row.log: row for row in rows if row.log != DIRECTORY}
    _check_vanished(session, listed)
    for row in listed.values():
        _check_head(session, row)
    total = sum(row.head.seq + 1 for row in listed.values())
    wanted = {log: _begin_feed(session, log).next_seq for log in listed}
    new = {log: since for log, since in wanted.items() if since <= _reach(listed[log])}
    for log in listed:
        ask_again(session, session.feeds[log])
    served = _fetch(session, new, total)
    for done, row in enumerate(listed.values()):
        session.world.progress("check", done, len(listed))
        _check_complete(session, row, row.log in served)
        _finish(session, row.log)
    fetch_asks(session)
    session.online = True


def refresh_log(session: Session, log: bytes) -> Feed:
    """Fetch and check what is new in the directory and in one stream that I know."""
    feed = feed_of(session, log)
    refresh_directory(session)
    ask_again(session, feed)
    _fetch(session, {log: feed.next_seq}, 0)
    _finish(session, log)
    return feed


def _give_back(session: Session, rows: list[Listed]) -> list[Listed]:
    """Give a server that is being restored what it lacks, and return what it lists then."""
    if not session.restoring:
        return rows
    session.restoring = session.transport.restoring()
    if session.restoring:
        give_back_streams(session.transport, session.feeds, rows)
        session.transport.given_back()
    else:
        # It was opened: from here on it must have all that was seen.
        refresh_directory(session)
    return ask(session, session.transport.streams)


# The directory


def refresh_directory(session: Session) -> None:
    """Fetch and check what is new in the directory.

    It asks from the newest entry it has, to see that this is still there.
    """
    if session.trouble is not None and session.trouble.error == RolledBack.__name__:
        return
    session.trouble = None
    more = True
    while more and session.trouble is None:
        before = len(session.directory.ids)
        since = max(before - 1, 0)
        fetched = _fetch_batch(session, {DIRECTORY: since})
        replies = [reply for reply in fetched if reply.log == DIRECTORY]
        take_directory(session, since, [entry for reply in replies for entry in reply.entries])
        count = len(session.directory.ids)
        more = count > before and any(reply.more for reply in replies)
        session.world.progress("fetch", count, 0)
    if session.trouble is None:
        _check_directory_pin(session)


def take_directory(session: Session, since: int, raw_entries: list[bytes]) -> None:
    """Add directory entries served from `since` on; the first that does not fit is the trouble."""
    known = session.directory.ids[since:]
    if not _begins_with(raw_entries, known):
        if raw_entries or not may_show_less(session):
            deny_directory(session)
        return
    before, new = len(session.directory.ids), raw_entries[len(known) :]
    session.directory, error = session.directory.extend(map(decode_entry, new))
    count = len(session.directory.ids)
    if error is not None:
        session.trouble = Trouble(error=type(error).__name__, seq=count)
    save_directory(session, {before + i: raw for i, raw in enumerate(new[: count - before])})


def _begins_with(raw_entries: list[bytes], ids: list[bytes]) -> bool:
    try:
        return [decode_entry(raw).id for raw in raw_entries[: len(ids)]] == ids
    except ProtocolError:
        return False


def _check_directory_pin(session: Session) -> None:
    pin = session.notes.get(DIRECTORY, Note()).pin
    try:
        if pin is not None and must_hold(session, pin, len(session.directory.ids)):
            check_pin(pin, session.directory.ids)
    except RolledBack:
        deny_directory(session)


def deny_directory(session: Session) -> None:
    """Note that the server has less of the directory than it had, or another; for good."""
    session.trouble = rolled_back(len(session.directory.ids))
    save_directory(session, {})


# Streams


def _begin_feed(session: Session, log: bytes) -> Feed:
    return session.feeds.setdefault(log, Feed(log, Stream(log)))


def _fetch(session: Session, wanted: dict[bytes, int], total: int) -> set[bytes]:
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
            if session.feeds[log].trouble is None and following <= session.feeds[log].next_seq:
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


def _check_vanished(session: Session, listed: dict[bytes, Listed]) -> None:
    for log, feed in session.feeds.items():
        pin = session.notes.get(log, Note()).pin
        unseen = feed.next_seq == 0 and pin is not None
        gone = log not in listed and (unseen or session.me in feed.admissions)
        if gone and not may_show_less(session):
            feed.stop(RolledBack("the stream is no longer there, and nothing says why"))
            save_feed(session, feed)


def _check_head(session: Session, row: Listed) -> None:
    pin = session.notes.get(row.log, Note()).pin
    if pin is None:
        return
    less, other = _reach(row) < pin.seq, row.head.seq == pin.seq and row.head.id != pin.id
    if other or (less and not may_show_less(session)):
        session.feeds[row.log].stop(RolledBack("the server has less of the log than it had"))


def _check_complete(session: Session, row: Listed, served: bool) -> None:
    """Compare what was verified with what the server listed."""
    feed = session.feeds[row.log]
    if feed.next_seq <= _reach(row):
        if feed.trouble is None:
            feed.stop(BrokenChain("the server does not serve what it lists"))
        return
    if not served:
        feed.settle()  # nothing more is there, so what did not fit is there no longer
    off = row.until is not None and session.me in feed.admissions and feed.trouble is None
    if off and not may_show_less(session):
        feed.stop(RolledBack("taken off the team, and nothing says by whom"))


def _reach(row: Listed) -> int:
    """Return the seq up to which a stream is served to me."""
    return row.head.seq if row.until is None else row.until


def _finish(session: Session, log: bytes) -> None:
    """Open what can be opened of a stream just fetched, put its boxes right, and remember it."""
    feed = session.feeds[log]
    note = session.notes.get(log)
    mine = session.me in feed.admissions or session.me in feed.removals
    if not mine and note is None:
        # Nothing of ours, whatever the server says, unless it does not let us see whether it is.
        if feed.trouble is None:
            del session.feeds[log]
        return
    pin = note.pin if note is not None else None
    if pin is not None and feed.trouble is None and must_hold(session, pin, feed.next_seq):
        feed.check_pin(pin)
    open_secrets(session, feed)
    check_boxes(session, feed)
    save_feed(session, feed)
