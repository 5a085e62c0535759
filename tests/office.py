"""A practice whose people have addresses, a mail server, and round-ups at any hour.

    office.admit("Sue", "supervisor")      whose address is sue@council.example
    ada = office.child("Ada", "Ben", "Sue")
    office.post(ada, "Ben"); office.at("2026-09-22 08:00"); office.round()
    office.lines("Sue")                    the lines that she was mailed

The streams' clock stands still on Monday, 21 September 2026; that of the round-ups is set.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from microblog.ops.rounds import Report, Work, run_round
from microblog.protocol.naming import two_words
from microblog.store.db import hold_ledger
from microblog.store.mailings import RoundUpRow, round_ups
from tests.databases import settings_on
from tests.vectors.practice import START, Staff, staff

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from microblog.settings import Settings
    from microblog.store.db import Site
    from tests.hosting import Host
    from tests.postbox import Letter, Postbox
    from tests.practice import Child

LONDON = ZoneInfo("Europe/London")
ORIGIN = "https://microblog.example.org"
NUDGE, QUIET = 1, 2
DAILY = {"every": "daily", "at": "08:00", "weekday": 0, "nudges": True, "quiet": []}


def named(child: Child, count: int) -> str:
    """Return how a stream and its count stand in a line."""
    return f"{two_words(child.log)} {count}"


@dataclass
class Office:
    """The practice, the mail server, and what the clock of the round-ups shows."""

    host: Host
    box: Postbox
    now: int = START
    zone: str = "Europe/London"
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.host.folder

    @property
    def site(self) -> Site:
        return self.host.site

    @property
    def settings(self) -> Settings:
        return settings_on(self.site, ORIGIN, mail=self.box.mail(), zone=self.zone)

    def at(self, text: str) -> None:
        """Set the clock of the round-ups."""
        self.now = int(datetime.fromisoformat(text).replace(tzinfo=LONDON).timestamp()) * 1000

    def later(self, minutes: float = 1) -> None:
        self.now += int(minutes * 60_000)

    def admit(self, name: str, role: str = "practitioner", address: str | None = None) -> Staff:
        who = self.host.admit(name, role)
        self.move(name, f"{name.lower()}@council.example" if address is None else address)
        return who

    def move(self, name: str, address: str) -> None:
        """Set someone's address."""
        directory = self.host.practice.directory
        entry = directory.add(staff(name), "profile", [b"", []], ["", address])
        assert self.host.callers[name].append(directory.log, [entry]).status == 201
        self.host.sent = len(directory.entries)

    def choose(self, name: str, **changes: Any) -> None:
        """Choose, by the clock of the round-ups, when someone's come."""
        self.host.clock.now = self.now
        caller = self.host.sign_in(staff(name))
        reply = caller.call("PUT", "/api/round-up", {**DAILY, **changes})
        self.host.clock.now = START
        assert reply.status == 204, reply.data
        # Whoever signed in by the other clock was out of date by this one.
        self.host.callers = {it: self.host.sign_in(staff(it)) for it in self.host.callers}

    def child(self, name: str, keeper: str, *others: str) -> Child:
        child = self.host.practice.child(name, staff(keeper))
        for other in others:
            child.grant(staff(keeper), staff(other))
        self.host.callers[keeper].append_all(child)
        self.children[name] = child
        return child

    def post(self, child: Child, author: str, mark: int = 0, text: str = "Thinner.") -> None:
        self.send(author, child, lambda: child.post(staff(author), text, mark))

    def send(self, author: str, child: Child, *make: Callable[[], object]) -> None:
        """Append to a stream what functions add to it."""
        since = len(child.entries)
        for it in make:
            it()
        self.host.callers[author].append_all(child, since)

    def round(self) -> Report:
        """Have the round-ups looked after once."""
        report = run_round(Work(self.settings, self.box.mail(), "", lambda: self.now))
        assert report is not None
        return report

    def letters(self, name: str) -> list[Letter]:
        address = f"{name.lower()}@council.example"
        return [letter for letter in self.box.letters if letter.recipients == (address,)]

    def lines(self, name: str) -> list[str]:
        """Return what someone was mailed, without the link that ends it."""
        link = f". {ORIGIN}/#/round-up"
        lines = [letter.line for letter in self.letters(name)]
        assert all(line.endswith(link) for line in lines)
        return [line.removesuffix(link).removeprefix("microblog: ") for line in lines]

    def book(self) -> list[RoundUpRow]:
        """Return all mails in the ledger."""
        with hold_ledger(self.host.site) as book:
            assert book is not None
            return book.write(
                lambda it: [RoundUpRow(*row) for row in it.execute(round_ups.select())]
            )


@pytest.fixture
def office(host: Host, postbox: Postbox) -> Office:
    """Return one where Ben keeps streams that Sue, a supervisor, follows; nothing was looked at."""
    office = Office(host, postbox)
    office.admit("Ben")
    office.admit("Sue", "supervisor")
    return office
