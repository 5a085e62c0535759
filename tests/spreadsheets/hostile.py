"""Files that somebody made to harm whoever opens them, or that came to harm themselves.

Each says what must come of it: a table, a refusal, or (where no honest program writes such a file)
either, as long as it is the same in both languages; or any, where the languages' own libraries
understand a package differently.
"""

from __future__ import annotations

import base64
import gzip
import io
import struct
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.lying.insider_lies import CORPUS
from tests.spreadsheets.making import (
    HEAD,
    MAIN,
    SHEET,
    book,
    number,
    packed,
    rels,
    row,
    sheet,
    styles,
    text,
    workbook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED, EITHER, ANY = "refused", "either", "any"
PASSWD = "file:///etc/passwd"
ELSEWHERE = "https://elsewhere.example/x"
ENTITY = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{PASSWD}">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "'
    + "ha" * 50
    + '">'
    + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 50}">'
        for before, after in zip("abcd", "bcde", strict=True)
    )
    + "]>"
)
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file; `wanted` is its table, or what else may come of it."""

    name: str
    data: bytes
    wanted: list[list[str]] | str


def files(*, large: bool) -> list[Hostile]:
    """Return them, those that are large too or not."""
    sorts = (_bombs(), _entities(), _elsewhere(), _odd_packages(), _odd_sheets(), _odd_texts(),
             _broken(), _not_tables(), _large() if large else ())  # fmt: skip
    found = [Hostile(*it) for sort in sorts for it in sort]
    assert len({it.name for it in found}) == len(found)
    return found


Made = tuple[str, bytes, list[list[str]] | str]


def _bombs() -> Iterator[Made]:
    """Small files that are large when they are unpacked, or take long to read."""
    good = workbook(row(text("a")))
    yield "claims four gigabytes", _claiming(packed(good), 2**32 - 2), REFUSED
    yield "claims ten bytes of many", _claiming(packed(good), 10), REFUSED
    parts = {f"xl/part{at}.xml": b"" for at in range(10_001)}
    yield "ten thousand parts", packed(good | parts, zipfile.ZIP_STORED), REFUSED
    listed = "".join(f'<sheet name="{at}" sheetId="{at}" r:id="rId1"/>' for at in range(5_000))
    long = workbook(row(text("x" * 50)) * 2_000, book=book(f"<sheets>{listed}</sheets>"))
    yield "one sheet five thousand times", packed(long), EITHER
    strings = f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"x" * 32_767}</t></si></sst>'
    cells = row(*['<c t="s"><v>0</v></c>'] * 60) * 2_000
    yield (
        "one long text in a hundred thousand cells",
        packed(workbook(cells, strings=strings)),
        REFUSED,
    )
    merged = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    yield (
        "all cells are one",
        packed(workbook(sheet=sheet(row(text("a")), merged))),
        [["a"]],
    )
    for name, code in {"brackets": "[" * 60_000, "quotes": '"' * 60_001, "stars": "*" * 60_000,
                       "signs": "\\" * 60_001, "parts": ";" * 60_000}.items():  # fmt: skip
        made = workbook(row(number("1", 1)), styles=styles(code))
        yield f"a number format of many {name}", packed(made), EITHER
    yield "a cell of a million digits", packed(workbook(row(number("1" * MIB)))), REFUSED
    yield "a number without end", packed(workbook(row(number("1e999999999")))), EITHER
    yield "nested 100,000 deep", packed(workbook(sheet=sheet("<a>" * 100_000))), REFUSED
    deep = sheet(row(text("a")), "<a>" * 50_000 + "</a>" * 50_000)
    yield "nested 50,000 deep, and closed", packed(workbook(sheet=deep)), EITHER
    odd = "".join(f' a{at}="x"' for at in range(50_000))
    yield "50,000 attributes", packed(workbook(f"<row{odd}>{text('a')}</row>")), [["a"]]


def _large() -> Iterator[Made]:
    """Files as large as there may be, or larger; they take a while to make, too."""
    yield "201 MiB of spaces", packed(workbook() | {SHEET: b" " * (201 * MIB)}), REFUSED
    yield "a quote that never ends, for 20 MiB", b'a,"' + b"x\n" * (10 * MIB - 2), REFUSED
    yield "20 MiB of commas", b"," * (20 * MIB), EITHER
    yield "20 MiB of quotes", b'"' * (20 * MIB), REFUSED
    yield "20 MiB of lines", b"a\n" * (10 * MIB), REFUSED
    yield "a byte more than 20 MiB", b"a" * (20 * MIB + 1), REFUSED


def _entities() -> Iterator[Made]:
    """XML that would have its reader read something else, or more and more of itself."""
    evil = "<c t='inlineStr'><is><t>&e;</t></is></c>"
    kinds = {"a file": ENTITY, "an address": ENTITY.replace(PASSWD, ELSEWHERE), "itself": LAUGHS}
    for name, kind in kinds.items():
        for part, made in {
            "sheet": workbook(sheet=sheet(row(evil)).replace(HEAD, HEAD + kind)),
            "strings": workbook(
                row('<c t="s"><v>0</v></c>'),
                strings=f'{HEAD}{kind}<sst xmlns="{MAIN}"><si><t>&e;</t></si></sst>',
            ),
            "book": workbook(row(text("a")), book=book(head=HEAD + kind)),
        }.items():
            yield f"a {part} that names {name}", packed(made), REFUSED
    style = f'{HEAD}<?xml-stylesheet href="{ELSEWHERE}" type="text/xsl"?>'
    made = workbook(sheet=sheet(row(text("a"))).replace(HEAD, style))
    yield "a sheet with a stylesheet elsewhere", packed(made), [["a"]]
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
    yield "a sheet that includes a file", packed(workbook(row(text("a")) + include)), [["a"]]


def _elsewhere() -> Iterator[Made]:
    """Parts that are said to lie where nobody should look."""
    outside = ' TargetMode="External"'
    for target in (PASSWD, ELSEWHERE, "../../../../etc/passwd", "/etc/passwd", "\\\\host\\share"):
        made = workbook(row(text("a")), rels=rels(target, outside))
        yield f"a sheet that lies at {target}", packed(made), REFUSED
    escaping = workbook(row(text("a"))) | {"../../evil.xml": b"x", "/etc/passwd": b"x"}
    yield "parts that would be unpacked elsewhere", packed(escaping), [["a"]]
    links = '<externalReferences><externalReference r:id="rId9"/></externalReferences>'
    more = workbook(row(text("a")), book=book(links))
    more |= {"xl/externalLinks/externalLink1.xml": f"<x href='{ELSEWHERE}'/>".encode()}
    yield "a book with links to another", packed(more), [["a"]]
    query = {"xl/connections.xml": f"<connection url='{ELSEWHERE}'/>".encode()}
    yield "a book with a query", packed(workbook(row(text("a"))) | query), [["a"]]
    macros = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"Sub AutoOpen()"}
    types = workbook()["[Content_Types].xml"].replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main",
        b"ms-excel.sheet.macroEnabled.main",
    )
    macros |= {"[Content_Types].xml": types}
    yield "a book with macros", packed(workbook(row(text("a"))) | macros), [["a"]]
    old = "<c><f>cmd|' /C calc'!A0</f><v>12</v></c>"
    formula = f'<c t="str"><f>HYPERLINK("{ELSEWHERE}")</f><v>=1+1</v></c>'
    yield "formulas", packed(workbook(row(old, formula))), [["12", "=1+1"]]


def _odd_packages() -> Iterator[Made]:
    """Packages that can be understood in more than one way."""
    good = workbook(row(text("a")))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, data in good.items():
            package.writestr(name, data)
        twice = workbook(row(text("b")))[SHEET]
        with warnings.catch_warnings(action="ignore"):
            package.writestr(SHEET, twice)
    yield "a part that is there twice", file.getvalue(), EITHER
    yield "something before the package", b"PK, but not yet" + packed(good), ANY
    yield "something after the package", packed(good) + b"\0" * 100, EITHER
    yield (
        "a part of another name within",
        packed(good).replace(b"xl/styles", b"xl/stolen", 1),
        ANY,
    )
    locked = bytearray(packed(good))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(sign)
        while place >= 0:
            locked[place + at] |= 1
            place = locked.find(sign, place + 4)
    yield "parts that say they are encrypted", bytes(locked), ANY
    yield "an old or encrypted workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), REFUSED
    yield "a package of something else", packed({"word/document.xml": b"<x/>"}), REFUSED
    yield "an empty package", packed({}), REFUSED
    yield "a package within a package", packed({"x.xlsx": packed(good)}), REFUSED


def _odd_sheets() -> Iterator[Made]:
    """Sheets with cells where no sheet has any, or none that lie in order."""
    cell = text("a")
    yield "a column beyond all", packed(workbook(row(text("a", "XFD1")))), REFUSED
    yield "a column of four letters", packed(workbook(row(text("a", "ZZZZ1")))), REFUSED
    yield "sixty thousand columns", packed(workbook(row(*[cell] * 60_000))), REFUSED
    yield "a row beyond all", packed(workbook(row(cell, number=4294967295))), REFUSED
    yield "the last row alone", packed(workbook(row(text("a", "A1048576")))), REFUSED
    yield "a row before the first", packed(workbook('<row r="-1">' + cell + "</row>")), REFUSED
    yield "20,001 rows", packed(workbook(row(cell) * 20_001)), REFUSED
    yield "a cell of 32,768", packed(workbook(row(text("x" * 32_768)))), REFUSED
    yield "a cell of 16,384 signs of two", packed(workbook(row(text("🙂" * 16_384)))), REFUSED
    pointing = '<c t="s"><v>{}</v></c>'
    for at in ("0", "-1", "1e3", "99999999999999999999", "x"):
        yield f"a text that is not there: {at}", packed(workbook(row(pointing.format(at)))), REFUSED
    yield "a style that is not there", packed(workbook(row(number("5", 99)))), [["5"]]
    mixed = row(text("b", "B1"), text("a", "A1"), text("c", "A1"))
    yield "cells out of order, and one twice", packed(workbook(mixed)), [["c", "b"]]
    yield "no sheet at all", packed(workbook(book=book().replace("<sheet ", "<page "))), REFUSED


def _odd_texts() -> Iterator[Made]:
    """Words that would be more than words, were they not left alone."""
    safe = [one for one in CORPUS if not any(ord(sign) < 32 or sign in "\x7f\x9b" for sign in one)]
    yield (
        "markup and commands",
        packed(workbook("".join(row(text(it)) for it in safe))),
        [[it] for it in safe],
    )
    quoted = "\r\n".join('"' + one.replace('"', '""') + '"' for one in safe)
    yield "markup and commands, as CSV", ("x,y\r\n" + quoted).encode(), [
        ["x", "y"], *([it] for it in safe)
    ]  # fmt: skip
    yield "a NUL in CSV", b"a,b\r\nc\0d,e", REFUSED
    yield "a NUL in XML", packed(workbook(row(text("a\0b")))), REFUSED
    yield (
        "half a character in XML",
        packed(
            {**workbook(), SHEET: sheet(row(text("?"))).encode().replace(b">?<", b">\xed\xa0\x80<")}
        ),
        REFUSED,
    )
    yield "half a character, by number", packed(workbook(row(text("@")))).replace(b"", b""), [["@"]]
    named = sheet(row(text("@"))).replace("@", "&#xD800;")
    yield "half a character, named", packed(workbook(sheet=named)), REFUSED
    yield (
        "an odd encoding",
        packed({**workbook(), SHEET: sheet(row(text("a"))).replace("UTF-8", "UTF-7").encode()}),
        ANY,
    )
    wide = {**workbook(), SHEET: sheet(row(text("ä"))).replace("UTF-8", "UTF-16").encode("utf-16")}
    yield "XML in UTF-16", packed(wide), EITHER


def _broken() -> Iterator[Made]:
    """Files that did not come over whole."""
    whole = packed(workbook(row(text("a")) * 50))
    for parts in (1, 20, 50, 90, 99):
        yield f"{parts} % of a workbook", whole[: len(whole) * parts // 100], REFUSED
    place = whole.find(b"worksheets/sheet1.xml") + 60
    yield (
        "a bit that turned over",
        whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :],
        REFUSED,
    )
    yield "a quote that never ends", b'a,b\r\n"c,d\r\ne,f\r\n', REFUSED
    yield "a quote in the middle", b'a,b\r\n"c"d,e\r\n', REFUSED
    yield "61 columns", b"," * 60 + b"x\n", REFUSED


def _not_tables() -> Iterator[Made]:
    """Something else, whatever its name ends with."""
    yield "nothing", b"", REFUSED
    yield "spaces", b" \r\n\t ", REFUSED
    yield "a page", b"<html><table><tr><td>a</td></tr></table></html>", REFUSED
    yield "a flat workbook", f"{HEAD}<Workbook/>".encode(), REFUSED
    yield "a paper", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", REFUSED
    yield "a letter", b"{\\rtf1 a}", REFUSED
    picture = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
        "gg=="
    )
    yield "a picture", picture, REFUSED
    yield "something squeezed", gzip.compress(b"a,b\n", mtime=0) + b"\0", REFUSED
    yield "a program", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", REFUSED


def _claiming(file: bytes, size: int) -> bytes:
    """Return a package whose sheet says that unpacked it has so many bytes."""
    made = bytearray(file)
    name = SHEET.encode()
    for sign, length, at in ((b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)):
        place = made.find(sign)
        while place >= 0:
            if made[place + length : place + length + len(name)] == name:
                made[place + at : place + at + 4] = struct.pack("<I", size)
            place = made.find(sign, place + 4)
    return bytes(made)
