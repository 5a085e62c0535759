"""Somebody who goes by what the screen says, in whatever browser."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.engines.hand import NotYet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.engines.hand import Hand

#: What a browser tells a page that is looked at again, and has its network back; what came while
#: someone read waits until they ask for it.
LOOKED_AT = """dispatchEvent(new Event("online"));
  document.dispatchEvent(new Event("visibilitychange"));
  document.querySelector(".late button")?.click();"""
SEEN = "return document.body.innerText"
READ = "return [...document.querySelectorAll('.post-text')].map((one) => one.innerText)"
PATIENCE_SECONDS, LOOK_SECONDS = 30, 0.1


@dataclass(slots=True)
class Walker:
    """Somebody at a browser."""

    hand: Hand

    def reload(self) -> None:
        """Begin the page anew."""
        self.hand.reload()
        self.holds("return globalThis.before === undefined")
        self.hand.listen()

    def press(self, name: str) -> None:
        self._do(lambda: self.hand.click(f'//button[starts-with(normalize-space(.), "{name}")]'))

    def choose(self, name: str) -> None:
        """Tick what has a label that says so."""
        self._do(lambda: self.hand.click(f'//label[contains(normalize-space(.), "{name}")]'))

    def fill(self, label: str, words: str) -> None:
        named = f'//label[contains(normalize-space(.), "{label}")]/@for'
        where = f"//*[self::input or self::textarea][@id={named}]"
        self._do(lambda: self.hand.write(where, words))

    def give(self, label: str, file: Path) -> None:
        """Choose a file."""
        self.fill(label, str(file))

    def sees(self, words: str) -> None:
        self._waits(lambda: words in self.hand.ask(SEEN), f"{words!r} is not seen")

    def sees_news(self, words: str) -> None:
        """See what came from elsewhere, looking at the page now and again."""
        self._waits(lambda: words in self.hand.ask(LOOKED_AT + SEEN), f"{words!r} is not seen")

    def sees_go(self, words: str) -> None:
        """See words go from the page, looking at it now and again."""
        self._waits(lambda: words not in self.hand.ask(LOOKED_AT + SEEN), f"{words!r} is seen")

    def holds(self, body: str) -> None:
        """Wait until something is true of the page."""
        self._waits(lambda: bool(self.hand.ask(body)), f"it does not hold: {body}")

    def reads(self) -> list[str]:
        """Return the words of the posts on the screen, newest first."""
        found: list[str] = self.hand.ask(READ)
        return found

    def _waits(self, claim: Callable[[], bool], otherwise: str) -> None:
        def deed() -> None:
            if not claim():
                raise NotYet(otherwise)

        self._do(deed)

    def _do(self, deed: Callable[[], None]) -> None:
        """Do it as soon as it can be done."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return deed()
            except NotYet as why:
                if time.monotonic() > deadline:
                    raise AssertionError(f"{why}; what is seen: {self._seen()}") from why
            time.sleep(LOOK_SECONDS)

    def _seen(self) -> str:
        try:
            return str(self.hand.ask(SEEN))
        except NotYet as why:
            return f"no page ({why})"
