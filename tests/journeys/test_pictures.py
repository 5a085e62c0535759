"""The picture, as it is reached by hand, by keyboard and by those who hear it: every mark opens its
post, and the one page that is printed is told of first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import LAPTOP
from tests.journeys.touching import fit, heading, press

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.journeys.stage import Stage

pytestmark = pytest.mark.browser

CHILD, ORDINARY, HOUSEHOLD = "#/child/AAAA", "#/child/BBBB", "#/child/NNNN"
#: A page of a PDF, and not the list of them.
PDF_PAGE = re.compile(rb"/Type\s*/Page[^s]")
NO_PRINTER = "() => { globalThis.printed = 0; globalThis.print = () => void (printed += 1); }"
#: Figures of which a part is outside of the drawing.
CUT_OFF = """() => [...document.querySelectorAll("svg.scale text")].filter((one) => {
  const [it, all] = [one, one.ownerSVGElement].map((each) => each.getBoundingClientRect());
  return it.left < all.left || it.right > all.right;
}).map((one) => one.textContent)"""
PINCH = (((150, 260), (210, 260)), ((90, 260), (270, 260)))


def look_at(new_stage: Callable[..., Stage], place: str = CHILD, name: str = "normal") -> Stage:
    stage = new_stage(name)
    stage.go(place)
    stage.page.locator(".plot .dot").first.wait_for()
    return stage


def stretch(stage: Stage) -> Locator:
    return stage.page.locator(".stretch-row [role=status]")


def reach(stage: Stage, name: str) -> str:
    """Press a button that shows another stretch of time, and return which."""
    before = stretch(stage).inner_text()
    press(stage, name)
    expect(stretch(stage)).not_to_have_text(before)
    return stretch(stage).inner_text()


def lane(stage: Stage, name: str):
    return stage.page.get_by_role("group", name=name, exact=True)


# Reaching it.


def test_every_mark_opens_its_post(new_stage):
    stage = look_at(new_stage)
    lane(stage, "Community Health").get_by_role("link", name="Visit: not let in").last.click()
    heading(stage, "Post")
    expect(stage.page).to_have_url(re.compile("#/child/AAAA/post/23$"))


def test_a_row_is_one_stop_of_the_tab_key_and_the_arrows_go_along_it(new_stage):
    stage = look_at(new_stage)
    page = stage.page
    for row in page.locator(".dots").all():
        stops = min(1, row.locator(".dot").count())
        expect(row.locator("[tabindex='0']")).to_have_count(stops)
    marks = lane(stage, "Westmere Police").locator(".dot")
    expect(marks).to_have_count(3)
    marks.first.focus()
    for key, at in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowRight", 2),
        ("Home", 0),
        ("End", 2),
    ):
        page.keyboard.press(key)
        expect(marks.nth(at)).to_be_focused()
    page.keyboard.press("Enter")
    heading(stage, "Post")


def test_marks_too_close_to_be_told_apart_open_a_list_and_focus_comes_back(new_stage):
    stage = look_at(new_stage)
    page = stage.page
    several = lane(stage, "Westmere Council").get_by_role("button", name="2 posts close together")
    several.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 posts, Westmere Council")).to_be_focused()
    expect(page.locator(".opened li")).to_have_count(2)
    press(stage, "Close the list")
    expect(page.locator(".opened")).to_have_count(0)
    expect(several).to_be_focused()


def test_the_composer_is_reached_before_the_picture(new_stage):
    page = look_at(new_stage).page
    follows = "(one) => one.compareDocumentPosition(document.querySelector('.picture'))"
    assert page.locator(".composer textarea").evaluate(follows) & 4


def test_buttons_reach_further_back_and_nearer_and_it_stays_so(new_stage):
    stage = look_at(new_stage)
    wide = stretch(stage).inner_text()
    week = reach(stage, "Week")
    assert len({wide, week, reach(stage, "Earlier")}) == 3
    everything = reach(stage, "All")
    lane(stage, "Westmere Police").locator("a.dot").first.click()
    heading(stage, "Post")
    stage.go(CHILD)
    stage.page.locator(".plot .dot").first.wait_for()
    expect(stretch(stage)).to_have_text(everything)


def test_two_fingers_or_the_wheel_with_control_come_nearer(new_stage):
    stage = look_at(new_stage)
    page = stage.page
    plot = page.locator(".plot-place")
    plot.scroll_into_view_if_needed()
    first = stretch(stage).inner_text()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 100)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    expect(stretch(stage)).not_to_have_text(first)
    nearer = stretch(stage).inner_text()
    pinch(stage, box)
    expect(stretch(stage)).not_to_have_text(nearer)
    assert page.evaluate("() => visualViewport.scale") == 1


def test_no_figure_of_the_scale_is_cut_off_where_the_picture_ends(new_stage):
    stage = look_at(new_stage, ORDINARY)
    assert stage.page.evaluate(CUT_OFF) == []
    # All there is lies within three months: nothing is earlier.
    first = stretch(stage).inner_text()
    press(stage, "Earlier")
    expect(stretch(stage)).to_have_text(first)
    assert stage.page.evaluate(CUT_OFF) == []
    for name in ("Year", "All"):
        reach(stage, name)
        assert stage.page.evaluate(CUT_OFF) == []


def pinch(stage: Stage, box: dict[str, float]) -> None:
    """Set two fingers on the picture and spread them."""
    debugger = stage.page.context.new_cdp_session(stage.page)
    for kind, fingers in zip(("touchStart", "touchMove"), PINCH, strict=True):
        points = [
            {"x": box["x"] + x - 30, "y": box["y"] + 100, "id": at}
            for at, (x, _) in enumerate(fingers)
        ]
        debugger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    debugger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# What it says.


def test_a_visit_that_failed_is_a_cross_of_its_own_even_in_a_crowd(new_stage):
    stage = look_at(new_stage)
    reach(stage, "All")
    health = lane(stage, "Community Health")
    health.locator(".dot .failed").first.wait_for()
    health.locator(".dot[aria-label*='visits that did not see the child']").first.wait_for()


def test_who_is_worried_and_whom_to_ring_stand_on_the_childs_screen(new_stage):
    stage = look_at(new_stage)
    card = stage.page.locator(".concern")
    expect(card.locator("h2")).to_have_text("Three people are worried this fortnight")
    expect(card.locator("ul").first.locator("li")).to_have_text(
        [
            "class teacher, North Street Primary",
            "police constable, Westmere Police",
            "Grandmother",
        ]
    )
    front_door = card.get_by_role("link", name="Ring the front door")
    expect(front_door).to_have_attribute("href", "tel:01632960000")
    card.locator("summary").first.click()
    card.get_by_role("link", name="01632 960 103").wait_for()
    stage.go(ORDINARY)
    stage.page.locator(".plot .dot").first.wait_for()
    expect(stage.page.locator(".concern")).to_have_count(0)


def test_a_household_is_one_screen_of_who_is_who_and_who_sees_whom(new_stage):
    stage = look_at(new_stage, HOUSEHOLD)
    seen = stage.page.locator(".who-sees")
    seen.get_by_text("seen 19 days ago").wait_for()
    rows = seen.locator("tr")
    expect(rows.first).to_have_text(re.compile("^Sample A"))
    rows.filter(has_text="Sample Mother").filter(has_text=re.compile("mother")).first.wait_for()
    health = rows.filter(has_text=re.compile(r"^\s*Community Health")).first
    expect(health).to_contain_text("4 tries, not seen")
    expect(health).to_contain_text("seen 7 days ago")


def table(stage: Stage) -> Locator:
    """Unfold the picture as a table, and return the rows of its posts."""
    stage.page.get_by_text("Show as a table").click()
    rows = stage.page.get_by_role("region", name=re.compile("^Posts, ")).locator("tbody tr")
    rows.first.wait_for()
    return rows


def test_the_table_has_every_post_that_the_picture_has(new_stage):
    stage = look_at(new_stage)
    reach(stage, "All")
    posts = table(stage)
    expect(posts).to_have_count(29)
    expect(posts.last.locator("td").first).to_have_text("not sure when")


def test_what_someone_else_wrote_is_never_markup(new_stage):
    stage = look_at(new_stage, name="hostile")
    table(stage)
    stage.go(HOUSEHOLD)
    stage.page.locator(".who-sees td").first.wait_for()
    assert stage.page.evaluate("() => globalThis.ran") is None
    assert stage.profile.complaints == []


# Looking at it.


def test_nothing_is_wrong_with_the_picture_unfolded(new_stage):
    stage = look_at(new_stage)
    reach(stage, "Year")
    table(stage)
    lane(stage, "North Street Primary").locator("button.dot").first.click()
    stage.page.locator(".opened li").first.wait_for()
    for fold in stage.page.locator(".concern details").all():
        fold.locator("summary").click()
        expect(fold).to_have_attribute("open", "")
    stage.look_over("the picture, all unfolded")
    stage.go("#/children", "Children I follow")
    stage.page.get_by_text("The picture of all you follow").click()
    stage.page.locator(".plot .dot").first.wait_for()
    stage.look_over("the picture of all")
    fit(stage)


def test_nothing_is_wrong_with_two_thousand_posts(new_stage):
    stage = look_at(new_stage, name="many")
    reach(stage, "All")
    stage.look_over("two thousand posts")
    fit(stage)


# On paper.


def print_it(stage: Stage, place: str) -> bytes:
    """Say why, and return the page as it comes out of the printer."""
    page = stage.page
    page.evaluate(NO_PRINTER)
    stage.go(f"{place}/picture/print", "Print the picture")
    page.get_by_label("Why").fill("Invented discussion")
    press(stage, "Tell the team, and print")
    page.locator(".picture-paper").wait_for()
    page.wait_for_function("() => globalThis.printed === 1")
    return page.pdf(prefer_css_page_size=True)


@pytest.mark.parametrize(
    ("name", "place"),
    [("normal", CHILD), ("normal", ORDINARY), ("normal", HOUSEHOLD), ("many", CHILD)],
)
def test_the_picture_is_printed_on_one_page(new_stage, name, place):
    assert len(PDF_PAGE.findall(print_it(look_at(new_stage, place, name), place))) == 1


def test_it_is_printed_when_the_team_has_been_told_and_why(new_stage):
    stage = look_at(new_stage)
    stage.page.evaluate(NO_PRINTER)
    stage.go(f"{CHILD}/picture/print", "Print the picture")
    press(stage, "Tell the team, and print")
    stage.page.get_by_text("There is a problem").wait_for()
    expect(stage.page.locator(".picture-paper")).to_have_count(0)
    print_it(stage, CHILD)
    paper = stage.page.locator(".picture-paper")
    for words in (
        "not seen for 19 days",
        "Three people are worried",
        "the front door: 01632 960 000",
        "Printed by Invented Asha on",
    ):
        expect(paper).to_contain_text(words, use_inner_text=True)
    stage.look_over("the page as it is printed")
    stage.go("#/child/AAAA/team", "Who can read")
    stage.page.get_by_text("Invented discussion").wait_for()
    fit(stage)


def test_a_picture_that_would_not_fit_is_noticed(new_stage):
    stage = look_at(new_stage)
    stage.profile.page.set_viewport_size(LAPTOP)
    print_it(stage, CHILD)
    stage.page.locator(".picture-paper").evaluate("(paper) => paper.style.setProperty('--fit', 2)")
    assert len(PDF_PAGE.findall(stage.page.pdf(prefer_css_page_size=True))) > 1
