"""Who hears that a log has gone on: everyone with an event stream who would find it by asking.

A stream says a log and a seq, and nothing else. Whom an entry concerns is read anew with every
piece of news, for all streams in one statement; whose session has ended, likewise, every two
seconds. So nobody is told of what is not, or is no longer, theirs.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from microblog.protocol.entry import DIRECTORY
from microblog.service.sessions import Who
from microblog.service.wire import encode_bytes
from microblog.store import followers, sessions
from microblog.store.errors import Busy, StoreError

MOST = 2000
MOST_EACH = 8
BEAT_SECONDS = 15
LOOK_SECONDS = 2
AGAIN_SECONDS = 5

said = logging.getLogger("microblog")


class Line(Protocol):
    """The way to one client; what is written to it never waits."""

    @property
    def is_open(self) -> bool:
        """Whether the other end is there."""

    def tell(self, log: str, seq: int) -> bool:
        """Say that a log has come so far; return whether it was taken."""

    def beat(self) -> bool:
        """Say that the line still stands; return whether it was taken."""

    def end(self) -> None:
        """Hang up."""


class Ear(Protocol):
    """What hears a database; its `session` reads in it."""

    session: Session

    def wait(self, seconds: float) -> Mapping[bytes, Sequence[int]]:
        """Return the seqs that logs have come to, as soon as there are any or the time is over.

        Raises:
            StoreError: something may have been missed.
        """

    def close(self) -> None:
        """Let go of the database."""


class Listener:
    """A stream that was asked for; until its line is there, what it is told is kept for it."""

    __slots__ = ("_due", "_line", "_listeners", "person", "token_hash")

    def __init__(self, listeners: "Listeners", person: bytes, token_hash: bytes) -> None:
        """Keep a place among the listeners."""
        self.person = person
        self.token_hash = token_hash
        self._listeners = listeners
        self._line: Line | None = None
        self._due: dict[str, int] | None = None

    @property
    def is_open(self) -> bool:
        """Whether its client may still be there."""
        return self._line is None or self._line.is_open

    def begin(self, line: Line) -> None:
        """Take the line, and say what came meanwhile."""
        if not self._listeners.has(self):
            line.end()
            return
        self._line = line
        due, self._due = self._due, None
        for log, seq in (due or {}).items():
            self.tell(log, seq)

    def tell(self, log: str, seq: int) -> None:
        """Say that a log has come so far."""
        if self._line is None:
            self._due = {**(self._due or {}), log: seq}
        elif not self._line.tell(log, seq):
            self.end()

    def beat(self) -> None:
        """Say that nothing is new."""
        if self._line is not None and not self._line.beat():
            self.end()

    def end(self) -> None:
        """Hang up and give the place to somebody else."""
        self._listeners.remove(self)
        if self._line is not None:
            self._line.end()


class Listeners:
    """Everyone who listens in this process, by person."""

    def __init__(self, most: int = MOST, most_each: int = MOST_EACH) -> None:
        """Begin with nobody; nobody is let in before news can be heard."""
        self.hears = False
        self._most = most
        self._most_each = most_each
        self._count = 0
        self._by_person: dict[bytes, list[Listener]] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def __iter__(self) -> Iterator[Listener]:
        """Yield all; any may leave meanwhile."""
        return iter([it for some in self._by_person.values() for it in some])

    def has(self, listener: Listener) -> bool:
        """Return whether one still has its place."""
        return listener in self._by_person.get(listener.person, ())

    def admit(self, who: Who, token_hash: bytes) -> Listener:
        """Return a place for someone signed in by a token.

        Raises:
            Busy: there is none; whoever asks again and again finds out what is new, too.
        """
        if not self.hears:
            raise Busy("news cannot be heard now")
        mine = self._by_person.get(who.person, [])
        if self._count >= self._most or len(mine) >= self._most_each:
            raise Busy("too many event streams are open")
        listener = Listener(self, who.person, token_hash)
        self._by_person[who.person] = [*mine, listener]
        self._count += 1
        return listener

    def remove(self, listener: Listener) -> None:
        """Take one's place away, if it has one."""
        mine = self._by_person.get(listener.person, [])
        if listener not in mine:
            return
        self._count -= 1
        left = [it for it in mine if it is not listener]
        if left:
            self._by_person[listener.person] = left
        else:
            del self._by_person[listener.person]

    def of(self, person: bytes) -> Sequence[Listener]:
        """Return those of a person."""
        return tuple(self._by_person.get(person, ()))


def serve_listeners(
    listeners: Listeners, open_ear: Callable[[], Ear], now: Callable[[], int]
) -> None:
    """Tell all what is new, without end; `now` gives milliseconds since 1970.

    When the database cannot be heard something may be missed: all are cut off and ask for it.
    """
    while True:
        try:
            with closing(open_ear()) as ear:
                listeners.hears = True
                _serve(listeners, ear, now)
        except (StoreError, SQLAlchemyError) as error:
            # What a driver says may hold an address.
            said.error("news cannot be heard: %s", type(error).__name__)
        finally:
            listeners.hears = False
            for listener in listeners:
                listener.end()
        time.sleep(AGAIN_SECONDS)


def _serve(listeners: Listeners, ear: Ear, now: Callable[[], int]) -> None:
    looked = beaten = time.monotonic()
    while True:
        news = ear.wait(looked + LOOK_SECONDS - time.monotonic())
        if news and len(listeners):
            tell(listeners, ear.session, news)
        if time.monotonic() - looked >= LOOK_SECONDS:
            cut_off(listeners, ear.session, now())
            looked = time.monotonic()
        if looked - beaten >= BEAT_SECONDS:
            beaten = looked
            for listener in listeners:
                listener.beat()


def tell(listeners: Listeners, session: Session, news: Mapping[bytes, Sequence[int]]) -> None:
    """Tell those whom news concern how far each log has come for them.

    Whoever was taken off hears of the entry that did it, as they would by asking, and of no later
    one. The directory concerns everyone.
    """
    if DIRECTORY in news:
        for listener in listeners:
            listener.tell(encode_bytes(DIRECTORY), max(news[DIRECTORY]))
    for row in followers.read_hearers(session, [log for log in news if log != DIRECTORY]):
        seqs = news[row.log]
        if row.until_seq is not None and row.until_seq not in seqs:
            continue
        seq = max(seqs) if row.until_seq is None else row.until_seq
        for listener in listeners.of(row.person):
            listener.tell(encode_bytes(row.log), seq)


def cut_off(listeners: Listeners, session: Session, now: int) -> None:
    """Hang up on those whose session is no more, and forget those who have hung up."""
    for listener in listeners:
        if not listener.is_open:
            listener.end()
    standing = sessions.read_standing(session, [it.token_hash for it in listeners], now)
    for listener in listeners:
        if listener.token_hash not in standing:
            listener.end()
