"""Old notes by the thousand, brought in through the screen: counted, stopped, gone on with, and the
page never stands still meanwhile.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Visitor, hear
from tests.spreadsheets.notes import notes

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from tests.browser import Profile
    from tests.conftest import Trials
    from tests.serving import Server

pytestmark = pytest.mark.browser

#: Of so many rows so many are wrong.
WRONG = {150: 10, 5_000: 50}
SECONDS, TASK_MS = 60, 100
#: More wrong rows than these are named only when they are asked for.
FEW = 10
WAIT_MS = 120_000
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Note how long each long task of the page's own thread took.
WATCH = """() => {
  globalThis.tasks = [0];
  const note = (list) => tasks.push(...list.getEntries().map(({ duration }) => duration));
  new PerformanceObserver(note).observe({ type: "longtask" });
}"""
TAKE = "() => tasks"


@pytest.mark.trial(small=150, great=5_000)
def test_thousands_of_rows_come_in_and_what_is_wrong_is_said(
    new_server: Callable[[], Server],
    new_profile: Callable[[], Profile],
    trials: Trials,
    record_property: Callable[[str, object], None],
) -> None:
    rows, wrong = trials.count, WRONG[trials.count]
    made = notes(trials.random(), rows, wrong)
    asha = Visitor(new_profile())
    asha.found(new_server().founding_link(), "Invented Asha")
    asha.begin("Sample A")
    page = asha.page
    page.goto(f"{page.url}/bring-in")
    page.locator("#file").set_input_files(
        {"name": "notes.xlsx", "mimeType": SHEET, "buffer": made.xlsx()}
    )
    button = page.get_by_role("button", name=f"Bring in {rows - wrong:,} rows for")
    button.wait_for(timeout=WAIT_MS)
    assert _explained(page, wrong) == made.wrong.keys()
    for row, why in made.wrong.items():
        expect(page.locator("li", has_text=f"Row {row}.").first).to_contain_text(why)

    page.evaluate(WATCH)
    began = time.monotonic()
    held = _hold_the_second(page)
    button.click()
    _stop_on_the_way(page, held)
    stopped = time.monotonic()
    came, left = _numbers(page, "came in,", "left.")
    assert came > 0
    assert came + left == rows - wrong
    page.get_by_role("button", name=f"Bring in {left:,} row").click()
    page.get_by_text(f"{left:,} rows came in.").first.wait_for(timeout=WAIT_MS)
    seconds = time.monotonic() - began
    longest = max(page.evaluate(TAKE))
    record_property(
        "trial", f"rows={rows} stopped after {came} ({stopped - began:.1f}s) "
        f"all={seconds:.1f}s longest task={longest:.0f}ms"
    )  # fmt: skip
    if rows == max(WRONG):
        # With so little to do the figures would only say how busy the machine is.
        assert seconds < SECONDS
        assert longest < TASK_MS
    _see_it_in_its_places(asha, rows - wrong)
    assert asha.profile.complaints == []


def _explained(page: Page, wrong: int) -> set[int]:
    """Return which rows the screen says cannot be brought in."""
    page.get_by_role("heading", name=f"{wrong} rows cannot be brought in").wait_for()
    named = page.locator(".bad-rows li strong")
    if wrong > FEW:
        page.get_by_role("button", name=f"Show all {wrong}").click()
    expect(named).to_have_count(wrong)
    return {int(name.removeprefix("Row ").rstrip(".")) for name in named.all_inner_texts()}


def _hold_the_second(page: Page) -> list[Route]:
    """Have the second request with rows wait, so that there is something to stop."""
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)
        if len(asked) == 1:
            route.continue_()

    page.context.route("**/api/logs/*/entries", hold)
    return asked


def _stop_on_the_way(page: Page, held: list[Route]) -> None:
    """Stop it when some of it is in."""
    page.get_by_text(re.compile("Bringing in: [1-9]")).wait_for(timeout=WAIT_MS)
    # Else nobody would let go what is held from then on.
    hear(page, lambda: len(held) > 1)
    page.get_by_role("button", name="Stop", exact=True).click()
    for route in held[1:]:
        route.continue_()
    page.context.unroute("**/api/logs/*/entries")
    page.get_by_text("Stopped:").wait_for(timeout=WAIT_MS)


def _numbers(page: Page, *before: str) -> list[int]:
    """Return the numbers in the sentence that says how far it came."""
    said = page.get_by_text("Stopped:").first.inner_text()
    return [int(word.replace(",", "")) for word in said.split() if word[0].isdigit()]


def _see_it_in_its_places(asha: Visitor, rows: int) -> None:
    """A line in the stream, nothing unread; none of it comes in a second time."""
    asha.follow("Go to the stream")
    asha.sees(f"{rows:,} rows")
    asha.visit("Children")
    asha.sees("Mark as read, or unread")
    assert not asha.page.get_by_text(re.compile(r"^\s*unread|\d unread")).count()
