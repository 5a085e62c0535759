"""What the page promises of households, teams and follow slips, whatever the Worker does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ASKS = """() => { const send = Worker.prototype.postMessage; globalThis.calls = [];
  Worker.prototype.postMessage = function (call) {
    globalThis.worker = this; globalThis.calls.push(call); return send.call(this, call); }; }"""
#: What the Worker says of itself, once something has been asked of it.
TELL = """(data) => { globalThis.worker.dispatchEvent(new MessageEvent("message", { data })) }"""


def asks(page: Page, name: str) -> list[dict[str, Any]]:
    """Return what the page asked of the Worker under a name since `ASKS`."""
    calls = page.evaluate("() => globalThis.calls")
    return [call["ask"] for call in calls if call.get("name") == name]


@pytest.fixture
def on(new_stage):
    """Open a place on a stage of a scenario, and note what is asked from then on."""

    def open_at(place: str, heading: str, scenario: str = "normal"):
        stage = new_stage(scenario)
        stage.page.evaluate(ASKS)
        stage.go(place, heading)
        return stage.page

    return open_at


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def put_right(page: Page, mistake: str) -> None:
    """Follow a mistake that is named at the top to its field."""
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name=mistake).click()


# Households


def test_a_child_is_begun_in_the_household_whose_page_began_it(on):
    page = on("#/child/RRRR", "Hill Road household")
    page.get_by_role("link", name="Begin a child here").click()
    page.get_by_label("Name", exact=True).fill("Sample New")
    page.get_by_label("Not born yet, due").check()
    page.get_by_label("Year").fill("2099")
    expect(page.get_by_label("Hill Road household")).to_be_checked()
    press(page, "Begin")
    page.locator("h1", has_text="Sample B").wait_for()
    [child] = asks(page, "beginChild")
    assert (child["sort"], child["households"]) == ("child", ["RRRR"])
    assert child["birth"] == {"how": "due", "date": "2099"}


def test_a_child_that_moves_keeps_where_it_lived_before(on):
    page = on("#/child/RRRR/move-in", "Who moves into")
    page.get_by_role("link", name="Sample G").click()
    page.locator("h1", has_text="Sample G moves").wait_for()
    expect(page.get_by_role("group", name="Leaves").get_by_label("North Street")).to_be_checked()
    expect(page.get_by_label("Hill Road household")).to_be_checked()
    page.get_by_label("Day").fill("1")
    page.get_by_label("Month").fill("9")
    page.get_by_label("Year").fill("2026")
    press(page, "Move")
    page.locator(".facts", has_text="Hill Road household").wait_for()
    expect(page.locator(".facts")).not_to_contain_text("North Street")
    page.locator("summary", has_text="About the child").click()
    lived = "3 May 2024 to 1 September 2026"
    expect(page.locator(".fold").first).to_contain_text(lived, use_inner_text=True)
    moved = {"log": "GGGG", "from": "NNNN", "to": "RRRR", "date": "2026-09-01"}
    assert asks(page, "moveChild") == [moved]


def test_siblings_posts_are_merged_in_only_when_asked_for(on):
    page = on("#/child/GGGG", "Sample G")
    page.locator(".post", has_text="I like it here.").wait_for()
    assert page.locator(".post", has_text="Grandmother at the gate").count() == 0
    page.get_by_label("Show posts about Sample A and North Street household too").check()
    page.locator(".post", has_text="Grandmother at the gate").wait_for()
    page.locator(".post-who", has_text="Sample A").first.wait_for()
    assert asks(page, "posts")[-1]["with"] == ["AAAA", "NNNN"]


def test_what_is_not_changed_of_a_child_is_said_again(on):
    page = on("#/child/GGGG/about", "About Sample G")
    page.get_by_label("Closed").check()
    page.get_by_label("Also known as").fill("Gee, , Gigi,Geo")
    press(page, "Another person")
    page.get_by_role("group", name="Person 2").get_by_label("Relation").fill("uncle")
    press(page, "Save")
    put_right(page, "Enter the name of person 2")
    expect(page.get_by_role("group", name="Person 2").get_by_label("Name")).to_be_focused()
    page.keyboard.type("Sample Uncle")
    press(page, "Save")
    page.locator(".facts", has_text="Closed").wait_for()
    [said] = asks(page, "describe")
    assert said["about"] == {
        "name": "Sample G",
        "knownAs": ["Gee", "Gigi", "Geo"],
        "birth": {"how": "born", "date": "2018-01-01"},
        "school": "Hill School",
        "relatives": [
            {"name": "Sample Mother", "relation": "mother"},
            {"name": "Sample Uncle", "relation": "uncle"},
        ],
        "households": [{"log": "NNNN", "from": "2024-05-03", "to": ""}],
        "protectedAddress": True,
        "closed": True,
    }
    assert said["seen"] == 1


# Teams


def test_who_answers_for_someone_and_each_child_is_proposed_by_name(on):
    page = on("#/child/NNNN/team/add", "Add someone")
    page.get_by_label("Who", exact=True).select_option("p9")
    page.get_by_label("Why", exact=True).fill("Booked the mother in")
    backing = page.get_by_role("group", name="With Invented Jo")
    expect(backing.get_by_label("نورة المخترعة")).to_be_checked()
    expect(backing.get_by_label("Invented Gil")).not_to_be_checked()
    # On the team already: proposed to nobody.
    expect(backing.get_by_label("Invented Ben")).to_have_count(0)
    children = page.get_by_role("group", name="And on to these")
    expect(children.get_by_label("Sample G")).to_be_checked()
    expect(children.locator(".not")).to_contain_text("ask Invented Cara")
    press(page, "Add 2 people to the team")
    page.locator("h1", has_text="Who can read").wait_for()
    given = [
        (one["person"], one["role"], one["via"], one["logs"]) for one in asks(page, "grantMany")
    ]
    assert given == [
        ("p9", "follower", "", ["NNNN"]),
        ("p9", "follower", "NNNN", ["GGGG"]),
        ("p6", "supervisor", "", ["NNNN"]),
        ("p6", "supervisor", "NNNN", ["GGGG"]),
    ]


def test_a_households_team_is_let_on_to_a_childs_by_name(on):
    page = on("#/child/GGGG/team", "Who can read")
    page.get_by_role("link", name="Add some of them").click()
    expect(page.get_by_role("group", name="Who").get_by_label("Invented Dev")).to_be_checked()
    page.get_by_label("Why", exact=True).fill("New to the household")
    press(page, "Add to the team")
    page.locator("h1", has_text="Who can read").wait_for()
    [given] = asks(page, "grantMany")
    assert (given["person"], given["role"]) == ("p4", "supervisor")
    assert (given["via"], given["logs"]) == ("NNNN", ["GGGG"])


def test_nothing_is_posted_while_the_server_is_being_put_back(on):
    page = on("#/child/GGGG", "Sample G", "restoring")
    page.get_by_text("The server is being put back from a backup. You can read").wait_for()
    page.locator("textarea").fill("Quieter.")
    page.get_by_text("Nothing can be posted just now.").wait_for()
    expect(page.get_by_role("button", name="Post to")).to_have_count(0)


def test_an_act_on_many_teams_that_failed_half_way_is_named_and_tried_again(on):
    page = on("#/child/NNNN/team/p3", "Invented Cara", "halfway")
    press(page, "off 2 teams")
    missed = page.locator(".notice.alarm")
    expect(missed).to_contain_text("did not work for 1 stream")
    expect(missed.locator("li")).to_contain_text("Sample G, Invented Cara")
    press(page, "off 2 teams")
    page.locator("h1", has_text="Who can read").wait_for()
    # The household only once its children are done, for with it this page goes.
    assert [one["logs"] for one in asks(page, "removeMany")] == [["GGGG"], ["GGGG"], ["NNNN"]]


def test_a_caseload_is_handed_over_with_every_child_ticked(on):
    page = on("#/children/hand-over", "Hand over children")
    page.get_by_label("To whom").select_option("p3")
    page.get_by_label("Why").fill("Takes over in May")
    page.get_by_label("Sample B").uncheck()
    press(page, "Hand over 2")
    page.locator("h1", has_text="Handed over").wait_for()
    expect(page.locator("main")).to_contain_text("Sample G and North Street household")
    [given] = asks(page, "grantMany")
    assert (given["person"], given["role"], given["logs"]) == ("p3", "keeper", ["GGGG", "NNNN"])


@pytest.mark.parametrize(("button", "name"), [("Let in", "grantMany"), ("Not now", "dismiss")])
def test_a_keeper_is_asked_once_about_a_supervisor(on, button, name):
    page = on("#/children", "Children I follow")
    notice = page.locator(".notice", has_text="Invented Ben is supervised by Invented Gil")
    expect(notice).to_contain_text("Sample G and North Street household")
    notice.get_by_role("button", name=button).click()
    if name == "dismiss":
        notice.wait_for(state="detached")
        assert asks(page, "dismissProposal") == [{"key": "p2/p7"}]
    else:
        page.wait_for_function("() => globalThis.calls.some(({ name }) => name === 'grantMany')")
        [given] = asks(page, "grantMany")
        assert (given["person"], given["logs"]) == ("p7", ["GGGG", "NNNN"])
        assert given["role"] == "supervisor"


def test_what_hangs_on_a_leaver_is_listed_and_taken_off_in_one_act(on):
    page = on("#/people/p8", "Invented Hana")
    hanging = page.locator(".hanging")
    expect(hanging.get_by_text("still open")).to_have_count(2)
    press(page, "off the 2 teams you keep")
    page.get_by_text("Nothing hangs on Invented Hana").wait_for()
    assert asks(page, "removeMany") == [{"person": "p8", "logs": ["GGGG", "NNNN"]}]


def test_what_one_follower_risks_is_said_before_the_first_post(on):
    page = on("#/child/BBBB", "Sample B")
    page.locator("textarea").focus()
    page.get_by_text("Only you can read this.").wait_for()
    expect(page.locator(".composer")).to_contain_text("is lost for good")
    page.evaluate("() => { location.hash = '#/child/GGGG' }")
    page.locator("h1", has_text="Sample G").wait_for()
    page.locator("textarea").focus()
    page.get_by_role("button", name="Post to").wait_for()
    expect(page.get_by_text("Only you can read this.")).to_have_count(0)


# Following


def test_a_request_is_marked_and_granted_in_one_tap(on):
    page = on("#/children", "Children I follow")
    expect(page.locator("nav .new", has_text="to decide")).to_contain_text("3")
    page.get_by_role("link", name="2 ask to follow").click()
    page.get_by_text("His mother is booked with me; due in May.").wait_for()
    press(page, "Let in Invented Jo")
    page.get_by_text("1 person asks to follow").wait_for()
    assert asks(page, "approve") == [{"log": "GGGG", "person": "p9"}]
    press(page, "Decline نورة")
    page.locator(".request").wait_for(state="detached")
    assert asks(page, "decline") == [{"log": "GGGG", "person": "p6"}]


def test_a_slip_leaves_the_address_and_names_who_is_asked_before_anything_is_sent(new_stage):
    stage = new_stage("movedon", "/ask#c2xpcA")
    page = stage.page
    page.evaluate(ASKS)
    page.locator("h1", has_text="Ask to follow").wait_for()
    assert "c2xpcA" not in page.url
    expect(page.locator("form")).to_contain_text("Invented Cara")
    page.get_by_label("Why you should follow").fill("I am her midwife")
    press(page, "Ask to follow")
    page.get_by_text("Nothing has been sent").wait_for()
    expect(page.locator("form li")).to_have_text(re.compile("^Invented Gil"))
    press(page, "Ask to follow")
    page.locator("h1", has_text="You have asked to follow").wait_for()
    shown = [one["shown"] for one in asks(page, "askToFollow")]
    assert shown == [["p3", "p6"], ["p7"]]
    page.get_by_role("link", name="Done").click()
    press(page, "Take back")
    page.get_by_role("heading", name="You have asked").wait_for(state="detached")


def test_a_slip_is_a_link_and_a_drawing_made_here(on):
    page = on("#/child/GGGG/slip", "Follow slip")
    drawing = page.locator("svg.qr path")
    expect(drawing).to_have_attribute("d", re.compile(r"^[\s\S]{1001}"))
    expect(page.locator(".boxed")).to_have_text(re.compile("^https://practice.example/ask#"))
    expect(page.locator(".boxed")).not_to_contain_text("Sample")


# Long work


def test_checking_moves_nothing_on_the_page_and_never_goes_back(on):
    page = on("#/child/AAAA", "Sample A")
    # Above the posts, and the last to be drawn.
    page.locator(".plot .dot").first.wait_for()
    page.locator(".post").first.wait_for()
    before = page.locator(".post").first.bounding_box()
    # It turns out to be more than was thought.
    for done, total, share in ((340, 1000, 0.34), (400, 2000, 0.34), (1900, 2000, 0.95)):
        page.evaluate(TELL, {"event": "progress", "what": "check", "done": done, "total": total})
        page.get_by_text(f"{done:,} of {total:,}").wait_for()
        expect(page.locator(".checking progress")).to_have_attribute("value", str(share))
        assert page.locator(".post").first.bounding_box() == before
    page.evaluate(TELL, {"event": "progress", "what": "check", "done": 2000, "total": 2000})
    page.locator(".checking").wait_for(state="detached")
    assert page.locator(".post").first.bounding_box() == before
