"""Firefox as Debian has it: it hears WebDriver's commands by itself, on a wire called Marionette.

Playwright is no way to it: what it asks of a Firefox, only a newer one than Debian's knows.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser import PHONE
from tests.engines.hand import Hand, NotYet
from tests.engines.running import environment_in, once, running
from tests.serving import find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = ("firefox-esr",)
NAMES = ("firefox-esr", "firefox")
ANSWER_SECONDS = 60
PREFERENCES: dict[str, bool | int | str] = {
    "intl.accept_languages": "en-GB",
    "network.proxy.type": 0,
    # Nothing of it goes anywhere but to the server of the test.
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}
#: Said to the browser itself, around the page: how large the page is, and what went wrong in any.
SIZE = """const [width, height] = arguments; const { style } = gBrowser.selectedBrowser;
  for (const edge of ["min", "max"]) { style.setProperty(`${edge}-width`, `${width}px`);
    style.setProperty(`${edge}-height`, `${height}px`); }"""
WRONG = """const wrong = Services.console.getMessageArray()
  .filter((one) => one instanceof Ci.nsIScriptError && !(one.flags & Ci.nsIScriptError.warningFlag))
  .filter(({ sourceName }) => sourceName.startsWith("http"))
  .map(({ category, errorMessage }) => `${category}: ${errorMessage}`);
  Services.console.reset(); return wrong"""


def find() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def is_here() -> bool:
    return find() is not None


@dataclass(slots=True)
class Marionette:
    """The wire: each message is its length in bytes, a colon, and a list in JSON."""

    line: socket.socket
    asked: int = 0
    heard: bytearray = field(default_factory=bytearray)

    def send(self, command: str, **words: Any) -> Any:
        return self.say(f"WebDriver:{command}", **words)

    def say(self, name: str, **words: Any) -> Any:
        self.asked += 1
        message = json.dumps([0, self.asked, name, words]).encode()
        self.line.sendall(b"%d:%s" % (len(message), message))
        kind, number, error, result = json.loads(self.hear())
        assert (kind, number) == (1, self.asked)
        if error is not None:
            raise NotYet(f"{error['error']}: {error['message']}")
        bare = isinstance(result, dict) and result.keys() == {"value"}
        return result["value"] if bare else result

    def hear(self) -> bytes:
        while b":" not in self.heard:
            self._take()
        length, _, _ = self.heard.partition(b":")
        begin, end = len(length) + 1, len(length) + 1 + int(length)
        while len(self.heard) < end:
            self._take()
        message = bytes(self.heard[begin:end])
        del self.heard[:end]
        return message

    def frame(self, script: str, *given: Any) -> Any:
        """Return what a script returns that runs in the browser itself, around the page."""
        self.say("Marionette:SetContext", value="chrome")
        try:
            return self.send("ExecuteScript", script=script, args=given)
        finally:
            self.say("Marionette:SetContext", value="content")

    def _take(self) -> None:
        piece = self.line.recv(65536)
        assert piece, "the browser is gone"
        self.heard += piece


@contextmanager
def at_hand(folder: Path) -> Iterator[Hand]:
    """Open a page the size of a phone, with a profile and a home that are gone afterwards."""
    profile, log = folder / "profile", folder / "firefox.log"
    profile.mkdir(parents=True)
    port = find_free_port()
    lines = PREFERENCES | {"marionette.port": port}
    (profile / "user.js").write_text(
        "".join(f'user_pref("{name}", {json.dumps(value)});\n' for name, value in lines.items())
    )
    command = [str(find()), "--headless", "--no-remote", "--profile", str(profile)]
    command += ["--marionette", "--remote-allow-system-access"]
    with running(command, environment_in(folder), log), once(partial(_line, port), log) as line:
        wire = Marionette(line)
        # It says first who it is.
        wire.hear()
        told = wire.send("NewSession")["capabilities"]
        wire.frame(SIZE, PHONE["width"], PHONE["height"])
        yield Hand(f"Firefox {told['browserVersion']}", wire, lambda: wire.frame(WRONG))


def _line(port: int) -> socket.socket | None:
    with contextlib.suppress(ConnectionRefusedError):
        return socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS)
    return None
