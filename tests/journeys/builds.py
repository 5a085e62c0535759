"""Several builds of the browser's end, and a server that is brought up to date while it runs."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import ROOT, until
from tests.forking import Forked, become

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from playwright.sync_api import Page

BUILT = ROOT / "microblog" / "web" / "static"
VARIABLE = "TESTS_STATIC"

#: The first time the app is kept after the page stands; a test may not be quicker.
TAKEN_CARE_OF = "() => navigator.serviceWorker.controller !== null"
WAITS = "async () => (await navigator.serviceWorker.ready).waiting !== null"
KEPT = """async () => { const kept = {};
  for (const name of await caches.keys())
    kept[name] = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
  return kept; }"""


def become_served(words: list[str], environment: dict[str, str], output: str) -> None:
    """Begin a server that serves the build which stands at a place just then."""
    from microblog.web import shell

    shell.STATIC = Path(environment[VARIABLE])
    become(words, environment, output)


class Serving(Forked):
    """A server with a build of its own."""

    def entrance(self) -> Callable[[list[str], dict[str, str], str], None]:
        return become_served


@dataclass(slots=True)
class Builds:
    """Where a server finds its build, and what may stand there."""

    folder: Path

    @property
    def served(self) -> Path:
        return self.folder / "served"

    def begin(self, words: Sequence[str], environment: Mapping[str, str], output: Path) -> Serving:
        return Serving(words, {**environment, VARIABLE: str(self.served)}, output)

    def serve(self, build: Path) -> str:
        """Serve this build from now on, and return its name."""
        fresh = self.folder / "fresh"
        fresh.symlink_to(build)
        fresh.replace(self.served)
        return name_of(build)

    def make(self, called: str, without: str = "of-people") -> Path:
        """Make a build of another name, whose style is another and which lacks a part."""
        made = self.folder / called
        shutil.copytree(BUILT, made)
        for packed in (*made.rglob("*.br"), *made.rglob("*.gz")):
            packed.unlink()
        old, new = name_of(BUILT), hashlib.sha256(called.encode()).hexdigest()
        for name in ("worker.js", "build.txt", "sw.js"):
            replace(made / name, old, new)
        css = made / "app.css"
        css.write_text(css.read_text() + f"/* {called} */")
        (part,) = (made / "parts").glob(f"{without}-*.js")
        part.unlink()
        lines = re.compile(rf'\["/static/parts/{part.name}","[0-9a-f]*"\],')
        worker = made / "sw.js"
        worker.write_text(lines.sub("", worker.read_text()))
        for name in ("worker.js", "app.css"):
            replace(worker, digest(BUILT / name), digest(made / name))
        return made


def name_of(build: Path) -> str:
    return (build / "build.txt").read_text().strip()


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, file
    file.write_text(text.replace(old, new))


def kept(page: Page) -> dict[str, list[str]]:
    """Return what the service worker keeps, by the name of the build."""
    found: dict[str, list[str]] = page.evaluate(KEPT)
    return {name.removeprefix("app-"): paths for name, paths in found.items()}


def wait_until_kept(page: Page, *builds: str) -> None:
    """Wait until these builds are kept, and no other."""
    names = ",".join(sorted(f"app-{name}" for name in builds))
    until(page, "async (names) => String((await caches.keys()).sort()) === names", names)
