"""A person at work: their keys, the server, and all that was verified so far.

A session holds state and nothing else; how it is remembered stands in `keeping`, how it signs in in
`login`, what a person may do in `following` (refresh), `reading`, `posting`, `team` and `staff`,
and how one begins in `joining`. Clock, randomness and the report of progress are passed in.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from microblog.client.feed import Feed
from microblog.client.heads import Vouched
from microblog.client.memory import Memory, Note
from microblog.client.place import Place
from microblog.client.shown import Trouble
from microblog.client.transport import Transport
from microblog.client.writing import Fresh, Writer
from microblog.protocol import vault
from microblog.protocol.ask import Ask
from microblog.protocol.base64url import decode_base64url
from microblog.protocol.directory import Directory
from microblog.protocol.entry import SALT_BYTES
from microblog.protocol.errors import NotAllowed, RolledBack
from microblog.protocol.log import Head
from microblog.protocol.primitives import NONCE_BYTES

Keys: TypeAlias = vault.Keys


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

    Progress is (what, done, total), where what is one of unlock, fetch, check, hand, bring.
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
    #: By log, what witnesses have said of it.
    vouched: dict[bytes, Vouched] = field(default_factory=dict)
    #: When I was here, and what the note of my own says.
    place: Place = field(default_factory=Place)
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


def rolled_back(seq: int) -> Trouble:
    """Return the trouble that nothing clears."""
    return Trouble(error=RolledBack.__name__, seq=seq)


def later(pin: Head | None, head: Head | None) -> Head | None:
    """Return the one of two heads of a log that has come further: a pin never goes back."""
    if pin is None or head is None:
        return pin or head
    return head if head.seq > pin.seq else pin


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
