"""The way of a supervisor, on the real server: a nudge, the round-up, a decision, its review."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_supervisor_reads_the_day_and_decides(asha, ben):
    asha.begin("Sample A")
    asha.add("Invented Ben, class teacher")
    asha.visit("People")
    words = asha.page.locator("section", has_text="Round-ups by mail")
    words.get_by_text("This server sends no mail.").wait_for()

    ben.visit("Me")
    ben.page.get_by_label("Supervisor").select_option(label="Invented Asha, health visitor")
    ben.press("Save my details")
    ben.visit("Children")
    ben.sees_news("Sample A")
    ben.open_child("Sample A")
    ben.page.locator("textarea").fill("Nobody came to the door, lights on.")
    ben.page.get_by_role("radio", name="Visit").check()
    ben.page.get_by_label("Nobody in").check()
    ben.page.get_by_label("this server sends no mail, so ring").check()
    ben.send()
    ben.sees("Posted to")

    # The day, in lines; it is called by the same two words as on the child's page.
    asha.visit("Round-up")
    asha.sees_news("Visit, nobody in")
    day = asha.page.locator("section.round", has_text="Sample A")
    line = day.locator("li", has_text="Nobody came to the door")
    expect(line).to_contain_text("Nudge")
    assert len(" ".join(line.locator("p").inner_text().split())) < 180
    asha.sees("1 post by others on 1 stream, 1 nudge.")
    line.get_by_role("link", name="I see this too").click()
    asha.send()
    asha.page.locator("h1", has_text="Post about").wait_for()
    asha.visit("Round-up")
    day.get_by_text("You see this too.").wait_for()
    day.get_by_role("button", name="Read all").click()
    day.get_by_text("Read", exact=True).wait_for()
    expect(day.locator(".new")).to_have_count(0)

    # A decision, which is due today, and is answered by the next.
    day.get_by_role("link", name="Decision").click()
    asha.page.locator("textarea").fill("Ring the front door tomorrow.")
    asha.fill(Reason="No answer twice")
    asha.press("In 1 week")
    for part, value in zip(("Day", "Month", "Year"), today(asha.page), strict=True):
        asha.page.get_by_label(part, exact=True).fill(value)
    asha.send()
    asha.page.locator("h1", has_text="Sample A").wait_for()
    asha.page.get_by_text("Review due").wait_for()
    asha.visit("Round-up")
    asha.page.locator(".due").get_by_role("link", name="Review it").click()
    asha.page.locator("textarea").fill("Seen at school, no more visits.")
    asha.fill(Reason="Seen and well")
    asha.page.get_by_label("No review is needed").check()
    asha.send()
    asha.page.locator("h1", has_text="Post about").wait_for()
    asha.page.get_by_text("Review due").wait_for(state="detached")
    asha.visit("Round-up")
    day.get_by_text("Seen at school, no more visits.").wait_for()
    assert asha.page.get_by_role("heading", name="Due for review").count() == 0

    asha.follow("Supervision")
    row = asha.page.locator("section.supervised", has_text="Sample A")
    row.get_by_text("On the team: Invented Ben").wait_for()
    row.get_by_text("Not yet").wait_for()
    for visitor in (asha, ben):
        assert visitor.profile.complaints == []


def test_when_it_comes_is_kept_by_the_server(asha):
    asha.visit("Me")
    asha.follow("When it comes")
    asha.sees("This server sends no mail.")
    asha.page.get_by_label("Once a week").check()
    asha.page.get_by_label("On", exact=True).select_option("4")
    asha.page.get_by_label("At", exact=True).fill("17:30")
    asha.press("Save")
    asha.sees("Changed.")
    asha.page.reload()
    asha.unlock()
    expect(asha.page.get_by_label("Once a week")).to_be_checked()
    expect(asha.page.get_by_label("On", exact=True)).to_have_value("4")
    expect(asha.page.get_by_label("At", exact=True)).to_have_value("17:30")
    assert asha.profile.complaints == []


def today(page) -> list[str]:
    """Return the day by the browser's clock, as it is typed."""
    return page.evaluate(
        """() => { const now = new Date();
          return [now.getDate(), now.getMonth() + 1, now.getFullYear()].map(String); }"""
    )
