"""A file to tables, and a chronology to a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from microblog.sheets.commas import decode_text, read_csv, write_csv
from microblog.sheets.new_workbook import write_workbook
from microblog.sheets.refusal import MAX_CELL_UNITS, MAX_FILE_BYTES, NotATable, utf16_units
from microblog.sheets.workbook import Sheet, read_workbook

FORMATS: Final = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Read:
    """What is in a file: one sheet of a CSV, any number of an XLSX."""

    sheets: list[Sheet]
    guessed: bool
    """It is not UTF-8, and was taken for what Windows wrote in western Europe."""


def read_table(data: bytes) -> Read:
    """Return the tables of a file, CSV or XLSX by what is in it; raise `NotATable` with the reason.

    A real day in a cell stands as YYYY-MM-DD, with a time as YYYY-MM-DDTHH:MM. The first row of a
    table is the first row of its sheet: rows with nothing in them are there, and empty.
    """
    if not data.strip():
        raise NotATable("empty")
    if len(data) > MAX_FILE_BYTES:
        raise NotATable("too-big")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotATable("locked")
    if data.startswith(b"PK"):
        sheets = read_workbook(data)
        if all(not sheet.table and not sheet.refusal for sheet in sheets):
            raise NotATable("empty")
        return Read(sheets, guessed=False)
    text, guessed = decode_text(data)
    if text.lstrip("\ufeff \t\r\n").startswith(("<", "%PDF", "{\\rtf")):
        raise NotATable("not-a-table")
    table = read_csv(text)
    if not table:
        raise NotATable("empty")
    return Read([Sheet("", table)], guessed)


def write_table(
    columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], table_format: str
) -> bytes:
    """Return a file of rows under titles, each with its sort: text, date, moment or number.

    Raise `NotATable` where a cell is too long for a spreadsheet.
    """
    for at, row in enumerate(rows, start=2):
        if any(utf16_units(cell) > MAX_CELL_UNITS for cell in row):
            raise NotATable("cell-too-long", at)
    return write_workbook(columns, rows) if table_format == "xlsx" else write_csv(columns, rows)
