"""What the short way stands on: a practice kept at terminals, and a hand at another engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import _stretch_once, office
from tests.engines.walker import Walker
from tests.engines.which import ENGINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["_stretch_once", "office"]

FACT = "fact"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("engines")
    group.addoption("--pictures", type=Path, help="a folder into which each screen is drawn")


@pytest.fixture
def walker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walker]:
    """Return somebody at the engine that the test is given by name."""
    with ENGINES[request.param].at_hand(tmp_path / request.param) as hand:
        yield Walker(hand)


@pytest.fixture
def draw(request: pytest.FixtureRequest, walker: Walker) -> Callable[[str], None]:
    """Return what draws the page as it is seen, where that was asked for."""
    folder: Path | None = request.config.option.pictures

    def draw(name: str) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            walker.hand.draw(folder / f"{request.node.callspec.id}-{name}.png")

    return draw


def pytest_terminal_summary(terminalreporter) -> None:
    """Print what each engine was found to have."""
    told = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name == FACT and report.when == "call"
    ]
    if told:
        terminalreporter.section("engines")
    for line in told:
        terminalreporter.line(line)
