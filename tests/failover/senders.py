"""People who post through the real client while the database is done harm, and what they saw."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.reading import overview, posts
from microblog.client.transport import HttpTransport, Unreachable
from tests.ops.people import People

if TYPE_CHECKING:
    import requests

    from microblog.client.session import Session

OWN_SENDERS, SHARING = 5, 3
PAUSE_SECONDS = 0.05
#: Between posts that could not be sent, as the outbox does.
AGAIN_SECONDS = 0.5
MANY = 10**6


@dataclass
class Seen:
    """What came back from the server, by everyone together."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    longest: float = 0.0

    def note(self, response: requests.Response, **_: object) -> None:
        status = response.status_code
        self.statuses[status] += 1
        self.longest = max(self.longest, response.elapsed.total_seconds())
        if status >= 500 and status != 503:
            self.faults.append(f"{status} at {response.request.path_url}")
        if status == 503 and "Retry-After" not in response.headers:
            self.faults.append(f"503 without Retry-After at {response.request.path_url}")


class Sender(threading.Thread):
    """Posts to a stream, each text once, and keeps which of them were acknowledged, and when."""

    def __init__(self, people: People, name: str, log: str, seen: Seen) -> None:
        super().__init__(name=name, daemon=True)
        self.people, self.log, self.seen = people, log, seen
        self.acknowledged: dict[str, float] = {}
        self.unknown: list[str] = []
        self._ended = threading.Event()

    def run(self) -> None:
        try:
            # What a client remembers belongs to one thread.
            session = open_afresh(self.people, self.name)
            session.transport._http.hooks["response"].append(self.seen.note)  # type: ignore[attr-defined]
            self.people.sessions[self.name] = session
            number = 0
            while not self._ended.wait(PAUSE_SECONDS):
                number += 1
                self._say(f"{self.name} {number}")
            # Whoever was there all the time has seen no log go back, and no other in its place.
            refresh(session)
            self.seen.faults += troubles(session)
            close(session)
        except Exception as error:  # noqa: BLE001  # Nothing else may ever happen.
            self.seen.faults.append(f"{self.name}: {type(error).__name__}: {error}")

    def end(self) -> None:
        self._ended.set()
        self.join()

    def _say(self, text: str) -> None:
        try:
            self.people.say(self.name, self.log, text)
        except Unreachable:
            # It may be stored all the same.
            self.unknown.append(text)
            self._ended.wait(AGAIN_SECONDS)
        else:
            self.acknowledged[text] = time.monotonic()


def open_afresh(people: People, name: str) -> Session:
    """Return the session of a client of theirs that remembers nothing."""
    keys = people.sessions[name].keys
    transport, memory = HttpTransport(people.server.origin), Memory(None, keys.device_seed)
    session = open_session(keys, transport, memory, people.world)
    refresh(session)
    return session


def close(session: Session) -> None:
    session.memory.close()
    session.transport.close()  # type: ignore[attr-defined]


def troubles(session: Session) -> list[str]:
    """Return everything that someone is told is wrong."""
    shown = overview(session)
    found = [shown.trouble, *(child.trouble for child in shown.children)]
    return [str(it) for it in found if it is not None]


@dataclass
class Crowd:
    """All of them, around one practice."""

    people: People
    seen: Seen = field(default_factory=Seen)
    senders: list[Sender] = field(default_factory=list)

    def settle(self) -> None:
        """Found the practice, with a stream for each sender and one for several of them."""
        self.people.found("Asha")
        names = [f"Sender {number}" for number in range(OWN_SENDERS + SHARING)]
        for name in names:
            self.people.join(name)
        own, sharing = names[:OWN_SENDERS], names[OWN_SENDERS:]
        shared = self.people.child(sharing[0], "Shared", *sharing[1:])
        logs = dict.fromkeys(sharing, shared)
        logs |= {name: self.people.child(name, f"Of {name}") for name in own}
        self.senders = [Sender(self.people, name, logs[name], self.seen) for name in names]

    def start(self) -> None:
        for sender in self.senders:
            sender.start()

    def end(self) -> None:
        for sender in self.senders:
            sender.end()

    def times(self) -> list[float]:
        """Return when anything was acknowledged."""
        return sorted(it for sender in self.senders for it in list(sender.acknowledged.values()))

    def unknown(self) -> int:
        return sum(len(sender.unknown) for sender in self.senders)

    def acknowledged_since(self, moment: float) -> int:
        return sum(it >= moment for it in self.times())

    def await_posts(self, seconds: float) -> None:
        """Wait until each has had something acknowledged that they began after now."""
        since, deadline = time.monotonic(), time.monotonic() + seconds
        waiting = list(self.senders)
        while waiting:
            if self.seen.faults:
                raise AssertionError(self.seen.faults)
            if time.monotonic() > deadline:
                names = ", ".join(it.name for it in waiting)
                raise AssertionError(f"nothing was acknowledged for {seconds:.0f} s to {names}")
            time.sleep(0.05)
            waiting = [it for it in waiting if max([0.0, *list(it.acknowledged.values())]) < since]

    def read(self) -> None:
        """Check that somebody who is signed in can read now."""
        refresh(self.people.sessions["Asha"])
        assert troubles(self.people.sessions["Asha"]) == []

    def check(self) -> int:
        """Check, with clients that remember nothing, that all is there; return how many posts."""
        count = 0
        for sender in self.senders:
            texts = Counter(self._read_afresh(sender))
            twice = [text for text, times in texts.items() if times > 1]
            lost = [text for text in sender.acknowledged if text not in texts]
            assert not twice, f"stored twice: {twice}"
            assert not lost, f"acknowledged and not there: {lost}"
            own = [text for text in texts if text.startswith(f"{sender.name} ")]
            strange = set(own) - set(sender.acknowledged) - set(sender.unknown)
            assert not strange, f"nobody sent {strange}"
            count += len(own)
        assert self.seen.faults == []
        return count

    def _read_afresh(self, sender: Sender) -> list[str]:
        session = open_afresh(self.people, sender.name)
        try:
            assert troubles(session) == []
            return [it.text for it in posts(session, sender.log, "", MANY).posts]
        finally:
            close(session)
