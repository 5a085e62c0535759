"""People as Locust has them come, wait and go: `python -m tests.load.crowd PLAN OUT`.

A process of its own: what Locust imports changes how all of a process waits.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locust import LoadTestShape, User, between, events, task
from locust.env import Environment

from tests.load.day import Day, Urge
from tests.load.person import Notes, Person
from tests.load.town import Town

if TYPE_CHECKING:
    pass

#: At most so many come or go in a second; whoever is here asks so often what they feel like doing.
COME_A_SECOND = 50
LEAST_TICK, MOST_TICK = 0.2, 0.6


@dataclass
class Crowd:
    """All people of one process, and what is asked of them; one in `parts` of everybody."""

    town: Town
    day: Day
    part: int
    parts: int
    origin: str
    notes: Notes = field(default_factory=Notes)
    begun: float = 0.0
    away: deque[Person] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.town.seed}/{self.part}")
        names = self.town.names[self.part :: self.parts]
        self.away.extend(
            Person(name, self.town.keys_of(name, self.origin), self.notes) for name in names
        )
        self.count = len(names)
        self.weights = {name: self.town.weights_of(name) for name in names}

    @property
    def now(self) -> float:
        """Seconds since midnight."""
        return time.monotonic() - self.begun

    def share(self) -> float:
        """Return which part of all that is done one person does who is here."""
        return 1 / max(1.0, self.town.people * self.day.here(self.now))

    def draw(self) -> float:
        return self.chance.expovariate(1)

    def choose(self, name: str) -> str:
        weights = self.weights[name]
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def conference_of(self, name: str) -> str | None:
        """Return the stream of the conference that somebody was at; the first one, if several."""
        logs = map(self.town.log_of, range(self.day.conferences))
        return next((log for log in logs if log in self.weights[name]), None)


CROWD: list[Crowd] = []


class Worker(User):
    """Somebody who has it open: now and then they look, and now and then they post."""

    wait_time = between(LEAST_TICK, MOST_TICK)

    def on_start(self) -> None:
        self.crowd = CROWD[0]
        self.person = self.crowd.away.popleft()
        self.person.look()
        crowd = self.crowd
        self.to_post, self.to_look = Urge(crowd.draw()), Urge(crowd.draw())
        self.to_write_up = Urge(crowd.chance.random())
        self.last = crowd.now

    def on_stop(self) -> None:
        self.crowd.away.append(self.person)

    @task
    def work(self) -> None:
        crowd, day, name = self.crowd, self.crowd.day, self.person.name
        now, share = crowd.now, crowd.share()
        passed, self.last = now - self.last, now
        if self.to_look.grows(day.looks_a_second(now) * share * passed, crowd.draw()):
            self.person.look()
        if self.to_post.grows(day.posts_a_second(now) * share * passed, crowd.draw()):
            self.person.post(crowd.choose(name))
        conference = crowd.conference_of(name) if day.is_after_conference(now) else None
        # Once, at any time while they write up.
        if conference and self.to_write_up.grows(passed / day.writing_seconds, float("inf")):
            self.person.post(conference)


class Hours(LoadTestShape):
    """Who has it open at which hour."""

    def tick(self) -> tuple[int, float] | None:
        crowd = CROWD[0]
        if crowd.now > crowd.day.seconds:
            return None
        return max(1, round(crowd.count * crowd.day.here(crowd.now))), COME_A_SECOND


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Have a crowd live through its day; return what they noted."""
    crowd = Crowd(Town(**plan["town"]), Day(**plan["day"]), plan["part"], plan["parts"],
                  plan["origin"])  # fmt: skip
    CROWD[:] = [crowd]
    for person in crowd.away:
        person.open()
    # All processes begin together, when they are told to.
    print("ready", flush=True)
    sys.stdin.readline()
    crowd.begun = time.monotonic()
    environment = Environment(user_classes=[Worker], shape_class=Hours(), events=events,
                              stop_timeout=60)  # fmt: skip
    runner = environment.create_local_runner()
    used = processor_seconds()
    runner.start_shape()
    runner.shape_greenlet.join()
    took = crowd.now
    runner.quit()
    busy = (processor_seconds() - used) / took
    for person in crowd.away:
        person.close()
    return {**vars(crowd.notes), "took": took, "busy": busy}


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(arguments: list[str]) -> int:
    plan, out = map(Path, arguments)
    out.write_text(json.dumps(run(json.loads(plan.read_text()))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
