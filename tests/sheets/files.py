"""Files as other programs make them, and as somebody who means harm does; and what is in them.

What an XLSX is made with here, openpyxl or by hand, is not what reads it.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

if TYPE_CHECKING:
    from collections.abc import Iterator

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


@dataclass(frozen=True, slots=True)
class File:
    """A file, and its first sheet; or the reason why it has none."""

    name: str
    data: bytes
    table: list[list[str]] | None = None
    refused: tuple[str, int] | None = None
    guessed: bool = False


def moment(*numbers: int) -> dt.datetime:
    """Return a moment as a sheet knows it: without a zone."""
    return dt.datetime(*numbers)  # noqa: DTZ001


# Comma-separated.


def texts() -> Iterator[File]:
    rows = [["Date", "Notes"], ["31/05/2026", "Seen, well"], [], ["", "She said “no”"]]
    comma = 'Date,Notes\r\n31/05/2026,"Seen, well"\r\n\r\n,She said “no”\r\n'
    yield File("commas", comma.encode(), rows)
    yield File("commas with a mark", b"\xef\xbb\xbf" + comma.encode(), rows)
    yield File("commas of Windows", comma.encode("cp1252"), rows, guessed=True)
    yield File("commas in UTF-16", comma.encode("utf-16"), rows)
    semicolons = comma.replace(",", ";").replace("Seen;", "Seen,")
    yield File("semicolons", semicolons.encode(), rows)
    yield File(
        "tabs and lone returns", semicolons.replace(";", "\t").replace("\r\n", "\r").encode(), rows
    )
    yield File("a named separator", b"sep=|\r\na|b,c\n1|2\n", [["a", "b,c"], ["1", "2"]])
    quotes = b'a,"b ""c""\r\n,d"\n"","e"'
    yield File("quotes", quotes, [["a", 'b "c"\r\n,d'], ["", "e"]])
    yield File("a quote within", b'5" nail,b"c"\nd,', [['5" nail', 'b"c"'], ["d"]])
    yield File("empty at the ends", b",,\na,,\n,,\n\n", [[], ["a"]])
    kept = b"'=1+1,'-2,''@a,'b,=2,''=x\n"
    yield File("kept from being run", kept, [["=1+1", "-2", "'@a", "'b", "=2", "'=x"]])
    yield File("one column", b"Notes\nshe said so\n", [["Notes"], ["she said so"]])
    windows = bytes(range(0x80, 0x100))
    table = [["".join(bytes([b]).decode("cp1252", "replace") for b in windows)]]
    for empty in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
        table[0][0] = table[0][0].replace("\ufffd", chr(empty), 1)
    yield File("all that Windows has", windows, table, guessed=True)


def bad_texts() -> Iterator[File]:
    yield File("nothing", b"", refused=("empty", 0))
    yield File("spaces", b" \r\n\t \n", refused=("empty", 0))
    yield File("only commas", b",,,\n,,\n", refused=("empty", 0))
    yield File("an open quote", b'a,b\n"c,d\n', refused=("open-quote", 2))
    yield File("more after a quote", b'a\nb\n"c"d,e\n', refused=("open-quote", 3))
    yield File("a NUL", b"a,b\0,c\n", refused=("not-a-table", 0))
    yield File("half of UTF-16", b"\xff\xfea\0b", refused=("damaged", 0))
    yield File("a page", b"\xef\xbb\xbf  <html><table>", refused=("not-a-table", 0))
    yield File("a PDF", b"%PDF-1.7\n\xff\xfe", refused=("not-a-table", 0))
    yield File(
        "an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), refused=("locked", 0)
    )
    yield File("too many rows", b"a\n" * 20_001, refused=("too-many-rows", 0))
    yield File("too many columns", b"a\n" + b"a," * 60 + b"a", refused=("too-many-columns", 2))
    yield File("a long cell", b"a\n" + "😀".encode() * 16_384, refused=("cell-too-long", 2))
    yield File("as long as may be", "😀".encode() * 16_383 + b"a", [["😀" * 16_383 + "a"]])
    yield File("as many as may be", b"a\n" * 20_000, [["a"]] * 20_000)


# XLSX as a library makes it.


def made(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def books() -> Iterator[File]:
    book = Workbook()
    sheet = book.active
    sheet.append(["Date", "Time", "Seen", "Notes", "Number"])
    sheet.append([dt.date(2026, 5, 31), dt.time(14, 30), True, "line\nline  ", 12])
    sheet.append([moment(2026, 3, 29, 1, 30, 29), None, False, " <&> ", 0.1 + 0.2])
    sheet.append([dt.date(1900, 1, 1), dt.date(1900, 2, 28), dt.date(1900, 3, 1), None, -1.5e-7])
    sheet.append([])
    sheet.append([None, None, "merged", None, 1e15])
    sheet.merge_cells("C6:D6")
    sheet.row_dimensions[2].hidden = True
    sheet["A8"] = "=1+1"
    sheet["C8"] = CellRichText("a ", TextBlock(InlineFont(b=True), "bold"), " word")
    sheet["XFD9"].number_format = "0.00"
    yield File(
        "a workbook",
        made(book),
        [
            ["Date", "Time", "Seen", "Notes", "Number"],
            ["2026-05-31", "14:30", "TRUE", "line\nline  ", "12"],
            ["2026-03-29T01:30", "", "FALSE", " <&> ", "0.3"],
            ["1900-01-01", "1900-02-28", "1900-03-01", "", "-0.00000015"],
            [],
            ["", "", "merged", "", "1000000000000000"],
            [],
            ["=1+1", "", "a bold word"],
        ],
    )
    yield File(
        "days since 1904", made(since_1904()), [["2026-05-31", "1904-01-02", "2024-02-29T23:59"]]
    )
    yield File("as others show days", made(shown()), [*SHOWN.values()])


def since_1904() -> Workbook:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([dt.date(2026, 5, 31), dt.date(1904, 1, 2), moment(2024, 2, 29, 23, 59)])
    return book


#: A number by its format.
SHOWN = {
    "General": ["46173.5"],
    "0.00": ["46173.5"],
    "[Red]0.0": ["46173.5"],
    '0.0 "days"': ["46173.5"],
    "dd/mm/yy": ["2026-05-31T12:00"],
    "[$-809]d mmmm yyyy;@": ["2026-05-31T12:00"],
    "mmm\\-yy": ["2026-05-31T12:00"],
    "d/m/yyyy h:mm AM/PM": ["2026-05-31T12:00"],
    "hh:mm:ss": ["46173.5"],
    "[h]:mm": ["46173.5"],
    "#,##0.00_);[Red](#,##0.00)": ["46173.5"],
}


def shown() -> Workbook:
    book = Workbook()
    for at, code in enumerate(SHOWN, start=1):
        cell = book.active.cell(at, 1, 46173.5)
        cell.number_format = code
    return book


# XLSX by hand.


def packed(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def parts(
    rows: str, *, strings: str = "", name: str = "One", head: str = HEAD
) -> dict[str, str | bytes]:
    """Return the parts of a workbook with one sheet."""
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    book += f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    relations = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
    relations += f'Type="{OFFICE}/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>'
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    return {
        "xl/workbook.xml": HEAD + book,
        "xl/_rels/workbook.xml.rels": HEAD + relations,
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": head + sheet,
    }


def cells(*inner: str) -> str:
    return "<x:row>" + "".join(inner) + "</x:row>"


def text_cell(text: str) -> str:
    return f'<x:c t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c>'


def by_hand() -> Iterator[File]:
    strings = "<si><t>first</t></si><si><r><t>se</t></r><r><t>cond</t></r>"
    strings += "<rPh sb='0' eb='1'><t>aloud</t></rPh><phoneticPr fontId='1'/></si>"
    strings += "<si><t>a_x000D_b _x005F_x000D_ _xD83D_ &#x1F600;&#13;</t></si>"
    rows = '<x:row r="2"><x:c r="B2" t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c>'
    rows += '<x:c r="E2" t="s"><x:v>2</x:v></x:c></x:row>'
    rows += cells('<x:c t="str"><x:f>A1&amp;"x"</x:f><x:v>worked out</x:v></x:c>')
    rows += cells('<x:c t="e"><x:v>#N/A</x:v></x:c>', "<x:c><x:f>SUM(A1)</x:f></x:c>")
    rows += cells('<x:c t="d"><x:v>2026-05-31T14:30:59.5Z</x:v></x:c>', "<x:c><x:v>1E3</x:v></x:c>")
    rows += cells(text_cell("<![CDATA[<b>]]>&lt;!--<!-- no -->"), "<x:c><x:v> -0.0 </x:v></x:c>")
    table = [[], ["", "first", "second", "", "a\rb _x000D_ _xD83D_ 😀\r"], ["worked out"]]
    table += [["#N/A", "=SUM(A1)"], ["2026-05-31T14:30", "1000"], ["<b><!--", "0"]]
    yield File("by hand", packed(parts(rows, strings=strings)), table)
    stored = packed(parts(cells(text_cell("a\r\nb"))), zipfile.ZIP_STORED)
    yield File("by hand, not packed", stored, [["a\nb"]])
    wide = parts("")
    sheet = str(parts(cells(text_cell("é")), head="")["xl/worksheets/sheet1.xml"])
    wide["xl/worksheets/sheet1.xml"] = ("\ufeff" + sheet).encode("utf-16-le")
    yield File("by hand, in UTF-16", packed(wide), [["é"]])
    macros = parts(cells(text_cell("a"))) | {"xl/vbaProject.bin": bytes(99)}
    yield File("with a macro, which nobody runs", packed(macros), [["a"]])


def bad_books() -> Iterator[File]:
    good = packed(parts(cells(text_cell("a"))))
    yield File("cut off", good[: len(good) // 2], refused=("damaged", 0))
    yield File("only a beginning", b"PK\x03\x04", refused=("damaged", 0))
    yield File(
        "another kind of archive", packed({"word/document.xml": "<a/>"}), refused=("not-a-table", 0)
    )
    yield File(
        "no sheet", packed(parts("") | {"xl/workbook.xml": "<workbook/>"}), refused=("empty", 0)
    )
    yield File("an empty sheet", packed(parts(cells(text_cell("")))), refused=("empty", 0))
    for name, head in (
        ("entities", '<!DOCTYPE a [<!ENTITY b "c">]>'),
        ("a file of ours", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'),
        ("a document type", '<!DOCTYPE a SYSTEM "https://example.invalid/a.dtd">'),
    ):
        data = packed(parts(cells(text_cell("&b;")), head=head))
        yield File(f"by hand, {name}", data, refused=("damaged", 0))
    bare = packed(parts(cells(text_cell("a")), head="<!DOCTYPE worksheet>"))
    yield File("by hand, a document type that says nothing", bare, refused=("damaged", 0))
    for name, rows in (
        ("an unknown entity", cells(text_cell("&nbsp;"))),
        ("a tag left open", "<x:row><x:c>"),
        ("a tag closed wrongly", "<x:row></x:c></x:row>"),
        ("a control character", cells(text_cell("\x01"))),
        ("one written out", cells(text_cell("&#1;"))),
        ("an odd place", '<x:row r="a"></x:row>'),
        ("an end of a comment missing", "<!-- "),
    ):
        yield File(f"by hand, {name}", packed(parts(rows)), refused=("damaged", 0))
    # Once the rows have begun, the row is said.
    missing = '<x:row r="7"><x:c t="s"><x:v>5</x:v></x:c></x:row>'
    yield File(
        "by hand, a string that is not there", packed(parts(missing)), refused=("damaged", 7)
    )
    far = '<x:row r="20001"><x:c r="A20001"><x:v>1</x:v></x:c></x:row>'
    yield File("by hand, a row too far", packed(parts(far)), refused=("too-many-rows", 0))
    wide = '<x:row r="3"><x:c r="BI3"><x:v>1</x:v></x:c></x:row>'
    yield File("by hand, a column too far", packed(parts(wide)), refused=("too-many-columns", 3))
    long = cells(text_cell("a" * 32_768))
    yield File("by hand, a cell too long", packed(parts(long)), refused=("cell-too-long", 1))
    yield from bombs()


def bombs() -> Iterator[File]:
    parted = parts(cells(text_cell("a")))
    large = {f"xl/media/{at}.bin": bytes(50 * 2**20) for at in range(4)}
    yield File("a bomb", packed(parted | large), refused=("too-big-inside", 0))
    deep = "<x:a>" * 100_000 + "</x:a>" * 100_000
    yield File("deep", packed(parts(deep)), refused=("empty", 0))
    told = packed(parts(cells(text_cell("a" * 5000))))
    yield File(
        "a part that says too little",
        lying(told, "xl/worksheets/sheet1.xml", 1000),
        refused=("damaged", 0),
    )
    yield File(
        "a part that says too much",
        lying(told, "xl/worksheets/sheet1.xml", 9000),
        refused=("damaged", 0),
    )


def lying(data: bytes, name: str, size: int) -> bytes:
    """Have a part say of itself that it is of another size."""
    at = data.rindex(name.encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    return data[: at + 24] + size.to_bytes(4, "little") + data[at + 28 :]


def all_files() -> list[File]:
    return [*texts(), *bad_texts(), *books(), *by_hand(), *bad_books()]
