"""Somebody with the real client, and what the clients of all measured and were told."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.posting import post
from microblog.client.reading import children, overview, posts
from microblog.client.session import World
from microblog.client.shown import Draft
from microblog.client.transport import HttpTransport, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import requests

    from microblog.client.session import Session
    from microblog.protocol.log import Head
    from microblog.protocol.vault import Keys

MANY = 10**6
APPEND, POST, CATCH_UP, OPEN = "append", "post", "catch-up", "open"
TEXT = "Invented. Quieter than last week, and thinner; the same coat on Monday and today."


@dataclass
class Notes:
    """Seconds by what was done, answers by status, and every post that was acknowledged."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def time(self, name: str, work: Callable[[], object]) -> None:
        """Do it, and note how long that took, if it succeeded."""
        begun = time.perf_counter()
        work()
        self.seconds.setdefault(name, []).append(time.perf_counter() - begun)

    def note(self, response: requests.Response, **_: object) -> None:
        self.statuses[response.status_code] += 1


class Timed(HttpTransport):
    """The real way to a server, with a watch at what takes a post there."""

    def __init__(self, origin: str, notes: Notes) -> None:
        super().__init__(origin)
        self._notes = notes
        self._http.hooks["response"].append(notes.note)

    def append(self, log: bytes, entries: Sequence[bytes]) -> Head:
        found: list[Head] = []
        self._notes.time(APPEND, lambda: found.append(HttpTransport.append(self, log, entries)))
        return found[0]


class Person:
    """Looks what is new, and posts; each text once."""

    def __init__(self, name: str, keys: Keys, notes: Notes) -> None:
        self.name, self.notes, self._count = name, notes, 0
        transport, memory = Timed(keys.origin, notes), Memory(None, keys.device_seed)
        self.session: Session = open_session(keys, transport, memory, World())
        self._on_screen: dict[str, list[str]] = {}

    def open(self) -> None:
        """Take up work: sign in, and get all there is."""
        self._do(OPEN, lambda: refresh(self.session))
        self._on_screen = {
            child.log: [member.person.id for member in child.members]
            for child in children(self.session)
        }

    def look(self) -> None:
        self._do(CATCH_UP, lambda: refresh(self.session))

    def post(self, log: str) -> None:
        """Post to a stream, to those who were on the screen."""
        self._count += 1
        text = f"{TEXT} {self.name}/{self._count}"
        if log not in self._on_screen:
            self.open()
        if self._do(POST, lambda: self._post(log, text)):
            self.notes.acknowledged.append((log, text))
        else:
            self.notes.unknown.append((log, text))

    def close(self) -> None:
        self.session.memory.close()
        self.session.transport.close()  # type: ignore[attr-defined]

    def _post(self, log: str, text: str) -> None:
        if not post(self.session, log, Draft(text=text), self._on_screen[log]).sent:
            raise AssertionError("somebody is new on the team")

    def _do(self, name: str, work: Callable[[], object]) -> bool:
        try:
            self.notes.time(name, work)
        except Unreachable:
            self.notes.refused[name] += 1
            return False
        except Exception as error:  # noqa: BLE001  # Nothing else may ever happen.
            self.notes.faults.append(f"{self.name}, {name}: {type(error).__name__}: {error}")
            return False
        return True


def read_afresh(keys: Keys, logs: Iterable[str]) -> dict[str, list[str]]:
    """Return the texts of streams as a client that remembers nothing verifies and reads them."""
    transport, memory = HttpTransport(keys.origin), Memory(None, keys.device_seed)
    session = open_session(keys, transport, memory, World())
    try:
        refresh(session)
        shown = overview(session)
        assert [it for it in (shown.trouble, *(c.trouble for c in shown.children)) if it] == []
        return {log: [it.text for it in posts(session, log, "", MANY).posts] for log in logs}
    finally:
        memory.close()
        transport.close()
