// Rows of a spreadsheet as posts: what tests/client/test_importing.py says of them, said by the browser's client.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { titleOf } from "../../microblog/web/src/client/cells.ts";
import { COLUMNS } from "../../microblog/web/src/client/columns.ts";
import { cutPost, cutText } from "../../microblog/web/src/client/cutting.ts";
import { readClock, readDate } from "../../microblog/web/src/client/dating.ts";
import { guessChildColumns, guessColumns } from "../../microblog/web/src/client/guessing.ts";
import { readRows } from "../../microblog/web/src/client/importing.ts";
import type { Table } from "../../microblog/web/src/client/shown-rows.ts";
import { encodePost } from "../../microblog/web/src/protocol/post.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";

process.env["TZ"] = "Europe/London";

interface Cases {
  latest: string;
  dates: [cell: string, at: string, wrong: string][];
  clocks: [cell: string, clock: string][];
  titles: [titles: string[], fields: string[]][];
  childTitles: [titles: string[], fields: string[]][];
  cuts: [text: string, lengths: number[]][];
  now: number;
  source: string;
  table: Table;
  good: unknown[];
  bad: [row: number, reason: string][];
}

const cases = JSON.parse(readFileSync(new URL("../client/rows.json", import.meta.url), "utf8")) as Cases;
const origin = { source: cases.source, name: "Sample A", now: cases.now };

before(async () => ready);

test("dates are read day first, and what is none is said", () => {
  for (const [cell, at, wrong] of cases.dates) assert.deepEqual(readDate(cell, cases.latest), { at, wrong }, cell);
});

test("times of day are read", () => {
  for (const [cell, clock] of cases.clocks) assert.equal(readClock(cell), clock, cell);
});

test("columns are guessed from their titles", () => {
  const fields = (columns: { field: string }[]) => columns.map(({ field }) => field);
  for (const [titles, wanted] of cases.titles) assert.deepEqual(fields(guessColumns([["", ""], titles])), wanted);
  for (const [titles, wanted] of cases.childTitles) assert.deepEqual(fields(guessChildColumns([titles])), wanted);
  assert.equal(titleOf([{ title: "", field: "" }], 0), "Column A");
  assert.deepEqual([25, 26, 51, 52].map((at) => titleOf([], at)), ["Column Z", "Column AA", "Column AZ", "Column BA"]);
});

test("a long text is cut at good places, and put together is itself", () => {
  for (const [text, lengths] of cases.cuts) {
    const pieces = cutText(text);
    assert.deepEqual(pieces.map((piece) => Array.from(piece).length), lengths);
    assert.equal(pieces.join(""), text);
  }
});

test("every row is good, or bad for a reason that names its column", async () => {
  const { good, bad } = await readRows(cases.table, undefined, origin);
  const found = good.map(({ row, hash, whole, answers, parts }) => ({
    row,
    hash: Buffer.from(hash).toString("hex"),
    happened: whole.happened,
    kind: whole.kind,
    text: whole.text,
    source: whole.source,
    original: whole.original,
    answers: answers.map((one) => one.row),
    parts: parts.length,
  }));
  assert.deepEqual(found, cases.good);
  assert.deepEqual(bad.map(({ row, reason }) => [row, reason]), cases.bad);
});

test("every part fits a post, and together they are the whole", async () => {
  const titles = ["Notes", "Source", "Worker", "Reason", "Outcome", "Kind"];
  const long = ["word ".repeat(300), "s".repeat(400), "o".repeat(100), "r".repeat(200), "Seen", "Visit"];
  const { good } = await readRows([titles, long], undefined, origin);
  const [row] = good;
  assert.ok(row);
  const parts = cutPost(row.whole);
  for (const part of parts) encodePost(part);
  for (const field of ["text", "source", "original", "reason"] as const) {
    assert.equal(parts.map((part) => part[field]).join(""), row.whole[field]);
  }
  assert.deepEqual(parts.map(({ part }) => part), parts.map((_, at) => at + 1));
  assert.deepEqual(new Set(parts.map(({ outcome }) => outcome)), new Set(["seen", ""]));
});

test("half a character makes a row bad, and a table without texts is not read", async () => {
  const { bad } = await readRows([["Notes"], ["\ud83d"]], undefined, origin);
  assert.equal(bad[0]?.reason, "“Notes” has half a character in it, which cannot be kept.");
  const { good, needs } = await readRows([["Date"], ["1/2/2025"]], undefined, origin);
  assert.deepEqual([good.length, needs], [0, ["text"]]);
});

test("of a chronology of several only the rows about this one are brought in", async () => {
  const titles = COLUMNS.map(({ title }) => title);
  const row = (name: string) => titles.map((title) => (title === "About" ? name : title === "Text" ? `About ${name}.` : ""));
  const { good, bad } = await readRows([titles, ...["Sample A", "Sample B", " sample  a "].map(row)], undefined, origin);
  assert.deepEqual(good.map((one) => one.row), [2, 4]);
  assert.deepEqual(bad.map(({ reason }) => reason), [
    "“About” says “Sample B”: rows of several are in this file, and here only those about “Sample A” are brought in.",
  ]);
  const alone = await readRows([titles, row("Sample B"), row("Sample B")], undefined, origin);
  assert.equal(alone.good.length, 2);
});
