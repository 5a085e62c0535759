"""A browser of one's own for a part of the list, with the lying server in front of it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import launch_options, node
from tests.lying.cases import scenarios
from tests.lying.driving import Driver, WorkerError
from tests.lying.fronting import front
from tests.lying.judge import complaints
from tests.lying.plants import PLANTS, Plant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BUNDLER = Path(__file__).with_name("bundling.ts")


def undetected_in_browser(names: Sequence[str]) -> list[str]:
    """Return what the browser's client makes otherwise than it must of some lies."""
    lies = [scenario for scenario in scenarios() if scenario.name in set(names)]
    with _driver() as driver:
        return [fault for lie in lies for fault in complaints(lie, driver.drive(lie))]


def noticed_in_browser(numbers: Sequence[int]) -> list[tuple[int, bool]]:
    """Return for each check, by its number, whether its case fails in a Worker without it."""
    lies = {scenario.name: scenario for scenario in scenarios()}
    noticed = []
    with _driver() as driver, tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            lie = lies[PLANTS[number].lie]
            driver.front.worker = bundle_without([PLANTS[number]], Path(folder))[0]
            driver.close()
            try:
                found = bool(complaints(lie, driver.drive(lie)))
            except WorkerError:
                # A client that breaks down shows and sends nothing: no lie went through.
                found = False
            noticed.append((number, found))
    return noticed


def bundle_without(plants: Sequence[Plant], folder: Path) -> list[bytes]:
    """Return the Workers that were bundled without a check each."""
    given = [{"file": plant.file, "function": plant.function, "begins": plant.begins}
             for plant in plants]  # fmt: skip
    command = [str(node()), "--disable-warning=ExperimentalWarning", str(BUNDLER), str(folder)]
    subprocess.run(command, input=json.dumps(given).encode(), check=True, timeout=120)
    return [(folder / f"{number}.js").read_bytes() for number in range(len(plants))]


@contextmanager
def _driver() -> Iterator[Driver]:
    from playwright.sync_api import sync_playwright

    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(node())
    with sync_playwright() as started, front() as serving:
        browser = started.chromium.launch(**launch_options())
        driver = Driver(browser, serving)
        try:
            yield driver
        finally:
            driver.close()
            browser.close()
