"""Destroying for good, taking out and being vouched for, on the real server with real keys."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.journeys.later import wait
from tests.journeys.witness import Witness

pytestmark = pytest.mark.browser

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
SECRET = "Ardent-Quillon-7421 was at the gate."


def command(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on a machine without an account."""
    line = [sys.executable, "-m", "microblog.cli", *words]
    environment = {**os.environ, **changes}
    return subprocess.run(line, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def witness(server, asha):
    """A witness that the steward has named, and that has looked once."""
    named = Witness(server.origin)
    asha.visit("People")
    asha.sees("This practice has no witness.")
    asha.follow("Name a witness")
    asha.fill(Key_of_the_witness=named.key)
    asha.press("Name this witness")
    asha.sees("A witness has just been named.")
    named.look()
    asha.visit("Me")
    asha.sees_news("A witness last vouched for this server today at")
    return named


def test_whoever_was_taken_off_may_still_read_until_a_witness_has_seen_it(witness, asha, ben):
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    asha.add("Invented Ben, class teacher")
    witness.look()
    asha.remove("Invented Ben")
    asha.follow("Team of")
    asha.sees("Invented Ben may still read.")
    assert asha.page.locator(".notice.alarm").count() == 0
    witness.look()
    asha.sees_go("Invented Ben may still read.")
    asha.sees("A witness vouched for this list today at")
    for visitor in (asha, ben):
        assert visitor.profile.complaints == []


def test_a_post_for_which_nobody_vouches_waits_or_is_sent_on_purpose(witness, server, asha, ben):
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    asha.add("Invented Ben, class teacher")
    witness.look()
    asha.visit("Stream")
    asha.open_child("Sample A")
    asha.remove("Invented Ben")
    wait(server, (asha,), 20 * MINUTE)
    asha.visit("Stream")
    asha.open_child("Sample A")
    asha.sees_news("and no witness has seen it yet")
    asha.page.locator("textarea").fill("Spoke to her grandmother.")
    asha.send()
    asha.sees("Not sent: this server has not been vouched for since")
    expect(asha.page.locator(".outgoing-text")).to_have_text("Spoke to her grandmother.")
    asha.reads(["Quieter than last week."])
    asha.press("Send it all the same")
    asha.sees("Posted to")
    asha.reads(["Spoke to her grandmother.", "Quieter than last week."])

    witness.later_ms = 20 * MINUTE
    witness.look()
    asha.sees_go("Invented Ben may still read.")
    asha.post("Seen at school.")
    assert asha.profile.complaints == []


def test_where_the_practice_has_settled_so_nobody_posts_unvouched(witness, server, asha):
    asha.visit("People")
    asha.follow("Change the witnesses")
    asha.page.get_by_label("A post waits until").check()
    asha.press("Save")
    asha.sees("Saved.")
    asha.begin("Sample A")
    wait(server, (asha,), 20 * MINUTE)
    asha.open_child("Sample A")
    asha.page.locator("textarea").fill("Quieter than last week.")
    asha.send()
    asha.sees("Your practice lets nobody post meanwhile.")
    assert asha.page.get_by_role("button", name="Send it all the same").count() == 0
    asha.visit("Me")
    asha.sees("The witness has not vouched for this server since")


def test_what_two_people_agree_to_destroy_is_gone_for_everyone(server, asha, ben):
    asha.visit("People")
    asha.follow("Settle how long")
    asha.fill(**{"For_how_many_days_are_backups_of_the_server_kept?": "35"})
    asha.press("Save")
    asha.sees("Saved.")
    asha.begin("Sample A")
    asha.post(SECRET)
    asha.add("Invented Ben, class teacher", "Supervisor")
    ben.visit("Stream")
    ben.sees_news(SECRET)

    asha.page.locator("summary", has_text="About the child").click()
    asha.follow("How long it is kept")
    asha.follow("Propose to destroy posts for good")
    asha.page.get_by_label("Everything until now").check()
    asha.fill(Why="Asked for by the family")
    asha.press("Propose it to the team")
    asha.sees("May be confirmed from")
    ben.open_child("Sample A")
    ben.sees_news("proposes to destroy posts here for good")
    ben.follow("See what, and who may stop it")
    ben.sees("May be confirmed from")
    assert ben.page.get_by_role("link", name="Look at it and decide").count() == 0

    wait(server, (asha, ben), 15 * DAY)
    ben.visit("Stream")
    ben.open_child("Sample A")
    ben.follow("See what, and who may stop it")
    ben.follow("Look at it and decide")
    ben.sees(SECRET)
    ben.page.get_by_label("No court, inquiry").check()
    ben.page.get_by_role("button", name="for good").click()
    ben.sees("Gone from the server. Gone from backups too from")
    ben.visit("Stream")
    ben.sees("Destroyed for good on")
    asha.visit("Stream")
    asha.sees_news("Destroyed for good on")
    for visitor in (asha, ben):
        visitor.open_child("Name destroyed")
        visitor.page.locator("summary", has_text="About the child").click()
        visitor.follow("How long it is kept")
        visitor.sees("Gone from backups too from")
        assert SECRET not in visitor.page.content()
        assert "Sample A" not in visitor.page.content()
        assert visitor.page.locator(".notice.alarm").count() == 0
        assert visitor.profile.complaints == []


def test_under_a_hold_nothing_is_destroyed_until_it_is_lifted(asha):
    asha.begin("Sample A")
    asha.post(SECRET)
    asha.page.locator("summary", has_text="About the child").click()
    asha.follow("How long it is kept")
    asha.follow("Propose to destroy posts for good")
    asha.page.get_by_label("Everything until now").check()
    asha.fill(Why="Asked for by the family")
    asha.press("Propose it to the team")
    asha.follow("Take it back with a hold")
    asha.fill(Why_it_must_be_kept="A court has asked for it")
    asha.press("Put a hold on it")
    asha.sees("Nothing here may be destroyed or erased.")
    assert asha.page.locator(".proposal").count() == 0
    asha.follow("Back to the child")
    asha.follow("Correct or withdraw")
    asha.sees("Under the hold nothing is erased")
    assert asha.page.get_by_role("link", name="It is on the wrong child").count() == 0
    asha.open_child("Sample A")
    asha.page.locator("summary", has_text="About the child").click()
    asha.follow("How long it is kept")
    asha.follow("Lift the hold")
    asha.fill(Why_it_is_lifted="The court has decided")
    asha.press("Lift the hold")
    asha.sees("There is none.")
    asha.follow("Back to the child")
    asha.sees(SECRET)
    assert asha.profile.complaints == []


def test_a_retention_class_gives_each_child_a_date(asha):
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    asha.visit("People")
    asha.follow("Settle how long")
    asha.press("Use the example Child protection, after closing")
    asha.press("Remove class 1")
    asha.press("A class")
    asha.fill(Name="Early help", How_long="6", Where_this_comes_from="Decision of May 2026")
    asha.page.get_by_label("Counted").select_option("from the newest post")
    asha.press("Confirm these classes")
    asha.sees("Confirmed.")
    asha.open_child("Sample A")
    asha.page.locator("summary", has_text="About the child").click()
    asha.follow("How long it is kept")
    expect(asha.page.locator("main")).to_contain_text(re.compile(r"Until \d"))
    expect(asha.page.locator("main")).to_contain_text("Early help")
    expect(asha.page.locator("main")).to_contain_text("From: Decision of May 2026")
    assert asha.profile.complaints == []


def test_a_bundle_taken_out_in_the_browser_is_accepted_without_an_account(asha, ben, tmp_path):
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    asha.add("Invented Ben, class teacher")
    ben.visit("Stream")
    ben.sees_news("Quieter than last week.")
    asha.follow("Team of")
    asha.follow("Take posts out")
    asha.page.get_by_role("radio", name="A bundle for a reviewer").check()
    asha.fill(Why="The review asked for it")
    with asha.page.expect_download() as download:
        asha.press("Tell the team, and save the bundle")
    file = tmp_path / "stream.bundle"
    download.value.save_as(file)
    fingerprint = asha.page.locator(".notice.done .code").inner_text()

    away = {"MICROBLOG_HOME": str(tmp_path / "nobody")}
    good = command("verify-bundle", "--posts", "--fingerprint", fingerprint, str(file), **away)
    assert good.returncode == 0, good.stderr
    assert "Quieter than last week." in good.stdout
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    assert command("verify-bundle", str(file), **away).returncode == 1

    ben.open_child("Sample A")
    ben.follow("Team of")
    ben.sees_news("took out a bundle for a reviewer")
    ben.sees("The review asked for it")
    for visitor in (asha, ben):
        assert visitor.profile.complaints == []
