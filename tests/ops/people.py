"""People at work on a real server, each with the command line's client in this process."""

from __future__ import annotations

import itertools
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microblog.client import joining, staff, team
from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.messages import NewChild
from microblog.client.posting import post, withdraw
from microblog.client.reading import children, overview
from microblog.client.session import Session, World
from microblog.client.shown import Draft
from microblog.client.transport import HttpTransport, Refused
from microblog.service.stored import load_entry
from microblog.store import logs
from microblog.store.db import Site, read_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from microblog.protocol.entry import Entry
    from tests.serving import Server


#: The browser's client, to be run under Node.
CLIENT = Path(__file__).with_name("browsers_client.ts")


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


def stored(site: Site) -> dict[bytes, list[Entry]]:
    """Return all that lies on a site, by log."""

    def read_all(session) -> dict[bytes, list[Entry]]:
        return {
            log: [load_entry(row) for row in logs.walk_entries(session, log)]
            for log in logs.read_logs(session)
        }

    return read_in(site, read_all)


class BrowsersClient:
    """Someone at a browser: its client runs under Node, and is asked what the page asks."""

    def __init__(self, node: Path, people: People, name: str) -> None:
        self._ids = itertools.count()
        self._process = subprocess.Popen(
            [str(node), "--no-warnings", str(CLIENT), people.server.origin],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        steward = next(iter(people.sessions.values()))
        agency = overview(steward).agencies[0].id
        issued = staff.invite(steward, name, "teacher", agency, "practitioner")
        fragment = issued.link.partition("#")[2]
        self.ask("readInvitation", fragment=fragment, letters=issued.letters)
        self.ask("join", passphrase="correct horse battery", device="phone", keep=True)
        self.ask("refresh")
        refresh(steward)
        self.id = self.ask("overview")["me"]["id"]

    def ask(self, name: str, **ask: Any) -> Any:
        """Return the answer; raise Refused with the name of what went wrong."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        call = {"id": next(self._ids), "name": name, "ask": ask}
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        message = json.loads(self._process.stdout.readline())
        if "error" in message:
            raise Refused(message["error"]["code"], message["error"]["name"])
        return message.get("answer")

    def say(self, log: str, text: str) -> list[str]:
        """Post; return why what is not yet sent was refused."""
        self.ask("refresh")
        (child,) = [it for it in self.ask("overview")["children"] if it["log"] == log]
        shown = [it["person"]["id"] for it in child["members"]]
        empty = (
            "sure",
            "scale",
            "side",
            "happened",
            "source",
            "outcome",
            "reason",
            "review",
            "how",
        )
        draft = {
            "text": text,
            "kind": "hunch",
            "refers": [],
            "nudge": False,
            **dict.fromkeys(empty, ""),
        }
        name = self.ask("queue", log=log, draft=draft, shown=shown, allTheSame=False)
        self.ask("sendNow", id=name)
        self.ask("flush")
        return [row["code"] for row in self.ask("overview")["outgoing"]]

    def texts(self, log: str) -> list[str]:
        return [it["text"] for it in self.ask("posts", log=log, before="", count=99)["posts"]]

    def troubles(self) -> list[Any]:
        seen = self.ask("overview")
        found = [seen["trouble"], *(child["trouble"] for child in seen["children"])]
        return [it for it in found if it is not None]

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(timeout=20) == 0
        assert self._process.stdout is not None
        self._process.stdout.close()
