"""People in browsers of their own, who found, join, write and read as anyone would: by what the
screen says.
"""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from playwright import sync_api
from playwright.sync_api import expect

from tests.browser import PATIENCE_MS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser import Profile

#: What a browser tells a page that is looked at again; the page then asks for news at once.
LOOKED_AT = "() => document.dispatchEvent(new Event('visibilitychange'))"
#: It asks no more often than every two seconds; whoever looks more often hears as soon as it does.
ASKS_MS = 2_000
LOOKS, LOOK_MS = 120, 250
#: In one breath: between finding the button and a tap, what is late may come by itself.
ASK_FOR_LATE = "() => document.querySelector('.late button')?.click()"
#: What waits to leave already is not what is posted next.
NOTE_WAITING = """() => {
  for (const one of document.querySelectorAll(".undo-bar button")) one.dataset.before = ""; }"""
#: Of a recovery sheet.
GROUPS, TYPED_BACK = 9, 2
NEXT_TO_SEND = ".undo-bar button:not([data-before]):has-text('Send now')"
OPENING = re.compile("^Opening$")


def arrived(page: Page) -> None:
    """Wait until whoever comes in stands at the heading: until then focus is still on its way."""
    page.locator("nav").wait_for()
    expect(page.locator("h1").filter(has_not_text=OPENING)).to_be_focused()


