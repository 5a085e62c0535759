"""Workbooks made by hand, part by part, so that each part can be wrong in a way of its own."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SHEET = "xl/worksheets/sheet1.xml"

Parts = dict[str, bytes]


def workbook(rows: str = "", **changes: str) -> Parts:
    """Return the parts of a workbook of one sheet.

    Args:
        rows: what stands in the sheet's data, as XML.
        changes: other parts, or instead of the usual ones: book, sheet, strings, styles, rels.
    """
    strings = changes.get("strings", f'{HEAD}<sst xmlns="{MAIN}"/>')
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": changes.get("book", book()),
        "xl/_rels/workbook.xml.rels": changes.get("rels", rels()),
        SHEET: changes.get("sheet", sheet(rows)),
        "xl/sharedStrings.xml": strings,
        "xl/styles.xml": changes.get("styles", styles()),
    }
    return {name: text.encode() for name, text in parts.items()}


def packed(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return parts as a file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def sheet(rows: str, more: str = "") -> str:
    """Return a sheet's XML."""
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{more}</worksheet>'


def row(*cells: str, number: int = 0) -> str:
    """Return a row of cells as XML."""
    at = f' r="{number}"' if number else ""
    return f"<row{at}>{''.join(cells)}</row>"


def text(value: str, at: str = "") -> str:
    """Return a cell that is text, as XML."""
    place = f" r={quoteattr(at)}" if at else ""
    return f'<c{place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def number(value: str, style: int = 0) -> str:
    """Return a cell that is a number, as XML."""
    return f'<c s="{style}"><v>{value}</v></c>'


def book(more: str = "", head: str = HEAD) -> str:
    """Return a workbook's XML."""
    listed = f'<sheets><sheet name="Notes" sheetId="1" r:id="rId1"/></sheets>{more}'
    return f'{head}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{listed}</workbook>'


def rels(target: str = "worksheets/sheet1.xml", mode: str = "") -> str:
    """Return where a workbook's parts are, as XML."""
    return _relations(("rId1", "worksheet", target), ("rId2", "sharedStrings", "sharedStrings.xml"),
                      ("rId3", "styles", "styles.xml"), mode=mode)  # fmt: skip


def styles(code: str = "dd/mm/yyyy") -> str:
    """Return two styles as XML: none, and a number format."""
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}">'
        f'<numFmts count="1"><numFmt numFmtId="164" formatCode={quoteattr(code)}/></numFmts>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs>'
        "</styleSheet>"
    )


def _relations(*rows: tuple[str, str, str], mode: str = "") -> str:
    told = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{sort}" Target={quoteattr(target)}{mode}/>'
        for key, sort, target in rows
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def _types() -> str:
    xml = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{xml}.sheet.main+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{xml}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{xml}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{xml}.styles+xml"/>'
        "</Types>"
    )
