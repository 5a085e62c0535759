"""CSV: rows of cells with commas, semicolons or tabs between them; what a cell begins with is never
run as a formula.

Every character outside the marks of the format lands in a cell: what does not fit the format is
refused with its row, and nothing is guessed over.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from microblog.sheets.cells import day_first, is_number
from microblog.sheets.refusal import NotATable, check_place

SEPARATORS: Final = (",", ";", "\t")
_STARTS_FORMULA: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001
_KEPT_AS_TEXT: Final = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001
_WANTS_QUOTES: Final = re.compile('[",;\t\r\n]|^ | $')
# Empty ones at an end are no columns, but no spreadsheet has more than these.
_MOST_CELLS: Final = 16_384
# A row of cells as long as they may be; in a quote that never ends there is no use in reading on.
_LONGEST_ROW: Final = 2**21
_NAMED_SEPARATOR: Final = re.compile("sep=(.)(?:\r\n|\r|\n)")
# What Windows-1252 has where Latin-1 has control characters; five places of it are empty.
_WINDOWS: Final = {
    at: ord(bytes([at]).decode("cp1252"))
    for at in range(0x80, 0xA0)
    if at not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def decode_text(data: bytes) -> tuple[str, bool]:
    """Return the text of a file, and whether it was taken for Windows-1252 as it is not UTF-8."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            try:
                return data[2:].decode(encoding), False
            except UnicodeDecodeError:
                raise NotATable("damaged") from None
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode(), False
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_WINDOWS), True


def read_csv(text: str) -> list[list[str]]:
    """Return the table in a text; empty cells and rows at an end are left out."""
    if "\0" in text:
        raise NotATable("not-a-table")
    named = _NAMED_SEPARATOR.match(text)
    start = named.end() if named else 0
    separator = named[1] if named else _separator_of(text)
    table: list[list[str]] = []
    for at, row in enumerate(_rows(text, start, separator)):
        cells = [_as_meant(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        for column, cell in enumerate(cells):
            check_place(at, column, cell)
        table.append(cells)
    while table and not table[-1]:
        table.pop()
    return table


def write_csv(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a CSV file: UTF-8 with its mark, CRLF, days first."""
    sorts = [sort for _, sort in columns]
    lines = [",".join(_quoted(_neutral(title)) for title, _ in columns)]
    for row in rows:
        lines.append(
            ",".join(_quoted(_written(cell, sort)) for cell, sort in zip(row, sorts, strict=True))
        )
    return b"\xef\xbb\xbf" + "".join(f"{line}\r\n" for line in lines).encode()


def _separator_of(text: str) -> str:
    """Return the mark that stands most often in the first row that is not empty."""
    counts = dict.fromkeys(SEPARATORS, 0)
    quoted = False
    begun = False
    for character in text[:_LONGEST_ROW]:
        if character == '"':
            quoted, begun = not quoted, True
        elif character in "\r\n" and not quoted:
            if begun:
                break
        else:
            begun = True
            if character in counts and not quoted:
                counts[character] += 1
    return max(SEPARATORS, key=lambda mark: counts[mark])


def _rows(text: str, place: int, separator: str) -> Iterator[list[str]]:
    plain = re.compile(f"[^{re.escape(separator)}\r\n]*")
    row: list[str] = []
    at = 1
    while place < len(text):
        if text[place] == '"':
            cell, place = _quoted_cell(text, place, at)
        else:
            found = plain.match(text, place)
            cell = found[0] if found else ""
            place += len(cell)
        row.append(cell)
        if len(row) > _MOST_CELLS:
            raise NotATable("too-many-columns", at)
        ending = text[place : place + 1]
        if ending and ending not in (separator, "\r", "\n"):
            raise NotATable("open-quote", at)
        place += 2 if text.startswith("\r\n", place) else 1
        if ending != separator:
            yield row
            row = []
            at += 1
        elif place >= len(text):
            row.append("")
    if row:
        yield row


def _quoted_cell(text: str, place: int, at: int) -> tuple[str, int]:
    start = place + 1
    while True:
        place = text.find('"', place + 1)
        if place < 0:
            raise NotATable("open-quote", at)
        if not text.startswith('"', place + 1):
            return text[start:place].replace('""', '"'), place + 1
        place += 1


def _as_meant(cell: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from running a text."""
    return cell[1:] if _KEPT_AS_TEXT.match(cell) else cell


def _written(cell: str, sort: str) -> str:
    if sort in ("date", "moment"):
        cell = day_first(cell)
    return cell if sort == "number" and is_number(cell) else _neutral(cell)


def _neutral(cell: str) -> str:
    """Put an apostrophe before a text that would be run; one that has it already gets a second."""
    return f"'{cell}" if _STARTS_FORMULA.match(cell) else cell


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _WANTS_QUOTES.search(cell) else cell
