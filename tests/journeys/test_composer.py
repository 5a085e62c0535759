"""Ten seconds to say it: a child by two letters, a tap for each mark, a guard that asks once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import until
from tests.journeys.people import arrived
from tests.journeys.test_family import ASKS, asks, press

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

WORDS = "Flinched when dad\u2019s car pulled in."
NOTICED = "Rang 07700 900123 from 14 Sycamore Road."
#: Who is found by two letters: "ho", and "sa".
HOUSEHOLDS, SAMPLES = 2, 6
#: Counts each tap, from now on.
TAPS = """() => {
  self.taps = 0;
  addEventListener("click", ({ detail }) => { self.taps += detail > 0 ? 1 : 0; }, true);
}"""


#: The page goes out of sight, or comes back.
HIDE = """(state) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange"));
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}"""


def find(page, letters: str, count: int) -> Locator:
    """Type into the box for children, and return whom it finds: so many."""
    page.get_by_role("combobox", name="Find a child").fill(letters)
    found = page.locator("[role=option]")
    expect(found).to_have_count(count)
    return found


def kept_draft(page, words: str) -> None:
    """Wait until the Worker was asked to keep a draft with these words, and nothing since."""
    until(
        page,
        "(words) => calls.findLast(({ name }) => name === 'keepDraft')?.ask.draft.includes(words)",
        words,
    )


def begin(page, child: str, words: str) -> None:
    page.get_by_role("textbox", name="Your words").fill(words)
    page.get_by_role("radio", name=child).first.check()


def unlock(page) -> None:
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    page.get_by_role("button", name="Unlock").click()
    arrived(page)


def test_three_taps_and_the_text_are_a_post(new_stage):
    page = new_stage(has_touch=True).page
    arrived(page)
    page.evaluate(ASKS)
    page.evaluate(TAPS)
    page.locator("textarea").tap()
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type(WORDS)
    page.get_by_role("radio", name="Sample B").tap()
    page.get_by_role("button", name="Post to").tap()
    page.get_by_role("button", name="Undo").wait_for()
    assert page.evaluate("() => self.taps") == 3
    [sent] = asks(page, "queue")
    said = {name: value for name, value in sent["draft"].items() if value}
    assert said == {"text": WORDS, "kind": "hunch"}
    # The words left the box once they were in the outbox, and are in no draft any more.
    expect(page.locator("textarea")).to_have_value("")
    assert WORDS not in sent["drafts"]


def test_a_child_is_two_letters_away_and_enter_never_posts(new_stage):
    page = new_stage().page
    page.evaluate(ASKS)
    arrived(page)
    page.get_by_role("textbox", name="Your words").fill(WORDS)
    find(page, "zz", 0)
    page.get_by_text("No child of that name").wait_for(state="attached")
    page.keyboard.press("Enter")
    # Any word of any name; two of one name are told apart; another name is said.
    expect(find(page, "ho", HOUSEHOLDS)).to_contain_text(["household"] * HOUSEHOLDS)
    # What Enter would have asked was asked by now.
    assert asks(page, "cautions") == []
    expect(find(page, "gi", 1)).to_contain_text("known as Gigi")
    one, other = find(page, "sample a", 2).all_inner_texts()
    assert one != other
    # Who leaves the box has chosen nobody; who goes on with Enter has.
    page.keyboard.press("Tab")
    expect(page.locator("[role=option]")).to_have_count(0)
    assert page.locator(".about :checked").count() == 0
    first, second = find(page, "sa", SAMPLES).locator(".name").all_inner_texts()[:2]
    chosen = page.locator("[aria-selected=true] .name")
    expect(chosen).to_have_text(first)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=option]").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".about :checked + span")).to_contain_text(second)
    expect(page.locator("[role=option]")).to_have_count(0)
    # A tap does the same.
    find(page, "gi", 1).click()
    expect(page.locator(".about :checked + span")).to_contain_text("Sample G")
    # Escape is the blind, here as everywhere.
    find(page, "sa", SAMPLES)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show").wait_for()


def test_a_mark_is_one_tap_and_a_second_takes_it_back(new_stage):
    page = new_stage().page
    arrived(page)
    page.evaluate(ASKS)
    begin(page, "Sample B", WORDS)
    for name in ("Told", "Yesterday", "Working well", "Fairly sure", "10"):
        page.get_by_role("radio", name=name, exact=True).click()
    page.get_by_text("10 of 10: safe enough to close").wait_for()
    page.get_by_role("radio", name="Fairly sure").click()
    niggle = page.get_by_role("radio", name="Niggle")
    niggle.focus()
    expect(niggle).to_be_focused()
    page.keyboard.press("Space")
    expect(niggle).to_be_checked()
    well = page.get_by_role("radio", name="Working well")
    well.click()
    expect(well).not_to_be_checked()
    page.get_by_label("Who told you").fill("Invented neighbour")
    press(page, "Post to")
    page.get_by_role("button", name="Undo").wait_for()
    draft = asks(page, "queue")[0]["draft"]
    assert (draft["kind"], draft["sure"], draft["side"]) == ("told", "niggle", "")
    assert (draft["scale"], len(draft["happened"])) == ("10", 10)


def test_what_could_tell_more_than_is_meant_is_asked_once(new_stage):
    page = new_stage().page
    page.evaluate(ASKS)
    begin(page, "Sample G", NOTICED)
    press(page, "Post to")
    asked = page.get_by_role("alert")
    asked.get_by_text("Nothing has been sent yet").wait_for()
    expect(asked).to_contain_text("“07700 900123” looks like a phone number")
    assert page.get_by_label("I have checked").count() == 0
    press(page, "Change it")
    expect(page.get_by_role("textbox", name="Your words")).to_be_focused()
    selected = until(page, "() => getSelection().toString()")
    assert selected in {"14 Sycamore Road", "07700 900123"}
    page.get_by_role("textbox", name="Your words").fill("Rang 07700 900123.")
    press(page, "Post to")
    page.get_by_role("alert").get_by_text("07700 900123").wait_for()
    assert asks(page, "queue") == []
    # What was left as it is on purpose is not asked about again, whatever else is said.
    press(page, "Post as it is")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back").wait_for()
    assert len(asks(page, "queue")) == 1


def test_of_a_protected_family_more_is_asked_than_a_tap(new_stage):
    page = new_stage().page
    page.evaluate(ASKS)
    begin(page, "Sample B", NOTICED)
    press(page, "Post to")
    page.get_by_text("The address of this family is protected").wait_for()
    press(page, "Post as it is")
    page.get_by_text("Tick this if it is so").wait_for()
    assert asks(page, "queue") == []
    page.get_by_label("I have checked: nobody can find this family by it").check()
    press(page, "Post as it is")
    page.get_by_role("button", name="Undo").wait_for()
    assert len(asks(page, "queue")) == 1


def test_words_typed_before_the_keys_are_open_come_after_what_was_kept(new_stage):
    page = new_stage(unlock=False).page
    first = page.get_by_label("What did you notice?")
    first.fill("And again at noon.")
    # Out of sight they are not in the document.
    page.evaluate(HIDE, "hidden")
    expect(first).to_have_value("")
    page.evaluate(HIDE, "visible")
    expect(first).to_have_value("And again at noon.")
    unlock(page)
    box = page.get_by_role("textbox", name="Your words")
    expect(box).to_have_value("And again at noon.")
    box.fill(WORDS)
    press(page, "Lock")
    page.get_by_role("heading", name="Unlock").wait_for()
    page.get_by_label("What did you notice?").fill("And once more.")
    unlock(page)
    expect(box).to_have_value(f"{WORDS}\nAnd once more.")


def test_what_is_typed_is_kept_in_a_moment_with_whom_was_chosen_last(new_stage):
    page = new_stage().page
    arrived(page)
    find(page, "sample c", 1)
    page.keyboard.press("Enter")
    expect(page.locator(".about :checked + span")).to_contain_text("Sample C")
    page.evaluate(ASKS)
    page.clock.install()
    page.get_by_role("textbox", name="Your words").fill(WORDS)
    page.clock.run_for(300)
    kept_draft(page, WORDS)
    page.get_by_role("textbox", name="Your words").fill(f"{WORDS} Quietly.")
    page.evaluate("() => dispatchEvent(new Event('pagehide'))")
    kept_draft(page, "Quietly.")
    # Over a lock the last one chosen stands first.
    page.get_by_role("textbox", name="Your words").fill("")
    press(page, "Lock")
    page.get_by_role("heading", name="Unlock").wait_for()
    unlock(page)
    expect(page.locator(".about .chip").first).to_contain_text("Sample C")
