"""How long the page's own thread works at one task, by the processor's time: what others do on the
same machine meanwhile does not count, as it would by the clock; nor does what a test asks the page.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

MAIN = "CrRendererMain"
TESTER = "blink.mojom.DevToolsSession"
LONG_MS = 120_000


@dataclass(slots=True)
class Tasks:
    """How long each task of a stretch of work took, in ms, once it is over."""

    spent_ms: list[float] = field(default_factory=list)

    @property
    def longest_ms(self) -> float:
        return max(self.spent_ms)


@contextmanager
def traced(page: Page) -> Iterator[Tasks]:
    """Note every task of the page's own thread while something is done."""
    debugger = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    over: list[dict[str, Any]] = []
    debugger.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    debugger.on("Tracing.tracingComplete", lambda data: over.extend([data]))
    debugger.send("Tracing.start", {"traceConfig": {"includedCategories": ["toplevel"]}})
    tasks = Tasks()
    yield tasks
    debugger.send("Tracing.end")
    for _ in range(LONG_MS // 50):
        if over:
            break
        page.wait_for_timeout(50)
    else:
        raise AssertionError("the browser does not say what it worked at")
    debugger.detach()
    tasks.spent_ms = list(_tasks(events))


def _tasks(events: list[dict[str, Any]]) -> Iterator[float]:
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == MAIN
    }
    timed = [one for one in events if (one["pid"], one["tid"]) in threads and "tdur" in one]
    asked = [one["ts"] for one in timed if TESTER in str(one.get("args"))]
    for one in timed:
        end = one["ts"] + one["dur"]
        if one["name"].endswith("RunTask") and not any(one["ts"] <= at <= end for at in asked):
            yield one["tdur"] / 1000
