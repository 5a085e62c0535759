"""Tell the clients of both languages every lie of the list, and say how many went undetected.

    python -m tests.lying           once as they are
    python -m tests.lying --plant   once for each check with that check switched off

The browser's client runs in a real browser, in its real Worker, which the lying server serves.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from typing import TYPE_CHECKING, TypeVar

from tests.lying.browsers import noticed_in_browser, undetected_in_browser
from tests.lying.cases import scenarios
from tests.lying.judge import complaints
from tests.lying.plants import PLANTS, Plant, without
from tests.lying.scripted import drive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")
SIDE_BY_SIDE = min(2, cpu_count() or 1)


def main() -> int:
    return switch_off() if "--plant" in sys.argv[1:] else tell()


def tell() -> int:
    """Tell every lie to both clients; print what was not detected, and how much that is."""
    named = {scenario.name: scenario for scenario in scenarios()}
    python = [fault for lie in named.values() for fault in complaints(lie, drive(lie))]
    _report("Python client", len(named), python)
    browser = _split(undetected_in_browser, list(named))
    _report("browser's client, in its Worker", len(named), browser)
    return bool(python or browser)


def switch_off() -> int:
    """Switch each check off in turn, and print which case fails then, in each client."""
    noticed = {"Python": [(number, _fails(plant)) for number, plant in enumerate(PLANTS)],
               "browser": _split(noticed_in_browser, range(len(PLANTS)))}  # fmt: skip
    silent = 0
    for client, found in noticed.items():
        for number, fails in sorted(found):
            plant, silent = PLANTS[number], silent + (not fails)
            said = f"fails: {plant.lie}" if fails else f"NOTHING FAILS, not even: {plant.lie}"
            print(f"{client} client without {plant.file} {plant.function}: {said}")
    print(f"{len(PLANTS)} checks switched off in each client, {silent} unnoticed", flush=True)
    return bool(silent)


def _fails(plant: Plant) -> bool:
    lie = next(scenario for scenario in scenarios() if scenario.name == plant.lie)
    with without(plant):
        return bool(complaints(lie, drive(lie)))


def _split(work: Callable[[Sequence[Item]], list[Result]], items: Sequence[Item]) -> list[Result]:
    """Return what several processes make of their parts of some items, all together."""
    parts = [items[start::SIDE_BY_SIDE] for start in range(SIDE_BY_SIDE)]
    with ProcessPoolExecutor(SIDE_BY_SIDE, get_context("spawn")) as processes:
        return [result for results in processes.map(work, parts) for result in results]


def _report(client: str, count: int, faults: list[str]) -> None:
    for fault in faults:
        print(f"  {fault}")
    undetected = len({fault.partition(", step ")[0] for fault in faults})
    print(f"{client}: {count} cases, {undetected} undetected", flush=True)


if __name__ == "__main__":
    sys.exit(main())
