// CSV: rows of cells with commas, semicolons or tabs between them; what a cell begins with is never run as a formula.
//
// Every character outside the marks of the format lands in a cell: what does not fit the format is refused with its
// row, and nothing is guessed over.

import type { Table } from "../client/shown-rows.ts";
import { dayFirst, isNumber } from "./cells.ts";
import type { Columns } from "./messages.ts";
import { checkPlace, NotATable } from "./refusal.ts";

export const SEPARATORS = [",", ";", "\t"] as const;

const STARTS_FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const KEPT_AS_TEXT = /^'+[=+\-@\t\r\n＝＋－＠]/;
const WANTS_QUOTES = /[",;\t\r\n]|^ | $/;
const NAMED_SEPARATOR = /^sep=([^\r\n])(?:\r\n|\r|\n)/;
// Empty ones at an end are no columns, but no spreadsheet has more than these.
const MOST_CELLS = 16_384;
// A row of cells as long as they may be; in a quote that never ends there is no use in reading on.
const LONGEST_ROW = 2 ** 21;
// What Windows-1252 has where Latin-1 has control characters; five places of it are empty.
const WINDOWS =
  "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** Return the text of a file, and whether it was taken for Windows-1252 as it is not UTF-8. */
export function decodeText(data: Uint8Array): { text: string; guessed: boolean } {
  const wide = data[0] === 0xff && data[1] === 0xfe ? "utf-16le" : data[0] === 0xfe && data[1] === 0xff ? "utf-16be" : "";
  try {
    return { text: new TextDecoder(wide || "utf-8", { fatal: true }).decode(data), guessed: false };
  } catch {
    if (wide) throw new NotATable("damaged");
    return { text: windowsText(data), guessed: true };
  }
}

/** Return the table in a text; empty cells and rows at an end are left out. */
export function readCsv(text: string): Table {
  if (text.includes("\0")) throw new NotATable("not-a-table");
  const named = NAMED_SEPARATOR.exec(text);
  const separator = named?.[1] ?? separatorOf(text);
  const table: Table = [];
  for (const cells of rowsOf(text, named?.[0].length ?? 0, separator)) {
    while (cells.at(-1) === "") cells.pop();
    cells.forEach((cell, column) => checkPlace(table.length, column, cell));
    table.push(cells);
  }
  while (table.at(-1)?.length === 0) table.pop();
  return table;
}

/** Return a CSV file: UTF-8 with its mark, CRLF, days first. */
export function writeCsv(columns: Columns, rows: string[][]): Uint8Array {
  const lines = [
    columns.map(({ title }) => quoted(neutral(title))),
    ...rows.map((row) => row.map((cell, at) => quoted(written(cell, columns[at]?.sort)))),
  ];
  return new TextEncoder().encode("\ufeff" + lines.map((line) => `${line.join(",")}\r\n`).join(""));
}

function windowsText(data: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < data.length; start += 8192)
    pieces.push(String.fromCharCode(...data.subarray(start, start + 8192)));
  return pieces.join("").replace(/[\x80-\x9f]/g, (one) => WINDOWS[one.charCodeAt(0) - 0x80] ?? one);
}

/** Return the mark that stands most often in the first row that is not empty. */
function separatorOf(text: string): string {
  const counts = SEPARATORS.map(() => 0);
  let quoted = false;
  let begun = false;
  for (const character of text.slice(0, LONGEST_ROW)) {
    if (character === '"') [quoted, begun] = [!quoted, true];
    else if ((character === "\r" || character === "\n") && !quoted) {
      if (begun) break;
    } else {
      begun = true;
      const at = SEPARATORS.indexOf(character as ",");
      if (at >= 0 && !quoted) counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ",";
}

function* rowsOf(text: string, start: number, separator: string): Generator<string[]> {
  let place = start;
  let row: string[] = [];
  let at = 1;
  while (place < text.length) {
    const end = text[place] === '"' ? quoteEnd(text, place, at) : plainEnd(text, place, separator);
    const raw = text.slice(place, end);
    row.push(asMeant(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw));
    if (row.length > MOST_CELLS) throw new NotATable("too-many-columns", at);
    const ending = text[end] ?? "";
    if (ending !== separator && !"\r\n".includes(ending)) throw new NotATable("open-quote", at);
    place = end + (text.startsWith("\r\n", end) ? 2 : 1);
    if (ending !== separator) {
      yield row;
      row = [];
      at++;
    } else if (place >= text.length) row.push("");
  }
  if (row.length > 0) yield row;
}

function plainEnd(text: string, start: number, separator: string): number {
  let place = start;
  for (; place < text.length; place++) {
    const character = text[place];
    if (character === separator || character === "\r" || character === "\n") break;
  }
  return place;
}

/** Return where a cell in quotes ends, after its quote. */
function quoteEnd(text: string, start: number, at: number): number {
  for (let place = start + 1; ; place += 2) {
    place = text.indexOf('"', place);
    if (place < 0) throw new NotATable("open-quote", at);
    if (text[place + 1] !== '"') return place + 1;
  }
}

/** Take off the apostrophe that keeps a spreadsheet from running a text. */
function asMeant(cell: string): string {
  return KEPT_AS_TEXT.test(cell) ? cell.slice(1) : cell;
}

function written(cell: string, sort = "text"): string {
  const text = sort === "date" || sort === "moment" ? dayFirst(cell) : cell;
  return sort === "number" && isNumber(text) ? text : neutral(text);
}

/** Put an apostrophe before a text that would be run; one that has it already gets a second. */
function neutral(cell: string): string {
  return STARTS_FORMULA.test(cell) ? `'${cell}` : cell;
}

function quoted(cell: string): string {
  return WANTS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
