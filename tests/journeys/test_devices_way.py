"""Devices on the real server, with real keys: linked, stolen, lost, and brought back from paper."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.browser import LAPTOP
from tests.journeys.people import LOOKED_AT, Visitor

pytestmark = pytest.mark.browser

#: Keep the link that stands in a code, which a camera would read.
NOTE_LINKS = """(() => {
  const { set } = Object.getOwnPropertyDescriptor(Worker.prototype, "onmessage");
  Object.defineProperty(Worker.prototype, "onmessage", {
    set(hear) {
      set.call(this, (event) => {
        const { link } = event.data.answer ?? {};
        // Every string has a method of that name.
        if (typeof link === "string") globalThis.scanned = link;
        hear(event);
      });
    },
  });
})()"""
SCANNED = "() => globalThis.scanned"
TWO_MINUTES = 120


def link(new: Visitor, old: Visitor, origin: str, name: str) -> None:
    """Link a device by typing alone."""
    old.let_in(new.ask_to_link(origin, name))
    new.settle_in("Finish")
    new.page.locator("nav").wait_for()


def test_a_stolen_laptop_is_shut_out_and_work_goes_on(new_profile, server, asha, ben):
    asha.begin("Sample A")
    asha.add("Invented Ben, class teacher")
    asha.post("Quieter than last week.")
    laptop = Visitor(new_profile(viewport=LAPTOP))
    link(laptop, asha, server.origin, "council laptop")
    laptop.open_child("Sample A")
    laptop.post("Written on the laptop.")

    asha.shut_out("council laptop", "In the last hour")
    asha.sees_news("have been changed")
    asha.follow("Carry on")
    asha.open_child("Sample A")
    asha.post("Spoke to her grandmother.")
    ben.open_child("Sample A")
    ben.sees_news("Spoke to her grandmother.")
    ben.page.locator(".post-text", has_text="Written on the laptop.").wait_for()
    expect(ben.page.get_by_text("Doubtful")).to_have_count(1)

    laptop.page.evaluate(LOOKED_AT)
    laptop.sees_news("The server no longer knows this device.")
    laptop.page.reload()
    laptop.unlock()
    laptop.sees_news("The server no longer knows this device.")
    laptop.reads(["Written on the laptop.", "Quieter than last week."])
    assert "Spoke to her grandmother." not in laptop.page.content()
    for visitor in (asha, ben):
        assert visitor.profile.complaints == []


def test_a_phone_links_a_laptop_by_its_camera(new_profile, server, asha):
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    laptop = Visitor(new_profile(viewport=LAPTOP))
    laptop.page.add_init_script(NOTE_LINKS)
    letters = laptop.ask_to_link(server.origin, "council laptop")
    # The camera opens the link in the phone's own browser.
    camera = asha.page.context.new_page()
    camera.goto(laptop.page.evaluate(SCANNED))
    phone = Visitor(asha.profile, asha.passphrase)
    phone.profile.page = camera
    phone.page.get_by_role("textbox", name="Passphrase").fill(asha.passphrase)
    phone.press("Unlock")
    phone.page.get_by_role("heading", name="Let this device in?").wait_for()
    expect(phone.page.locator(".fours")).to_have_text(" ".join(letters.split()))
    phone.decide("For 8 hours")
    laptop.settle_in("Finish")
    laptop.page.locator("nav").wait_for()
    laptop.sees("Quieter than last week.")
    laptop.visit("Me")
    laptop.sees("Until")
    assert laptop.profile.complaints == []


def test_from_a_lost_phone_to_reading_again_with_the_sheet_alone(new_profile, server, asha):
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    began = time.monotonic()
    phone = Visitor(new_profile())
    phone.page.goto(f"{server.origin}/recover")
    phone.page.get_by_label("The nine groups").fill(" ".join(asha.sheet).lower())
    phone.press("Continue")
    phone.come_back("work phone", "new phone")
    phone.sees("Quieter than last week.")
    assert time.monotonic() - began < TWO_MINUTES
    phone.open_child("Sample A")
    phone.post("Written on the new phone.")
    phone.visit("Me")
    phone.page.get_by_text("No longer good").click()
    phone.sees("Shut out")

    asha.page.evaluate(LOOKED_AT)
    asha.sees_news("The server no longer knows this device.")
    assert "Written on the new phone." not in asha.page.content()
    # What was made of it works by itself: locked and unlocked, it reads on.
    phone.page.reload()
    phone.unlock()
    phone.open_child("Sample A")
    phone.sees("Written on the new phone.")
    assert phone.profile.complaints == []


def test_the_code_on_the_sheet_brings_back_after_a_forgotten_passphrase(new_profile, server):
    asha = Visitor(new_profile())
    asha.page.add_init_script(NOTE_LINKS)
    asha.found(server.founding_link(), "Invented Asha")
    sheet = asha.page.evaluate(SCANNED)
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    # On the same phone, whose passphrase is forgotten: its keys are removed first.
    asha.page.goto(sheet)
    asha.press("Remove the keys here and use the sheet")
    asha.come_back("work phone", "same phone")
    asha.sees("Quieter than last week.")
    assert asha.profile.complaints == []


def test_who_lost_everything_is_invited_anew_and_let_in_again_with_one_tap(new_profile, asha, ben):
    asha.begin("Sample A")
    asha.add("Invented Ben, class teacher")
    asha.post("Quieter than last week.")
    ben.open_child("Sample A")
    ben.sees_news("Quieter than last week.")
    asha.visit("People")
    asha.follow("Change Invented Ben")
    asha.page.get_by_role("link", name="Invite Invented Ben anew").click()
    asha.press("Make the invitation")
    letters = asha.page.locator(".letters")
    letters.wait_for()
    slip = (asha.page.locator(".boxed").inner_text(), letters.inner_text())

    anew = Visitor(new_profile())
    anew.join(*slip)
    asha.visit("Children")
    asha.sees_news("is back with new keys")
    asha.press("Let in again")
    asha.page.get_by_role("button", name="Let in again").wait_for(state="detached")
    anew.visit("Children")
    anew.sees_news("Sample A")
    anew.open_child("Sample A")
    anew.sees_news("Quieter than last week.")
    assert anew.profile.complaints == []


def test_a_steward_shuts_out_a_colleagues_laptop(asha, ben):
    asha.visit("People")
    asha.follow("Change Invented Ben")
    asha.follow("Lost? work phone")
    asha.sees("Their other devices go on")
    asha.page.get_by_label("Earlier today").check()
    asha.press("Shut out work phone")
    asha.sees("It is shut out.")
    ben.page.evaluate(LOOKED_AT)
    ben.sees_news("The server no longer knows this device.")
