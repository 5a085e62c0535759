"""The whole way, on the real server, with real keys: from founding to what each may read."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from microblog.protocol.entry import DIRECTORY
from microblog.protocol.vault import open_vault
from tests.browser import LAPTOP, Profile
from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser


def test_three_people_write_and_read_and_one_removed_reads_nothing_newer(new_profile, asha, ben):
    cara = Visitor(new_profile())
    cara.join(*asha.invite("Invented Cara", "social worker"))
    ben.begin("Sample A")
    ben.sees("1 person in 1 agency")
    ben.post("Quieter than last week.")
    ben.add("Invented Asha, health visitor", "Keeper")

    asha.visit("Stream")
    asha.sees_news("Quieter than last week.")
    asha.page.get_by_role("radio", name="Sample A").check()
    asha.page.locator("textarea").fill("Not let in today.")
    # Meanwhile someone joins the team: she is named before anything is sent.
    ben.add("Invented Cara, social worker")
    asha.send()
    asha.sees("Nothing has been sent")
    expect(asha.page.locator(".notice.warning")).to_contain_text("Invented Cara")
    asha.press("Yes, post to all 3")
    asha.sees("Posted to")

    cara.visit("Stream")
    cara.sees_news("Not let in today.")
    cara.reads(["Not let in today.", "Quieter than last week."])
    first = cara.page.locator("article", has_text="Quieter than last week.")
    first.get_by_role("button", name="I see this too").click()
    cara.press("Send now")
    cara.sees("1 person sees this too: Invented Cara")

    asha.open_child("Sample A")
    asha.remove("Invented Cara")
    asha.post("Spoke to her grandmother.")
    ben.open_child("Sample A")
    ben.sees_news("Spoke to her grandmother.")
    cara.open_child("Sample A")
    cara.sees_news("took you off this team")
    assert "Spoke to her grandmother." not in cara.page.content()
    cara.page.locator(".post-text", has_text="Quieter than last week.").wait_for()
    for visitor in (asha, ben, cara):
        assert visitor.profile.complaints == []


def test_a_post_is_corrected_withdrawn_and_taken_off_the_wrong_child(asha):
    asha.begin("Sample B")
    asha.begin("Sample A")
    asha.post("Thiner.")
    asha.follow("Correct or withdraw")
    asha.follow("Correct it")
    asha.page.locator("textarea").fill("Thinner.")
    asha.send()
    asha.sees("Corrected on")

    asha.follow("Withdraw it")
    asha.fill(Why="It was her sister")
    asha.press("Withdraw it")
    asha.sees("Why: It was her sister")
    expect(asha.page.locator("s").first).to_have_text("Thiner.")

    asha.open_child("Sample A")
    asha.post("Belongs to another child.")
    stray = asha.page.locator("article", has_text="Belongs to another child.")
    stray.get_by_role("link", name="Correct or withdraw").click()
    asha.follow("It is on the wrong child")
    asha.page.get_by_role("radio", name="Sample B").check()
    asha.press("Erase here and post to Sample B")
    asha.page.locator("h1", has_text="Sample B").wait_for()
    asha.sees("Belongs to another child.")
    asha.open_child("Sample A")
    asha.sees("The words were erased")
    assert "Belongs to another child." not in asha.page.content()
    assert asha.profile.complaints == []


def test_a_key_file_opens_on_a_shared_computer_which_keeps_nothing(
    new_profile, server, asha, tmp_path
):
    file = tmp_path / "microblog.keys"
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    asha.save_key_file(file)

    shared = Visitor(new_profile(viewport=LAPTOP))
    shared.open_key_file(server.origin, file, asha.passphrase, "It is a shared computer")
    shared.sees("Quieter than last week.")
    shared.press("Lock")
    shared.page.get_by_role("heading", name="Unlock").wait_for()
    assert "Quieter" not in shared.page.content()
    shared.unlock()
    shared.sees("Quieter than last week.")
    shared.page.reload()
    shared.page.get_by_role("heading", name="Open a key file").wait_for()
    assert shared.profile.complaints == []


def test_a_key_file_goes_from_the_browser_to_the_command_line_and_back(
    new_profile, server, asha, tmp_path
):
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    file, back = tmp_path / "microblog.keys", tmp_path / "back.keys"
    asha.save_key_file(file)
    # The file says how far the stream was seen: found, what it is about, and the post.
    pins = open_vault(file.read_bytes(), asha.passphrase).pins
    assert sorted(pin.seq for log, pin in pins if log != DIRECTORY) == [2]
    (tmp_path / "passphrase").write_text(asha.passphrase)
    environment = {
        **os.environ,
        "MICROBLOG_HOME": str(tmp_path / "home"),
        "MICROBLOG_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
    }

    def command(*words: str) -> str:
        line = [sys.executable, "-m", "microblog.cli", *words]
        done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    command("key-file", "open", str(file))
    assert "Sample A" in command("children")
    command("key-file", "save", str(back))
    shared = Visitor(new_profile(viewport=LAPTOP))
    shared.open_key_file(server.origin, back, asha.passphrase, "It is a shared computer")
    shared.sees("Quieter than last week.")
    assert shared.profile.complaints == []


def test_a_device_unlocks_after_a_reload_with_its_new_passphrase_only(asha):
    asha.begin("Sample A")
    asha.visit("Me")
    asha.press("Change the passphrase")
    asha.fill(Passphrase_you_have_now=asha.passphrase, New_passphrase="another long one")
    asha.press("Change it")
    asha.sees("Changed.")
    old, asha.passphrase = asha.passphrase, "another long one"
    asha.page.reload()
    asha.page.get_by_role("textbox", name="Passphrase").fill(old)
    asha.press("Unlock")
    asha.sees("The passphrase does not open these keys.")
    asha.unlock()
    asha.open_child("Sample A")
    assert asha.profile.complaints == []


def test_what_was_read_is_no_longer_counted_as_unread(asha, ben):
    ben.begin("Sample A")
    ben.post("Quieter than last week.")
    ben.add("Invented Asha, health visitor")
    # On the stream it would be read in a second.
    asha.visit("Me")
    asha.sees_news("1 unread")
    badge = asha.page.locator("nav .new")
    expect(badge).to_have_text(re.compile("^1"))
    asha.visit("Stream")
    asha.sees("Quieter than last week.")
    badge.wait_for(state="detached")
    asha.page.locator(".post .new").wait_for()


def test_two_tabs_of_one_browser_keep_what_both_have_seen(server, asha):
    asha.begin("Sample A")
    first = asha.page
    second = first.context.new_page()
    tabs = [asha, Visitor(Profile(asha.profile.context, second), asha.passphrase)]
    second.goto(server.origin)
    tabs[1].unlock()
    for tab, words in zip(tabs, ("From the first.", "From the second."), strict=True):
        tab.open_child("Sample A")
        tab.post(words)
    for tab in tabs:
        tab.sees_news("From the first.")
        tab.sees_news("From the second.")
        tab.reads(["From the second.", "From the first."])
    # Both still know it when nobody can tell them any more.
    server.stop()
    for tab in tabs:
        tab.press("Lock")
        tab.page.get_by_role("heading", name="Unlock").wait_for()
        tab.unlock()
        tab.open_child("Sample A")
        tab.sees("From the first.")
        tab.reads(["From the second.", "From the first."])
        assert tab.page.locator(".notice.alarm").count() == 0


def test_a_steward_keeps_the_directory(asha, ben):
    asha.visit("Me")
    asha.fill(Phone="01632 960 123")
    asha.press("Save my details")
    asha.sees("Saved.")
    asha.visit("People")
    asha.sees("01632 960 123")
    asha.follow("Add an agency")
    asha.fill(Name="Invented Primary")
    asha.page.get_by_label("School", exact=True).check()
    asha.press("Add it")
    asha.page.locator("h1", has_text="Invite someone").wait_for()
    asha.fill(Name="Invented Ivo", Job="head")
    asha.page.get_by_label("Agency").select_option(label="Invented Primary")
    asha.press("Make the invitation")
    asha.follow("Done")
    asha.press("Take back the invitation of Invented Ivo")
    asha.page.get_by_role("heading", name="Open invitations").wait_for(state="detached")
    asha.follow("Change the numbers")
    asha.press("Another number")
    asha.page.get_by_label("Who answers").last.fill("out of hours")
    asha.page.get_by_label("Number", exact=True).last.fill("01632 960 999")
    asha.press("Save")
    asha.sees("out of hours")
    asha.follow("Change Invented Ben")
    asha.press("Note that Invented Ben has left")
    asha.press("Yes, Invented Ben has left")
    asha.sees("The server serves them no longer")
    asha.visit("People")
    asha.page.get_by_role("heading", name="Have left").wait_for()
    assert asha.profile.complaints == []
