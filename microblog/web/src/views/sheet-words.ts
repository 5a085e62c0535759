// The words for spreadsheets: why a file is not read, and what its columns can be.

import type { BadRow, Column, Field, PlannedRow, Table } from "../client/shown-rows.ts";
import type { Reason } from "../sheets/messages.ts";
import type { Failure } from "./sentences.ts";
import { SheetRefused } from "./sheets-bridge.ts";
import type { Word } from "./words.ts";

type Words = [title: string, next: string];

const WHOLE = "Save it again as CSV or XLSX, and choose that file.";

const REASONS: Record<Reason, Words> = {
  empty: ["There is nothing in this file.", "Choose another one."],
  "too-big": ["This file is larger than 20 MiB.", "Split it, and bring in one part after another."],
  "too-big-inside": [
    "Unpacked, this file would be larger than 200 MiB.",
    "Copy the rows you need into a new spreadsheet. If somebody sent it to you, ask them about it first.",
  ],
  "too-many-rows": ["It has more than 20,000 rows.", "Split it, and bring in one part after another."],
  "too-many-columns": ["It has more than 60 columns.", "Take out the columns that are not needed."],
  "cell-too-long": [
    "A cell has more than 32,767 characters, which is more than a spreadsheet holds.",
    "Spread its text over several rows.",
  ],
  locked: [
    "This file has a password, or comes from an Excel before 2007.",
    "Open it in your spreadsheet program, save it as XLSX without a password, and choose that file.",
  ],
  "not-a-table": ["This is neither a CSV nor an XLSX file.", WHOLE],
  damaged: ["This file is damaged, or ends too early.", `Open it in your spreadsheet program. ${WHOLE}`],
  "open-quote": [
    'A cell begins with " and does not end with one.',
    `Nothing was guessed over it. Open it in your spreadsheet program. ${WHOLE}`,
  ],
  gone: ["This file is no longer where it was, or was changed.", "Choose it again."],
  "too-slow": ["This file took too long to read.", "Copy the rows you need into a new spreadsheet."],
  stopped: [
    "The part of the app that reads spreadsheets has stopped.",
    "Try again. If it happens again, copy the rows you need into a new spreadsheet.",
  ],
};

/** What a column of a child's spreadsheet can be. */
export const ROW_FIELDS: Word[] = [
  word("date", "Date it happened"),
  word("time", "Time it happened"),
  word("text", "Text"),
  word("kind", "Kind of post"),
  word("who", "Who wrote it"),
  word("job", "Their job"),
  word("agency", "Their agency"),
  word("source", "Source"),
  word("outcome", "Outcome of a visit"),
  word("side", "Working well or worried"),
  word("sure", "How sure"),
  word("scale", "Scale, 0 to 10"),
  word("reason", "Reason for a decision"),
  word("review", "Review date"),
  word("posted", "When it was written"),
  word("remarks", "Remarks"),
  word("number", "Number of the row"),
  word("answers", "Number of the row it answers"),
  word("how", "How it answers"),
  word("id", "Id of the post"),
];

/** What a column of a list of children can be. */
export const CHILD_FIELDS: Word[] = [
  word("name", "Name"),
  word("known-as", "Also known as"),
  word("birth", "Birth date, or due date"),
  word("school", "School or nursery"),
  word("household", "Household"),
  word("sort", "Child or household"),
];

export function sheetFailure({ reason, row }: { reason: Reason; row: number }): Failure {
  const [title, next] = REASONS[reason];
  return { title: row > 0 ? `Row ${row}: ${title}` : title, next, error: reason };
}

/** The words for what reading or writing a spreadsheet came to; anything else is thrown on. */
export function failureOfSheet(error: unknown): Failure {
  if (error instanceof SheetRefused) return sheetFailure(error);
  throw error;
}

/** The first few cells of a column that have something in them, under its title. */
export function examples(table: Table, column: number, most = 2): string[] {
  const first = table.findIndex((row) => row.length > 0);
  const found: string[] = [];
  for (const row of table.slice(first + 1)) {
    const cell = (row[column] ?? "").trim();
    if (cell && !found.includes(cell)) found.push(cell);
    if (found.length === most) break;
  }
  return found;
}

/** The words of the fields without which nothing can be brought in. */
export function needed(needs: Field[], words: Word[]): string[] {
  return needs.map((field) => words.find(({ value }) => value === field)?.label ?? field);
}

/** Rows that cannot be brought in, as a spreadsheet to mend them in. */
export function asTable(bad: BadRow[], columns: Column[]) {
  const titles = ["Row in that file", "Why it was not brought in", ...columns.map(({ title }) => title)];
  return {
    columns: titles.map((title, at) => ({ title, sort: at === 0 ? ("number" as const) : ("text" as const) })),
    rows: bad.map(({ row, reason, cells }) => ({
      log: "",
      seq: 0,
      cells: [String(row), reason, ...columns.map((_, at) => cells[at] ?? "")],
    })),
  };
}

/** Where a row comes from, in one line. */
export function originOf({ original, source }: Pick<PlannedRow, "original" | "source">): string {
  return [original, source].filter(Boolean).join(" – ");
}

function word(value: Field, label: string): Word {
  return { value, label, hint: "" };
}
