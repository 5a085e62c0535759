"""A browser on disk that can be killed at any moment, as an empty battery does it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error

from tests.browser import PATIENCE_MS, context_options, launch_options, watched

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Playwright

#: How many records of that name the browser keeps, and what they are as bytes.
KEPT = """async (name) => {
  const opened = indexedDB.open("microblog");
  await new Promise((done) => { opened.onsuccess = done; });
  const range = IDBKeyRange.bound([name, 0], [name, 2 ** 32]);
  const asked = opened.result.transaction("records").objectStore("records").getAll(range);
  await new Promise((done) => { asked.onsuccess = done; });
  opened.result.close();
  return asked.result.map((one) => [...one].join(" "));
}"""


@dataclass
class Mortal:
    """Someone's browser, and the one page that is open in it."""

    playwright: Playwright
    folder: Path
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Start it, on all that it kept."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder, **launch_options(), **context_options({})
        )
        self.page = watched(self.context, self.context.pages[0]).page

    def kill(self) -> None:
        """End all of its processes at once, by SIGKILL."""
        for process in processes(self.folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while left := processes(self.folder):
            assert time.monotonic() < deadline, f"still there: {left}"
            time.sleep(0.01)
        self.close()

    def close(self) -> None:
        with contextlib.suppress(Error):
            self.context.close()

    def kept(self, name: str) -> list[str]:
        """Return the sealed records of that name, which nobody else can open."""
        return list(self.page.evaluate(KEPT, name))


def processes(folder: Path) -> list[int]:
    """Return the browser of that folder, and all that it started."""
    parents: dict[int, int] = {}
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            # After the name, which stands in brackets and may hold anything.
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if state == "Z":
                continue
            parents[int(entry.name)] = int(parent)
            if f"--user-data-dir={folder}".encode() in (entry / "cmdline").read_bytes():
                found.add(int(entry.name))
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)
