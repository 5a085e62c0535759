"""Rounds: what is measured and what it is compared with, in turn; the ratio of each round."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.driving import Run, drive
from tests.bench.hosts import processor_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.bench.driving import Lane

RATE = "rate against no-op"
#: So many requests tell how long one takes.
PROBE = 64


@dataclass(frozen=True, slots=True)
class Result:
    """A ratio with its spread; `note` is for whoever reads the table."""

    name: str
    ratio: float
    least: float
    most: float
    unit: str
    note: str = ""

    def line(self) -> str:
        fields = {"name": self.name, "ratio": self.ratio, "min": self.least, "max": self.most}
        rounded = {name: it if isinstance(it, str) else _short(it) for name, it in fields.items()}
        return json.dumps({**rounded, "unit": self.unit})


def result_of(name: str, ratios: Sequence[float], unit: str, note: str = "") -> Result:
    """Return the median of some rounds, with the least and the most."""
    return Result(name, median(ratios), min(ratios), max(ratios), unit, note)


def _short(number: float) -> float:
    return float(f"{number:.4g}")


@dataclass
class Side:
    """One of two that are compared: a server, and fresh lanes for so many requests.

    `done` says how much was done by the lanes that were made last, where not each answer counts.
    """

    port: int
    pid: int
    lanes: Callable[[int], Sequence[Lane]]
    done: Callable[[Run], float] = lambda run: len(run.latencies)
    least: int = PROBE
    requests: int = 0

    def settle(self, seconds: float) -> None:
        """Find out how many requests take about so long."""
        run = drive(self.port, self.lanes(self.least))
        each = min(self.done(run), len(run.latencies)) / run.seconds
        self.requests = max(self.least, int(seconds * each))

    def measure(self) -> Measured:
        """Run it once."""
        lanes = self.lanes(self.requests)
        before = processor_seconds(self.pid)
        run = drive(self.port, lanes)
        return Measured(run, self.done(run), processor_seconds(self.pid) - before)


@dataclass
class Measured:
    """A run with what it did, and the server's processor time."""

    run: Run
    done: float
    processor: float

    @property
    def rate(self) -> float:
        return self.done / self.run.seconds

    @property
    def each(self) -> float:
        """The processor time that each took."""
        return self.processor / self.done


@dataclass
class Scene:
    """Something that is measured against something plain, on as many connections."""

    name: str
    ours: Side
    plain: Side
    unit: str = RATE
    rounds: list[tuple[Measured, Measured, Measured]] = field(default_factory=list)

    def play(self, seconds: float) -> None:
        """Measure a round: the plain one before and after ours, so that a drift weighs on both."""
        for side in (self.plain, self.ours):
            if not side.requests:
                side.settle(seconds)
        self.rounds.append((self.plain.measure(), self.ours.measure(), self.plain.measure()))

    @property
    def rates(self) -> list[float]:
        return [2 * ours.rate / (before.rate + after.rate) for before, ours, after in self.rounds]

    @property
    def processor(self) -> list[float]:
        """How much of the server's processor time a plain one takes of what ours takes."""
        return [(before.each + after.each) / 2 / ours.each for before, ours, after in self.rounds]

    @property
    def tails(self) -> list[float]:
        """How much longer the slowest of a hundred takes than the middle one."""
        runs = [ours.run for _, ours, _ in self.rounds]
        return [run.percentile(0.99) / run.percentile(0.5) for run in runs]

    def note(self) -> str:
        runs = [ours for _, ours, _ in self.rounds]
        rate, busy = median(it.rate for it in runs), median(it.each for it in runs)
        middle = median(it.run.percentile(0.5) for it in runs)
        return (
            f"{rate:,.0f}/s, p50 {middle * 1000:.1f} ms, processor {busy * 1000:.2f} ms: "
            f"{median(self.processor):.2f}"
        )

    def result(self) -> Result:
        return result_of(self.name, self.rates, self.unit, self.note())


def keep_lines(path: Path, results: Sequence[Result]) -> None:
    """Write the results as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{it.line()}\n" for it in results))
