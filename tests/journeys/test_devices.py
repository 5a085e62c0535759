"""What the screens of devices promise by themselves, whatever the Worker does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.touching import (
    LETTERS,
    NOTE_CALLS,
    PASSPHRASE,
    SHEET,
    arrive,
    heading,
    press,
)

pytestmark = pytest.mark.browser


def see_my_devices(stage):
    """Go to Me; by the time the devices stand there, what was being done with one is put away."""
    stage.go("#/me", "Me")
    stage.page.get_by_role("link", name="Lost? council laptop").wait_for()


def test_a_device_that_is_not_in_front_of_its_owner_is_not_let_in(new_stage):
    stage = new_stage(path="/#/me/link")
    page = stage.page
    page.evaluate(NOTE_CALLS)
    page.get_by_label("The twenty letters").fill(LETTERS)
    press(stage, "Continue")
    page.get_by_text("Nobody ever needs you to do this for them").wait_for()
    for words in ("Somewhere else", "For good"):
        expect(page.get_by_label(words)).not_to_be_checked()
        page.get_by_label(words).check()
    press(stage, "Let it in")
    page.get_by_text("Do not let it in").first.wait_for()
    assert "letIn" not in page.evaluate("() => globalThis.asked")


@pytest.mark.parametrize(
    ("scenario", "path", "words"),
    [
        ("normal", "/link#7K2M9QXR4BTV0HJN5CDE", "You have opened the code of a new device"),
        ("fresh", "/link#7K2M9QXR4BTV0HJN5CDE", "There are no keys on this device"),
        ("fresh", "/recover#c2VjcmV0", "The sheet opens."),
    ],
)
def test_what_a_code_says_leaves_the_address_and_the_history(new_stage, scenario, path, words):
    page = new_stage(scenario, path, unlock=False).page
    page.get_by_text(words).wait_for()
    secret = path.partition("#")[2]
    assert secret not in page.url
    page.goto("about:blank")
    page.go_back()
    expect(page.locator("h1")).not_to_have_text(re.compile("microblog|Starting|Opening"))
    assert secret not in page.url


def test_the_code_of_a_new_device_leads_to_the_question_once_unlocked(new_stage):
    stage = new_stage("normal", "/link#7K2M9QXR4BTV0HJN5CDE", unlock=False)
    stage.page.get_by_role("textbox", name="Passphrase").fill(PASSPHRASE)
    press(stage, "Unlock")
    heading(stage, "Let this device in?")
    expect(stage.page.locator(".fours")).to_have_text(LETTERS)
    # And it is asked once: what stood in the address is not used again.
    see_my_devices(stage)
    stage.go("#/me/link", "Link another device")
    expect(stage.page.get_by_label("The twenty letters")).to_have_value("")


def test_the_sheet_is_one_page_and_nothing_else_is_on_it(new_stage):
    page = new_stage(path="/#/me/sheet").page
    page.locator(".paper").wait_for()
    page.emulate_media(media="print")
    for what in ("header", "h1", "nav", "main .button", ".back"):
        expect(page.locator(what)).not_to_have_count(0)
        expect(page.locator(what).first).to_be_hidden()
    for words in (*SHEET.split(), "Invented Asha", "https://practice.example/recover", "Locked"):
        expect(page.locator(".paper")).to_contain_text(words, use_inner_text=True)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", printed)) == 1
    assert b"/MediaBox [0 0 594" in printed


@pytest.mark.parametrize("colours", ["dark", "light"])
def test_a_code_is_black_on_white_whatever_the_colours_of_the_page(new_stage, colours):
    page = new_stage(path="/#/me/sheet").page
    page.emulate_media(color_scheme=colours)
    code = page.locator(".qr")
    code.wait_for()
    drawn = code.evaluate(
        "(one) => [getComputedStyle(one).fill, getComputedStyle(one).backgroundColor]"
    )
    assert drawn == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    # A camera needs some pixels for each module, and the quiet zone around them.
    box, modules = code.bounding_box(), int(code.get_attribute("viewBox").split()[2])
    assert box["width"] / modules >= 3


def test_a_sheet_does_not_count_before_two_groups_are_typed_back(new_stage):
    stage = new_stage("nosheet", "/#/me/sheet")
    page = stage.page
    page.evaluate(NOTE_CALLS)
    press(stage, "I have it on paper")
    heading(stage, "Type two groups from the paper")
    assert not [group for group in SHEET.split() if group in page.content()]
    page.get_by_label("Group 3").fill("0ABC")
    page.get_by_label("Group 7").fill("ZZ1F")
    press(stage, "Check it")
    page.get_by_text("Group 7 is not what the sheet says").first.wait_for()
    assert "keepSheet" not in page.evaluate("() => globalThis.asked")
    page.get_by_label("Group 7").fill("zz1e")
    press(stage, "Check it")
    page.get_by_role("heading", name="My devices").wait_for()
    assert page.get_by_text("You have no recovery sheet.").count() == 0
    expect(page.get_by_role("link", name="Recovery sheet of")).to_have_count(1)


@pytest.mark.parametrize(("scenario", "later"), [("fresh", False), ("failing-fresh", True)])
def test_joining_has_the_sheet_for_a_step_that_waits_only_where_it_fails(
    new_stage, scenario, later
):
    stage = new_stage(scenario, "/join#c2VjcmV0", unlock=False)
    page = stage.page
    page.get_by_label("The eight letters").fill("ABCD EFGH")
    for button in ("Open the invitation", "Yes, this is me", "I have read this"):
        press(stage, button)
    page.get_by_label("Only I use it").check()
    page.get_by_label("What to call this device").fill("work phone")
    for button in ("Use this one", "Join"):
        press(stage, button)
    heading(stage, "Your recovery sheet")
    page.locator(".notice" if later else ".paper").wait_for()
    expect(page.get_by_role("button", name="Go on without it")).to_have_count(int(later))
    if later:
        press(stage, "Go on without it")
        page.locator("nav").wait_for()


def test_a_device_for_a_shift_ends_by_itself(new_stage):
    page = new_stage("shift", unlock=False).page
    page.clock.install()
    page.reload()
    page.get_by_role("textbox", name="Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.locator("textarea").wait_for()
    page.clock.run_for(11 * 60 * 1000)
    page.get_by_text("It was linked until").wait_for()
    assert "Sample" not in page.content()


def test_what_was_begun_on_a_device_whose_time_is_over_can_still_be_copied(new_stage):
    page = new_stage("ended").page
    page.get_by_text("Quieter than last week.").wait_for()
    page.get_by_role("button", name="Remove the keys").click()
    page.get_by_role("heading", name="Open a key file").wait_for()


def test_a_keeper_lets_in_again_with_one_tap_everyone_with_the_role_they_had(new_stage):
    stage = new_stage("returned", "/#/children")
    page = stage.page
    notice = page.get_by_role("region", name="Invented Hana is back")
    expect(notice).to_contain_text("Ring them first")
    expect(notice).to_contain_text("Sample G, as follower")
    page.evaluate(
        """() => { const send = Worker.prototype.postMessage; globalThis.grants = [];
          Worker.prototype.postMessage = function (call) {
            if (call.name === "grantMany") globalThis.grants.push(call.ask);
            return send.call(this, call); }; }"""
    )
    press(stage, "Let in again on all 2")
    page.wait_for_function("() => globalThis.grants.length === 2")
    grants = page.evaluate("() => globalThis.grants.map(({ role, logs }) => [role, logs])")
    assert grants == [["follower", ["GGGG"]], ["supervisor", ["NNNN"]]]


def test_who_is_invited_anew_has_their_old_keys_shut_out_first(new_stage):
    stage = new_stage(path="/#/people/anew/p2")
    page = stage.page
    page.evaluate(NOTE_CALLS)
    expect(page.get_by_label("Name")).to_have_value("Invented Ben")
    press(stage, "Make the invitation")
    page.locator(".letters").wait_for()
    asked = page.evaluate("() => globalThis.asked")
    assert [one for one in asked if one in {"changePerson", "invite"}] == ["changePerson", "invite"]


def test_hiding_takes_neither_the_sheet_nor_the_device_that_is_let_in_away(new_stage):
    stage = new_stage(path="/#/me/sheet")
    page = stage.page
    page.locator(".paper").wait_for()
    page.evaluate(NOTE_CALLS)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show").wait_for()
    assert not [group for group in SHEET.split() if group in page.content()]
    press(stage, "Show")
    page.locator(".paper").wait_for()
    arrive(page, "Your recovery sheet")
    assert "draftSheet" not in page.evaluate("() => globalThis.asked")
    see_my_devices(stage)
    stage.go("#/me/sheet", "Your recovery sheet")
    page.locator(".paper").wait_for()
    assert "draftSheet" in page.evaluate("() => globalThis.asked")
    stage.go("#/me/link", "Link another device")
    page.get_by_label("The twenty letters").fill(LETTERS)
    press(stage, "Continue")
    heading(stage, "Let this device in?")
    page.keyboard.press("Escape")
    press(stage, "Show")
    heading(stage, "Let this device in?")
