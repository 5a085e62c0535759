"""People at work on a real server, each with the command line's client in this process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from microblog.client import joining, staff, team
from microblog.client.following import refresh
from microblog.client.memory import Memory
from microblog.client.posting import post, withdraw
from microblog.client.reading import children, overview
from microblog.client.session import Session, World, open_session
from microblog.client.shown import Draft, NewChild
from microblog.client.transport import HttpTransport
from microblog.service.stored import load_entry
from microblog.store import logs
from microblog.store.db import read_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from microblog.protocol.entry import Entry
    from tests.serving import Server


@dataclass
class People:
    """A practice on a server, and the sessions of those who work there, by name."""

    server: Server
    world: World = field(default_factory=World)
    sessions: dict[str, Session] = field(default_factory=dict)

    def found(self, name: str) -> Session:
        first = joining.FirstSteward(
            practice="Northam", name=name, job="manager", agency="Council", sort="council",
            device="laptop",
        )  # fmt: skip
        transport = HttpTransport(self.server.origin)
        keys, entries = joining.draft_founding(first, transport.origin, self.world)
        joining.found(transport, self.server.founding_token(), entries)
        return self._open(name, keys, transport)

    def join(self, name: str) -> Session:
        steward = next(iter(self.sessions.values()))
        agency = overview(steward).agencies[0].id
        issued = staff.invite(steward, name, "nurse", agency, "practitioner")
        transport = HttpTransport(self.server.origin)
        fragment = issued.link.partition("#")[2]
        guest, _ = joining.read_invitation(transport, fragment, issued.letters, self.world)
        keys = joining.new_keys(guest, self.world)
        joining.join(guest, keys, "phone", self.world)
        return self._open(name, keys, transport)

    def _open(self, name: str, keys, transport: HttpTransport) -> Session:
        session = open_session(keys, transport, Memory(None, keys.device_seed), self.world)
        self.sessions[name] = session
        refresh(session)
        return session

    def id(self, name: str) -> str:
        return overview(self.sessions[name]).me.id

    def child(self, keeper: str, name: str, *team_names: str) -> str:
        session = self.sessions[keeper]
        log = team.begin_child(session, NewChild(name=name, birth=("born", "2021-03")))
        for follower in team_names:
            refresh(session)
            team.grant(session, log, self.id(follower), "follower", "visits")
            refresh(self.sessions[follower])
        return log

    def say(self, name: str, log: str, text: str) -> None:
        session = self.sessions[name]
        refresh(session)
        shown = [it.person.id for child in children(session) if child.log == log
                 for it in child.members]  # fmt: skip
        assert post(session, log, Draft(text=text), shown).sent

    def erase(self, name: str, log: str, seq: int) -> None:
        withdraw(self.sessions[name], log, seq, True, "wrong child")

    def remove(self, keeper: str, log: str, name: str) -> None:
        team.remove(self.sessions[keeper], log, self.id(name))

    def refresh_all(self, names: Sequence[str] = ()) -> None:
        for name in names or self.sessions:
            refresh(self.sessions[name])

    def troubles(self) -> list[str]:
        """Return everything that any of them is told is wrong."""
        found = []
        for name, session in self.sessions.items():
            seen = overview(session)
            wrong = [seen.trouble, *(child.trouble for child in seen.children)]
            found += [f"{name}: {it}" for it in wrong if it is not None]
        return found

    def close(self) -> None:
        for session in self.sessions.values():
            session.memory.close()
            session.transport.close()


def run(server: Server, *words: str) -> tuple[int, str]:
    """Run another of `microblogd`'s commands, forked; return its exit code and what it said."""
    said = server.log.with_suffix(".said")
    said.unlink(missing_ok=True)
    code = server.begin(list(words), server.environment, said).wait(timeout=60)
    return code, said.read_text()


def stored(folder: Path) -> dict[bytes, list[Entry]]:
    """Return all that lies in a folder of data, by log."""

    def read_all(session) -> dict[bytes, list[Entry]]:
        return {
            log: [load_entry(row) for row in logs.walk_entries(session, log)]
            for log in logs.read_logs(session)
        }

    return read_in(folder, read_all)
