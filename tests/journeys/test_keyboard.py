"""From unlocking to Me with the keyboard alone: focus is always seen, never trapped, never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.keys import Keys
from tests.journeys.people import arrived

pytestmark = pytest.mark.browser

WORDS = "Quieter than last week."
#: What the device holds takes a while to be opened, as on an old phone.
SLOW = """() => { const send = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (call) {
    setTimeout(() => send.call(this, call), call.name === "overview" ? 300 : 0); }; }"""


def unlock(keys):
    # The field for words is there first; the rest when it is known that keys are kept here.
    keys.page.get_by_role("textbox", name="Passphrase").wait_for()
    keys.tab_to("Skip to main content")
    keys.tab_to("Passphrase")
    keys.write("wrong")
    keys.press("Enter")
    # Wrong: at the summary, and one key from the field.
    keys.is_at(".error-summary")
    keys.tab_to("Passphrase")
    keys.press("Control+a")
    keys.write("invented lamp")
    keys.press("Enter")
    keys.page.locator("nav").wait_for()
    keys.is_at_heading("Stream")


def post_and_undo(keys):
    page = keys.page
    keys.tab_to("Your words")
    keys.write(WORDS)
    keys.tab_to("Find a child")
    keys.write("Sample B")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("Sample B")
    keys.press("ArrowDown", "Enter")
    expect(page.locator(".about :checked + span")).to_contain_text("Sample B")
    keys.tab_to("Post to Sample B")
    keys.press("Enter")
    undo = page.get_by_role("button", name="Undo")
    undo.wait_for()
    keys.is_at(".composer h2")
    keys.tab_to("Undo", "Shift+Tab")
    keys.press("Enter")
    keys.is_at("textarea")
    expect(page.locator(":focus")).to_have_value(WORDS)
    # From the post that is sent all the same focus goes on from the heading.
    keys.tab_to("Post to Sample B")
    keys.press("Enter")
    undo.wait_for()


def reply_and_hide(keys):
    page = keys.page
    keys.tab_to("I see it differently")
    keys.press("Enter")
    keys.is_at("textarea")
    keys.write("She was well fed.")
    # Escape is the blind, wherever focus is; what was written is there again.
    keys.press("Escape")
    expect(page.locator("nav")).to_have_count(0)
    keys.is_at(".blind button")
    keys.press("Enter")
    keys.is_at_heading("Stream")


def search(keys):
    page = keys.page
    keys.tab_to("Search")
    keys.write("gate first")
    expect(page.locator(".found")).to_have_text("1 post found.")
    keys.tab_to("Filter")
    keys.press("Space")
    page.locator("#filter-kind").wait_for()
    keys.tab_to("Kind")
    keys.press("t")
    page.get_by_role("button", name="Take away: Told").wait_for()
    keys.tab_to("Take away: Told")
    keys.press("Enter")
    keys.is_at("#search")


def go_to(keys, place, heading):
    """By the places at the top, from wherever focus is: those are one key after the skip link."""
    keys.press("Control+Home")
    keys.page.evaluate("() => document.querySelector('h1').focus()")
    keys.is_at("h1")
    keys.tab_to(place, "Shift+Tab")
    keys.press("Enter")
    keys.is_at_heading(heading)


def picture_and_team(keys):
    page = keys.page
    keys.tab_to("Sample A")
    keys.press("Enter")
    keys.is_at_heading("Sample A")
    page.locator(".dot").first.wait_for()
    for _ in range(120):
        keys.press("Tab")
        keys.stop()
        if page.evaluate("() => document.activeElement.matches('.dot')"):
            break
    keys.press("ArrowLeft", "ArrowLeft")
    keys.is_at(".dot")
    keys.stop()
    keys.page.go_back()
    keys.is_at_heading("Children")
    keys.tab_to("Sample A")
    keys.press("Enter")
    keys.is_at_heading("Sample A")
    keys.tab_to("Team of")
    keys.press("Enter")
    keys.is_at_heading("Who can read")


def test_the_whole_way_with_the_keyboard_alone(new_stage):
    stage = new_stage(unlock=False)
    keys = Keys(stage.page)
    unlock(keys)
    post_and_undo(keys)
    reply_and_hide(keys)
    search(keys)
    go_to(keys, "Children", "Children")
    picture_and_team(keys)
    go_to(keys, "Me", "Me")
    assert len(keys.round()) > 5
    assert keys.findings == []


def test_who_waited_for_the_page_to_be_opened_stands_at_its_heading(new_stage):
    page = new_stage(unlock=False).page
    page.evaluate(SLOW)
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    page.get_by_role("button", name="Unlock", exact=True).click()
    expect(page.get_by_role("heading", name="Opening")).to_be_focused()
    expect(page.get_by_role("heading", name="Stream")).to_be_focused()


def test_focus_is_seen_in_the_dark_too(new_stage):
    stage = new_stage(unlock=False, color_scheme="dark")
    keys = Keys(stage.page)
    unlock(keys)
    post_and_undo(keys)
    assert keys.findings == []


def test_what_hides_focus_is_noticed(new_stage):
    stage = new_stage()
    arrived(stage.page)
    stage.page.evaluate(
        """() => {
          const rules = new CSSStyleSheet();
          rules.replaceSync(`:focus-visible { outline: none !important;
            box-shadow: none !important }`);
          document.adoptedStyleSheets = [rules];
          const over = document.createElement("div");
          over.style.cssText = "position: fixed; inset: 0; z-index: 9";
          document.body.append(over);
          document.querySelector(".composer textarea").tabIndex = 1;
        }"""
    )
    keys = Keys(stage.page)
    keys.tab_to("Your words")
    found = "\n".join(keys.findings)
    for words in ("focus is not seen", "focus is under something", "out of turn"):
        assert words in found
