"""What is shown to others while they look on: in all that the page holds there is no name."""

from __future__ import annotations

import json
import random
import re
from itertools import product
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import LAPTOP, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SYLLABLES = (
    "bal",
    "der",
    "fen",
    "gwi",
    "hox",
    "jul",
    "kep",
    "mor",
    "nym",
    "pex",
    "quo",
    "tib",
    "vun",
)
HTML = "() => document.documentElement.outerHTML + document.title + location + history.state"
VALUES = "() => [...document.querySelectorAll('input, textarea')].map(({ value }) => value).join()"


def invented(chance: random.Random, count: int) -> list[str]:
    """Return so many words, each another, that are nobody's names and no words."""
    words = ["".join(syllables).capitalize() for syllables in product(SYLLABLES, repeat=3)]
    return chance.sample(words, count)


def told(page: Page) -> str:
    """Return all that the page tells: to the eye, to a screen reader, to the task bar."""
    debugger = page.context.new_cdp_session(page)
    tree = json.dumps(debugger.send("Accessibility.getFullAXTree"), ensure_ascii=False)
    debugger.detach()
    return "\n".join((page.evaluate(HTML), page.evaluate(VALUES), page.title(), tree)).lower()


def named(names: list[str], page: Page) -> list[str]:
    said = told(page)
    return [name for name in names if name.lower() in said]


def post(asha, text: str) -> None:
    """Post what the guard asks about, all the same."""
    asha.page.locator("textarea").fill(text)
    asha.press("Post to")
    asha.press("Post as it is")
    asha.press("Send now")
    asha.sees("Posted to")


def test_no_name_is_in_what_is_shown_to_others(asha, ben):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    first, family, other, aunt, school = invented(chance, 5)
    page = asha.page
    asha.begin(f"{other} {aunt}")
    asha.begin(f"{first} {family}")
    place = page.url
    post(asha, f"{first}'s {aunt} and {family.upper()} were at {school} School with Ben today.")
    post(asha, f"{other.lower()} lives at 14 {aunt} Road, rang 07700 900123.")
    # What could still be taken back names the team, and what is begun names the child.
    page.locator("textarea").fill(f"About {first}.")
    asha.press("Post to")
    page.get_by_role("button", name="Undo").wait_for()
    page.locator("textarea").fill(f"More about {first}.")
    page.locator(".post-text", has_text=other.lower()).wait_for()
    page.locator(".post-text", has_text=school).wait_for()
    names = [first, family, other, aunt, school, "Asha", "07700", "invented health"]
    assert {first, family, other, "Asha"} <= set(named(names, page))

    asha.follow("Show to others, without names")
    page.get_by_role("heading", name="What was written").wait_for()
    page.locator(".plot").wait_for()
    page.locator(".conference-posts li").nth(1).wait_for()
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        assert named(names, page) == []
    texts = page.locator(".conference-text")
    for at, text in enumerate(
        (
            f"{first[0]}.'s {aunt[0]}. and {family[0]}. were at █████ with B. today.",
            f"{other[0]}. lives at █████, rang █████.",
        )
    ):
        expect(texts.nth(at)).to_have_text(text)
    whom = re.compile("^" + re.escape(f"{first[0]}. {family[0]}.,"))
    expect(page.locator(".conference-who")).to_have_text(whom)
    expect(page.locator(".conference-posts li").first).to_contain_text("Health visitor, Health")
    expect(page.locator("nav, .undo-bar")).to_have_count(0)
    page.emulate_media(media="print")
    texts.first.wait_for()
    expect(page.get_by_role("button", name="Hide")).to_have_count(0)
    page.emulate_media(media="screen")
    # One name more, and it is found.
    page.evaluate("(name) => document.querySelector('.plot').setAttribute('title', name)", family)
    assert named(names, page) == [family]

    # The blind and the way back are where they always are.
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show").wait_for()
    assert "conference-text" not in page.content()
    page.get_by_role("button", name="Show").click()
    asha.follow("Leave the conference view")
    page.locator("h1", has_text=first).wait_for()
    expect(page).to_have_url(place)
    expect(page.locator("textarea")).to_have_value(f"More about {first}.")
