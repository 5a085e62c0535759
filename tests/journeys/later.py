"""A server and browsers for which it is later than it is: what waits for days is not waited for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.forking import Forked, become

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.journeys.people import Visitor
    from tests.serving import Server

VARIABLE = "TESTS_LATER_MS"

LATER = """(later) => { const now = Date.now.bind(Date); Date.now = () => now() + later; }"""


def become_later(words: list[str], environment: dict[str, str], output: str) -> None:
    """Begin a server whose clock runs ahead."""
    later, now = int(environment[VARIABLE]) * 1_000_000, time.time_ns
    time.time_ns = lambda: now() + later
    become(words, environment, output)


class Later(Forked):
    """A server for which it is later."""

    def entrance(self) -> Callable[[list[str], dict[str, str], str], None]:
        return become_later


def wait(server: Server, visitors: Iterable[Visitor], milliseconds: int) -> None:
    """Let so much time pass for a server and for whoever is at a browser, in no time."""

    def begin(words: Sequence[str], environment: Mapping[str, str], output: Path) -> Later:
        return Later(words, {**environment, VARIABLE: str(milliseconds)}, output)

    server.stop()
    server.begin = begin
    server.start()
    for visitor in visitors:
        # Nobody is at a browser all that time: the app locks by itself.
        visitor.press("Lock")
        visitor.page.get_by_role("heading", name="Unlock").wait_for()
        for where in (visitor.page, *visitor.page.workers):
            where.evaluate(LATER, milliseconds)
        visitor.unlock()
