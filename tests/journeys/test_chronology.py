"""Taking a chronology out: what goes is seen first, what is black is gone, and the team is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from microblog.sheets.tables import read_table
from tests.journeys.test_family import ASKS, asks, press

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Download, Page

pytestmark = pytest.mark.browser

WHY = "Case conference of 3 May"
HEADING = "Take out what was posted"


@pytest.fixture
def on(new_stage):
    """Open a place on a stage of a scenario, and note what is asked from then on."""

    def open_at(place: str, scenario: str = "normal") -> Page:
        stage = new_stage(scenario)
        stage.page.evaluate(ASKS)
        stage.go(place, HEADING)
        return stage.page

    return open_at


def show_what_goes(page: Page, need: str = "A spreadsheet") -> None:
    page.get_by_role("radio", name=need, exact=False).check()
    page.get_by_label("Why").fill(WHY)
    press(page, "Show what goes out")
    page.get_by_role("button", name="Go through the rows").wait_for()


def at_row(page: Page, number: int) -> None:
    """Wait until somebody stands at a row, and it counts as looked at."""
    expect(page.get_by_role("heading", name=f"Row {number} of 13", exact=True)).to_be_focused()


def save(page: Page) -> Download:
    with page.expect_download() as download:
        page.get_by_role("button", name="and save the spreadsheet").click()
    page.get_by_text("Saved as").wait_for()
    return download.value


def table_in(download: Download, folder: Path) -> list[list[str]]:
    download.save_as(folder / "file")
    return read_table((folder / "file").read_bytes()).sheets[0].table


@pytest.mark.parametrize("form", ["XLSX", "CSV"])
def test_what_is_saved_is_what_was_shown_and_the_team_is_told_before(on, tmp_path, form):
    page = on("#/child/AAAA/take-out")
    page.get_by_role("radio", name="A spreadsheet").check()
    page.get_by_role("radio", name=form).check()
    press(page, "Show what goes out")
    page.get_by_role("link", name="Say who asked for it and why").click()
    page.get_by_label("Why").fill(WHY)
    press(page, "Show what goes out")
    page.get_by_text("13 rows, all that was posted.").wait_for()
    assert asks(page, "tellTakenOut") == []
    download = save(page)
    assert "Sample" not in download.suggested_filename
    rows = table_in(download, tmp_path)
    assert len(rows) == 14
    assert rows[0][:2] == ["Number", "Date"]
    assert asks(page, "tellTakenOut") == [
        {"logs": ["AAAA"], "format": form.lower(), "from": "", "to": "", "why": WHY}
    ]


def test_a_household_goes_out_with_its_children_unless_they_are_unticked(on):
    page = on("#/child/NNNN/take-out")
    page.get_by_role("radio", name="A spreadsheet").check()
    ticked = page.get_by_role("group", name="Whose posts").get_by_role("checkbox", checked=True)
    expect(ticked).to_have_count(3)
    ticked.nth(2).uncheck()
    page.get_by_label("Why").fill(WHY)
    press(page, "Show what goes out")
    page.get_by_role("button", name="Change what goes out").wait_for()
    (asked,) = asks(page, "chronology")
    assert asked["logs"][0] == "NNNN"
    assert len(asked["logs"]) == 2


def test_what_is_blacked_out_is_gone_from_the_file(on, tmp_path):
    page = on("#/child/AAAA/take-out")
    show_what_goes(page)
    press(page, "Go through the rows")
    at_row(page, 1)
    text = page.get_by_role("textbox", name="Text")
    text.evaluate("(box) => box.setSelectionRange(0, 6)")
    press(page, "Black out what is selected")
    page.get_by_text("As it will stand: █████ on the floor").wait_for()
    press(page, "Next row")
    at_row(page, 2)
    page.get_by_role("checkbox", name="Black out the whole row").check()
    press(page, "Go to row 6: something is proposed there")
    at_row(page, 6)
    page.get_by_role("checkbox", name="Invented Ben", exact=False).first.check()
    page.get_by_text("Black out who, when or another part of the row").click()
    page.get_by_role("checkbox", name="Who: Invented Ben").check()
    press(page, "Done with the rows")
    page.get_by_text("Something in 3 rows. You have looked at 3 of 13 rows.").wait_for()
    rows = table_in(save(page), tmp_path)
    who, what = rows[0].index("Who"), rows[0].index("Text")
    assert rows[1][what] == "█████ on the floor, mother tired."
    assert [cell for cell in rows[2] if cell] == ["2", "[blacked out]"]
    assert rows[6][who] == "█████"
    assert "withdrawn by █████ on" in " ".join(rows[6])
    assert len(rows) == 14
    # Where somebody stands in the walk, and what they marked, the Worker never hears.
    for name in ("proposeBlacking", "chronology", "tellTakenOut", "keepDraft"):
        assert "blacked" not in str(asks(page, name))


def test_nothing_selected_is_said_and_nothing_is_black(on):
    page = on("#/child/AAAA/take-out")
    show_what_goes(page)
    press(page, "Go through the rows")
    at_row(page, 1)
    press(page, "Black out what is selected")
    page.get_by_text("Nothing is selected").wait_for()
    press(page, "Done with the rows")
    page.get_by_text("Nothing. You have looked at 1 of 13 rows.").wait_for()


def test_the_walk_outlasts_the_blind_and_not_the_lock(on):
    page = on("#/child/AAAA/take-out")
    show_what_goes(page)
    press(page, "Go through the rows")
    at_row(page, 1)
    press(page, "Next row")
    at_row(page, 2)
    press(page, "Hide")
    page.get_by_role("button", name="Show").wait_for()
    expect(page.locator("textarea")).to_have_count(0)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="Row 2 of 13").wait_for()
    press(page, "Lock")
    page.get_by_role("textbox", name="Passphrase").fill("invented lamp")
    press(page, "Unlock")
    page.get_by_role("radio", name="A spreadsheet").wait_for()


def test_where_no_team_can_be_told_nothing_is_saved(on):
    page = on("#/child/AAAA/take-out", "failing")
    saved: list[Download] = []

    def note(download: Download) -> None:
        saved.append(download)

    page.on("download", note)
    show_what_goes(page)
    page.get_by_role("button", name="and save the spreadsheet").click()
    page.get_by_text("Nothing was taken out.").wait_for()
    assert saved == []


def test_nothing_is_wrong_with_the_screens_on_the_way_out(new_stage):
    stage = new_stage()
    stage.go("#/child/AAAA/take-out", HEADING)
    page = stage.page
    page.get_by_role("radio", name="A spreadsheet").check()
    press(page, "Show what goes out")
    page.get_by_text("There is a problem").wait_for()
    stage.look_over("what goes out, wrong")
    show_what_goes(page)
    stage.look_over("what goes out")
    press(page, "Go through the rows")
    at_row(page, 1)
    press(page, "Next row")
    at_row(page, 2)
    press(page, "Go to row 6: something is proposed there")
    at_row(page, 6)
    page.get_by_role("checkbox", name="Invented Ben", exact=False).first.check()
    page.get_by_text("Black out who, when or another part of the row").click()
    page.get_by_role("checkbox", name="Who: Invented Ben").wait_for()
    stage.look_over("the walk")
    press(page, "Done with the rows")
    save(page)
    stage.look_over("saved")
    stage.go("#/children/take-out", HEADING)
    show_what_goes(page, "A printed chronology")
    press(page, "Tell the teams, and show it for printing")
    page.get_by_role("article", name="The chronology").wait_for()
    stage.look_over("the paper")
    assert stage.findings == []
    assert stage.profile.complaints == []


def test_a_printed_chronology_tears_no_row_and_says_on_each_page_whose_it_is(on):
    page = on("#/child/AAAA/take-out/print")
    show_what_goes(page, "A printed chronology")
    press(page, "Tell the team, and show it for printing")
    paper = page.get_by_role("article", name="The chronology")
    for said in (
        "Sample A",
        "Printed by Invented Asha on",
        WHY,
        "part of the record",
        "Not let in",
    ):
        expect(paper).to_contain_text(said, use_inner_text=True)
    assert asks(page, "tellTakenOut")[0]["format"] == "print"
    page.emulate_media(media="print")
    rows = page.locator(".chronology tbody tr")
    expect(rows).to_have_count(13)
    assert {
        rows.nth(at).evaluate("(one) => getComputedStyle(one).breakInside") for at in range(13)
    } == {"avoid"}
    assert page.locator(".chronology thead").evaluate("(one) => getComputedStyle(one).display") == (
        "table-header-group"
    )
    expect(page.locator("nav")).to_be_hidden()
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2


def test_one_tap_says_that_a_post_was_copied_to_the_record(new_stage):
    stage = new_stage()
    page = stage.page
    page.evaluate(ASKS)
    stage.go("#/child/AAAA/post/12", "Post about")
    page.get_by_text(re.compile("Copied to the record by Invented Ben on")).wait_for()
    page.get_by_role("button", name="Copied to my record").first.click()
    page.wait_for_function("() => globalThis.calls.some(({ name }) => name === 'queue')")
    (asked,) = asks(page, "queue")
    assert (asked["draft"]["how"], asked["draft"]["text"]) == ("copied", "")
    assert asked["draft"]["refers"] == ["id-12"]
    # Exactly who was on the screen: who is new is asked about before it leaves the outbox.
    assert len(asked["shown"]) == 7
