"""An XLSX file of one sheet that is pleasant to read and to print, and in which no text is run.

Its twin in TypeScript writes the same parts, letter for letter.
"""

import io
import math
import re
import zipfile
from collections.abc import Sequence
from typing import Final

from microblog.sheets.cells import day_first, is_number, serial
from microblog.sheets.refusal import utf16_units

_WIDEST: Final = 60
_LINE: Final = 15
# The format knows no higher row.
_HIGHEST: Final = 405
# A text that is wrapped is so many times as wide as its lines are many.
_STRETCH: Final = 2.4
# What XML cannot hold, and what looks like such a thing written out.
_ESCAPED: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
# The first moment that the format knows: when a file was made is not in it.
_NO_MOMENT: Final = (1980, 1, 1, 12, 0, 0)

# The styles below, by their place in cellXfs.
_HEADER: Final = 1
_TEXT: Final = 2
_NUMBER: Final = 3
_DAY: Final = 4
_MOMENT: Final = 5

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def write_workbook(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> bytes:
    """Return an XLSX file: real days, a header that stays in sight, set up for A4."""
    parts = {
        **_fixed_parts(),
        "xl/workbook.xml": _book(columns, len(rows)),
        "xl/worksheets/sheet1.xml": _sheet(columns, rows),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(
                zipfile.ZipInfo(name, _NO_MOMENT), _DECLARATION + text, zipfile.ZIP_DEFLATED
            )
    return file.getvalue()


def _fixed_parts() -> dict[str, str]:
    styles = "".join(
        (_style(0, 1, text=True), _style(0, 0, text=True), _style(0, 0), _style(164, 0))
    ) + _style(165, 0)
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2"'
            f' Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
            '<numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
            '<numFmt numFmtId="165" formatCode="dd/mm/yyyy hh:mm"/></numFmts>'
            '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
            '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
            "</borders>"
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
            '</cellStyleXfs><cellXfs count="6">'
            f'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>{styles}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            "</styleSheet>"
        ),
    }


def _style(number_format: int, font: int, *, text: bool = False) -> str:
    quoted = ' quotePrefix="1"' if text else ""
    return (
        f'<xf numFmtId="{number_format}" fontId="{font}" fillId="0" borderId="0" xfId="0"'
        f' applyNumberFormat="1" applyFont="1" applyAlignment="1"{quoted}>'
        '<alignment vertical="top" wrapText="1"/></xf>'
    )


def _book(columns: Sequence[tuple[str, str]], rows: int) -> str:
    # What programs know a post by is of no use on paper.
    last = len(columns) - (2 if columns and columns[-1][0] == "Id" else 1)
    place = f"'Chronology'!$A$1:${_letters(last)}${rows + 1}"
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Chronology" sheetId="1" r:id="rId1"/></sheets><definedNames>'
        f'<definedName name="_xlnm.Print_Area" localSheetId="0">{place}</definedName>'
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">'
        "'Chronology'!$1:$1</definedName></definedNames></workbook>"
    )


def _sheet(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> str:
    titles = [title for title, _ in columns]
    letters = [_letters(at) for at in range(len(columns))]
    widths = [
        _width(title, sort, [row[at] for row in rows]) for at, (title, sort) in enumerate(columns)
    ]
    header = "".join(
        _text_cell(f"{letter}1", title, _HEADER)
        for letter, title in zip(letters, titles, strict=True)
    )
    lines = [f'<row r="1" ht="{_height(titles, widths)}">{header}</row>']
    for at, row in enumerate(rows, start=2):
        cells = "".join(
            _cell(f"{letter}{at}", text, sort)
            for letter, text, (_, sort) in zip(letters, row, columns, strict=True)
        )
        lines.append(f'<row r="{at}" ht="{_height(row, widths)}">{cells}</row>')
    cols = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(widths, start=1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{cols}</cols><sheetData>{''.join(lines)}</sheetData>"
        '<printOptions gridLines="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>"
        "</worksheet>"
    )


def _cell(place: str, text: str, sort: str) -> str:
    if not text:
        return ""
    if sort == "number" and is_number(text):
        return f'<c r="{place}" s="{_NUMBER}"><v>{text}</v></c>'
    dated = sort in ("date", "moment")
    days = serial(text) if dated else None
    if days is None:
        return _text_cell(place, day_first(text) if dated else text, _TEXT)
    number = int(days) if days.is_integer() else days
    return f'<c r="{place}" s="{_MOMENT if "T" in text else _DAY}"><v>{number}</v></c>'


def _text_cell(place: str, text: str, look: int) -> str:
    """Return a cell that is text whatever it begins with, also once somebody has edited it."""
    written = _ESCAPED.sub(_escape, text).translate(_ENTITIES)
    return (
        f'<c r="{place}" s="{look}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{written}</t></is></c>'
    )


def _width(title: str, sort: str, cells: Sequence[str]) -> int:
    """Return how wide a column is to be, in characters: a long text is wrapped.

    So all of them fit on paper. Days and numbers are never cut, and words only where one would fill
    a line by itself.
    """
    longest = 0
    word = max(map(utf16_units, title.split(" ")))
    for cell in cells:
        for line in cell.split("\n"):
            longest = max(longest, utf16_units(line))
            word = max(word, *map(utf16_units, line.split(" ")))
    wrapped = int(_STRETCH * math.sqrt(longest) + 0.5) if sort == "text" else longest + 2
    return min(_WIDEST, max(word + 2, min(longest + 2, wrapped)))


def _height(row: Sequence[str], widths: Sequence[int]) -> int:
    """Return how high a row is to be, in points: not every program works it out on opening."""
    lines = (
        sum(max(1, -(-utf16_units(line) // max(1, width - 2))) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=True)
    )
    return min(_HIGHEST, _LINE * max([1, *lines]))


def _letters(column: int) -> str:
    last = chr(65 + column % 26)
    return last if column < 26 else _letters(column // 26 - 1) + last


def _escape(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"
