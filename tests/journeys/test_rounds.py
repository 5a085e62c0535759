"""What the page promises of round-ups, supervision and decisions, whatever the Worker does."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.test_family import ASKS, asks, press

pytestmark = pytest.mark.browser


@pytest.fixture
def on(new_stage):
    """Open a place on a stage of a scenario, and note what is asked from then on."""

    def open_at(place: str, heading: str, scenario: str = "normal"):
        stage = new_stage(scenario)
        stage.page.evaluate(ASKS)
        stage.go(place, heading)
        return stage.page

    return open_at


def card(page, name: str):
    return page.locator("section.round", has_text=name)


def test_the_day_stands_by_child_under_the_words_of_the_mail(on):
    page = on("#/round-up", "Round-up")
    page.get_by_label("Posted since").select_option("7")
    one = card(page, "Sample A")
    expect(one.locator("h2")).to_contain_text("amber heron")
    expect(one).to_contain_text("Told, worried")
    page.wait_for_function("() => calls.findLast(({ name }) => name === 'roundUp')?.ask.days === 7")
    assert asks(page, "roundUp")[-1] == {"days": 7, "unread": False}
    # One tap each: the post, the same seen, a decision where I may make one.
    one.get_by_role("link", name="I see this too").nth(1).wait_for()
    assert one.get_by_role("link", name="Decision about").count() == 0
    card(page, "Sample B").get_by_role("link", name="Decision about Sample B").click()
    page.locator("h1", has_text="Record a decision about Sample B").wait_for()
    expect(page.get_by_role("radio", name="Decision")).to_be_checked()


def test_read_notes_all_of_a_child_up_to_the_last_line(on):
    page = on("#/round-up", "Round-up")
    page.get_by_label("Posted since").select_option("7")
    # Of the other child there is nothing unread: the new list is there when it is gone.
    card(page, "Sample B").wait_for()
    page.get_by_label("Posted since").select_option("unread")
    card(page, "Sample B").wait_for(state="detached")
    button = card(page, "Sample A").get_by_role("button", name="Read all of it about Sample A")
    button.wait_for()
    last = page.locator("section.round a.whole").last.get_attribute("href")
    button.click()
    page.wait_for_function("() => globalThis.calls.some((call) => call.name === 'markRead')")
    [read] = asks(page, "markRead")
    assert last == f"#/child/AAAA/post/{read['seq']}"
    page.get_by_text("Nobody else has posted anything that you have not read.").wait_for()


def test_what_is_not_on_the_screen_is_not_noted_as_read(on):
    """Two are unread, and one of them is older than what is shown."""
    page = on("#/round-up", "Round-up", "earlier")
    page.get_by_label("Posted since").select_option("1")
    one = card(page, "Sample A")
    earlier = one.get_by_role("button", name="Show 3 earlier that you have not read")
    earlier.wait_for()
    assert one.get_by_role("button", name="Read all").count() == 0
    earlier.click()
    expect(page.locator("#since")).to_have_value("unread")
    one.get_by_text("3 more are being checked").wait_for()
    assert asks(page, "markRead") == []


def test_a_decision_says_why_and_when_to_look_at_it_again(on):
    page = on("#/child/GGGG/decide", "Record a decision")
    page.locator("textarea").fill("Core group every week.")
    press(page, "Post to")
    page.get_by_role("link", name="Give the reason for the decision").wait_for()
    page.get_by_role("link", name="Say on which day to review it").wait_for()
    page.get_by_label("Reason").fill("Two moves")
    page.get_by_label("Day", exact=True).fill("1")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2020")
    press(page, "Post to")
    page.get_by_role("link", name="is today or later").wait_for()
    assert asks(page, "queue") == []
    press(page, "In 4 weeks")
    press(page, "Post to")
    page.locator("h1", has_text="Sample G").wait_for()
    [sent] = asks(page, "queue")
    assert (sent["draft"]["kind"], sent["draft"]["reason"]) == ("decision", "Two moves")
    assert len(sent["draft"]["review"]) == 10


def test_a_decision_that_is_due_is_answered_by_another(on):
    page = on("#/round-up", "Round-up")
    page.locator(".due").get_by_role("link", name="Review it").click()
    page.locator("h1", has_text="Review a decision").wait_for()
    page.locator("textarea").fill("Closed to us.")
    page.get_by_label("Reason").fill("Seen every week")
    page.get_by_label("No review is needed").check()
    press(page, "Post to")
    page.locator("h1", has_text="Post about").wait_for()
    [sent] = asks(page, "queue")
    draft = sent["draft"]
    assert (draft["kind"], draft["how"], draft["review"]) == ("decision", "", "")
    assert len(draft["refers"]) == 1


def test_a_nudge_says_whom_it_mails_and_that_danger_is_rung(on):
    page = on("#/child/AAAA", "Sample A")
    page.locator("textarea").fill("Shouting.")
    page.get_by_label("Tell supervisors now (a mail without content; in danger, ring)").check()
    page.get_by_text("No supervisor on this team can be reached by mail: ring.").wait_for()


def test_a_nudge_promises_no_mail_where_none_is_sent(on):
    page = on("#/child/AAAA", "Sample A", "nomail")
    page.locator("textarea").fill("Shouting.")
    page.get_by_text("this server sends no mail, so ring").wait_for()
    assert page.get_by_text("a mail without content").count() == 0


def test_supervision_stands_by_name_whatever_is_filtered(on):
    page = on("#/supervision", "Supervision")
    names = page.locator("section.supervised h2")
    expect(names).to_have_text(["Sample A", "Sample B", "Sample G"])
    page.get_by_label("Nudged (1)").check()
    expect(names).to_have_text(["Sample A"])
    page.get_by_text("Community Health has posted nothing for 34 days").wait_for()


def test_when_it_comes_by_mail_is_chosen_and_said_back(on):
    page = on("#/me/round-ups", "Round-ups by mail")
    page.get_by_label("Once a week").check()
    page.get_by_label("On", exact=True).select_option("5")
    press(page, "Save")
    page.get_by_role("link", name="cannot be a quiet day").wait_for()
    page.get_by_label("On", exact=True).select_option("4")
    page.get_by_label("At", exact=True).fill("17:30")
    press(page, "Save")
    page.get_by_text("Changed.").wait_for()
    [chosen] = asks(page, "setRoundUpChoice")
    assert (chosen["every"], chosen["at"], chosen["weekday"]) == ("weekly", "17:30", 4)
    assert chosen["quiet"] == [5, 6]


def test_a_steward_is_told_whose_mail_did_not_go_and_what_to_do(on):
    page = on("#/people", "People")
    section = page.locator("section", has_text="Round-ups by mail")
    section.get_by_text("the mail server answered 550").wait_for()
    section.get_by_text("Ask them whether their work email is right").wait_for()
    assert "Invented Dev" not in section.inner_text()


def test_a_steward_is_told_when_nobody_looks_after_the_mails(on):
    page = on("#/people", "People", "notlooked")
    page.get_by_text("Nothing has been mailed, or tried, since 3 days ago.").wait_for()
