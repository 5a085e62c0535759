"""Spreadsheets in a browser: chosen, looked over, stopped and gone on with; and what reads them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from microblog.web.headers import SHEETS_PATH, policy_of
from tests.breaches import await_note
from tests.sheets.files import packed, parts, text_cell

pytestmark = pytest.mark.browser

ROWS = (
    "Date,Worker,Agency,Notes,Colour\n"
    "31/05/2025,Invented Uma,Invented School,She came without a coat,blue\n"
    f"01/06/2025,Invented Uma,Invented School,{'She said it again and again. ' * 12},\n"
    "31/02/2025,Invented Uma,Invented School,No such day,\n"
    ",,,Not sure when,green\n"
)
CHILDREN = (
    "Name,DOB,School,Household\n"
    "Sample X,31/05/2019,Invented School,Mill Lane household\n"
    "Sample Y,,,\n"
    "Sample Z,31/02/2019,,\n"
)


def choose(page, text=ROWS, name="notes.csv"):
    data = text.encode() if isinstance(text, str) else text
    page.locator("#file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


@pytest.fixture
def at_rows(new_stage):
    """Return a function that opens the screen, with a file chosen."""

    def open_at(scenario="normal", text=ROWS, name="notes.csv"):
        stage = new_stage(scenario)
        stage.go("#/child/AAAA/bring-in", "Bring in a spreadsheet")
        choose(stage.page, text, name)
        return stage

    return open_at


def button(page, name):
    return page.get_by_role("button", name=name)


def test_every_screen_of_a_spreadsheet_is_fit_to_be_used(new_stage):
    stage = new_stage()
    page = stage.page
    stage.go("#/child/AAAA/bring-in", "Bring in a spreadsheet")
    stage.look_over("before a file is chosen")
    choose(page, b"%PDF-1.7 nothing", "notes.pdf")
    page.get_by_text("neither a CSV nor an XLSX file").wait_for()
    stage.look_over("a file that is none")
    choose(page)
    page.get_by_role("heading", name="What would come in").wait_for()
    stage.look_over("rows")
    page.locator("summary", has_text="Columns").click()
    page.locator("summary", has_text="can read this").click()
    stage.look_over("rows, all unfolded")
    stage.go("#/child/NNNN/brought/1", "Rows brought in")
    page.get_by_text("3 rows, by when they happened").wait_for()
    stage.look_over("rows brought in")
    stage.go("#/children/bring-in", "Bring in a list of children")
    stage.look_over("a list, before it is chosen")
    choose(page, CHILDREN, "children.csv")
    page.get_by_text("To begin").wait_for()
    stage.look_over("a list of children")
    assert stage.findings == []
    assert stage.profile.complaints == []


def test_nothing_is_sent_before_it_was_looked_over_and_then_it_says_what_came_in(at_rows):
    stage = at_rows()
    page = stage.page
    page.get_by_text("Columns: 4 of 5 are brought in").wait_for()
    expect(page.get_by_text("Row 4.", exact=True)).to_be_visible()
    expect(page.get_by_text("February has no day 31")).to_be_visible()
    expect(page.get_by_text("1 row has no date")).to_be_visible()
    page.get_by_label("Where these rows are from").fill("Invented school notes")
    page.get_by_text(" \u2013 Invented school notes").first.wait_for()
    button(page, "Bring in 3 rows for Sample A").click()
    page.get_by_text("3 rows came in.").wait_for()
    # What did not come in is still said.
    expect(page.get_by_role("heading", name="1 row cannot be brought in")).to_be_visible()
    assert stage.profile.complaints == []


def test_a_column_can_be_taken_for_something_else(at_rows):
    page = at_rows(text="When,What\n31/05/2025,She came without a coat\n").page
    page.get_by_text("Say above which column is: Text.").wait_for()
    page.get_by_label("What", exact=True).select_option(label="Text")
    button(page, "Bring in 1 row for").wait_for()
    expect(page.get_by_text("Say above which column")).to_be_hidden()


def test_rows_that_cannot_come_in_are_saved_to_be_mended(at_rows):
    page = at_rows().page
    with page.expect_download() as saving:
        button(page, "Save them as a spreadsheet").click()
    saved = saving.value.path().read_bytes().decode("utf-8-sig").splitlines()
    assert saving.value.suggested_filename == "rows-to-mend.csv"
    assert saved[0] == "Row in that file,Why it was not brought in,Date,Worker,Agency,Notes,Colour"
    assert saved[1].startswith("4,“Date” has 31/02/2025: February has no day 31.,31/02/2025,")


def test_it_can_be_stopped_and_says_how_far_it_came(at_rows):
    stage = at_rows("bringing")
    page = stage.page
    button(page, "Bring in 3 rows").click()
    page.get_by_text("Bringing in: 340 of 1000").wait_for()
    stage.look_over("rows on their way in")
    button(page, "Stop").click()
    page.get_by_text("Stopped: 2 rows came in, 1 row is left.").wait_for()
    stage.look_over("stopped")
    assert stage.findings == []


def test_what_was_cut_off_goes_on_where_it_stopped(at_rows):
    page = at_rows("halfway").page
    button(page, "Bring in 3 rows").click()
    page.get_by_text("Stopped: 2 rows came in").wait_for()
    button(page, "Bring in 1 row for").click()
    page.get_by_text("1 row came in.").wait_for()
    expect(page.get_by_text("2 rows were here already")).to_be_visible()


def test_someone_who_joined_the_team_meanwhile_is_asked_about(at_rows):
    stage = at_rows("newcomers")
    page = stage.page
    button(page, "Bring in 3 rows").click()
    page.get_by_text("1 person joined the team meanwhile").wait_for()
    stage.look_over("a newcomer")
    button(page, "Yes, bring them in for all").click()
    page.get_by_text("3 rows came in.").wait_for()
    assert stage.findings == []


def test_where_nobody_vouches_for_the_server_it_waits(at_rows):
    page = at_rows("unvouched").page
    button(page, "Bring in 3 rows").click()
    page.get_by_text("Not sent: this server has not been vouched for").wait_for()
    expect(page.get_by_text("The rows are in your file.")).to_be_visible()
    button(page, "Send it all the same").click()
    page.get_by_text("3 rows came in.").wait_for()


def test_a_list_of_children_is_begun_as_it_was_ticked(new_stage):
    stage = new_stage()
    page = stage.page
    stage.go("#/children/bring-in", "Bring in a list of children")
    choose(page, CHILDREN, "children.csv")
    page.get_by_role("checkbox", name="Sample Y").uncheck()
    button(page, "Begin 1 stream").click()
    page.get_by_text("1 stream begun").wait_for()


def test_of_a_workbook_another_sheet_can_be_chosen(at_rows):
    rows = "".join(
        f"<x:row>{text_cell(a)}{text_cell(b)}</x:row>" for a, b in (("Date", "Notes"), ("", "a"))
    )
    two = {name: str(part) for name, part in parts(rows).items()}
    cover = '<sheet name="Cover" sheetId="2" r:id="rId2"/>'
    two["xl/workbook.xml"] = two["xl/workbook.xml"].replace("<sheets>", f"<sheets>{cover}")
    relations = two["xl/_rels/workbook.xml.rels"]
    one = relations[relations.index("<Relationship ") : relations.index("/>") + 2]
    other = one.replace("rId1", "rId2").replace("sheet1", "sheet2")
    two["xl/_rels/workbook.xml.rels"] = relations.replace(one, one + other)
    two["xl/worksheets/sheet2.xml"] = "<worksheet><sheetData/></worksheet>"
    page = at_rows(text=packed(two), name="notes.xlsx").page
    page.get_by_text("Columns: 2 of 2 are brought in").wait_for()
    page.get_by_label("Sheet", exact=True).select_option(label="Cover (0 rows)")
    page.get_by_text("There is nothing on this sheet.").wait_for()


def test_rows_brought_in_are_one_line_of_the_stream_and_no_news(new_stage):
    stage = new_stage()
    page = stage.page
    stage.go("#/child/NNNN", "North Street household")
    line = page.locator("article.brought")
    expect(line).to_contain_text("120 rows from Invented school notes")
    expect(line).to_contain_text("brought in by")
    assert "new" not in line.inner_text()
    line.get_by_role("link", name="120 rows").click()
    page.get_by_role("heading", name="Rows brought in").wait_for()


@pytest.mark.breach
def test_the_page_may_start_its_two_workers_and_nothing_else(new_stage):
    page = new_stage().page
    for address in ("/static/app.js", "https://example.invalid/worker.js"):
        assert page.evaluate(
            "(url) => { try { new Worker(url); } catch (error) { return error.name; } }", address
        ) == ("TypeError")
    assert page.evaluate(
        """() => {
          try { trustedTypes.createPolicy("microblog", { createScriptURL: (url) => url }); }
          catch (error) { return error.name; }
        }"""
    ) == ("TypeError")


@pytest.mark.breach
def test_the_worker_that_reads_strangers_files_reaches_nothing(new_stage):
    """What runs in it is asked to reach out, by every way there is."""
    stage = new_stage()
    page = stage.page
    planted = """self.onmessage = async () => {
      const tries = {
        fetch: () => fetch("/api/practice"),
        elsewhere: () => fetch("https://example.invalid/"),
        import: () => import("/static/app.js?canary"),
        socket: () => new Promise((done, fail) => {
          const socket = new WebSocket("wss://" + location.host);
          socket.onopen = done;
          socket.onerror = fail;
        }),
        worker: () => new Promise((done, fail) => {
          const worker = new Worker("/static/worker.js");
          worker.onmessage = done;
          worker.onerror = fail;
        }),
        code: async () => new Function("return 1")(),
        assembly: () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
      };
      const reached = [];
      for (const [name, attempt] of Object.entries(tries))
        await attempt().then(() => reached.push(name), () => {});
      const table = [["reached: " + reached.join()]];
      self.postMessage({ read: { sheets: [{ name: "", table, refused: null }], guessed: false } });
    };"""
    begun, asked = set(), []
    headers = {"content-security-policy": policy_of(SHEETS_PATH)}
    stage.profile.context.route(
        f"**{SHEETS_PATH}",
        lambda route: route.fulfill(
            body=planted, headers={**headers, "content-type": "text/javascript"}
        ),
    )
    # The page brings its own parts for this screen; the worker begins with the file.
    stage.go("#/child/AAAA/bring-in", "Bring in a spreadsheet")
    page.wait_for_load_state("networkidle")
    # The end of what was fetched before is told late.
    page.on("request", lambda request: begun.add(request.url))
    # Else it would be over before the watch has looked into it.
    page.evaluate("() => { Worker.prototype.terminate = () => {}; }")
    # What the policy stops has not gone out.
    page.on("requestfinished", lambda request: asked.append(request.url))
    choose(page)
    page.get_by_text("reached:", exact=True).wait_for()
    await_note(page, "worker: ", stage.profile.complaints)
    assert {urlsplit(url).path for url in asked if url in begun} <= {
        SHEETS_PATH,
        "/static/icon.svg",
    }
