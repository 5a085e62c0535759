"""A hand at a browser, whichever it is: the ten of WebDriver's commands that are needed here.

WebDriver is a Recommendation of the W3C. The commands have the names that Firefox knows them by.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ESCAPE = "\ue00c"
#: The answer to an asynchronous script is what its last argument is called with.
ASKED = """const done = arguments[arguments.length - 1];
(async () => {{ {body} }})().then((it) => done([true, it]), (why) => done([false, String(why)]));"""


class NotYet(Exception):
    """What was asked for is not there, or cannot be touched; it may be soon."""


class Wire(Protocol):
    """The way to a browser."""

    def send(self, command: str, **words: Any) -> Any:
        """Return what a command returns; raise `NotYet` where the browser refuses it."""


@dataclass(slots=True)
class Hand:
    """Whatever anyone does at a browser. Where is an XPath."""

    #: Which browser it is, and its version.
    name: str
    wire: Wire
    #: Returns the errors and breaches of the policy that it has told of since it was last asked.
    hear: Callable[[], list[str]]
    complaints: list[str] = field(default_factory=list)

    def go(self, url: str) -> None:
        self.wire.send("Navigate", url=url)
        self.listen()

    def reload(self) -> None:
        """Begin the page anew; the driver's own way would go past the service worker."""
        self.listen()
        # It answers first, and then it goes.
        self.ask("globalThis.before = true; setTimeout(() => location.reload(), 100)")

    def listen(self) -> None:
        self.complaints += self.hear()

    def click(self, where: str) -> None:
        self.wire.send("ElementClick", id=self._find(where))

    def write(self, where: str, words: str) -> None:
        self.wire.send("ElementSendKeys", id=self._find(where), text=words)

    def escape(self) -> None:
        keys = [{"type": kind, "value": ESCAPE} for kind in ("keyDown", "keyUp")]
        self.wire.send("PerformActions", actions=[{"type": "key", "id": "keys", "actions": keys}])

    def ask(self, body: str) -> Any:
        """Return what the body of an asynchronous function returns in the page."""
        script = ASKED.format(body=body)
        # A page that goes meanwhile answers nothing.
        answered = self.wire.send("ExecuteAsyncScript", script=script, args=[])
        fine, answer = answered or (False, "the page has gone")
        if not fine:
            raise NotYet(answer)
        return answer

    def draw(self, file: Path) -> None:
        """Draw the page as it is seen into a PNG."""
        file.write_bytes(base64.b64decode(self.wire.send("TakeScreenshot", full=False)))

    def _find(self, where: str) -> str:
        found: dict[str, str] = self.wire.send("FindElement", using="xpath", value=where)
        return found[ELEMENT]
