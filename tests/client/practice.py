"""A practice with a few people in it, each with a client of their own, around an honest server."""

from __future__ import annotations

from dataclasses import dataclass, field

from microblog.client import joining, staff, team
from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.messages import Issued, NewChild, Sent
from microblog.client.posting import post
from microblog.client.reading import children, overview, posts
from microblog.client.session import Session, World
from microblog.client.shown import Child, Draft, PhoneNumber, Post
from microblog.protocol.primitives import signing_key
from tests.lying.server import TOKEN, HonestServer

START = 1_790_000_000_000
NUMBERS = (PhoneNumber(agency_id="", label="Front door", number="01632 960001", hours="9 to 5"),)


@dataclass
class Clock:
    """A clock that goes on when told."""

    now: int = START

    def __call__(self) -> int:
        return self.now

    def pass_seconds(self, seconds: int) -> None:
        self.now += seconds * 1000


@dataclass
class Practice:
    """A server, a clock, and the sessions of those who work there."""

    server: HonestServer
    clock: Clock
    sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return World(clock=self.clock)

    def found(self, name: str = "Ann") -> Session:
        first = joining.FirstSteward(
            practice="Northam", name=name, job="manager", agency="Council", sort="council",
            device="laptop", numbers=NUMBERS,
        )  # fmt: skip
        transport = self.server.connect()
        keys, entries = joining.draft_founding(first, transport.origin, self.world)
        joining.found(transport, TOKEN, entries)
        return self._open(name, keys)

    def join(self, name: str, role: str = "practitioner", agency: str = "") -> Session:
        steward = next(iter(self.sessions.values()))
        known = {row.name: row.id for row in overview(steward).agencies}
        agency_id = known.get(agency) or (
            staff.add_agency(steward, agency, "health") if agency else next(iter(known.values()))
        )
        return self.take(staff.invite(steward, name, "nurse", agency_id, role), name)

    def take(self, issued: Issued, name: str) -> Session:
        """Join with an invitation."""
        fragment = issued.link.split("#")[1]
        transport = self.server.connect()
        guest, _ = joining.read_invitation(transport, fragment, issued.letters, self.world)
        keys = joining.new_keys(guest, self.world)
        joining.join(guest, keys, "phone", self.world)
        return self._open(name, keys)

    def _open(self, name: str, keys) -> Session:
        memory = Memory(None, keys.device_seed)
        session = open_session(keys, self.server.connect(), memory, self.world)
        self.sessions[name] = session
        refresh(session)
        return session

    def reopen(self, session: Session, memory: Memory | None = None) -> Session:
        """Start the client anew, with what it remembers (or with another memory)."""
        return open_session(
            session.keys, self.server.connect(), memory or session.memory, session.world
        )


def begin(session: Session, name: str) -> str:
    return team.begin_child(session, NewChild(name=name, birth=("born", "2021-03")))


def id_of(session: Session) -> str:
    return overview(session).me.id


def child_of(session: Session, log: str) -> Child:
    return next(child for child in children(session) if child.log == log)


def say(session: Session, log: str, text: str, **marks) -> Sent:
    on_screen = [member.person.id for member in child_of(session, log).members]
    return post(session, log, Draft(text=text, **marks), on_screen)


def read_texts(session: Session, log: str = "") -> list[str]:
    return [item.text for item in read_posts(session, log)]


def read_posts(session: Session, log: str = "") -> list[Post]:
    return list(posts(session, log, "", 1000).posts)


def device_of(session: Session) -> bytes:
    return signing_key(session.keys.device_seed)
