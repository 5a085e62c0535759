"""A practice that was founded and joined once, in real browsers on a real server, and is then ready
for every journey: each gets a copy of its own, of the server's data and of what the browsers kept.

    def test_…(asha):                  Asha has founded it; she is alone, and unlocked
    def test_…(asha, ben):             and Ben has joined
    def test_…(server, asha):          …, on this server
    def test_…(server):                on a server that nobody has founded yet

The server's address is inside everyone's keys, so all copies are served at one port, in turn.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import LAPTOP, PHONE, context_options, watched
from tests.forking import Forked
from tests.journeys.people import Visitor
from tests.serving import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser import Profile
    from tests.forking import Process

SIZES = {"asha": PHONE, "ben": LAPTOP}


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody has in hand who was here before: what their browser keeps, and their papers."""

    storage: Any
    passphrase: str
    sheet: list[str]

    @classmethod
    def by(cls, visitor: Visitor) -> Left:
        storage = visitor.profile.context.storage_state(indexed_db=True)
        return cls(storage, visitor.passphrase, visitor.sheet)


@dataclass(frozen=True, slots=True)
class Moment:
    """The practice as it once stood, and who was in it."""

    data: Path
    port: int
    people: dict[str, Left]

    def lay(self, server: Server) -> None:
        """Give a server that was not started yet a copy of the data, and the address."""
        shutil.copytree(self.data, server.data)
        server.port = self.port

    def back(self, name: str, new_profile: Callable[..., Profile]) -> Visitor:
        """Return somebody at their browser again, unlocked."""
        left = self.people[name]
        profile = new_profile(viewport=SIZES[name], storage_state=left.storage)
        visitor = Visitor(profile, left.passphrase, [*left.sheet])
        visitor.page.goto(f"http://127.0.0.1:{self.port}")
        visitor.unlock()
        return visitor


@dataclass(frozen=True, slots=True)
class Ready:
    """The practice while Asha was alone in it, and when Ben had joined."""

    alone: Moment
    joined: Moment


@pytest.fixture(scope="session")
def ready(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    """Return the practice that the copies are of."""
    folder = tmp_path_factory.mktemp("ready")
    # Bound and never listened on, so that nothing else is given the port between two servers.
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        server = Server(folder / "data", folder / "server.log", port, Forked)
        try:
            practice = make(server, browser)
        finally:
            server.kill()
        yield practice


def make(server: Server, browser: Browser) -> Ready:
    """Found it and have Ben join."""
    with contextlib.ExitStack() as stack:
        contexts = [
            stack.enter_context(browser.new_context(**context_options({"viewport": size})))
            for size in SIZES.values()
        ]
        asha, ben = (Visitor(watched(context, context.new_page())) for context in contexts)
        server.start()
        asha.found(server.founding_link(), "Invented Asha")
        alone = note(server, asha=asha)
        ben.join(*asha.invite("Invented Ben", "class teacher"))
        joined = note(server, asha=asha, ben=ben)
        assert [*asha.profile.complaints, *ben.profile.complaints] == []
    return Ready(alone, joined)


def note(server: Server, **people: Visitor) -> Moment:
    """Keep what there is now; the server is ended for it, so its files are whole."""
    left = {name: Left.by(visitor) for name, visitor in people.items()}
    assert server.stop() == 0
    kept = server.data.with_name("-".join(people))
    shutil.copytree(server.data, kept)
    server.start()
    return Moment(kept, server.port, left)


@pytest.fixture
def moment(request: pytest.FixtureRequest) -> Moment | None:
    """Return where the test begins: as far as it names those who come in, before that nowhere."""
    if "asha" not in request.fixturenames:
        return None
    practice = request.getfixturevalue("ready")
    return practice.joined if "ben" in request.fixturenames else practice.alone


@pytest.fixture
def server(
    moment: Moment | None,
    tmp_path: Path,
    begin_microblogd: Callable[[Sequence[str], Mapping[str, str], Path], Process],
) -> Iterator[Server]:
    """Return a running server with the practice; that nobody has founded yet where Asha is not."""
    server = Server(tmp_path / "data", tmp_path / "server.log", begin=begin_microblogd)
    if moment is not None:
        moment.lay(server)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def asha(moment: Moment, server: Server, new_profile: Callable[..., Profile]) -> Visitor:
    """The first steward, on a phone, inside."""
    return moment.back("asha", new_profile)


@pytest.fixture
def ben(moment: Moment, asha: Visitor, new_profile: Callable[..., Profile]) -> Visitor:
    """A teacher on a laptop, joined."""
    return moment.back("ben", new_profile)
