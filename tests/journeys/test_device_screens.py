"""The screens of devices are fit to be used by anyone, with a finger or the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.touching import LETTERS, SHEET, arrive, fit, heading, press, tab_to

pytestmark = pytest.mark.browser

#: Have a new device hear of nothing until it goes on, however long its code is looked at.
HOLD_LOOKS = """() => { const send = Worker.prototype.postMessage; const held = [];
  Worker.prototype.postMessage = function (call) {
    if (call.name !== "linked" || !globalThis.goOn) return send.call(this, call);
    held.push(() => send.call(this, call)); };
  globalThis.goOn = () => { delete globalThis.goOn; for (const look of held) look(); }; }"""


def test_nothing_is_wrong_with_the_screens_of_ones_own_devices(new_stage):
    stage = new_stage(path="/#/me")
    heading(stage, "Me")
    stage.page.get_by_text("No longer good").click()
    stage.look_over("my devices")
    stage.go("#/me/devices/d1", "work phone")
    stage.look_over("this device")
    stage.go("#/me/devices/d5", "duty desk")
    stage.look_over("a device whose time is over")
    stage.go("#/me/devices/nothing", "Device")
    stage.page.get_by_text("There is no such device.").wait_for()
    stage.look_over("no device")
    stage.go("#/me/devices/d2", "council laptop")
    press(stage, "Shut out")
    stage.page.get_by_text("There is a problem").wait_for()
    stage.look_over("shutting out, with a mistake")
    stage.page.get_by_label("Yesterday").check()
    press(stage, "Shut out")
    stage.page.get_by_text("It is shut out.").wait_for()
    stage.look_over("shut out")
    fit(stage)


def test_nothing_is_wrong_with_the_screens_that_let_a_device_in(new_stage):
    stage = new_stage(path="/#/me/link")
    stage.page.get_by_label("The twenty letters").fill("7K2M")
    press(stage, "Continue")
    stage.page.get_by_text("There is a problem").wait_for()
    stage.look_over("letters, with a mistake")
    stage.page.get_by_label("The twenty letters").fill(LETTERS)
    press(stage, "Continue")
    heading(stage, "Let this device in?")
    stage.page.get_by_label("Somewhere else").check()
    press(stage, "Let it in")
    stage.page.get_by_text("There is a problem").wait_for()
    stage.look_over("who is let in, with a mistake")
    stage.page.get_by_label("In front of me").check()
    stage.page.get_by_label("For 8 hours").check()
    press(stage, "Let it in")
    heading(stage, "It is in")
    stage.look_over("let in")
    fit(stage)


def test_nothing_is_wrong_with_the_screens_of_the_sheet(new_stage):
    stage = new_stage(path="/#/me/sheet")
    stage.page.locator(".paper").wait_for()
    stage.look_over("the sheet")
    press(stage, "I have it on paper")
    press(stage, "Check it")
    stage.page.get_by_text("There is a problem").wait_for()
    stage.look_over("typing back, with mistakes")
    fit(stage)
    stage = new_stage("failing", "/#/me/sheet")
    stage.page.get_by_text("could not be made now").wait_for()
    stage.look_over("no sheet now")
    fit(stage)
    stage = new_stage("nosheet")
    stage.page.get_by_text("You have no recovery sheet.").wait_for()
    stage.look_over("no sheet at all")
    fit(stage)


def test_nothing_is_wrong_with_the_screens_of_a_new_device(new_stage):
    stage = new_stage("linked", "/link", unlock=False)
    press(stage, "Show the code")
    stage.page.get_by_text("There is a problem").wait_for()
    stage.look_over("the name of a new device, missing")
    stage.page.get_by_label("What to call").fill("council laptop")
    stage.page.evaluate(HOLD_LOOKS)
    press(stage, "Show the code")
    heading(stage, "Now take your other device")
    stage.look_over("the code of a new device")
    stage.page.evaluate("() => globalThis.goOn()")
    heading(stage, "Your keys on this device")
    press(stage, "Finish")
    stage.page.get_by_text("There is a problem").wait_for()
    stage.look_over("keys on a new device, with mistakes")
    fit(stage)


def test_nothing_is_wrong_with_the_screens_of_coming_back(new_stage):
    stage = new_stage("fresh", "/recover", unlock=False)
    stage.page.get_by_label("The nine groups").fill("WRONG" + "A" * 31)
    press(stage, "Continue")
    stage.page.get_by_text("These letters do not fit.").wait_for()
    stage.look_over("a sheet mistyped")
    stage.page.get_by_label("The nine groups").fill(SHEET)
    press(stage, "Continue")
    heading(stage, "Which devices are lost?")
    press(stage, "Continue")
    stage.page.get_by_text("There is a problem").wait_for()
    stage.look_over("which are lost, with a mistake")
    stage.page.get_by_label("council laptop").check()
    press(stage, "Continue")
    heading(stage, "Your keys on this device")
    stage.look_over("keys after a loss")
    stage.page.get_by_label("What to call").fill("new phone")
    stage.page.get_by_label("Keep my keys").check()
    press(stage, "Use this one")
    press(stage, "Bring me back")
    heading(stage, "You are back")
    stage.look_over("back")
    fit(stage)


def test_nothing_is_wrong_with_the_screens_of_a_colleagues_devices(new_stage):
    stage = new_stage(path="/#/people/p2")
    stage.page.get_by_text("Has lost everything").wait_for()
    stage.look_over("a colleague's devices")
    stage.go("#/people/p2/devices/e1", "school laptop")
    stage.page.get_by_text("Their other devices go on").wait_for()
    stage.look_over("shutting out a colleague's")
    for who, name in (("p2", "Invented Ben"), ("p8", "Invented Hana")):
        stage.go(f"#/people/anew/{who}", f"Invite {name} anew")
        stage.look_over(f"inviting anew {who}")
    fit(stage)


@pytest.mark.parametrize(
    ("scenario", "path", "words", "unlock"),
    [
        ("fresh", "/link#7K2M9QXR4BTV0HJN5CDE", "There are no keys on this device", False),
        ("normal", "/link#7K2M9QXR4BTV0HJN5CDE", "You have opened the code", False),
        ("normal", "/recover", "The passphrase is forgotten", False),
        ("ended", "/", "It was linked until", True),
        ("shutout", "/", "This device has been shut out", True),
        ("changing", "/#/child/AAAA", "Keys are being changed.", True),
        ("returned", "/#/children", "is back with new keys", True),
        ("lostall", "/#/people/p2", "No device and no recovery sheet is left", True),
    ],
)
def test_nothing_is_wrong_with_any_other_screen_of_devices(
    new_stage, scenario, path, words, unlock
):
    stage = new_stage(scenario, path, unlock=unlock)
    stage.page.get_by_text(words).first.wait_for()
    stage.look_over(f"{scenario} {path}")
    fit(stage)


# The keyboard alone.


def test_a_device_is_shut_out_with_the_keyboard_alone(new_stage):
    page = new_stage(path="/#/me").page
    arrive(page, "Me")
    page.get_by_role("link", name="Lost? council laptop").wait_for()
    tab_to(page, "Lost? council laptop")
    page.keyboard.press("Enter")
    arrive(page, "council laptop")
    tab_to(page, "I still have it")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Shut out council laptop")
    page.keyboard.press("Enter")
    page.get_by_text("It is shut out.").wait_for()


def test_a_device_is_let_in_with_the_keyboard_alone(new_stage):
    page = new_stage(path="/#/me").page
    arrive(page, "Me")
    tab_to(page, "Link another device")
    page.keyboard.press("Enter")
    arrive(page, "Link another device")
    tab_to(page, "The twenty letters")
    page.keyboard.type(LETTERS.lower())
    page.keyboard.press("Enter")
    arrive(page, "Let this device in?")
    tab_to(page, "In front of me")
    page.keyboard.press("Space")
    tab_to(page, "For good")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="It is in").wait_for()


def test_a_sheet_is_made_and_used_with_the_keyboard_alone(new_stage):
    page = new_stage(path="/#/me/sheet").page
    page.locator(".paper").wait_for()
    arrive(page, "Your recovery sheet")
    tab_to(page, "I have it on paper")
    page.keyboard.press("Enter")
    arrive(page, "Type two groups")
    for at, group in (("Group 3", "oabc"), ("Group 7", "zz1e")):
        tab_to(page, at)
        page.keyboard.type(group)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="My devices").wait_for()
    expect(page.get_by_role("link", name="Recovery sheet of")).to_have_count(2)
