"""The application in this process, on a real database and a clock that tests set.

A test takes the fixture `host`: a founded practice, whose steward Asha is signed in, and ways to
let others in. `empty_host` is the same before the founding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from microblog.app import create_app
from microblog.service import founding, restoring
from microblog.store.db import db, make_folder, open_marks
from microblog.store.marks import FileMarks, RowMarks
from tests.asking import Caller, InProcess
from tests.databases import settings_on
from tests.practice import Child, Practice
from tests.vectors.practice import START, Staff, fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from microblog.store.db import Marks, Site

ORIGIN = "http://127.0.0.1:8000"
HOUR_MS = 60 * 60 * 1000


@dataclass
class Clock:
    """A clock that stands still unless it is set."""

    now: int = START

    def __call__(self) -> int:
        return self.now


@dataclass
class Host:
    """An application with its practice, and a browser for each person who is signed in."""

    app: Flask
    site: Site
    clock: Clock
    origin: str = ORIGIN
    callers: dict[str, Caller] = field(default_factory=dict)
    practice: Practice = field(default_factory=lambda: Practice(START))
    sent: int = 0

    @property
    def folder(self) -> Path:
        return self.site.folder

    @property
    def marks(self) -> Marks:
        return open_marks(self.site)

    @property
    def asha(self) -> Caller:
        return self.callers["Asha"]

    def caller(self) -> Caller:
        """Return a fresh browser, so to speak."""
        return Caller(InProcess(self.app, self.origin))

    def founding_token(self) -> str:
        return founding.issue_token(self.marks, fresh("founding token"), self.clock())

    def found(self) -> None:
        caller = self.caller()
        assert caller.open_founding(self.founding_token()).status == 201
        caller.append_all(self.practice.directory)
        self.sent = len(self.practice.directory.entries)
        self.callers["Asha"] = self.sign_in(self.practice.asha)

    def send(self) -> None:
        """Append what the directory holds beyond what was sent, as Asha; joins as their joiners."""
        for entry in self.practice.directory.entries[self.sent :]:
            caller = self.asha
            if entry.header.kind == "join":
                caller = self.caller()
                name = next(n for n in self.names if fresh(f"{n} id", 16) == entry.header.author)
                assert (
                    caller.knock(self.practice.invitation_seed(name), self.practice).status == 201
                )
            reply = caller.append(self.practice.directory.log, [entry])
            assert reply.status == 201, reply.data
        self.sent = len(self.practice.directory.entries)

    def set_restoring(self, *, on: bool) -> None:
        """Begin or end restoring under a running server, as no operator can."""
        (restoring.begin if on else restoring.end)(self.marks)
        server = self.app.extensions["microblog"].database.marks
        if isinstance(server, FileMarks | RowMarks):
            server.forget()

    names: list[str] = field(default_factory=list)
    closed: bool = False

    def admit(self, name: str, role: str = "practitioner") -> Staff:
        """Let someone in; their browser is `callers[name]`."""
        self.names.append(name)
        who = self.practice.admit(name, role)
        self.send()
        self.callers[name] = self.sign_in(who)
        return who

    def sign_in(self, who: Staff) -> Caller:
        caller = self.caller()
        reply = caller.sign_in(who, self.practice)
        assert reply.status == 201, reply.data
        return caller

    def close(self) -> None:
        """End it, so that another may have its data."""
        if not self.closed:
            self.closed = True
            self.app.extensions["microblog"].database.close()
            with self.app.app_context():
                db.engine.dispose()


@pytest.fixture
def data_folder(site: Site) -> Path:
    """Return the folder of a site with an empty database."""
    return site.folder


@pytest.fixture
def new_host(site: Site) -> Iterator[Callable[..., Host]]:
    """Return what makes an application, under an origin; one at a time on the one site."""
    made: list[Host] = []

    def make(origin: str = ORIGIN) -> Host:
        clock = Clock()
        make_folder(site.folder)
        host = Host(create_app(settings_on(site, origin), clock), site, clock, origin)
        made.append(host)
        return host

    yield make
    for host in made:
        host.close()


@pytest.fixture
def empty_host(new_host: Callable[..., Host]) -> Host:
    """Return an application whose practice nobody has founded yet."""
    return new_host()


@pytest.fixture
def host(empty_host: Host) -> Host:
    """Return an application with a founded practice; Asha is signed in."""
    empty_host.found()
    return empty_host


@pytest.fixture
def child(host: Host) -> Child:
    """Return a stored stream that Asha keeps and Ben follows."""
    ben = host.admit("Ben")
    child = host.practice.child("Ada")
    child.grant(host.practice.asha, ben)
    host.asha.append_all(child)
    return child
