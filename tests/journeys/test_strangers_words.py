"""Words that would be more than words: brought in, read, drawn and taken out, in every field.

Nothing of them is run, and no policy is even asked to stop them: they are only ever text.
"""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from microblog.sheets.tables import read_table, write_table
from tests.journeys.people import Visitor
from tests.lying.insider_lies import CORPUS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TITLES = ("Date", "Worker", "Job title", "Team", "Note type", "Source", "Case note")
#: What would tell of a script that ran, whatever ran it.
TRAP = """() => {
  globalThis.ran = [];
  for (const name of ["alert", "confirm", "prompt", "open"])
    globalThis[name] = (...given) => ran.push([name, given.join()]);
}"""
#: In a spreadsheet there are no such characters.
KEPT = [one for one in CORPUS if one.isprintable() or "\u2028" in one or "\u202e" in one]


def notes() -> bytes:
    """Return a spreadsheet with something of it in every cell, and in the titles too."""
    rows = [
        [f"{1 + at:02}/02/2025", *(KEPT[(at + shift) % len(KEPT)] for shift in range(5)), KEPT[at]]
        for at in range(len(KEPT))
    ]
    titles = [*TITLES, KEPT[0], KEPT[2]]
    columns = [(title, "text") for title in titles]
    return write_table(columns, [[*row, KEPT[1], KEPT[3]] for row in rows], "xlsx")


def test_what_is_brought_in_drawn_and_taken_out_is_never_run(
    new_profile, server, tmp_path: Path
) -> None:
    asha = Visitor(new_profile())
    page = asha.page
    asha.found(server.founding_link(), "Invented Asha")
    asha.begin(KEPT[1])
    child = page.url
    _bring_in(asha)
    page.evaluate(TRAP)
    page.get_by_role("heading", name="The picture").first.wait_for()
    brought = page.locator("a[href*='/brought/']").first
    brought.wait_for()
    _nothing_ran(page, asha)
    brought.click()
    asha.sees("by when they happened")
    expect(page.locator("main")).to_contain_text(KEPT[0])
    _nothing_ran(page, asha)
    asha.visit("Round-up")
    asha.sees("Nobody else has posted anything")
    _nothing_ran(page, asha)
    for name, label in (("csv", "CSV"), ("xlsx", "Excel")):
        file = tmp_path / f"out.{name}"
        _take_out(asha, child, label, file)
        columns, *rows = read_table(file.read_bytes()).sheets[0].table
        texts = [row[columns.index("Text")] for row in rows]
        assert sorted(texts) == sorted(text for text in texts if any(it in text for it in KEPT))
        assert len(rows) == len(KEPT)
        assert _formulas(file.read_bytes()) == []
        _nothing_ran(page, asha)

    page.evaluate("() => document.querySelector('main').append(document.createElement('img'))")
    with pytest.raises(AssertionError):
        _nothing_ran(page, asha)


def test_a_formula_would_be_noticed() -> None:
    assert _formulas(b"a,=1+1\r\n") == ["=1+1"]
    book = Workbook()
    book.active["A1"] = "=1+1"
    file = BytesIO()
    book.save(file)
    assert _formulas(file.getvalue()) == ["<f>"]


def _take_out(asha: Visitor, child: str, label: str, file: Path) -> None:
    page = asha.page
    page.goto("about:blank")
    page.goto(f"{child}/take-out")
    asha.unlock()
    page.get_by_label("A spreadsheet").check()
    page.get_by_label(label).check()
    page.get_by_label("Why").fill(KEPT[0])
    asha.press("Show what goes out")
    page.get_by_role("heading", name="Blacked out").wait_for()
    with page.expect_download() as saving:
        asha.press("save the spreadsheet")
    saving.value.save_as(file)


def _formulas(data: bytes) -> list[str]:
    """Return what a spreadsheet would run of a file: in XLSX it says so, in CSV it begins so."""
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as package:
            return re.findall("<f[ >]", package.read("xl/worksheets/sheet1.xml").decode())
    rows = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
    return [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def _bring_in(asha: Visitor) -> None:
    page = asha.page
    page.goto(f"{page.url}/bring-in")
    page.evaluate(TRAP)
    sheet = {"name": f"{KEPT[1][:20]}.xlsx", "mimeType": "", "buffer": notes()}
    page.locator("#file").set_input_files(sheet)
    page.get_by_role("button", name="Bring in").click()
    asha.sees("rows came in.")
    _nothing_ran(page, asha)
    asha.follow("Go to the stream")


def _nothing_ran(page: Page, asha: Visitor) -> None:
    assert page.evaluate("() => globalThis.ran ?? []") == []
    assert page.locator("main script, main iframe, main svg [onload], main img").count() == 0
    assert asha.profile.complaints == []
