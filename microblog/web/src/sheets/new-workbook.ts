// An XLSX file of one sheet that is pleasant to read and to print, and in which no text is run.

import { strToU8, zipSync } from "fflate";

import { dayFirst, isNumber, serial } from "./cells.ts";
import type { Columns } from "./messages.ts";

const WIDEST = 60;
const LINE = 15;
const HIGHEST = 405; // the format knows no higher row
const STRETCH = 2.4; // a text that is wrapped is so many times as wide as its lines are many
// What XML cannot hold, and what looks like such a thing written out.
const ESCAPED = /[\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
// The first day that the format knows, by the clock of this device: neither when nor in which zone a file was made is in it.
const NO_MOMENT = new Date(1980, 0, 1, 12);

// The styles below, by their place in cellXfs.
const HEADER = 1;
const TEXT = 2;
const NUMBER = 3;
const DAY = 4;
const MOMENT = 5;

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const PARTS: Record<string, string> = {
  "[Content_Types].xml": `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
  "_rels/.rels": `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  "xl/styles.xml": `<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${style(0, 1, true)}${style(0, 0, true)}${style(0, 0)}${style(164, 0)}${style(165, 0)}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
};
const VIEW = `<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;
const PRINT = `<printOptions gridLines="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddFooter>&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>`;

/** Return an XLSX file: real days, a header that stays in sight, set up for A4. */
export function writeWorkbook(columns: Columns, rows: string[][]): Uint8Array {
  const files = {
    ...PARTS,
    "xl/workbook.xml": book(columns, rows.length),
    "xl/worksheets/sheet1.xml": sheet(columns, rows),
  };
  const packed: Record<string, Uint8Array> = {};
  for (const [name, text] of Object.entries(files)) packed[name] = strToU8(DECLARATION + text);
  return zipSync(packed, { mtime: NO_MOMENT });
}

// What programs know a post by is of no use on paper.
function book(columns: Columns, rows: number): string {
  const last = columns.length - (columns.at(-1)?.title === "Id" ? 2 : 1);
  const place = `'Chronology'!$A$1:$${letters(last)}$${rows + 1}`;
  const area = `<definedName name="_xlnm.Print_Area" localSheetId="0">${place}</definedName>`;
  return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="Chronology" sheetId="1" r:id="rId1"/></sheets><definedNames>${area}<definedName name="_xlnm.Print_Titles" localSheetId="0">'Chronology'!$1:$1</definedName></definedNames></workbook>`;
}

function style(format: number, font: number, text = false): string {
  return `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"${text ? ' quotePrefix="1"' : ""}><alignment vertical="top" wrapText="1"/></xf>`;
}

function sheet(columns: Columns, rows: string[][]): string {
  const header = columns.map(({ title }, at) => textCell(`${letters(at)}1`, title, HEADER));
  const widths = columns.map((column, at) => width(column, at, rows));
  const lines = rows.map((row, at) => {
    const cells = row.map((text, column) => cell(`${letters(column)}${at + 2}`, text, columns[column]?.sort));
    return `<row r="${at + 2}" ht="${height(row, widths)}">${cells.join("")}</row>`;
  });
  const cols = widths.map((one, at) => `<col min="${at + 1}" max="${at + 1}" width="${one}" customWidth="1"/>`);
  const top = height(columns.map(({ title }) => title), widths);
  return `<worksheet xmlns="${MAIN}">${VIEW}<cols>${cols.join("")}</cols><sheetData><row r="1" ht="${top}">${header.join("")}</row>${lines.join("")}</sheetData>${PRINT}</worksheet>`;
}

function cell(place: string, text: string, sort = "text"): string {
  if (text === "") return "";
  if (sort === "number" && isNumber(text)) return `<c r="${place}" s="${NUMBER}"><v>${text}</v></c>`;
  const dated = sort === "date" || sort === "moment";
  const days = dated ? serial(text) : null;
  if (days === null) return textCell(place, dated ? dayFirst(text) : text, TEXT);
  return `<c r="${place}" s="${text.includes("T") ? MOMENT : DAY}"><v>${days}</v></c>`;
}

/** Return a cell that is text whatever it begins with, also once somebody has edited it. */
function textCell(place: string, text: string, look: number): string {
  const written = text
    .replace(ESCAPED, (one) => `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`)
    .replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
  return `<c r="${place}" s="${look}" t="inlineStr"><is><t xml:space="preserve">${written}</t></is></c>`;
}

/**
 * Return how wide a column is to be, in characters: a long text is wrapped, so that all of them fit on paper.
 *
 * Days and numbers are never cut, and words only where one would fill a line by itself.
 */
function width({ title, sort }: Columns[number], at: number, rows: string[][]): number {
  let longest = 0;
  let word = Math.max(...title.split(" ").map(({ length }) => length));
  for (const row of rows)
    for (const line of (row[at] ?? "").split("\n")) {
      longest = Math.max(longest, line.length);
      for (const { length } of line.split(" ")) word = Math.max(word, length);
    }
  const wrapped = sort === "text" ? Math.round(STRETCH * Math.sqrt(longest)) : longest + 2;
  return Math.min(WIDEST, Math.max(word + 2, Math.min(longest + 2, wrapped)));
}

/** Return how high a row is to be, in points: not every program works it out when it opens a file. */
function height(row: string[], widths: number[]): number {
  const lines = row.map((text, at) => {
    const room = Math.max(1, (widths[at] ?? 1) - 2);
    return text.split("\n").reduce((sum, { length }) => sum + Math.max(1, Math.ceil(length / room)), 0);
  });
  return Math.min(HIGHEST, LINE * Math.max(1, ...lines));
}

function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}
