"""A person at work: their keys, the server, and all that was verified so far.

A session holds state and nothing else; what a person may do stands in `following` (refresh),
`reading`, `posting`, `team` and `staff`, and how one begins in `joining`. Clock, randomness and the
report of progress are passed in.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from microblog.client.feed import Feed, restore
from microblog.client.giving import give_back_directory
from microblog.client.memory import Memory, Note
from microblog.client.shown import Trouble
from microblog.client.snapshot import (
    decode_directory,
    decode_stream,
    encode_directory,
    encode_stream,
)
from microblog.client.transport import Refused, Transport
from microblog.client.writing import Fresh, Writer
from microblog.protocol import vault
from microblog.protocol.ask import Ask
from microblog.protocol.base64url import decode_base64url
from microblog.protocol.directory import Directory
from microblog.protocol.entry import DIRECTORY, SALT_BYTES, encode_entry
from microblog.protocol.errors import NotAllowed, RolledBack
from microblog.protocol.log import Head
from microblog.protocol.login import sign_login
from microblog.protocol.primitives import NONCE_BYTES, signing_key
from microblog.protocol.stream import Stream

Answer = TypeVar("Answer")
Keys: TypeAlias = vault.Keys

#: What signing in as the device mends: nobody is signed in, or the server still knows this client
#: by an invitation or the founding link.
MENDED_BY_SIGNING_IN = frozenset({"signed-out", "not-allowed"})


class InTrouble(Exception):
    """A log cannot be trusted past its last good entry: nothing is sent on the strength of it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.error)
        self.trouble = trouble


class NotFollowed(Exception):
    """No stream of that id is among those that I follow."""


class Waiting(Exception):
    """Nobody has handed this device the newest key of the stream yet."""


