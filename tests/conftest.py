"""What every test may ask for: the browser, a free port, how often a trial repeats itself."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass

import pytest

pytest_plugins = [
    "tests.databases",
    "tests.breaches",
    "tests.browser",
    "tests.serving",
    "tests.hosting",
    "tests.postbox",
    "tests.office",
    "tests.pushbox",
]


@dataclass(frozen=True, slots=True)
class Trials:
    """How often a trial repeats itself, and the seed that its randomness comes from."""

    count: int
    seed: int

    def random(self, number: int = 0) -> random.Random:
        """Return the same random numbers for the same seed and number of the repetition."""
        return random.Random(f"{self.seed}/{number}")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("trials")
    group.addoption(
        "--trials", action="store_true", help="repeat trials their great number of times"
    )
    group.addoption(
        "--seed", type=int, help="the seed of the trials (1, or a fresh one with --trials)"
    )


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        config.option.seed = config.workerinput["seed"]
    elif config.option.seed is None:
        config.option.seed = random.SystemRandom().getrandbits(32) if config.option.trials else 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Hand a worker the one seed that all have."""
    node.workerinput["seed"] = node.config.option.seed


@pytest.fixture
def trials(request: pytest.FixtureRequest, record_property) -> Trials:
    """Say how often to repeat; for tests marked `trial(small=…, great=…)`."""
    marker = request.node.get_closest_marker("trial")
    if marker is None:
        pytest.fail(
            "a test that asks for `trials` is marked with @pytest.mark.trial(small=…, great=…)"
        )
    size = "great" if request.config.option.trials else "small"
    chosen = Trials(marker.kwargs[size], request.config.option.seed)
    record_property("trial", f"N={chosen.count} seed={chosen.seed}")
    return chosen


def pytest_terminal_summary(terminalreporter) -> None:
    """Print N and seed of every trial: "none in N" says only that the rate is below 3/N."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    ]
    lines = [
        f"{report.outcome} {value} {report.nodeid}"
        for report in reports
        for name, value in report.user_properties
        if name == "trial"
    ]
    if lines:
        terminalreporter.section("trials")
        for line in sorted(lines):
            terminalreporter.line(line)


@pytest.fixture
def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
