"""Keeping up: the directory first, then every stream that I follow, each checked before it counts.

A log never goes back (PROTOCOL.md 9, pins): if the server shows less of one than was seen, or
another, or no longer lists a stream without a removal that can be verified, that is its trouble for
good.
"""

from microblog.client.asks import fetch_asks
from microblog.client.checking import ask_again
from microblog.client.directory import compare_with_heads, refresh_directory
from microblog.client.fetching import begin_feed, fetch_streams
from microblog.client.finishing import finish
from microblog.client.freshness import fetch_heads, has_witness, save_heads, take_heads
from microblog.client.giving import give_back_streams
from microblog.client.keeping import save_feed
from microblog.client.login import ask, may_show_less
from microblog.client.memory import Note
from microblog.client.replies import Listed
from microblog.client.session import Session
from microblog.client.tending import tend
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import BrokenChain, RolledBack


def refresh(session: Session) -> None:
    """Fetch and check what is new in the directory and in all streams, and put boxes right.

    Where keys were lost, new ones are made by itself.

    Raises:
        Unreachable: the server did not answer; what was known before is still there.
    """
    session.online = False
    _refresh_witnessed(session)
    rows = _give_back(session, ask(session, session.transport.streams))
    listed = {row.log: row for row in rows if row.log != DIRECTORY}
    _check_vanished(session, listed)
    for row in listed.values():
        _check_head(session, row)
    total = sum(row.head.seq + 1 for row in listed.values())
    wanted = {log: begin_feed(session, log).next_seq for log in listed}
    new = {log: since for log, since in wanted.items() if since <= _reach(listed[log])}
    for log in listed:
        ask_again(session, session.feeds[log])
    served = fetch_streams(session, new, total)
    for done, row in enumerate(listed.values()):
        session.world.progress("check", done, len(listed))
        _check_complete(session, row, row.log in served)
        finish(session, row.log)
    save_heads(session)
    fetch_asks(session)
    session.online = True
    tend(session)


def _refresh_witnessed(session: Session) -> None:
    """Fetch witnesses' heads and the directory, in this order: see `freshness`."""
    known, raw_heads = has_witness(session), fetch_heads(session)
    refresh_directory(session)
    if not known and has_witness(session):
        # At the very first look it is only now known whose heads count.
        raw_heads = fetch_heads(session)
        refresh_directory(session)
    take_heads(session, raw_heads)
    compare_with_heads(session)


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
