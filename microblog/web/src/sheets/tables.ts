// A file to tables, and a chronology to a file.

import { decodeText, readCsv, writeCsv } from "./commas.ts";
import type { Columns, Format, Read, SheetsAnswer, SheetsAsk } from "./messages.ts";
import { writeWorkbook } from "./new-workbook.ts";
import { MAX_CELL_UNITS, MAX_FILE_BYTES, NotATable } from "./refusal.ts";
import { readWorkbook } from "./workbook.ts";

const LOCKED = [0xd0, 0xcf, 0x11, 0xe0];
const ZIPPED = [0x50, 0x4b];
const NO_TABLE = /^[\ufeff \t\r\n]*(?:<|%PDF|\{\\rtf)/;

/** Return the tables of a file, CSV or XLSX by what is in it; throw `NotATable` with the reason.
 *
 * A real day in a cell stands as YYYY-MM-DD, with a time as YYYY-MM-DDTHH:MM. The first row of a table is the first row
 * of its sheet: rows with nothing in them are there, and empty.
 */
export function readTable(data: Uint8Array): Read {
  const starts = (bytes: number[]) => bytes.every((byte, at) => data[at] === byte);
  if (data.every((byte) => byte === 32 || (byte >= 9 && byte <= 13))) throw new NotATable("empty");
  if (data.length > MAX_FILE_BYTES) throw new NotATable("too-big");
  if (starts(LOCKED)) throw new NotATable("locked");
  if (starts(ZIPPED)) {
    const sheets = readWorkbook(data);
    if (sheets.every(({ table, refused }) => table.length === 0 && !refused)) throw new NotATable("empty");
    return { sheets, guessed: false };
  }
  const { text, guessed } = decodeText(data);
  if (NO_TABLE.test(text)) throw new NotATable("not-a-table");
  const table = readCsv(text);
  if (table.length === 0) throw new NotATable("empty");
  return { sheets: [{ name: "", table, refused: null }], guessed };
}

/** Return a file of rows under titles, each with its sort; throw where a cell is too long for a spreadsheet. */
export function writeTable(columns: Columns, rows: string[][], format: Format): Uint8Array {
  rows.forEach((row, at) => {
    if (row.some((cell) => cell.length > MAX_CELL_UNITS)) throw new NotATable("cell-too-long", at + 2);
  });
  return format === "xlsx" ? writeWorkbook(columns, rows) : writeCsv(columns, rows);
}

/** Do what the page asks; that a file cannot be read, or written, is an answer too. */
export function answer(asked: SheetsAsk): SheetsAnswer {
  try {
    if ("read" in asked) return { read: readTable(asked.read) };
    return { written: writeTable(asked.columns, asked.rows, asked.write) };
  } catch (error) {
    if (error instanceof NotATable) return { refused: error.refused() };
    // Whatever a stranger's file does to the reader, it is the file that is at fault.
    if ("read" in asked) return { refused: { reason: "damaged", row: 0 } };
    throw error;
  }
}
