"""The directory, kept up: fetched first of all, and checked entry by entry before it counts.

It never goes back: if the server shows less of it than was seen, or another, that is its trouble
for good. If a witness has seen more of it, or another, it goes on being fetched all the same: the
entry that ends a witness that lies stands in it.
"""

from functools import partial

from microblog.client.freshness import check_directory_heads, is_witnessed, recheck_heads
from microblog.client.keeping import save_directory
from microblog.client.keyring import complete_keys
from microblog.client.login import ask, may_show_less, must_hold
from microblog.client.memory import Note
from microblog.client.session import Session, rolled_back
from microblog.client.shown import Trouble
from microblog.protocol.entry import DIRECTORY, decode_entry
from microblog.protocol.errors import ProtocolError, RolledBack
from microblog.protocol.log import check_pin


def refresh_directory(session: Session) -> None:
    """Fetch and check what is new in the directory.

    It asks from the newest entry it has, to see that this is still there.
    """
    if session.trouble is not None and session.trouble.error == RolledBack.__name__:
        return
    if session.trouble is not None and not is_witnessed(session.trouble):
        session.trouble = None
    more = True
    while more and not _is_stopped(session):
        before = len(session.directory.ids)
        since = max(before - 1, 0)
        wanted = {DIRECTORY: since}
        fetched = ask(session, partial(session.transport.fetch, wanted))
        replies = [reply for reply in fetched if reply.log == DIRECTORY]
        take_directory(session, since, [entry for reply in replies for entry in reply.entries])
        count = len(session.directory.ids)
        more = count > before and any(reply.more for reply in replies)
        session.world.progress("fetch", count, 0)
    if not _is_stopped(session):
        _check_directory_pin(session)
    compare_with_heads(session)


def _is_stopped(session: Session) -> bool:
    return session.trouble is not None and not is_witnessed(session.trouble)


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
    # Before it is saved, which moves the pin on: one that came with the keys may be older.
    pin = session.notes.get(DIRECTORY, Note()).pin
    if pin is not None and pin.seq < count and session.directory.ids[pin.seq] != pin.id:
        deny_directory(session)
        return
    if error is not None:
        session.trouble = Trouble(error=type(error).__name__, seq=count)
    save_directory(session, {before + i: raw for i, raw in enumerate(new[: count - before])})
    complete_keys(session)


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


def compare_with_heads(session: Session) -> None:
    """Note it if witnesses have seen more of the directory than is here, or another.

    Whether they count is for the directory to say: so whatever else they stopped is looked at, too.
    """
    check_directory_heads(session)
    recheck_heads(session)


def deny_directory(session: Session) -> None:
    """Note that the server has less of the directory than it had, or another; for good."""
    session.trouble = rolled_back(len(session.directory.ids))
    save_directory(session, {})
