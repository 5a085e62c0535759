"""`kill -9` of what sends round-ups, at every step: nothing lost, and the same mail at the worst.

Each trial is a day: posts by day, a process that dies in the morning, another that goes on.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.databases import environment_of
from tests.ops.crashing import (
    AT,
    NOW,
    STEPS,
    Fragile,
    accounts,
    between_words_and_record,
    read_steps,
)
from tests.postbox import FROM, Letter

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.office import Office

READERS = ("Sue", "Eve")
#: Where the mail server kills it: with the step's answer still to come.
EACH = ("RSET", "MAIL", "RCPT", "DATA", "words")
SERVERS = ("greeting", "EHLO", *EACH)


@dataclass
class Days:
    """An office in which each day a process dies."""

    office: Office
    folder: Path
    number: int = 0
    letters: int = 0
    repeats: int = 0
    in_doubt: int = 0
    died: int = 0
    faults: list[str] = field(default_factory=list)

    def settle(self) -> None:
        office = self.office
        office.admit("Eve", "supervisor")
        for name in READERS:
            office.choose(name, nudges=False)
        for name in ("Ada", "Bob"):
            office.child(name, "Ben", *READERS)
        office.at("2026-09-21 16:00")
        office.round()
        self.morning()

    def morning(self) -> None:
        """Go on to the next morning, by the clock on the wall."""
        self.office.at(f"{date(2026, 9, 22) + timedelta(days=self.number)} 08:00")

    def begin(self, at: int) -> Fragile:
        """Begin a process that dies at a step."""
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("MICROBLOG_", "PUBLIC_"))},
            **environment_of(self.office.host.site),
            "MICROBLOG_MAIL": f"smtp://127.0.0.1:{self.office.box.port}",
            "MICROBLOG_MAIL_FROM": FROM,
            "PUBLIC_URL": self.office.settings.public_url,
            NOW: str(self.office.now),
            AT: str(at),
            STEPS: str(self.steps),
        }
        return Fragile(["round-ups"], environment, self.folder / "said.log")

    @property
    def steps(self) -> Path:
        return self.folder / f"steps{self.number}"

    def post(self, chance: random.Random) -> tuple[int, int]:
        """Post something to each stream and return how many posts, and nudges."""
        marks = [[chance.choice((0, 0, 1)) for _ in range(chance.randint(1, 2))] for _ in "ab"]
        for child, some in zip(self.office.children.values(), marks, strict=True):
            for mark in some:
                self.office.post(child, "Ben", mark)
        return sum(map(len, marks)), sum(map(sum, marks))

    def run(self, chance: random.Random, how: str, at: int) -> None:
        """Have a day's process die, another go on, and see what arrived."""
        self.number += 1
        posted = self.post(chance)
        if how == "self":
            code = self.begin(at).wait(60)
        else:
            # One dialogue has one greeting, and a mail for each reader.
            which = chance.choice((1, 2)) if how in EACH else 1
            code = self.killed_by_server(how, which)
        self.died += code == -signal.SIGKILL
        steps = read_steps(self.steps)
        # Whether it went down before or after, the next goes on from what is on record.
        report = self.office.round()
        self.morning()
        fresh = self.office.box.letters[self.letters :]
        self.letters = len(self.office.box.letters)
        repeated = len(fresh) - len({letter.id for letter in fresh})
        doubt = code != 0 and between_words_and_record(steps, how == "self")
        self.in_doubt += doubt
        self.repeats += repeated
        day = f"day {self.number} ({how} {at}, after {steps[-1:]}): "
        expected = {f"{name.lower()}@council.example": posted for name in READERS}
        self.faults += [day + fault for fault in accounts(expected, fresh)]
        if repeated and not doubt:
            self.faults.append(f"{day}repeated, and it was known to have arrived")
        if report.waiting:
            self.faults.append(f"{day}something waits")

    def killed_by_server(self, step: str, which: int) -> int:
        """Have the mail server kill it instead of answering a step for the first or second time."""
        ready, seen = threading.Event(), 0
        process: Fragile | None = None

        def conduct(at: str) -> None:
            nonlocal seen
            seen += at == step
            if at == step and seen == which:
                assert ready.wait(20)
                assert process is not None
                os.kill(process.pid, signal.SIGKILL)

        self.office.box.conduct = conduct
        process = self.begin(0)
        ready.set()
        code = process.wait(60)
        self.office.box.conduct = lambda _: None
        return code


@pytest.fixture
def days(office, tmp_path) -> Days:
    days = Days(office, tmp_path)
    days.settle()
    return days


@pytest.mark.trial(small=6, great=500)
def test_whatever_step_it_is_killed_at_nothing_is_lost_and_one_mail_is_one(
    days, trials, record_property
):
    # How many steps there are in a day without a crash.
    days.run(trials.random(), "self", 0)
    count = len(read_steps(days.steps))
    assert count > 60
    assert (days.died, days.repeats, days.faults) == (0, 0, [])
    for number in range(trials.count):
        chance = trials.random(number + 1)
        if number % 5 == 4:
            days.run(chance, SERVERS[number // 5 % len(SERVERS)], 0)
        else:
            # Over all steps in turn, from one that nobody chose.
            days.run(chance, "self", 1 + (trials.seed + number * 37) % count)
    record_property(
        "trial",
        f"{trials.count} crashes: {days.died} killed, 0 lost, {days.repeats} repeated under the"
        f" same Message-ID, {days.in_doubt} died with words sent and no answer on record",
    )
    assert days.faults == []
    assert days.repeats <= days.in_doubt <= days.died


@pytest.mark.parametrize("step", SERVERS)
def test_a_kill_between_words_and_answer_repeats_and_no_other_does(days, trials_random, step):
    days.run(trials_random, step, 0)
    assert (days.died, days.faults) == (1, [])
    assert days.repeats == (step == "words")


@pytest.fixture
def trials_random():
    import random

    return random.Random(1)


def letter(count, number=1, name="sue", more=b""):
    line = f"microblog: {count} new on 1 stream (x y {count}). https://m.example/#/round-up"
    data = b"Message-ID: <%d@x>\r\n%s\r\n%s\r\n" % (number, more, line.encode())
    return Letter(FROM, (f"{name}@council.example",), data)


def test_a_lost_a_doubled_and_a_changed_mail_are_seen():
    posted = {"sue@council.example": (2, 0)}
    assert accounts(posted, [letter(2)]) == []
    assert accounts(posted, [letter(2), letter(2)]) == []
    assert accounts(posted, []) == ["sue@council.example: told of (0, 0), posted were (2, 0)"]
    assert accounts(posted, [letter(1)]) != []
    assert accounts(posted, [letter(2), letter(2, number=2)]) != []
    assert accounts(posted, [letter(1), letter(1, number=2)]) != []
    assert accounts(posted, [letter(2), letter(2, more=b"Date: x\r\n")]) != []
