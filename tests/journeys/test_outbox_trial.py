"""Killed, reloaded, cut off and closed at any moment around a send: every post is there, and once.

The stream is read at the end by the command line's client, which shares nothing with the browser's.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from microblog.client import team
from microblog.client.following import refresh
from microblog.client.messages import NewChild
from microblog.client.reading import overview, posts
from microblog.client.staff import invite
from tests.browser import PATIENCE_MS
from tests.journeys.killing import Mortal
from tests.journeys.people import NEXT_TO_SEND, NOTE_WAITING, Visitor
from tests.ops.people import People

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Playwright

    from microblog.client.session import Session
    from tests.conftest import Trials
    from tests.serving import Server

pytestmark = pytest.mark.browser

#: What happens to the page, and how often of ten times.
ENDS = {"kill": 3, "reload": 3, "offline, kill": 1, "offline, reload": 2, "close": 1}
#: When: so many milliseconds at most after the tap.
MOST_MS = 400
#: In how many of ten cycles it is sent at once, and not after five seconds or at the next start.
AT_ONCE = 6
EMPTY_SECONDS = 120
READ_AT_ONCE = 1_000


@dataclass
class Desk:
    """Someone at a child's page, in a browser that does not live long."""

    browser: Mortal
    origin: str
    log: str
    passphrase: str
    texts: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.browser.page

    def come_in(self) -> None:
        """Unlock, whatever happened before."""
        place = f"{self.origin}/#/child/{self.log}"
        if self.page.url != place:
            self.page.goto(place)
        visitor = Visitor(_profile(self.page), self.passphrase)
        visitor.unlock()
        self.page.locator("textarea").wait_for()

    def begin(self, text: str) -> None:
        """Type it, and wait until the draft is kept, as it is a moment after the last letter."""
        before = self.browser.kept("draft")
        self.page.locator("textarea").fill(text)
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while self.browser.kept("draft") in (before, []):
            assert time.monotonic() < deadline, "what is typed is not kept"
            self.page.wait_for_timeout(20)
        self.texts.append(text)

    def post(self) -> None:
        self.page.get_by_role("button", name="Post to").click()

    def finish_draft(self) -> None:
        """Post what was begun and not put into the outbox before the end came."""
        field = self.page.locator("textarea")
        if field.input_value():
            self.post()
            expect(field).to_have_value("")

    def wait_until_sent(self) -> None:
        deadline = time.monotonic() + EMPTY_SECONDS
        while self.browser.kept("outbox"):
            assert time.monotonic() < deadline, "the outbox does not empty itself"
            self.page.wait_for_timeout(200)


def _profile(page: Page):
    from tests.browser import Profile

    return Profile(page.context, page)


def wrong_with(read: Iterable[str], written: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return what was written and is not there, and what is there more than once."""
    counted = Counter(read)
    lost = [text for text in written if counted[text] == 0]
    return lost, [text for text, count in counted.items() if count > 1]


def test_the_judge_sees_what_is_lost_and_what_is_there_twice() -> None:
    assert wrong_with(["b", "a"], ["a", "b"]) == ([], [])
    assert wrong_with(["a"], ["a", "b"]) == (["b"], [])
    assert wrong_with(["a", "b", "a"], ["a", "b"]) == ([], ["a"])


@pytest.fixture
def founder(server: Server) -> Iterator[Session]:
    """The founder, at a command line."""
    people = People(server)
    yield people.found("Invented Asha")
    people.close()


@pytest.fixture
def desk(
    server: Server, founder: Session, playwright: Playwright, tmp_path: Path
) -> Iterator[Desk]:
    """Ben, who has joined in the browser, and follows a child."""
    agency = overview(founder).agencies[0].id
    issued = invite(founder, "Invented Ben", "class teacher", agency, "practitioner")
    browser = Mortal(playwright, tmp_path / "profile")
    try:
        ben = Visitor(_profile(browser.page))
        ben.join(issued.link, issued.letters)
        refresh(founder)
        log = team.begin_child(founder, NewChild(name="Sample A", birth=("unknown", "")))
        person = next(one.id for one in overview(founder).people if one.name == "Invented Ben")
        team.grant(founder, log, person, "follower", "Teaches her")
        found = Desk(browser, server.origin, log, ben.passphrase)
        found.page.goto("about:blank")
        found.come_in()
        yield found
    finally:
        browser.kill()


@pytest.mark.trial(small=12, great=1_000)
def test_whatever_is_cut_short_around_a_send_nothing_is_lost_and_nothing_is_there_twice(
    desk: Desk,
    founder: Session,
    trials: Trials,
    record_property: Callable[[str, object], None],
) -> None:
    ends: Counter[str] = Counter()
    for cycle in range(trials.count):
        roll = trials.random(cycle)
        desk.begin(f"Cycle {cycle}.")
        end = roll.choices([*ENDS], [*ENDS.values()])[0]
        cut_short(desk, end, roll)
        ends[end] += 1
        desk.come_in()
        desk.finish_draft()
    desk.wait_until_sent()
    record_property("trial", f"ends: {dict(ends)}")
    assert wrong_with(texts(founder, desk.log), desk.texts) == ([], [])


def cut_short(desk: Desk, end: str, roll: random.Random) -> None:
    """Post, and have it end in some way at some moment after the tap."""
    page, context = desk.page, desk.browser.context
    moment = roll.uniform(0, MOST_MS)
    if end.startswith("offline"):
        context.set_offline(roll.random() < 0.5)
    page.evaluate(NOTE_WAITING)
    desk.post()
    if roll.random() * 10 < AT_ONCE:
        page.locator(NEXT_TO_SEND).click()
    page.wait_for_timeout(moment)
    if end.startswith("offline"):
        context.set_offline(True)
        page.wait_for_timeout(roll.uniform(0, MOST_MS))
        context.set_offline(False)
    if end.endswith("kill"):
        desk.browser.kill()
        desk.browser.open()
    elif end.endswith("reload"):
        page.reload()
    else:
        desk.browser.page = context.new_page()
        page.close()


def texts(session: Session, log: str) -> list[str]:
    """Return the words of every post, as a colleague reads them."""
    refresh(session)
    found: list[str] = []
    before = ""
    while True:
        page = posts(session, log, before, READ_AT_ONCE)
        found += [post.text for post in page.posts if post.state == "shown"]
        if not page.next:
            return found
        before = page.next
