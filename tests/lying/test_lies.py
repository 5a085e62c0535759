"""Every lie of the list is told to the clients of both languages, and caught by both.

The browser's client runs under Node here, and some of the list in a real browser, in its real
Worker; `make lies` and `make trials` tell the whole list there.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import node
from tests.lying.browsers import bundle_without
from tests.lying.cases import scenarios
from tests.lying.driving import Driver
from tests.lying.fronting import front
from tests.lying.judge import complaints
from tests.lying.plants import PLANTS, Plant, without
from tests.lying.scenario import PLAYED
from tests.lying.scripted import drive
from tests.vectors.typed import from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.conftest import Trials

DRIVER = Path(__file__).with_name("scripted.ts")

PLANTING = DRIVER.with_name("planting.ts")

SCENARIOS = {scenario.name: scenario for scenario in scenarios()}

#: Where the other end is played by hand, only the real Worker is asked.
NODES_PLANTS = [it for it in PLANTS if SCENARIOS[it.lie].steps[0].do not in PLAYED]


def told(driver: Path, given: list[Any]) -> Any:
    """Return what the browser's client, under Node, makes of what it is told."""
    run = subprocess.run(
        [node(), "--disable-warning=ExperimentalWarning", driver],
        input=json.dumps(given).encode(),
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr.decode()
    return from_json(json.loads(run.stdout))


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_command_lines_client_is_not_deceived(name: str) -> None:
    scenario = SCENARIOS[name]
    assert complaints(scenario, drive(scenario)) == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.check}: {plant.lie}")
def test_without_a_check_a_lie_goes_through(plant: Plant) -> None:
    scenario = SCENARIOS[plant.lie]
    with without(plant):
        assert complaints(scenario, drive(scenario))


def test_the_browsers_client_is_not_deceived() -> None:
    """All in one process, which need not begin for each."""
    given = [scenario.to_json() for scenario in SCENARIOS.values()]
    results = dict(zip(SCENARIOS, told(DRIVER, given), strict=True))
    found = {name: complaints(SCENARIOS[name], result) for name, result in results.items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.trial(small=12, great=1_000)
def test_without_a_check_a_lie_goes_through_in_the_browser(trials: Trials) -> None:
    """`make lies PLANT=1` does it with every check, in the real Worker."""
    some = trials.random().sample(NODES_PLANTS, min(trials.count, len(NODES_PLANTS)))
    given = [
        {
            "scenario": SCENARIOS[it.lie].to_json(),
            "plant": {"file": it.file, "function": it.function, "begins": it.begins},
        }
        for it in some
    ]
    results = told(PLANTING, given)
    # A client that breaks down shows and sends nothing: that is no lie that went through.
    assert all(result is not None for result in results)
    silent = [it.lie for it, result in zip(some, results, strict=True)
              if not complaints(SCENARIOS[it.lie], result)]  # fmt: skip
    assert silent == []


@pytest.fixture
def driver(browser: Browser) -> Iterator[Driver]:
    """A real browser, in front of which a lying server serves page, Worker and lies."""
    with front() as serving:
        driving = Driver(browser, serving)
        yield driving
        driving.close()


@pytest.mark.browser
@pytest.mark.trial(small=3, great=1_000)
def test_the_real_worker_is_not_deceived(driver: Driver, trials: Trials) -> None:
    names = trials.random().sample(list(SCENARIOS), min(trials.count, len(SCENARIOS)))
    found = [fault for name in names
             for fault in complaints(SCENARIOS[name], driver.drive(SCENARIOS[name]))]  # fmt: skip
    assert found == []


@pytest.mark.browser
def test_without_a_check_a_lie_goes_through_in_the_real_worker(
    driver: Driver, tmp_path: Path
) -> None:
    plant = PLANTS[0]
    driver.front.worker = bundle_without([plant], tmp_path)[0]
    assert complaints(SCENARIOS[plant.lie], driver.drive(SCENARIOS[plant.lie]))
