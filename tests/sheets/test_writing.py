"""What goes out comes back unchanged, is what it looks like to other programs, and runs nothing."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import load_workbook

from microblog.sheets.refusal import NotATable
from microblog.sheets.tables import read_table, write_table
from tests.conftest import Trials
from tests.sheets.twins import read_in_python, read_in_typescript, write_in_both

COLUMNS = [("Number", "number"), ("Date", "date"), ("Posted", "moment"), ("Text", "text")]
ROWS = [
    ["1", "2026-05-31", "2026-06-01T14:30", 'Seen, "well"\nand happy'],
    ["2", "2026-05", "2026-03-29T01:30", '=HYPERLINK("https://example.invalid";"a")'],
    ["3", "2026", "2026-10-25T01:30", "'=1+1"],
    ["4", "", "1899-12-31T00:00", "_x000D_ \x07 \r\n & <b>"],
    ["-5.25", "2024-02-29", "", "05"],
    ["6", "not sure", "2026-02-30T10:00", "  two  "],
]
WRITTEN = [
    ["1", "31/05/2026", "01/06/2026 14:30"],
    ["2", "05/2026", "29/03/2026 01:30"],
    ["3", "2026", "25/10/2026 01:30"],
    ["4", "", "31/12/1899 00:00"],
    ["-5.25", "29/02/2024", ""],
    ["6", "not sure", "30/02/2026 10:00"],
]
REAL = [
    ["1", "2026-05-31", "2026-06-01T14:30"],
    ["2", "05/2026", "2026-03-29T01:30"],
    ["3", "2026", "2026-10-25T01:30"],
    ["4", "", "31/12/1899 00:00"],
    ["-5.25", "2024-02-29", ""],
    ["6", "not sure", "30/02/2026 10:00"],
]
STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'=", "''=", "'", "a="]  # noqa: RUF001


@pytest.fixture(scope="module")
def files():
    """Return what both languages write, by format."""
    return {one: write_in_both(COLUMNS, ROWS, one) for one in ("csv", "xlsx")}


@pytest.mark.parametrize(("table_format", "dates"), [("csv", WRITTEN), ("xlsx", REAL)])
def test_what_goes_out_comes_back_with_days_as_they_are_written(files, table_format, dates):
    expected = [[title for title, _ in COLUMNS]]
    expected += [[*row, old[3]] for row, old in zip(dates, ROWS, strict=True)]
    for data in files[table_format]:
        for answer in (read_in_python(data), *read_in_typescript([data])):
            assert answer["read"]["sheets"][0]["table"] == expected


def test_both_languages_write_the_same_csv(files):
    ours, theirs = files["csv"]
    assert ours == theirs
    assert ours.startswith(b"\xef\xbb\xbfNumber,Date,Posted,Text\r\n")


def test_both_languages_write_the_same_parts_of_a_workbook(files):
    ours, theirs = (zipfile.ZipFile(io.BytesIO(data)) for data in files["xlsx"])
    assert ours.namelist() == theirs.namelist()
    for name in ours.namelist():
        assert ours.read(name) == theirs.read(name), name


@pytest.mark.parametrize("end", [0, 1])
def test_another_program_finds_real_days_a_frozen_header_and_no_formula(files, end):
    sheet = load_workbook(io.BytesIO(files["xlsx"][end])).active
    assert sheet["B2"].value == dt.datetime(2026, 5, 31)  # noqa: DTZ001
    assert sheet["B2"].number_format == "dd/mm/yyyy"
    assert sheet["C2"].value == dt.datetime(2026, 6, 1, 14, 30)  # noqa: DTZ001
    assert sheet["C2"].number_format == "dd/mm/yyyy hh:mm"
    assert (sheet["A2"].value, sheet["A6"].value) == (1, -5.25)
    assert sheet["D3"].value == ROWS[1][3]
    assert {cell.data_type for cell in sheet["D"]} == {"s"}
    assert all(cell.quotePrefix for cell in sheet["D"])
    assert sheet["A1"].font.bold
    assert not sheet["A2"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.page_setup.fitToHeight in (0, "0")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.right.text == "Page &P of &N"
    assert sheet["D2"].alignment.wrap_text


@pytest.mark.parametrize("end", [0, 1])
def test_a_workbook_says_nothing_of_who_made_it_where_or_from_where(files, end):
    with zipfile.ZipFile(io.BytesIO(files["xlsx"][end])) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 12, 0, 0)}
        for name in archive.namelist():
            text = archive.read(name).decode()
            assert 'Target="http' not in text
            assert "creator" not in text
            assert "modified" not in text


@pytest.mark.parametrize("start", STARTS)
def test_no_text_is_run_whatever_it_begins_with_and_none_is_changed_for_good(start):
    text = f"{start}1+1"
    csv, theirs = write_in_both([("Text", "text")], [[text]], "csv")
    assert csv == theirs
    cell = csv.decode("utf-8-sig").split("\r\n", 1)[1].strip('"')
    assert cell[0] not in "=+-@\t\r\n＝＋－＠"  # noqa: RUF001
    for table_format in ("csv", "xlsx"):
        data = write_table([("Text", "text")], [[text]], table_format)
        assert read_table(data).sheets[0].table == [["Text"], [text]]


def test_a_title_is_no_formula_either():
    assert write_table([("=1+1", "text")], [], "csv") == b"\xef\xbb\xbf'=1+1\r\n"


@pytest.mark.parametrize("table_format", ["csv", "xlsx"])
def test_a_cell_that_no_spreadsheet_could_hold_is_refused_and_not_cut_off(table_format):
    with pytest.raises(NotATable, match=r"more than 32,767 characters \(row 3\)"):
        write_table([("Text", "text")], [["a"], ["😀" * 16_384]], table_format)


@pytest.mark.trial(small=3, great=600)
def test_any_rows_come_back_the_same_from_either_end_and_format(trials: Trials):
    letters = "aé😀 =+-@'\",;\t\r\n\x01_x0\u2028<&0"
    for number in range(trials.count):
        random = trials.random(number)
        rows = [
            ["".join(random.choices(letters, k=random.randrange(9))) for _ in range(3)] + ["."]
            for _ in range(random.randrange(1, 30))
        ]
        columns = [(title, "text") for title in "ABCD"]
        for table_format in ("csv", "xlsx"):
            written = write_in_both(columns, rows, table_format)
            if table_format == "csv":
                assert written[0] == written[1]
            answers = [read_in_python(written[1]), *read_in_typescript([written[0]])]
            for answer in answers:
                assert answer["read"]["sheets"][0]["table"][1:] == rows
