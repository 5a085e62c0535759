"""The outbox on the real server with real keys: taken back, cut off, sent by two tabs, locked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.journeys.people import LOOKED_AT, Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

API = re.compile(r"/api/")
ENTRIES = re.compile(r"/api/logs/[^/]+/entries$")
WORKER = re.compile(r"/static/worker/.*\.js$")

#: Where the bundled Worker asks whether an earlier attempt has arrived; and what never finds any.
ARRIVED = re.compile(r"(\{tried:(\w+)\}\)\{return )\2\.some\(")
NEVER = r"\1!1&&\2.some("


def cut_off(page: Page) -> None:
    page.context.route(API, lambda route: route.abort())


def put_back(page: Page) -> None:
    page.context.unroute_all(behavior="wait")


def lose_answers(page: Page) -> None:
    """Let the server have what is posted, and nobody hear of it."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.context.route(ENTRIES, lose)


def sees_not_sent(visitor: Visitor, count: int) -> None:
    words = "1 post is not yet sent" if count == 1 else f"{count} posts are not yet sent"
    visitor.page.get_by_role("heading", name=words).wait_for()


def test_a_post_is_taken_back_cut_off_and_sent_once_all_the_same(asha):
    page = asha.page
    asha.begin("Sample A")
    place = page.url
    words = page.locator("textarea")
    words.fill("Thiner.")
    asha.press("Post to")
    asha.press("Undo")
    page.wait_for_function("() => document.querySelector('textarea').value === 'Thiner.'")
    asha.post("Thinner.")

    lose_answers(page)
    words.fill("The answer was lost.")
    asha.send()
    sees_not_sent(asha, 1)
    assert page.get_by_role("button", name="Take it back").count() == 0
    put_back(page)
    asha.sees_go("not yet sent")
    page.locator(".post-text", has_text="The answer was lost.").wait_for()
    asha.reads(["The answer was lost.", "Thinner."])

    # Two tabs hold the same rows, and go at the same moment.
    other = Visitor(type(asha.profile)(page.context, page.context.new_page()), asha.passphrase)
    other.page.goto(place)
    other.unlock()
    cut_off(page)
    for text in ("By one.", "By the other."):
        words.fill(text)
        asha.send()
    sees_not_sent(asha, 2)
    # A lock keeps what cannot be sent, and says so.
    asha.press("Lock")
    asha.sees("2 posts are not yet sent. They go when you unlock.")
    put_back(page)
    asha.unlock()
    other.page.evaluate(LOOKED_AT)
    page.goto(place)
    for visitor in (asha, other):
        visitor.sees_go("not yet sent")
        visitor.sees_news("By the other.")
        visitor.page.locator(".post-text", has_text="By the other.").wait_for()
    expected = ["By the other.", "By one.", "The answer was lost.", "Thinner."]
    asha.reads(expected)
    other.reads(expected)

    # And it sends what could still be taken back.
    words.fill("Just before the lock.")
    asha.press("Post to")
    asha.page.get_by_role("button", name="Undo").wait_for()
    asha.press("Lock")
    asha.unlock()
    other.sees_news("Just before the lock.")
    other.reads(["Just before the lock.", *expected])
    assert [one for one in asha.profile.complaints if "ERR_FAILED" not in one] == []


def test_if_it_were_not_noted_what_was_tried_it_would_be_there_twice(asha):
    page = asha.page
    changed: list[str] = []

    def plant(route: Route) -> None:
        answer = route.fetch()
        body, count = ARRIVED.subn(NEVER, answer.text())
        changed.extend([route.request.url] * count)
        route.fulfill(response=answer, body=body)

    page.context.route(WORKER, plant)
    asha.begin("Sample A")
    place = page.url
    page.goto("about:blank")
    page.goto(place)
    asha.unlock()
    assert len(changed) == 1
    page.locator("textarea").fill("The answer was lost.")
    page.context.unroute_all(behavior="wait")
    lose_answers(page)
    asha.send()
    sees_not_sent(asha, 1)
    put_back(page)
    asha.sees_go("not yet sent")
    page.wait_for_function("() => document.querySelectorAll('.post-text').length === 2")
    asha.reads(["The answer was lost."] * 2)
