"""The blind hides and the lock forgets: at once, by themselves, with nothing left in the page."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser import LAPTOP, PHONE
from tests.journeys.people import arrived

pytestmark = pytest.mark.browser

WORDS = "Quieter than last week."
#: Names and words that stand on the stage.
PRIVATE = ("Sample", "Grandmother", "Invented", WORDS)
#: A phone, as far as a page can tell.
HANDHELD = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
#: From a key to an empty document, and, by the browser's own account, to the picture of that.
NOTE_HIDING = """(key) => {
  globalThis.hiding = {};
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.name === "keydown") hiding.painted = entry.duration;
  }).observe({ type: "event", durationThreshold: 16 });
  addEventListener("keydown", (event) => {
    if (event.key !== key) return;
    globalThis.hiding = { painted: -1, empty: -1 };
    const look = () => {
      if (document.querySelector(".post, nav")) requestAnimationFrame(look);
      else hiding.empty = performance.now() - event.timeStamp;
    };
    requestAnimationFrame(look);
  }, true);
}"""
OPEN_A_LIST = """() => { const list = document.createElement("select"); document.body.append(list);
  list.focus(); dispatchEvent(new Event("blur")); list.remove(); }"""
LEAVE = """() => {
  Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange")); }"""
RETURN = """() => {
  delete document.visibilityState; document.dispatchEvent(new Event("visibilitychange")); }"""
NAMES = "() => document.documentElement.outerHTML + document.title"
ALL_TEXT = "return document.body.innerText + document.title"
BLIND_MS = 150
#: Posts on the screen, however many there are.
MOST = 90


def unlock(page):
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    page.get_by_role("button", name="Unlock", exact=True).click()
    arrived(page)


def in_time(new_stage, **options):
    """Stand at the stream, with a clock that the test winds."""
    page = new_stage(unlock=False, **options).page
    page.clock.install()
    page.reload()
    unlock(page)
    return page


def is_open(page):
    """The page stands, neither hidden nor locked."""
    expect(page.locator("nav")).to_be_visible()
    assert page.get_by_role("button", name="Show").count() == 0
    assert page.get_by_role("heading", name="Unlock", exact=True).count() == 0


def is_blind(page):
    """It is hidden, and not locked yet."""
    expect(page.get_by_role("button", name="Show")).to_be_visible()
    assert page.get_by_role("heading", name="Unlock", exact=True).count() == 0


def is_locked(page):
    expect(page.get_by_role("heading", name="Unlock", exact=True)).to_be_visible()


def tree(page):
    """Return all that a screen reader is told, as text."""
    debugger = page.context.new_cdp_session(page)
    return json.dumps(debugger.send("Accessibility.getFullAXTree"))


def quickest(page, key, back):
    """Press a key until the page was empty in time, five times at most: others work here too."""
    debugger = page.context.new_cdp_session(page)
    page.evaluate(NOTE_HIDING, key)
    took = []
    while len(took) < 5 and min(took, default=BLIND_MS) >= BLIND_MS:
        if took:
            back()
        debugger.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.keyboard.press(key)
        html, told = page.evaluate(NAMES), tree(page)
        debugger.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        assert [name for name in PRIVATE if name in html or name in told] == []
        page.wait_for_function("() => hiding.painted >= 0 && hiding.empty >= 0")
        took.append(page.evaluate("() => Math.max(hiding.painted, hiding.empty)"))
    return min(took)


def test_the_blind_empties_a_long_page_on_a_slow_phone_at_once(new_stage, record_property):
    page = new_stage("thousands").page
    page.locator("textarea").first.fill(WORDS)
    # It is drawn in slices.
    expect(page.locator(".post")).to_have_count(MOST)
    page.evaluate("() => getSelection().selectAllChildren(document.body)")
    there = tree(page) + page.evaluate(NAMES)
    assert [name for name in PRIVATE if name not in there] == []

    def show():
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".post")).to_have_count(MOST)

    took = quickest(page, "Escape", show)
    record_property("trial", f"posts={MOST} emptied_ms={took:.0f}")
    assert took < BLIND_MS
    page.get_by_role("button", name="Show").wait_for()
    for place in (tree(page), page.evaluate(NAMES)):
        assert [name for name in PRIVATE if name in place] == []
    expect(page).to_have_title("Hidden")
    assert page.evaluate("() => [history.state, getSelection().toString()]") == [None, ""]
    # What is seen is what is seen where there is nothing to hide.
    expect(page.get_by_role("button", name="Show")).to_be_focused()
    seen = page.screenshot(animations="disabled", caret="hide")
    empty = new_stage("empty").page
    arrived(empty)
    empty.keyboard.press("Escape")
    expect(empty.get_by_role("button", name="Show")).to_be_focused()
    assert seen == empty.screenshot(animations="disabled", caret="hide")
    show()
    expect(page.locator("textarea").first).to_have_value(WORDS)


