"""The invented people of a load, and the streams they follow: a few busy ones, and many quiet ones.

All is written with the protocol's own functions, and appended as the server's own service does.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.vault import Keys
from microblog.service.directory import Directories
from microblog.service.logs import append
from microblog.service.sessions import DEVICE, Who
from microblog.store.db import Site, write_in
from tests.bench.hosts import begin
from tests.practice import Practice
from tests.vectors.practice import Staff, fresh, staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from microblog.protocol.entry import Entry
    from tests.practice import Child

#: How many are on a team.
LEAST, MOST = 3, 8


@dataclass(frozen=True)
class Town:
    """So many people around so many streams; the same numbers and seed give the same teams."""

    people: int
    streams: int
    seed: int
    now: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    @cached_property
    def _directories(self) -> Directories:
        return Directories()

    @cached_property
    def names(self) -> list[str]:
        return [f"Person {number}" for number in range(self.people)]

    @cached_property
    def practice(self) -> Practice:
        practice = Practice(self.now)
        for name in self.names:
            practice.admit(name)
        return practice

    @cached_property
    def teams(self) -> list[list[str]]:
        """Who is on the team of each stream, the busiest first; its keeper is the first of them."""
        chance = random.Random(self.seed)
        most = min(MOST, self.people)
        return [
            chance.sample(self.names, chance.randint(min(LEAST, most), most))
            for _ in range(self.streams)
        ]

    @staticmethod
    def log_of(number: int) -> str:
        """Return the id of a stream as a client is shown it."""
        return encode_base64url(fresh(f"Child {number}", 16))

    def weights_of(self, name: str) -> dict[str, float]:
        """Return what somebody follows, and how much each asks of them: a second half as much."""
        return {
            self.log_of(number): 1 / (number + 1)
            for number, team in enumerate(self.teams)
            if name in team
        }

    def keys_of(self, name: str, origin: str) -> Keys:
        who = staff(name)
        return Keys(
            self.practice.fingerprint, origin, who.id, who.seed, who.box_secret,
            (who.reading_secret,),
        )  # fmt: skip

    def settle(self, site: Site) -> None:
        """Put all of it into a database that is not there yet."""
        begin(site, self)  # type: ignore[arg-type]
        for number, (keeper, *_) in enumerate(self.teams):
            # On PostgreSQL a transaction is about one log.
            work = partial(self._append, keeper=staff(keeper), entries=self._child(number).entries)
            write_in(site, work)

    def _child(self, number: int) -> Child:
        keeper, *others = map(staff, self.teams[number])
        child = self.practice.child(f"Child {number}", keeper)
        for who in others:
            child.grant(keeper, who)
        return child

    def _append(self, session: Session, keeper: Staff, entries: list[Entry]) -> None:
        who = Who(DEVICE, keeper.id, keeper.device)
        append(session, self._directories, who, entries[0].header.log, entries, self.now)
