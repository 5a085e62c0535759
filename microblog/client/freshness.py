"""Whether the server shows all there is: what witnesses say, against what it shows me.

Heads are asked for before the logs that they are of: so whatever one names must be in what is
served after it. If it is not, the server keeps something back, and that is the log's trouble for
as long as it does. If something else stands there, others were shown another log, or the witness
lies: that is its trouble until a steward has found out, and ended the witness if it was that.
"""

from collections.abc import Callable, Iterable, Sequence

from microblog.client.feed import Feed
from microblog.client.heads import (
    HEADS,
    NOT_VOUCHED,
    Seen,
    accusers,
    encode_heads,
    note_head,
    settle,
    state_of,
    unvouched_since,
)
from microblog.client.login import ask, may_show_less
from microblog.client.session import Session
from microblog.client.shown import Trouble, Vouching, Witness
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.directory import rules_of
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import ForkedLog, HeldBack, ProtocolError
from microblog.protocol.witness import LATE_MS, decode_head, find_witness, good_witnesses


def has_witness(session: Session) -> bool:
    """Return whether the directory names a witness, so that its word is to be asked for."""
    return bool(good_witnesses(session.directory))


def fetch_heads(session: Session) -> Sequence[bytes]:
    """Return the heads that the server has for me; nothing about them is verified."""
    return ask(session, session.transport.heads) if has_witness(session) else ()


def take_heads(session: Session, raw_heads: Iterable[bytes]) -> None:
    """Note the heads that a witness named by the directory has signed; others are nothing.

    They are compared with a log when that is looked at next: see `check_heads`.
    """
    latest = session.world.clock() + LATE_MS
    for raw in raw_heads:
        try:
            signed = decode_head(raw)
            key = find_witness(signed, session.directory)
        except ProtocolError:
            continue
        sighting = signed.sighting
        # A witness whose clock was once far ahead would else seem new for as long.
        if sighting.time <= latest:
            known = session.vouched.get(sighting.log, NOT_VOUCHED)
            seen = Seen(key, sighting.head, sighting.time)
            session.vouched[sighting.log] = note_head(known, seen)


def check_heads(session: Session, feed: Feed) -> None:
    """Compare a stream as it was served with what witnesses saw of it.

    Whoever was taken off gets nothing newer, and hears of nothing newer.
    """
    entries = feed.entries
    wrong = _settle(session, feed.log, lambda seq: entries[seq].id if seq < len(entries) else None)
    if isinstance(wrong, ForkedLog):
        feed.stop(wrong)
        # At once: a server that breaks off here must not be rid of it by a restart.
        save_heads(session)
        return
    feed.rejoin()
    if isinstance(wrong, HeldBack):
        listed = session.me in feed.admissions
        if listed and feed.trouble is None and not may_show_less(session):
            feed.stop(wrong)
    elif feed.trouble is not None and feed.trouble.error == HeldBack.__name__:
        feed.settle()


def check_directory_heads(session: Session) -> None:
    """Compare the directory as it was served with what witnesses saw of it.

    With what else is wrong with it, nothing is compared; what witnesses cause, they take away.
    """
    if session.trouble is not None and not is_witnessed(session.trouble):
        return
    ids = session.directory.ids
    wrong = _settle(session, DIRECTORY, lambda seq: ids[seq] if seq < len(ids) else None)
    if isinstance(wrong, HeldBack) and may_show_less(session):
        wrong = None
    session.trouble = Trouble(error=type(wrong).__name__, seq=len(ids)) if wrong else None
    if isinstance(wrong, ForkedLog):
        save_heads(session)


def recheck_heads(session: Session) -> None:
    """Compare the logs again in whose trouble witnesses are: one of them may have been ended."""
    for feed in session.feeds.values():
        if feed.trouble is not None and is_witnessed(feed.trouble):
            check_heads(session, feed)


def is_witnessed(trouble: Trouble) -> bool:
    """Return whether it is on the word of a witness that something is wrong."""
    return trouble.error in (ForkedLog.__name__, HeldBack.__name__)


def is_accused(session: Session, key: bytes) -> bool:
    """Return whether the directory is in trouble on the word of that witness."""
    if session.trouble is None or not is_witnessed(session.trouble):
        return False
    return key in accusers(session.vouched.get(DIRECTORY, NOT_VOUCHED))


def _settle(
    session: Session, log: bytes, id_at: Callable[[int], bytes | None]
) -> ProtocolError | None:
    known = session.vouched.get(log)
    if known is None:
        return None
    good = {witness.key for witness in good_witnesses(session.directory)}
    session.vouched[log], wrong = settle(known, id_at, good)
    return wrong


def save_heads(session: Session) -> None:
    """Remember what witnesses have said, if there is anything new."""
    mine = {DIRECTORY, *session.feeds}
    data = encode_heads({log: it for log, it in session.vouched.items() if log in mine})
    if session.vouched and data != session.memory.aside(HEADS):
        session.memory.put_aside(HEADS, data)


def unvouched(session: Session, feed: Feed) -> int:
    """Return since when nobody has vouched for the directory or a stream; 0: someone has lately.

    Either will do to hide a removal: that of a device, or that of a follower.
    """
    now, directory = session.world.clock(), session.directory
    begun = feed.entries[0].header.time if feed.entries else 0
    of_stream = session.vouched.get(feed.log, NOT_VOUCHED)
    of_directory = session.vouched.get(DIRECTORY, NOT_VOUCHED)
    since = (
        unvouched_since(directory, of_directory, 0, now),
        unvouched_since(directory, of_stream, begun, now),
    )
    return min(filter(None, since), default=0)


def ask_if_unvouched(session: Session, feed: Feed) -> None:
    """Ask for newer heads before posting, if those that are known are not new enough."""
    if unvouched(session, feed):
        take_heads(session, fetch_heads(session))


def may_send_unvouched(session: Session) -> bool:
    """Return whether the practice lets an author post all the same."""
    return rules_of(session.directory)["send-unvouched"] != 0


def show_vouching(session: Session) -> Vouching:
    """Return how new the word of the witnesses on the directory is."""
    vouched, now = session.vouched.get(DIRECTORY, NOT_VOUCHED), session.world.clock()
    return Vouching(
        named=has_witness(session),
        newest=vouched.time,
        state=state_of(session.directory, vouched, now),
    )


def show_witnesses(session: Session) -> tuple[Witness, ...]:
    """Return all witnesses that were ever named, in the order in which they were."""
    accusing = _find_accusers(session)
    return tuple(
        Witness(
            key=encode_base64url(it.key),
            since=it.since,
            ended=it.until_seq is not None,
            accuses=it.key in accusing,
        )
        for it in sorted(session.directory.witnesses.values(), key=lambda it: it.from_seq)
    )


def _find_accusers(session: Session) -> set[bytes]:
    """Return the keys of the witnesses on whose word anything is in trouble."""
    troubles = {DIRECTORY: session.trouble}
    troubles.update((log, feed.trouble) for log, feed in session.feeds.items())
    return {
        key
        for log, trouble in troubles.items()
        if trouble is not None and is_witnessed(trouble)
        for key in accusers(session.vouched.get(log, NOT_VOUCHED))
    }
