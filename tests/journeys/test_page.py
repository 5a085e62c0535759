"""What the page promises by itself, whatever the Worker does."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, until

pytestmark = pytest.mark.browser

WORDS = "Quieter than last week."


def unlock(page):
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    page.get_by_role("button", name="Unlock", exact=True).click()
    page.locator("nav").wait_for()


def in_time(new_stage, scenario="normal"):
    """Stand at the stream, with a clock that stands still until the test winds it."""
    page = new_stage(scenario, unlock=False).page
    page.clock.install()
    page.reload()
    unlock(page)
    page.clock.pause_at(page.evaluate("() => Date.now()") / 1000 + 60)
    # From here on it is untouched.
    page.keyboard.press("Shift")
    return page


def test_a_post_takes_three_taps_and_the_text(new_stage):
    page = new_stage().page
    page.get_by_role("radio", name="Sample B").check()
    page.locator("textarea").click()
    page.keyboard.type(WORDS)
    page.get_by_role("button", name="team (1)").click()
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("Posted to Sample B").wait_for()
    page.locator(".post-text", has_text=WORDS).wait_for()
    expect(page.locator(".post-text").first).to_have_text(WORDS)


def test_whom_the_device_has_only_now_heard_of_is_one_tap_too(new_stage):
    page = new_stage("arriving").page
    page.get_by_role("radio", name="Sample B").wait_for()
    expect(page.locator(".about .chip")).to_have_count(5)


def test_a_post_needs_no_mouse(new_stage):
    page = new_stage().page
    page.locator("h1").focus()
    page.keyboard.press("Tab")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type(WORDS)
    # A child by two letters; then past what may be marked, to the button.
    page.keyboard.press("Tab")
    find = page.get_by_role("combobox", name="Find a child")
    expect(find).to_be_focused()
    page.keyboard.type("sa")
    first, second = (page.get_by_role("option").nth(at) for at in range(2))
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Post to").wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.type") == "submit":
            break
    else:
        raise AssertionError("the Tab key does not reach the button that posts")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send now").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Posted to").wait_for()


def test_nobody_is_chosen_until_the_writer_chooses(new_stage):
    page = new_stage().page
    page.locator("textarea").fill(WORDS)
    page.get_by_role("button", name="Post", exact=True).click()
    link = page.get_by_role("link", name="Choose which child this is about")
    expect(page.locator(".error-summary")).to_be_focused()
    link.click()
    expect(page.locator("[name=about]").first).to_be_focused()
    expect(page.locator("[name=about]:checked")).to_have_count(0)


def test_who_can_read_it_and_that_nobody_is_on_duty_stand_by_the_button(new_stage):
    page = new_stage(path="/#/child/AAAA").page
    page.locator("textarea").focus()
    composer = page.locator(".composer")
    expect(composer).to_contain_text("7 people in 4 agencies can read this", use_inner_text=True)
    composer.locator("summary").click()
    for name in ("Invented Asha", "Invented Gil", "نورة المخترعة"):
        expect(composer).to_contain_text(name, use_inner_text=True)
    duty = composer.locator(".duty")
    words = "Nobody is on duty here. Danger now: 999. This is not a referral: ring"
    expect(duty).to_have_text(re.compile(f"^{words}"), use_inner_text=True)
    expect(duty).to_contain_text("01632 960 000", use_inner_text=True)


def test_who_is_new_on_the_team_is_named_before_anything_is_sent(new_stage):
    page = new_stage("newcomers").page
    page.get_by_role("radio", name="Sample A").first.check()
    page.locator("textarea").fill(WORDS)
    page.get_by_role("button", name="Post to").click()
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("Nothing has been sent").wait_for()
    expect(page.locator(".notice li")).to_have_text(re.compile("^Invented Gil"))
    expect(page.locator(".outgoing-text")).to_have_text(WORDS)
    expect(page.locator(".post-text", has_text=WORDS)).to_have_count(0)
    page.get_by_role("button", name="Yes, post to all 7").click()
    page.get_by_text("team (7).").wait_for()


def test_a_post_that_was_not_sent_keeps_its_words(new_stage):
    stage = new_stage("failing")
    page = stage.page
    page.get_by_role("radio", name="Sample B").check()
    page.locator("textarea").fill(WORDS)
    page.get_by_role("button", name="Post to").click()
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("goes by itself as soon as the server can be reached").wait_for()
    stage.go("#/me", "Me")
    stage.go("#/")
    expect(page.locator(".outgoing-text")).to_have_text(WORDS)
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("heading", name="1 post is not yet sent").wait_for(state="detached")
    expect(page.locator("textarea")).to_have_value(WORDS)


def test_hiding_empties_the_document_and_one_tap_brings_it_back(new_stage):
    page = new_stage().page
    page.locator("textarea").fill(WORDS)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show").wait_for()
    html = page.evaluate("() => document.documentElement.outerHTML + document.title")
    assert not [word for word in ("Sample", "Grandmother", "Invented", WORDS) if word in html]
    page.get_by_role("button", name="Show").click()
    expect(page.locator("textarea")).to_have_value(WORDS)


def test_locking_leaves_nothing_in_the_page_and_says_what_was_not_sent(new_stage):
    page = new_stage().page
    page.locator("textarea").fill(WORDS)
    page.get_by_role("button", name="Lock").click()
    page.get_by_role("heading", name="Unlock").wait_for()
    page.get_by_text("was not sent. It is kept on this device, sealed").wait_for()
    html = page.evaluate("() => document.documentElement.outerHTML + document.title")
    assert not [word for word in ("Sample", "Grandmother", "Westmere", WORDS) if word in html]


@pytest.mark.parametrize(("hidden", "minutes"), [(True, 5), (False, 15)])
def test_it_locks_by_itself(new_stage, hidden, minutes):
    page = in_time(new_stage)
    if hidden:
        page.keyboard.press("Escape")
        page.clock.run_for(200)
        page.get_by_role("button", name="Show").wait_for()
    page.clock.run_for((minutes * 60 - 10) * 1000)
    assert page.get_by_role("heading", name="Unlock").count() == 0
    page.clock.run_for(20_000)
    page.get_by_role("heading", name="Unlock").wait_for()


def test_a_post_begun_comes_back_after_the_app_locked_by_itself(new_stage):
    page = new_stage(unlock=False).page
    page.clock.install()
    page.reload()
    unlock(page)
    expect(page.locator("textarea")).to_have_value("")
    page.locator("textarea").fill(WORDS)
    page.clock.run_for(16 * 60 * 1000)
    page.get_by_text("sealed, and comes back when you unlock").wait_for()
    assert WORDS not in page.content()
    unlock(page)
    expect(page.locator("textarea")).to_have_value(WORDS)
    page.get_by_role("radio", name="Sample B").check()
    page.get_by_role("button", name="Post to").click()
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("Posted to Sample B").wait_for()
    page.get_by_role("button", name="Lock").click()
    unlock(page)
    page.locator(".composer").wait_for()
    expect(page.locator("textarea")).to_have_value("")


def test_the_lock_minutes_chosen_are_there_after_unlocking(new_stage):
    stage = new_stage()
    page = stage.page
    stage.go("#/me", "Me")
    page.get_by_label("Lock when untouched for").select_option("5")
    page.get_by_role("button", name="Lock").click()
    page.get_by_role("heading", name="Unlock").wait_for()
    unlock(page)
    expect(page.locator("h1", has_text=re.compile("^Me$"))).to_be_focused()
    expect(page.get_by_label("Lock when untouched for")).to_have_value("5")


#: Notes when news is asked for, and what waits for an answer; the time by chance that comes off
#: each pause is none.
REFRESHES = """() => { const send = Worker.prototype.postMessage; globalThis.asked = [];
  const waiting = globalThis.waiting = new Set();
  Math.random = () => 0;
  Worker.prototype.postMessage = function (call) {
    if (!this.heard) this.addEventListener("message", ({ data }) => waiting.delete(data.id));
    this.heard = true;
    waiting.add(call.id);
    if (["news", "refresh"].includes(call.name)) globalThis.asked.push(Date.now());
    return send.call(this, call); }; }"""


@pytest.mark.parametrize(("scenario", "most"), [("offline", 300), ("normal", 20)])
def test_it_asks_ever_more_rarely_while_the_server_is_out_of_reach(new_stage, scenario, most):
    page = in_time(new_stage, scenario)
    page.evaluate(REFRESHES)
    gaps: list[float] = []
    for _ in range(500):
        if len(gaps) == 8:
            break
        page.clock.run_for(5_000)
        until(page, "() => globalThis.waiting.size === 0")
        page.mouse.move(len(gaps), 5)
        asked = page.evaluate("() => globalThis.asked")
        gaps = [(b - a) / 1000 for a, b in pairwise(asked)]
    assert len(gaps) == 8
    assert most <= gaps[-1] <= most + 10, gaps
    page.evaluate("() => dispatchEvent(new Event('online'))")
    # At once, if the newest attempt was no moment ago, and from then on at the usual pace.
    for _ in range(5):
        page.clock.run_for(5_000)
        until(page, "() => globalThis.waiting.size === 0")
    assert len(page.evaluate("() => globalThis.asked")) > len(asked)


def test_a_phone_that_turns_away_is_hidden_at_once(new_stage):
    page = new_stage(viewport=PHONE, has_touch=True, is_mobile=True).page
    page.evaluate(
        """() => { Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
          document.dispatchEvent(new Event("visibilitychange")); }"""
    )
    page.get_by_role("button", name="Show").wait_for()
    assert "Sample" not in page.content()


def test_the_secret_of_a_link_leaves_the_address_and_the_history(new_stage):
    page = new_stage("fresh", "/join#c2VjcmV0", unlock=False).page
    page.get_by_role("heading", name="You have been invited").wait_for()
    assert "c2VjcmV0" not in page.url
    page.goto("about:blank")
    page.go_back()
    page.get_by_role("heading", name="Open the link again").wait_for()
    assert "c2VjcmV0" not in page.url


@pytest.mark.parametrize(
    ("scenario", "path", "words"),
    [
        ("rolledback", "/#/child/AAAA", "an older state than this device has already seen"),
        ("forked", "/", "is not the one your colleagues have"),
    ],
)
def test_trouble_cannot_be_put_away_and_stops_the_post(new_stage, scenario, path, words):
    page = new_stage(scenario, path).page
    alarm = page.locator(".notice.alarm")
    expect(alarm).to_contain_text(words)
    expect(alarm.locator("button, a")).to_have_count(0)
    if scenario == "rolledback":
        page.locator("textarea").focus()
        page.get_by_text("Nothing can be posted here until this is put right.").wait_for()
        expect(page.get_by_role("button", name="Post to")).to_have_count(0)


def test_what_is_missing_is_named_and_whom_to_ask(new_stage):
    page = new_stage("missing", unlock=False).page
    page.get_by_role("heading", name="This browser cannot run the app").wait_for()
    for words in ("WebAssembly", "Storage", "IT service desk", "999"):
        expect(page.locator("main")).to_contain_text(words, use_inner_text=True)


def test_without_scripts_the_page_says_so(new_stage):
    page = new_stage(unlock=False, java_script_enabled=False).page
    words = "JavaScript is switched off"
    expect(page.locator("main")).to_contain_text(words, use_inner_text=True)


def test_what_people_write_is_never_markup(new_stage):
    stage = new_stage("hostile")
    places = ["#/", "#/children", "#/child/AAAA", "#/child/AAAA/team", "#/child/AAAA/post/12"]
    family = ["#/child/GGGG", "#/child/NNNN", "#/child/GGGG/about", "#/child/GGGG/move"]
    teams = ["#/child/GGGG/team", "#/child/NNNN/team/add", "#/children/hand-over", "#/people/p8"]
    keeping = [f"#/child/{log}/keeping" for log in ("DDDD", "GGGG", "NNNN")]
    for place in [
        *places,
        *family,
        *teams,
        *keeping,
        "#/child/DDDD",
        "#/child/GGGG/take-out",
        "#/child/AAAA/picture/print",
        "#/people/retention",
        "#/people/witnesses",
        "#/people",
        "#/people/p2",
        "#/people/numbers",
        "#/me",
        "#/me/devices/d2",
    ]:
        stage.go(place)
        assert stage.page.locator("img, script:not([src]), main svg:not([class])").count() == 0
    assert stage.page.evaluate("() => globalThis.ran") is None
    assert stage.profile.complaints == []
