"""WebKitGTK as Debian has it: its small browser and its WebDriver, on a screen that nobody sees."""

from __future__ import annotations

import contextlib
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from tests.browser import PHONE
from tests.engines.hand import Hand, NotYet
from tests.engines.running import environment_in, once, running
from tests.serving import find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = ("webkit2gtk-driver", "xvfb")
DRIVER, SCREEN = "WebKitWebDriver", "Xvfb"
#: It comes with the library, and on no PATH.
BROWSERS = "*/webkit2gtk-4.*/MiniBrowser"
OPTIONS = ("--automation", "--javascript-can-open-windows-automatically=true")
#: Its own window is never as narrow as a phone; one without its bar is.
OPEN_PHONE = """open("about:blank", "_blank",
  "popup,toolbar=no,location=no,menubar=no,width={width},height={height}")"""
#: Nothing is told of what went wrong before somebody listened: so from when a page stands.
WRONG = """globalThis.wrong ??= (() => { const said = [];
    for (const sort of ["error", "unhandledrejection", "securitypolicyviolation"])
      addEventListener(sort, ({ message, reason, effectiveDirective, blockedURI }) =>
        said.push(`${sort}: ${message ?? reason ?? `${effectiveDirective} ${blockedURI}`}`));
    return said; })();
  return globalThis.wrong.splice(0)"""
ANSWER_SECONDS = 60
WAYS = {
    "DeleteSession": ("DELETE", ""),
    "GetWindowHandles": ("GET", "/window/handles"),
    "SwitchToWindow": ("POST", "/window"),
    "ExecuteAsyncScript": ("POST", "/execute/async"),
    "Navigate": ("POST", "/url"),
    "FindElement": ("POST", "/element"),
    "ElementClick": ("POST", "/element/{id}/click"),
    "ElementSendKeys": ("POST", "/element/{id}/value"),
    "PerformActions": ("POST", "/actions"),
    "TakeScreenshot": ("GET", "/screenshot"),
}


def find_browser() -> Path | None:
    return next(iter(sorted(Path("/usr/lib").glob(BROWSERS), reverse=True)), None)


def is_here() -> bool:
    return None not in (find_browser(), shutil.which(DRIVER), shutil.which(SCREEN))


@dataclass(slots=True)
class HttpWire:
    """The way to a driver that listens at an address, and to its session, once there is one."""

    address: str
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.http.trust_env = False

    def begin(self) -> dict[str, str]:
        """Begin a session, and return what the browser says of itself."""
        options = {"binary": str(find_browser()), "args": OPTIONS}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        opened = self._ask("POST", self.address, {"capabilities": wanted})
        self.address += f"/{opened['sessionId']}"
        told: dict[str, str] = opened["capabilities"]
        return told

    def send(self, command: str, **words: Any) -> Any:
        method, path = WAYS[command]
        return self._ask(method, self.address + path.format(**words), words)

    def _ask(self, method: str, url: str, words: Any) -> Any:
        body = words if method == "POST" else None
        value = self.http.request(method, url, json=body, timeout=ANSWER_SECONDS).json()["value"]
        if isinstance(value, dict) and "error" in value:
            raise NotYet(f"{value['error']}: {value['message']}")
        return value


@contextmanager
def at_hand(folder: Path) -> Iterator[Hand]:
    """Open a window the size of a phone, with a home that is gone afterwards."""
    folder.mkdir()
    log = folder / "driver.log"
    with contextlib.ExitStack() as stack:
        environment = environment_in(folder, DISPLAY=stack.enter_context(_screen(folder)))
        port = find_free_port()
        driver = [DRIVER, "--host=127.0.0.1", f"--port={port}"]
        stack.enter_context(running(driver, environment, log))
        wire = HttpWire(f"http://127.0.0.1:{port}/session")
        stack.enter_context(wire.http)
        told = once(lambda: _begun(wire), log)
        stack.callback(wire.send, "DeleteSession")
        hand = Hand(f"WebKitGTK {told['browserVersion']}", wire, lambda: hand.ask(WRONG))
        _hold_phone(hand)
        yield hand


def _begun(wire: HttpWire) -> dict[str, str] | None:
    with contextlib.suppress(requests.ConnectionError):
        return wire.begin()
    return None


def _hold_phone(hand: Hand) -> None:
    first = hand.wire.send("GetWindowHandles")
    hand.ask(OPEN_PHONE.format(**PHONE))
    (phone,) = set(hand.wire.send("GetWindowHandles")) - set(first)
    hand.wire.send("SwitchToWindow", handle=phone)


@contextmanager
def _screen(folder: Path) -> Iterator[str]:
    """Return the number of a screen that is nowhere."""
    said = folder / "screen"
    command = [SCREEN, "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with running(command, environment_in(folder), said):
        yield once(lambda: _number(said), said)


def _number(said: Path) -> str | None:
    last = said.read_text().rpartition("\n")[0].rpartition("\n")[2]
    return f":{last}" if last.isdigit() else None
