"""The whole way of a family, on the real server: a household, a move, a colleague who leaves, and
one who asks to follow.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_child_moves_household_and_a_colleague_leaves(asha, ben):
    asha.begin_household("North Street household")
    asha.follow("Begin a child here")
    asha.fill(Name="Sample A")
    asha.page.get_by_label("Not born yet, due").check()
    asha.fill(Year="2099")
    asha.press("Begin")
    asha.page.locator("h1", has_text="Sample A").wait_for()
    asha.page.locator("textarea").focus()
    asha.sees("Only you can read this.")
    asha.post("Mother booked in late.")

    # One act lets Ben read about the household and the child in it, by name.
    asha.open_child("North Street household")
    asha.add("Invented Ben, class teacher", "Keeper")
    ben.visit("Children")
    ben.sees_news("Sample A")
    ben.open_child("North Street household")
    ben.page.get_by_label("Show posts about Sample A too").check()
    ben.sees("Mother booked in late.")

    asha.begin_household("Hill Road household")
    asha.follow("A child moves in")
    asha.follow("Sample A")
    asha.press("Yesterday")
    asha.press("Move")
    asha.page.get_by_role("link", name="Enter a day that is not before").wait_for()
    asha.press("Today")
    asha.press("Move")
    asha.page.locator(".facts", has_text="Hill Road household").wait_for()
    asha.open_child("North Street household")
    asha.page.locator("summary", has_text="Lived here before (1)").click()
    asha.page.locator(".line", has_text="Sample A").get_by_text(" to ").wait_for()
    asha.open_child("Hill Road household")
    asha.page.locator(".line", has_text="Sample A").wait_for()

    # Ben leaves: what hangs on him is listed, and he is taken off all of it in one act.
    asha.visit("People")
    asha.follow("Change Invented Ben")
    asha.page.locator(".hanging", has_text="North Street household").wait_for()
    asha.press("Note that Invented Ben has left")
    asha.press("Yes, Invented Ben has left")
    asha.sees("The server serves them no longer")
    asha.press("off the 2 teams you keep")
    asha.sees("Nothing hangs on Invented Ben")
    asha.open_child("Sample A")
    asha.sees("Team: 1 person in 1 agency")
    asha.post("Moved in with her aunt.")
    for visitor in (asha, ben):
        assert visitor.profile.complaints == []


def test_a_colleague_opens_a_slip_asks_and_is_let_in(server, asha, ben):
    asha.begin("Sample A")
    asha.post("Quieter than last week.")
    asha.follow("Team of")
    asha.follow("Follow slip")
    slip = asha.page.locator(".boxed")
    expect(slip).to_have_text(re.compile("/ask#"))
    link = slip.inner_text()

    # The slip is kept over the unlock, and nothing of it stays in the address.
    ben.page.goto(link)
    ben.sees("You have opened a follow slip.")
    assert link.partition("#")[2] not in ben.page.url
    ben.page.get_by_role("textbox", name="Passphrase").fill(ben.passphrase)
    ben.press("Unlock")
    ben.page.locator("h1", has_text="Ask to follow").wait_for()
    expect(ben.page.locator("form")).to_contain_text("Invented Asha")
    ben.page.get_by_label("Why you should follow").fill("She is in my class")
    ben.press("Ask to follow")
    ben.page.locator("h1", has_text="You have asked to follow").wait_for()
    ben.follow("Done")
    ben.sees("Not answered yet")

    asha.visit("Children")
    asha.sees_news("1 asks to follow")
    asha.follow("asks to follow")
    asha.sees("She is in my class")
    asha.press("Let in Invented Ben")
    asha.page.locator(".request").wait_for(state="detached")
    asha.page.locator(".line", has_text="Invented Ben").wait_for()

    ben.sees_news("Sample A")
    ben.open_child("Sample A")
    ben.sees("Quieter than last week.")
    ben.page.goto(link)
    ben.unlock()
    ben.sees("The slip is for a stream whose team you are on.")
    for visitor in (asha, ben):
        assert visitor.profile.complaints == []