def now_ms() -> int:
    """Return the time by this machine's clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def no_progress(what: str, done: int, total: int) -> None:
    """Tell nobody how far long work has come."""


@dataclass(frozen=True, slots=True)
class World:
    """What comes from outside: a clock (ms), randomness (bytes), and who hears of progress.

    Progress is (what, done, total), where what is one of unlock, fetch, check, hand.
    """

    clock: Callable[[], int] = now_ms
    random: Callable[[int], bytes] = secrets.token_bytes
    progress: Callable[[str, int, int], None] = no_progress


@dataclass(slots=True)
class Session:
    """Keys, server, memory, the verified logs, and requests to follow that were verified.

    `notes` is what the memory holds of each log.
    """

    keys: Keys
    transport: Transport
    memory: Memory
    world: World
    directory: Directory
    trouble: Trouble | None = None
    feeds: dict[bytes, Feed] = field(default_factory=dict)
    notes: dict[bytes, Note] = field(default_factory=dict)
    asks: list[Ask] = field(default_factory=list)
    online: bool = False
    #: The server was restored from a backup: it is given back what it lacks, and takes nothing new.
    restoring: bool = False

    @property
    def me(self) -> bytes:
        """My id."""
        return self.keys.person

    @property
    def writer(self) -> Writer:
        """Who signs."""
        return Writer(self.keys.person, self.keys.device_seed)


def open_session(keys: Keys, transport: Transport, memory: Memory, world: World) -> Session:
    """Return a session with all that is remembered; the server is not asked yet."""
    session = Session(keys, transport, memory, world, Directory(keys.fingerprint))
    for log in memory.logs():
        session.notes[log] = memory.note(log)
    for log, pin in keys.pins:
        note = session.notes.get(log, Note())
        session.notes[log] = replace(note, pin=later(note.pin, pin))
    for log, note in session.notes.items():
        if log == DIRECTORY:
            _restore_directory(session, note)
        elif note.pin is not None:
            session.feeds[log] = _restore_feed(session, log, note)
    return session


def _restore_directory(session: Session, note: Note) -> None:
    directory = decode_directory(note.state)
    if directory is not None and directory.fingerprint == session.keys.fingerprint:
        session.directory = directory
    if note.rolled_back:
        session.trouble = rolled_back(len(session.directory.ids))


def _restore_feed(session: Session, log: bytes, note: Note) -> Feed:
    feed, stream = None, decode_stream(note.state)
    if stream is not None and stream.head is not None:
        kept = session.memory.entries(log)[: stream.head.seq + 1]
        feed = restore(stream, kept, note.secrets)
    if feed is None:
        feed = Feed(log, Stream(log), secrets=dict(note.secrets))
    feed.read()
    if note.rolled_back:
        feed.stop(RolledBack("the log went back"))
    return feed


def rolled_back(seq: int) -> Trouble:
    """Return the trouble that nothing clears."""
    return Trouble(error=RolledBack.__name__, seq=seq)


def later(pin: Head | None, head: Head | None) -> Head | None:
    """Return the one of two heads of a log that has come further: a pin never goes back."""
    if pin is None or head is None:
        return pin or head
    return head if head.seq > pin.seq else pin


def sign_in(session: Session) -> None:
    """Begin a session at the server with this device's key (PROTOCOL.md 6).

    A restore ends all sessions, so here is where its clients hear of it. A device that the backup
    does not know is let in once the directory is whole again.
    """
    keys = session.keys
    if may_show_less(session):
        give_back_directory(session.transport, session.memory.entries(DIRECTORY))
        for log, note in list(session.notes.items()):
            # Boxes are no part of what is given back: they are checked, and made, anew.
            put_note(session, log, replace(note, boxes=b""))
    challenge = session.transport.challenge()
    signature = sign_login(
        keys.device_seed, keys.fingerprint, keys.origin, challenge.challenge, challenge.time
    )
    session.transport.sign_in("device", signing_key(keys.device_seed), challenge, signature)


def may_show_less(session: Session) -> bool:
    """Return whether the server is being restored, so that it may show less than was seen.

    It is asked. A server that lies about it gains nothing: what was seen is remembered, and counts
    again as soon as it says that it is open.
    """
    if not session.restoring:
        session.restoring = session.transport.restoring()
    return session.restoring


def must_hold(session: Session, pin: Head, count: int) -> bool:
    """Return whether a log of so many entries must contain its pin, or may still be short of it."""
    return pin.seq < count or not may_show_less(session)


def ask(session: Session, attempt: Callable[[], Answer], *mended: str) -> Answer:
    """Return the server's answer, signing in as this device where it has to be, and once only.

    `mended`: codes beyond those by which this call, too, is refused to a session of the wrong sort.
    """
    try:
        return attempt()
    except Refused as refused:
        if refused.code not in MENDED_BY_SIGNING_IN.union(mended):
            raise
    sign_in(session)
    return attempt()


def read_id(text: str) -> bytes:
    """Return an id that was shown as text."""
    return decode_base64url(text)


def feed_of(session: Session, log: bytes) -> Feed:
    """Return the stream of that id.

    Raises:
        NotFollowed: it is none of mine.
    """
    feed = session.feeds.get(log)
    if feed is None:
        raise NotFollowed("no stream of that id is among those that I follow")
    return feed


def check_trusted(session: Session, feed: Feed | None = None) -> None:
    """Check that nothing is wrong with the directory, nor with a stream, before anything is sent.

    Raises:
        InTrouble: something is.
    """
    for trouble in (session.trouble, feed.trouble if feed else None):
        if trouble is not None:
            raise InTrouble(trouble)


def check_may_write(session: Session, feed: Feed) -> None:
    """Check that I am on the team and hold what its next post is sealed with.

    Raises:
        InTrouble: the stream or the directory cannot be trusted.
        NotAllowed: I am not on the team.
        Waiting: I have no key yet.
    """
    check_trusted(session, feed)
    if session.me not in feed.admissions:
        raise NotAllowed("you are not on this team")
    if feed.is_waiting():
        raise Waiting("nobody has handed this device the key of this stream yet")


def fresh_of(world: World) -> Fresh:
    """Return randomness for one entry of one attempt."""
    return Fresh(world.random(SALT_BYTES), world.random(NONCE_BYTES))


def save_feed(session: Session, feed: Feed) -> None:
    """Remember what is new of a stream: entries, secrets, public state, and its pin."""
    old = session.notes.get(feed.log, Note())
    note = replace(
        old,
        pin=later(old.pin, feed.stream.head),
        secrets=dict(feed.secrets),
        rolled_back=feed.is_rolled_back(),
        state=encode_stream(feed.stream),
    )
    changed = {seq: encode_entry(feed.entries[seq]) for seq in sorted(feed.unsaved)}
    put_note(session, feed.log, note, changed)
    feed.unsaved.clear()


def save_directory(session: Session, entries: dict[int, bytes]) -> None:
    """Remember what is new of the directory."""
    old = session.notes.get(DIRECTORY, Note())
    trouble = session.trouble
    note = replace(
        old,
        pin=later(old.pin, session.directory.head),
        rolled_back=trouble is not None and trouble.error == RolledBack.__name__,
        state=encode_directory(session.directory) if entries else old.state,
    )
    put_note(session, DIRECTORY, note, entries)


def put_note(
    session: Session, log: bytes, note: Note, entries: dict[int, bytes] | None = None
) -> None:
    """Remember a note, and entries by seq, if anything changed."""
    if entries or note != session.notes.get(log):
        session.memory.put(log, entries or {}, note)
        session.notes[log] = note
