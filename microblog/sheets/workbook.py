"""The sheets of an XLSX file, as rows of cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from microblog.sheets.cells import iso_text, moment_text, number_text, shows
from microblog.sheets.markup import walk
from microblog.sheets.package import Package
from microblog.sheets.refusal import MAX_UNPACKED_BYTES, NotATable, check_place

WORKBOOK: Final = "xl/workbook.xml"
_REFERENCE: Final = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_INDEX: Final = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a file; why it cannot be read stands in `refusal`, and then it has no rows."""

    name: str
    table: list[list[str]]
    refusal: NotATable | None = None


@dataclass(slots=True)
class _Book:
    """What the cells of all sheets look up."""

    sheets: list[tuple[str, str]] = field(default_factory=list)  # name, id of its part
    since_1904: bool = False
    strings: list[str] = field(default_factory=list)
    formats: list[tuple[bool, bool]] = field(default_factory=list)  # of each style: day, time
    characters: int = 0  # in the cells so far

    def take(self, text: str) -> None:
        """Count what a cell says: a text that is there once may stand in a million cells."""
        self.characters += len(text)
        if self.characters > MAX_UNPACKED_BYTES:
            raise NotATable("too-big-inside")


def read_workbook(data: bytes) -> list[Sheet]:
    """Return the sheets of an XLSX file, in its own order, hidden ones too."""
    package = Package(data)
    if WORKBOOK not in package:
        raise NotATable("not-a-table")
    book = _Book()
    _read_names(package.part(WORKBOOK), book)
    targets = _read_targets(package)
    if "xl/sharedStrings.xml" in package:
        _read_strings(package.part("xl/sharedStrings.xml"), book)
    if "xl/styles.xml" in package:
        _read_formats(package.part("xl/styles.xml"), book)
    sheets = []
    read: set[str] = set()
    for name, target in book.sheets:
        path = targets.get(target, "")
        if not path or path in read:
            continue
        # A part is one sheet, however often it is listed.
        read.add(path)
        try:
            sheets.append(Sheet(name, _Rows(package.part(path), book).table()))
        except NotATable as refusal:
            sheets.append(Sheet(name, [], refusal))
    return sheets


def _read_names(data: bytes, book: _Book) -> None:
    def opened(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            book.sheets.append((attributes.get("name", ""), attributes.get("id", "")))
        elif name == "workbookPr":
            book.since_1904 = attributes.get("date1904") in ("1", "true")

    walk(data, opened, _nothing, _nothing)


def _read_targets(package: Package) -> dict[str, str]:
    """Return where the part of each worksheet is, by its id; a chart is no worksheet."""
    targets: dict[str, str] = {}

    def opened(name: str, attributes: Mapping[str, str]) -> None:
        target = attributes.get("Target", "")
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            targets[attributes.get("Id", "")] = path

    walk(package.part("xl/_rels/workbook.xml.rels"), opened, _nothing, _nothing)
    return targets


def _read_strings(data: bytes, book: _Book) -> None:
    words = _Words()

    def opened(name: str, _attributes: Mapping[str, str]) -> None:
        if name == "si":
            words.clear()
        words.open(name)

    def closed(name: str) -> None:
        words.close(name)
        if name == "si":
            book.strings.append(words.text())

    walk(data, opened, closed, words.say)


def _read_formats(data: bytes, book: _Book) -> None:
    codes: dict[str, str] = {}
    within: list[str] = []

    def opened(name: str, attributes: Mapping[str, str]) -> None:
        number = attributes.get("numFmtId", "0")
        if name == "numFmt":
            codes[number] = attributes.get("formatCode", "")
        elif name == "xf" and within[-1:] == ["cellXfs"]:
            known = int(number) if _INDEX.fullmatch(number) else 0
            book.formats.append(shows(known, codes.get(number)))
        within.append(name)

    def closed(_name: str) -> None:
        within.pop()

    walk(data, opened, closed, _nothing)


class _Words:
    """The text between the tags `t`, but for how it is pronounced."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._listens = False
        self._aside = False

    def clear(self) -> None:
        self._pieces = []

    def open(self, name: str) -> None:
        self._aside = self._aside or name == "rPh"
        self._listens = name == "t" and not self._aside

    def close(self, name: str) -> None:
        self._aside = self._aside and name != "rPh"
        self._listens = False

    def say(self, text: str) -> None:
        if self._listens:
            self._pieces.append(text)

    def text(self) -> str:
        return _ESCAPED.sub(_unescape, "".join(self._pieces))


class _Rows:
    """The rows of one sheet, while it goes by."""

    def __init__(self, data: bytes, book: _Book) -> None:
        self._book = book
        self._cells: dict[int, dict[int, str]] = {}
        self._row = self._column = -1
        self._sort = ""
        self._style = 0
        self._tag = ""
        self._value: list[str] = []
        self._formula: list[str] = []
        self._words = _Words()
        walk(data, self._opened, self._closed, self._said)

    def table(self) -> list[list[str]]:
        """Return the rows, as far as the last one with something in it."""
        rows: list[list[str]] = []
        for at in range(max(self._cells, default=-1) + 1):
            cells = self._cells.get(at, {})
            rows.append([cells.get(column, "") for column in range(max(cells, default=-1) + 1)])
        return rows

    def _opened(self, name: str, attributes: Mapping[str, str]) -> None:
        self._tag = name
        self._words.open(name)
        if name == "row":
            self._row, self._column = _number(attributes.get("r"), self._row + 2) - 1, -1
        elif name == "c":
            self._begin_cell(attributes)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            found = _REFERENCE.fullmatch(reference)
            if found is None:
                raise NotATable("damaged", self._row + 1)
            self._row, self._column = int(found[2]) - 1, _column_of(found[1])
        self._sort = attributes.get("t", "n")
        self._style = _number(attributes.get("s"), 0)
        self._value, self._formula = [], []
        self._words.clear()

    def _said(self, text: str) -> None:
        if self._tag == "v":
            self._value.append(text)
        elif self._tag == "f":
            self._formula.append(text)
        self._words.say(text)

    def _closed(self, name: str) -> None:
        self._tag = ""
        self._words.close(name)
        if name != "c":
            return
        text = self._text()
        if text:
            check_place(self._row, self._column, text)
            self._book.take(text)
            self._cells.setdefault(self._row, {})[self._column] = text

    def _text(self) -> str:
        value = "".join(self._value)
        if self._sort == "inlineStr":
            return self._words.text()
        if not value:
            # A formula that was never worked out is not lost.
            return "".join(["=", *self._formula]) if self._formula else ""
        if self._sort == "s":
            at = int(value) if _INDEX.fullmatch(value) else -1
            if not 0 <= at < len(self._book.strings):
                raise NotATable("damaged", self._row + 1)
            return self._book.strings[at]
        if self._sort == "b":
            return "TRUE" if value == "1" else "FALSE"
        if self._sort == "n":
            return self._number(value)
        return iso_text(value) if self._sort == "d" else _ESCAPED.sub(_unescape, value)

    def _number(self, value: str) -> str:
        formats = self._book.formats
        day, time = formats[self._style] if self._style < len(formats) else (False, False)
        if day or time:
            return moment_text(value, day, time, self._book.since_1904)
        return number_text(value)


def _column_of(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _number(raw: str | None, otherwise: int) -> int:
    if raw is None:
        return otherwise
    if not _INDEX.fullmatch(raw):
        raise NotATable("damaged")
    return int(raw)


def _unescape(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    # Half a character stays as it is written.
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)


def _nothing(*_ignored: object) -> None:
    """Let it go by."""