def test_the_lock_empties_a_long_page_at_once_too(new_stage):
    page = new_stage("thousands").page
    arrived(page)
    page.locator("textarea").first.fill(WORDS)

    def reach():
        expect(page.locator(".post")).to_have_count(MOST)
        page.get_by_role("button", name="Lock").focus()
        expect(page.get_by_role("button", name="Lock")).to_be_focused()

    def come_back():
        unlock(page)
        reach()

    reach()
    assert quickest(page, "Enter", come_back) < BLIND_MS
    page.get_by_role("heading", name="Unlock").wait_for()
    for place in (tree(page), page.evaluate(NAMES)):
        assert [name for name in (*PRIVATE, "Westmere") if name in place] == []


def test_a_phone_hides_whenever_it_is_left_and_locks_when_it_stays_away(new_stage):
    page = in_time(new_stage, **HANDHELD)
    # The list of a field, like the choice of a file, is a window of the page's own.
    page.evaluate(OPEN_A_LIST)
    page.clock.run_for(200)
    is_open(page)
    window, document = "globalThis", "document"
    for at, sign in ((window, "blur"), (window, "pagehide"), (document, "freeze")):
        # In the same moment, before any picture of it could be taken.
        text = page.evaluate(f"() => {{ {at}.dispatchEvent(new Event('{sign}')); {ALL_TEXT} }}")
        assert text == "Hidden"
        page.clock.run_for(200)
        page.get_by_role("button", name="Show").click()
        page.clock.run_for(200)
        is_open(page)
    page.evaluate(LEAVE)
    page.clock.run_for(4 * 60 * 1000)
    page.evaluate(RETURN)
    page.clock.run_for(4 * 60 * 1000)
    is_blind(page)
    page.evaluate(LEAVE)
    page.clock.run_for(2 * 60 * 1000)
    is_locked(page)


def test_a_laptop_hides_on_being_left_only_if_that_was_chosen(new_stage):
    page = in_time(new_stage, viewport=LAPTOP)
    page.evaluate("() => dispatchEvent(new Event('blur'))")
    page.evaluate(LEAVE)
    page.clock.run_for(200)
    is_open(page)
    page.evaluate(RETURN)
    page.evaluate("() => { location.hash = '#/me' }")
    page.get_by_label("Hide whenever another window").check()
    page.get_by_label("Lock when out of sight for").select_option("1")
    # Locked and unlocked, it is still chosen.
    page.get_by_role("button", name="Lock").click()
    page.clock.run_for(200)
    unlock(page)
    page.clock.run_for(200)
    expect(page.get_by_label("Hide whenever another window")).to_be_checked()
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.evaluate("() => dispatchEvent(new Event('blur'))")
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    page.clock.run_for(200)
    is_open(page)
    page.evaluate("() => dispatchEvent(new Event('blur'))")
    page.clock.run_for(200)
    is_blind(page)
    page.clock.run_for(70_000)
    is_locked(page)


def test_a_hand_on_a_device_that_slept_too_long_finds_it_locked(new_stage):
    page = in_time(new_stage)
    asleep = "(ms) => { const was = Date.now; Date.now = () => was() + ms }"
    page.evaluate(asleep, 14 * 60 * 1000)
    page.mouse.move(5, 5)
    page.clock.run_for(200)
    is_open(page)
    page.evaluate(asleep, 16 * 60 * 1000)
    page.mouse.move(9, 9)
    page.clock.run_for(200)
    is_locked(page)
    # A clock that was set back gives no more time either.
    unlock(page)
    page.evaluate(asleep, -60 * 60 * 1000)
    page.clock.run_for(16 * 60 * 1000)
    is_locked(page)


def test_hidden_by_hand_it_locks_after_five_minutes_even_out_of_sight(new_stage):
    page = in_time(new_stage, **HANDHELD)
    # From here on no time passes but what the test winds.
    page.clock.pause_at(page.evaluate("() => Date.now()") / 1000 + 1)
    page.get_by_role("button", name="Hide").click()
    page.evaluate(LEAVE)
    page.clock.run_for((5 * 60 - 10) * 1000)
    is_blind(page)
    page.clock.run_for(20_000)
    is_locked(page)
