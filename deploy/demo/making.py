"""The practice, made as any practice is: founded, joined by invitation, posted to from clients.

Everyone has a client of their own with their own keys, all on one clock with the server. What
somebody does is done by the very functions that the command line calls, and the server judges it
as it judges anything.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import count

from deploy.demo.acting import Stage, perform
from deploy.demo.cast import Cast, Worker
from deploy.demo.dates import Clock, Year
from deploy.demo.hosting import founding_token, serving
from deploy.demo.script import Act
from microblog.client import joining, rounds, staff
from microblog.client.following import refresh
from microblog.client.keeping import open_session
from microblog.client.memory import Memory
from microblog.client.reading import overview
from microblog.client.sealing import keys_with_pins, seal_keys
from microblog.client.session import Keys, Session, World
from microblog.client.transport import HttpTransport
from microblog.settings import Settings

HOUR_MS = 60 * 60 * 1000
DEVICES = ("work phone", "council laptop", "work laptop")

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Making:
    """The practice while it is made: its server's settings, its clock, and everyone's client."""

    settings: Settings
    cast: Cast
    clock: Clock
    progress: Progress
    sessions: dict[str, Session] = field(default_factory=dict)
    agencies: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """What a client sees of the world."""
        return World(clock=self.clock, random=secrets.token_bytes)

    def pass_minutes(self, minutes: int) -> None:
        """Let some time go by."""
        self.clock.set(self.clock.now + minutes * 60_000)


def make(
    settings: Settings, cast: Cast, acts: Iterable[Act], year: Year, progress: Progress
) -> dict[str, Keys]:
    """Make the practice on the settings' fresh data and return each worker's keys, by key.

    Only those who do something in the acts, or are let in by one, work there, beside the steward.
    """
    ordered = sorted(acts, key=lambda act: act.when)
    making = Making(settings, cast, Clock(year.moment(0, 0, 9 * 60)), progress)
    with serving(settings, making.clock):
        try:
            _let_in(making, _workers(cast, ordered))
            stage = Stage(cast, year, making.sessions)
            for done, act in enumerate(ordered):
                progress("year", done, len(ordered))
                making.clock.set(year.moment(*act.when))
                perform(stage, act)
            progress("year", len(ordered), len(ordered))
            making.clock.set(int(year.now.timestamp()) * 1000)
            return {key: _keys(session) for key, session in making.sessions.items()}
        finally:
            for session in making.sessions.values():
                session.transport.close()  # type: ignore[attr-defined]


def seal_all(keys: dict[str, Keys], passphrase: str, progress: Progress) -> dict[str, bytes]:
    """Return everyone's key file, all under one passphrase; slow on purpose, each."""
    sealed: dict[str, bytes] = {}
    for done, (key, its) in enumerate(keys.items()):
        progress("keys", done, len(keys))
        sealed[key] = seal_keys(its, passphrase, World())
    progress("keys", len(keys), len(keys))
    return sealed


def _workers(cast: Cast, acts: list[Act]) -> list[Worker]:
    names = {act.who for act in acts} | {act.marks.get("person", "") for act in acts}
    first, *others = cast.workers.values()
    return [first, *(worker for worker in others if worker.key in names)]


def _let_in(making: Making, workers: list[Worker]) -> None:
    """Found the practice, invite everyone, let them join and say how to reach them."""
    first, *others = workers
    making.progress("people", 0, len(workers))
    _found(making, first)
    for done, (worker, device) in enumerate(zip(others, _devices(), strict=False), 1):
        making.progress("people", done, len(workers))
        _join(making, worker, device)
    for worker in workers:
        making.pass_minutes(10)
        session = making.sessions[worker.key]
        refresh(session)
        here = [making.sessions[key] for key in worker.deputies if key in making.sessions]
        above = making.sessions.get(worker.supervisor)
        staff.set_profile(
            session,
            worker.phone,
            worker.email,
            supervisor=overview(above).me.id if above else "",
            deputies=[overview(deputy).me.id for deputy in here],
        )
        if worker.round_up:
            usual = rounds.round_up_choice(session)
            rounds.set_round_up_choice(session, replace(usual, **worker.round_up))
    making.progress("people", len(workers), len(workers))


def _devices() -> Iterable[str]:
    return (DEVICES[number % len(DEVICES)] for number in count())


def _found(making: Making, worker: Worker) -> None:
    cast, world = making.cast, making.world
    first = joining.FirstSteward(
        practice=cast.practice,
        name=worker.name,
        job=worker.job,
        agency=worker.agency,
        sort=cast.agencies[worker.agency],
        device=DEVICES[1],
        numbers=cast.numbers,
    )
    transport = HttpTransport(making.settings.public_url)
    keys, entries = joining.draft_founding(first, transport.origin, world)
    joining.found(transport, founding_token(making.settings, making.clock()), entries)
    session = _open(making, worker, keys, transport)
    making.agencies = {row.name: row.id for row in overview(session).agencies}
    for name, sort in cast.agencies.items():
        if name not in making.agencies:
            making.pass_minutes(2)
            making.agencies[name] = staff.add_agency(session, name, sort)


def _join(making: Making, worker: Worker, device: str) -> None:
    """Invite someone; within the day they open the link and say the letters they were told."""
    steward, world = next(iter(making.sessions.values())), making.world
    making.pass_minutes(25)
    agency = making.agencies[worker.agency]
    issued = staff.invite(steward, worker.name, worker.job, agency, worker.role)
    making.clock.set(making.clock.now + HOUR_MS)
    transport = HttpTransport(making.settings.public_url)
    fragment = issued.link.partition("#")[2]
    guest, _ = joining.read_invitation(transport, fragment, issued.letters, world)
    keys = joining.new_keys(guest, world)
    joining.join(guest, keys, device, world)
    _open(making, worker, keys, transport)


def _open(making: Making, worker: Worker, keys: Keys, transport: HttpTransport) -> Session:
    memory = Memory(None, keys.device_seed)
    session = open_session(keys, transport, memory, making.world)
    refresh(session)
    making.sessions[worker.key] = session
    return session


def _keys(session: Session) -> Keys:
    # With how far each log was seen, so that whoever opens the file would notice a log cut short.
    refresh(session)
    return keys_with_pins(session)
