"""What the page promises of witnesses, of holding and destroying, and of taking posts out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.test_family import ASKS, asks, press
from tests.journeys.touching import take_ones_time

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WORDS = "Quieter than last week."
#: Some screens, and what each says at its top.
PLACES = {
    "#/": "Stream",
    "#/children": "Children I follow",
    "#/child/AAAA": "Sample A",
    "#/people": "People",
    "#/me": "Me",
}


@pytest.fixture
def on(new_stage):
    """Open a place on a stage of a scenario, and note what is asked from then on."""

    def open_at(place: str, heading: str, scenario: str = "normal") -> Page:
        stage = new_stage(scenario)
        stage.page.evaluate(ASKS)
        take_ones_time(stage.page)
        stage.go(place, heading)
        return stage.page

    return open_at


def write(page: Page) -> None:
    page.locator("textarea").fill(WORDS)
    press(page, "Post to")
    press(page, "Send now")


# A server for which nobody vouches


def test_a_post_that_nobody_vouches_for_is_kept_and_sent_only_on_purpose(on):
    page = on("#/child/AAAA", "Sample A", "unvouched")
    write(page)
    notice = page.get_by_role("alert", name="").filter(has_text="Not sent: this server has not")
    expect(notice).to_contain_text("has not been vouched for since")
    expect(notice).to_contain_text("could still read what you post")
    expect(notice).to_contain_text("7 people in 4 agencies can read this")
    expect(page.locator(".outgoing-text")).to_have_text(WORDS)
    press(page, "Try again")
    page.get_by_role("button", name="Try again").wait_for()
    press(page, "Send it all the same")
    page.get_by_text("Posted to Sample A").wait_for()
    assert [one["allTheSame"] for one in asks(page, "sendAgain")] == [False, True]


def test_the_words_not_sent_outlast_the_lock(new_stage):
    page = new_stage("unvouched", "/#/child/AAAA").page
    take_ones_time(page)
    write(page)
    page.get_by_role("button", name="Send it all the same").wait_for()
    press(page, "Lock")
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    assert WORDS not in page.content()
    press(page, "Unlock")
    page.get_by_role("button", name="Send it all the same").wait_for()
    expect(page.locator(".outgoing-text")).to_have_text(WORDS)


def test_every_attempt_is_warned_of_anew(on):
    page = on("#/child/AAAA", "Sample A", "unvouched-lost")
    write(page)
    press(page, "Send it all the same")
    page.get_by_text("goes by itself as soon as the server can be reached").wait_for()
    press(page, "Try now")
    page.get_by_role("button", name="Send it all the same").wait_for()
    assert [one["allTheSame"] for one in asks(page, "sendAgain")] == [True]


def test_where_the_practice_lets_nobody_post_unvouched_there_is_no_button_for_it(on):
    page = on("#/child/AAAA", "Sample A", "forbidden")
    write(page)
    page.get_by_text("Your practice lets nobody post meanwhile").wait_for()
    page.get_by_role("button", name="Try again").wait_for()
    assert page.get_by_role("button", name="Send it all the same").count() == 0


def test_a_post_moved_to_the_right_child_is_kept_back_alike(on):
    page = on("#/child/AAAA/post/11/wrong-child", "A post on the wrong child", "unvouched")
    page.get_by_role("radio", name="Sample B").check()
    press(page, "Erase here and post to Sample B")
    press(page, "Send it all the same")
    page.locator("h1", has_text="Sample B").wait_for()
    assert [one["allTheSame"] for one in asks(page, "moveToRightChild")] == [False, True]


@pytest.mark.parametrize(
    ("scenario", "words"),
    [("old", "has not been vouched for since"), ("silent", "has never vouched for this server")],
)
def test_a_day_without_a_witness_is_said_over_every_screen(new_stage, scenario, words):
    stage = new_stage(scenario)
    for place, heading in PLACES.items():
        stage.go(place, heading)
        banner = stage.page.locator(".banners .notice")
        expect(banner).to_contain_text(words)
        assert banner.locator("button").count() == 0


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("#/me", "This practice has no witness."),
        ("#/people", "This practice has no witness."),
        ("#/child/AAAA/team", "No witness watches this server"),
    ],
)
def test_that_there_is_no_witness_is_said_in_plain_words(on, place, words):
    page = on(place, "", "nowitness")
    page.get_by_text(words).wait_for()
    assert page.locator(".banners .notice").count() == 0


def test_who_was_taken_off_may_still_read_until_a_witness_has_seen_it(on):
    page = on("#/child/GGGG/team", "Who can read")
    notice = page.locator(".notice.warning", has_text="Invented Dev may still read.")
    expect(notice).to_contain_text("once the witness has seen it")
    assert page.locator(".notice.alarm").count() == 0
    page.evaluate("() => { location.hash = '#/child/HHHH' }")
    alarm = page.get_by_role("alert").filter(has_text="Invented Jo may still read.")
    expect(alarm).to_contain_text("no witness has seen it yet")
    assert alarm.locator("button").count() == 0


def test_a_steward_names_and_ends_a_witness_and_settles_the_rule(on):
    page = on("#/people/witnesses", "Witnesses")
    press(page, "End the witness")
    page.get_by_text("It is the only one.").wait_for()
    press(page, "Yes, end it")
    page.get_by_text("This practice has no witness.").wait_for()
    press(page, "Name this witness")
    page.get_by_role("link", name="Enter the 43 letters").wait_for()
    key = "c2Vjb25kLWludmVudGVkLXdpdG5lc3Mta2V5LTAwMDA"
    page.get_by_label("Key of the witness").fill(f" {key[:20]} {key[20:]} ")
    press(page, "Name this witness")
    page.get_by_text("Named. It counts as soon as").wait_for()
    page.get_by_text("A witness has just been named.").wait_for()
    assert page.locator(".banners .notice").count() == 0
    page.get_by_label("A post waits until").check()
    press(page, "Save")
    page.get_by_text("Saved.").wait_for()
    assert asks(page, "addWitness") == [{"key": key}]
    assert asks(page, "setRules") == [{"rules": [{"name": "send-unvouched", "value": 0}]}]


def test_a_witness_that_says_otherwise_is_named_and_is_not_ended_lightly(on):
    page = on("#/people/witnesses", "Witnesses", "trouble:ForkedLog")
    page.get_by_text("This witness has seen something else than the server shows you.").wait_for()
    expect(page.locator("li.card")).to_contain_text("End it only if it is wrong.")
    press(page, "End the witness")
    press(page, "Yes, end it")
    page.get_by_text("This practice has no witness.").wait_for()


# Holding and destroying


def test_a_proposal_says_what_it_does_and_waits_for_somebody_else(on):
    page = on("#/child/GGGG/keeping", "How long posts about")
    page.get_by_role("link", name="Propose to destroy posts for good").click()
    press(page, "Propose it to the team")
    page.get_by_role("link", name="Choose what is to be destroyed").wait_for()
    for words in ("Nothing is destroyed yet", "A trace stays", "for up to 35 days more"):
        expect(page.locator("form")).to_contain_text(words)
    page.get_by_label("Everything until now").check()
    page.get_by_label("Under which class").select_option("Child in need")
    page.get_by_label("Why").fill("25 years old in May")
    press(page, "Propose it to the team")
    page.locator("h1", has_text="How long posts about").wait_for()
    expect(page.locator(".proposal")).to_have_count(3)
    mine = page.locator(".proposal").first
    expect(mine).to_contain_text("May be confirmed from")
    assert mine.get_by_role("link", name="Look at it").count() == 0
    [ask] = asks(page, "proposeShred")
    assert ask == {"log": "GGGG", "seqs": [], "cls": "Child in need", "why": "25 years old in May"}


def test_neither_ones_own_proposal_nor_a_young_one_can_be_confirmed(on):
    page = on("#/child/BBBB/keeping", "How long posts about")
    expect(page.locator(".proposal")).to_have_count(2)
    assert page.get_by_role("link", name="Look at it").count() == 0
    for place in ("s5", "s6"):
        page.evaluate(f"() => {{ location.hash = '#/child/BBBB/keeping/{place}' }}")
        page.locator("h1", has_text="Nothing here").wait_for()
        page.evaluate("() => { location.hash = '#/child/BBBB/keeping' }")
        page.locator("h1", has_text="How long posts about").wait_for()


def test_posts_up_to_a_day_are_proposed_by_number(on):
    page = on("#/child/GGGG/keeping/propose", "Propose to destroy")
    page.get_by_label("Posts up to a day").check()
    for label, value in (("Day", "31"), ("Month", "12"), ("Year", "2999")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Why").fill("Asked for by his mother")
    press(page, "Propose it to the team")
    page.get_by_role("link", name="Enter a day that has come").wait_for()
    page.get_by_label("Year", exact=True).fill("2001")
    press(page, "Propose it to the team")
    page.get_by_text("Nothing was posted up to that day").wait_for()
    assert asks(page, "proposeShred") == []
    # All of one moment, or at midnight they would be no day, or one to come.
    today = page.evaluate("new Intl.DateTimeFormat('en-GB').format()").split("/")
    for label, value in zip(("Day", "Month", "Year"), today, strict=True):
        page.get_by_label(label, exact=True).fill(value)
    press(page, "Propose it to the team")
    page.locator("h1", has_text="How long posts about").wait_for()
    assert [one["seqs"] for one in asks(page, "proposeShred")] == [[101, 102, 105, 106]]


def test_what_somebody_else_proposed_is_looked_at_before_it_is_destroyed(on):
    page = on("#/child/GGGG/keeping", "How long posts about")
    page.get_by_role("link", name="Look at it and decide").click()
    page.get_by_text("“I like it here.”").wait_for()
    press(page, "Destroy 2 entries for good")
    page.get_by_role("link", name="Tick that nobody has asked for it").click()
    sure = page.get_by_label("No court, inquiry")
    expect(sure).to_be_focused()
    assert asks(page, "confirmShred") == []
    page.keyboard.press("Space")
    expect(sure).to_be_checked()
    press(page, "Destroy 2 entries for good")
    page.get_by_role("heading", name="Destroyed for good", exact=True).wait_for()
    expect(page.locator("main")).to_contain_text("Gone from backups too from")
    assert asks(page, "confirmShred") == [{"log": "GGGG", "id": "s1"}]


def test_a_hold_stops_what_was_proposed(on):
    page = on("#/child/GGGG/keeping", "How long posts about")
    page.get_by_role("link", name="Stop it with a hold").click()
    page.get_by_text("are taken back by it").wait_for()
    page.get_by_label("Why it must be kept").fill("A court has asked for it")
    press(page, "Put a hold on it")
    page.get_by_text("Nothing here may be destroyed or erased.").wait_for()
    main = page.locator("main")
    for name in ("Propose to destroy posts for good", "Look at it and decide"):
        assert main.get_by_role("link", name=name).count() == 0
    page.evaluate("() => { location.hash = '#/child/GGGG/post/105' }")
    page.locator("h1", has_text="Post about").wait_for()
    assert page.get_by_role("link", name="Propose to destroy it").count() == 0
    assert asks(page, "hold") == [{"log": "GGGG", "on": True, "why": "A court has asked for it"}]


def test_no_follower_is_offered_what_only_others_may_do(on):
    page = on("#/child/HHHH/keeping", "How long posts about")
    main = page.locator("main")
    main.get_by_role("heading", name="Until when").wait_for()
    assert main.locator("a.button, button").count() == 0
    for place in ("hold", "propose", "s1"):
        page.evaluate(f"() => {{ location.hash = '#/child/HHHH/keeping/{place}' }}")
        page.locator("h1", has_text="Nothing here").wait_for()
        page.evaluate("() => { location.hash = '#/child/HHHH/keeping' }")
        page.locator("h1", has_text="How long posts about").wait_for()


def test_what_was_destroyed_says_by_whom_and_why(on):
    page = on("#/child/DDDD", "Sample A")
    post = page.locator(".post", has_text="Destroyed for good").first
    expect(post).to_contain_text("Invented Cara Long-Double-Barrelled and Invented Dev")
    expect(post).to_contain_text("nobody has asked for it")


def test_a_retention_class_holds_only_once_it_is_confirmed(on):
    page = on("#/people/retention", "How long posts are kept")
    page.get_by_text("These are off.").wait_for()
    press(page, "Use the example Early help")
    used = page.get_by_role("group", name="Class 2")
    expect(used.get_by_label("Name", exact=True)).to_have_value("Early help")
    assert asks(page, "setRetention") == []
    used.get_by_label("Where this comes from").fill("")
    press(page, "Confirm these classes")
    page.get_by_role("link", name="Say where class 2 comes from").wait_for()
    used.get_by_label("Where this comes from").fill("Decision of the practice, May 2026")
    press(page, "Confirm these classes")
    page.get_by_text("Confirmed.").wait_for()
    [ask] = asks(page, "setRetention")
    assert [(row["cls"], row["months"], row["from"]) for row in ask["rows"]] == [
        ("Child in need", 300, "birth"),
        ("Early help", 72, "closed"),
    ]


def test_from_when_it_is_gone_from_backups_is_known_once_a_steward_has_said(on):
    page = on("#/people/retention", "How long posts are kept", "nowitness")
    page.get_by_label("For how many days").fill("30 days")
    press(page, "Save")
    page.get_by_role("link", name="Enter a number of days").wait_for()
    page.get_by_label("For how many days").fill("30")
    press(page, "Save")
    page.get_by_text("Saved.").wait_for()
    assert asks(page, "setRules") == [{"rules": [{"name": "backups-kept-days", "value": 30}]}]


# Taking posts out


def test_who_took_posts_out_and_why_stands_on_the_team_page(on):
    page = on("#/child/AAAA/team", "Who can read")
    lines = page.locator("section", has_text="Taken out of the app").locator("li")
    expect(lines.first).to_contain_text("Invented Gil took out a bundle for a reviewer")
    which = "posts from 1 May 2026 to 30 September 2026: Strategy meeting"
    expect(lines.last).to_contain_text(which)


def test_a_bundle_says_what_it_does_before_it_is_saved(on):
    page = on("#/child/AAAA/team", "Who can read")
    page.get_by_role("link", name="Take posts out").click()
    page.get_by_role("radio", name="A bundle for a reviewer").check()
    for words in ("Whoever has the file can read it.", "All 7 people on the team see"):
        expect(page.locator("form")).to_contain_text(words)
    press(page, "Tell the team, and save the bundle")
    page.get_by_role("link", name="Say who asked for it and why").wait_for()
    page.get_by_label("Why").fill("The review asked for it")
    page.get_by_label("Year").first.fill("2026")
    page.get_by_label("Month").first.fill("5")
    page.get_by_label("Day").first.fill("1")
    with page.expect_download() as download:
        press(page, "Tell the team, and save the bundle")
    assert "Sample" not in download.value.suggested_filename
    page.get_by_text(f"Saved as {download.value.suggested_filename}.").wait_for()
    assert asks(page, "exportBundle") == [
        {"log": "AAAA", "from": "2026-05-01", "to": "", "why": "The review asked for it"}
    ]
    page.get_by_role("link", name="Back to the team").click()
    page.get_by_text("Invented Asha took out a bundle").wait_for()


# By keyboard alone


def test_a_witness_and_a_hold_need_no_mouse(on):
    page = on("#/people/witnesses", "Witnesses")
    tab_to(page, "Key of the witness")
    page.keyboard.type("c2Vjb25kLWludmVudGVkLXdpdG5lc3Mta2V5LTAwMDA")
    page.keyboard.press("Enter")
    page.get_by_text("Named. It counts as soon as").wait_for()
    page.evaluate("() => { location.hash = '#/child/GGGG/keeping' }")
    page.locator("h1:focus", has_text="How long posts about").wait_for()
    tab_to(page, "Put a hold on it")
    page.keyboard.press("Enter")
    page.locator("h1:focus", has_text="Put a hold on it").wait_for()
    tab_to(page, "Why it must be kept")
    page.keyboard.type("A court has asked for it")
    tab_to(page, "Put a hold on it")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing here may be destroyed or erased.").wait_for()


def test_a_post_kept_back_needs_no_mouse(on):
    page = on("#/child/AAAA", "Sample A", "unvouched")
    tab_to(page, "Your words")
    page.keyboard.type(WORDS)
    tab_to(page, "Post to Sample A\u2019s team (7)")
    page.keyboard.press("Enter")
    # It is taken back without looking for a button; and the button is not far either.
    page.get_by_role("button", name="Undo").wait_for()
    expect(page.locator(".composer h2")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator("textarea")).to_have_value(WORDS)
    expect(page.locator("textarea")).to_be_focused()
    tab_to(page, "Post to Sample A\u2019s team (7)")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send now").wait_for()
    expect(page.locator(".composer h2")).to_be_focused()
    tab_to(page, "Send now", "Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send it all the same").wait_for()
    tab_to(page, "Send it all the same")
    page.keyboard.press("Enter")
    page.get_by_text("Posted to Sample A").wait_for()


#: What has focus is called: its label, or its own words.
FOCUSED = """() => { const one = document.activeElement;
  return (one.labels?.[0] ?? one).innerText.trim(); }"""


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press the tab key until what is called so has focus."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED).split("\n")[0] == name:
            return
    raise AssertionError(f"the tab key does not come to {name!r}")


# Trouble


@pytest.mark.parametrize(
    "name", ["HeldBack", "ForkedLog", "BadKey", "ForkedDirectory", "StaleDirectory"]
)
def test_trouble_with_the_staff_list_is_named_over_every_screen(new_stage, name):
    stage = new_stage(f"trouble:{name}")
    for place in ("#/", "#/child/AAAA", "#/me"):
        stage.go(place, PLACES[place])
        alarm = stage.page.locator(".banners .notice.alarm")
        expect(alarm).to_contain_text(f"Name of the error: {name}")
        assert "Something went wrong that this app has no words for" not in alarm.inner_text()
        assert alarm.locator("button, a").count() == 0
    stage.go("#/child/AAAA", "Sample A")
    stage.page.locator("textarea").focus()
    stage.page.get_by_text("Nothing can be posted here until this is put right.").wait_for()
    assert stage.page.get_by_role("button", name="Post to").count() == 0