def hear(page: Page, told: Callable[[], bool]) -> None:
    """Wait until a page, or who watches it, has told what a test takes note of."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not told():
        assert time.monotonic() < end, "what is waited for is not told"
        page.wait_for_timeout(20)


@dataclass(slots=True)
class Visitor:
    """Someone at a browser."""

    profile: Profile
    passphrase: str = ""
    #: The nine groups of the recovery sheet that was made last.
    sheet: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.profile.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).click()

    def visit(self, place: str) -> None:
        """Go to one of the five places at the top."""
        self.page.locator("nav").get_by_role("link", name=place).click()
        self.page.locator("nav [aria-current]", has_text=place).wait_for()
        # A child's page is under Children already.
        expect(self.page.locator("h1")).to_have_text(re.compile(f"^{place}"))

    def fill(self, **fields: str) -> None:
        """Fill in fields by their label, with underscores for spaces."""
        for label, value in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(value)

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def sees_news(self, text: str) -> None:
        """See what somebody else did, looking at the page now and again."""
        self._look(text, "visible")

    def sees_go(self, text: str) -> None:
        """See words go from the page, looking at it now and again."""
        self._look(text, "detached")

    def _look(self, text: str, state: Literal["detached", "visible"]) -> None:
        found = self.page.get_by_text(text).first
        for _ in range(LOOKS):
            self.page.evaluate(LOOKED_AT)
            self.page.evaluate(ASK_FOR_LATE)
            with contextlib.suppress(sync_api.TimeoutError):
                return found.wait_for(state=state, timeout=LOOK_MS)
        raise AssertionError(f"{text!r} is not {state} in time")

    def reads(self, texts: list[str]) -> None:
        """Be shown posts of these words and no others, the newest first."""
        expect(self.page.locator(".post-text")).to_have_text(texts)

    # The door

    def found(self, link: str, name: str) -> None:
        self.page.goto(link)
        self.fill(
            Name_of_the_practice="Invented Westmere",
            Your_name=name,
            Your_job="health visitor",
            Your_agency="Invented Health",
            Who_answers="the front door",
            Number="01632 960 000",
        )
        self.page.get_by_label("Health", exact=True).check()
        self.press("Continue")
        self.make_keys("Found the practice")

    def join(self, link: str, letters: str) -> None:
        self.page.goto(link)
        self.page.get_by_label("The eight letters").fill(letters)
        self.press("Open the invitation")
        self.press("Yes, this is me")
        self.sees("The child, a parent or a court may read it.")
        self.press("I have read this")
        self.make_keys("Join")

    def make_keys(self, button: str) -> None:
        self.page.get_by_label("Only I use it").check()
        self.fill(What_to_call_this_device="work phone")
        self.take_passphrase()
        self.press(button)
        self.make_sheet()
        arrived(self.page)

    def take_passphrase(self) -> None:
        """Take the one that is offered."""
        self.press("Use this one")
        self.sees("It is filled in.")
        self.passphrase = self.page.get_by_role("textbox", name="Passphrase").input_value()

    def make_sheet(self) -> None:
        """Read the recovery sheet as it would be printed, and type two groups back from it."""
        letters = self.page.locator(".paper .groups .code")
        expect(letters).to_have_count(GROUPS)
        self.sheet = letters.all_inner_texts()
        self.page.get_by_role("button", name="I have it on paper").first.click()
        asked = self.page.get_by_label("Group")
        expect(asked).to_have_count(TYPED_BACK)
        for label in asked.all():
            at = int(label.get_attribute("id").removeprefix("group-")) - 1
            label.fill(self.sheet[at])
        self.press("Check it")

    def unlock(self) -> None:
        self.page.get_by_role("textbox", name="Passphrase").fill(self.passphrase)
        self.page.get_by_role("button", name="Unlock", exact=True).click()
        arrived(self.page)

    def save_key_file(self, file: Path) -> None:
        self.visit("Me")
        with self.page.expect_download() as download:
            self.press("Save the key file")
        download.value.save_as(file)

    def open_key_file(self, origin: str, file: Path, passphrase: str, use: str) -> None:
        self.page.goto(origin)
        self.page.get_by_label("Key file", exact=True).set_input_files(file)
        self.page.get_by_role("textbox", name="Passphrase").fill(passphrase)
        self.page.get_by_label(use).check()
        self.press("Open")
        arrived(self.page)
        self.passphrase = passphrase

    # Devices

    def ask_to_link(self, origin: str, name: str) -> str:
        """Begin on a new device, and return the letters that it shows."""
        self.page.goto(f"{origin}/link")
        self.fill(What_to_call_this_device=name)
        self.press("Show the code")
        letters = self.page.locator(".letters")
        letters.wait_for()
        return letters.inner_text()

    def let_in(self, letters: str, how_long: str = "For good") -> None:
        """Let in a new device from this one, by typing alone."""
        self.visit("Me")
        self.follow("Link another device")
        self.page.get_by_label("The twenty letters").fill(letters)
        self.press("Continue")
        self.decide(how_long)

    def decide(self, how_long: str = "For good") -> None:
        """Say that the new device is in front of me, and for how long it is let in."""
        self.page.get_by_role("heading", name="Let this device in?").wait_for()
        self.page.get_by_label("In front of me").check()
        self.page.get_by_label(how_long).check()
        self.press("Let it in")
        self.page.get_by_role("heading", name="It is in").wait_for()

    def settle_in(self, button: str, device: str = "") -> None:
        """Choose a passphrase on a device that was linked, or brought back."""
        self.page.get_by_role("heading", name="Your keys on this device").wait_for()
        if device:
            self.fill(What_to_call_this_device=device)
        self.page.get_by_label("Keep my keys on it").check()
        self.take_passphrase()
        self.press(button)

    def shut_out(self, device: str, when: str) -> None:
        self.visit("Me")
        self.follow(f"Lost? {device}")
        self.page.get_by_label(when).check()
        self.press(f"Shut out {device}")
        self.sees("It is shut out.")

    def come_back(self, lost: str, device: str) -> None:
        """Go on from the sheet, which has been read, to standing inside."""
        self.page.get_by_role("heading", name="Which devices are lost?").wait_for()
        self.page.get_by_label(lost).check()
        self.press("Continue")
        self.settle_in("Bring me back", device)
        self.page.get_by_role("heading", name="You are back").wait_for()
        self.press("Go in")
        arrived(self.page)

    # Inside

    def invite(self, name: str, job: str) -> tuple[str, str]:
        """Return the link and the letters."""
        self.visit("People")
        self.follow("Invite someone")
        self.fill(Name=name, Job=job)
        self.page.get_by_label("Agency").select_option(label="Invented Health")
        self.press("Make the invitation")
        letters = self.page.locator(".letters")
        letters.wait_for()
        return self.page.locator(".boxed").inner_text(), letters.inner_text()

    def begin(self, child: str) -> None:
        self.visit("Children")
        self.follow("Begin a child")
        self.fill(Name=child)
        self.page.get_by_label("Not known").check()
        self.press("Begin")
        self.page.locator("h1", has_text=child).wait_for()

    def begin_household(self, name: str) -> None:
        self.visit("Children")
        self.follow("Begin a household")
        self.fill(Name=name)
        self.press("Begin")
        self.page.locator("h1", has_text=name).wait_for()

    def open_child(self, child: str) -> None:
        self.visit("Children")
        self.follow(child)
        self.page.locator("h1", has_text=child).wait_for()

    def post(self, text: str) -> None:
        """Post on the child's page where one is."""
        self.page.locator("textarea").fill(text)
        self.send()
        self.sees("Posted to")

    def send(self) -> None:
        """Post what is written, without the seconds in which it could be taken back."""
        self.page.evaluate(NOTE_WAITING)
        self.press("Post to")
        # What is sent next has a button of its own, and another tab's stands in this one too.
        button = self.page.locator(NEXT_TO_SEND).last.element_handle()
        button.click()
        button.wait_for_element_state("hidden")

    def add(self, person: str, role: str = "Follower") -> None:
        self.follow("Team of")
        self.follow("Add someone")
        self.page.get_by_label("Who", exact=True).select_option(label=person)
        self.page.get_by_role("radio", name=role).check()
        self.fill(Why="Sees her every week")
        self.press("to the team")
        self.page.locator(".line", has_text=person.partition(",")[0]).wait_for()
        self.follow("Back to the")

    def remove(self, person: str) -> None:
        self.follow("Team of")
        self.follow(f"Change {person}")
        self.press(f"Take {person} off the team")
        self.page.get_by_role("heading", name="Who can read").wait_for()
        expect(self.page.locator(".line", has_text=person)).to_have_count(0)
        self.follow("Back to the child")
