// What is blacked out is gone, and tells nothing of its length.

import assert from "node:assert/strict";
import { test } from "node:test";

import { COLUMNS } from "../../microblog/web/src/client/columns.ts";
import type { Chronology } from "../../microblog/web/src/client/shown-rows.ts";
import {
  BLACK,
  blackCell,
  blackOut,
  countBlack,
  isMarked,
  keyOf,
  markRow,
  markSpan,
  NOTHING_BLACK,
} from "../../microblog/web/src/views/black-out.ts";

const TEXT = COLUMNS.findIndex(({ title }) => title === "Text");

function chronology(...texts: string[]): Chronology {
  const columns = COLUMNS.map(({ title, sort }) => ({ title, sort }));
  const rows = texts.map((text, at) => ({
    log: "AAAA",
    seq: at,
    cells: COLUMNS.map(({ title }) => (title === "Text" ? text : title === "Number" ? String(at + 1) : title)),
  }));
  return { columns, rows, title: "Sample A", unchecked: 0 };
}

test("whatever was marked is five squares long, however long it was", () => {
  assert.equal(BLACK.length, 5);
  assert.equal(blackCell("ring 07700 900123 now", [[5, 17]]), "ring █████ now");
  assert.equal(blackCell("ring 1 now", [[5, 6]]), "ring █████ now");
  assert.equal(blackCell("all", [[0, 3]]), "█████");
});

test("spans that overlap are one, in whatever order they were marked", () => {
  assert.equal(blackCell("abcdefgh", [[4, 6], [1, 5]]), "a█████gh");
  assert.equal(blackCell("abcdefgh", [[1, 7], [2, 3]]), "a█████h");
  assert.equal(blackCell("abcd", [[0, 2], [2, 4]]), "██████████");
});

test("a row that is black wholly is still a row, and keeps its number alone", () => {
  const { rows } = blackOut(chronology("secret", "open"), markRow(NOTHING_BLACK, 0, true));
  assert.equal(rows.length, 2);
  assert.deepEqual(rows[0]?.cells.filter(Boolean), ["1", "[blacked out]"]);
  assert.equal(rows[1]?.cells[TEXT], "open");
});

test("whoever was blacked out of a row is not named above the rows either", () => {
  const about = COLUMNS.findIndex(({ title }) => title === "About");
  const { rows, ...rest } = chronology("one", "two");
  const named = rows.map((row, at) => ({
    ...row,
    cells: row.cells.map((cell, column) => (column === about ? ["Sample A", "Sample B"][at] ?? "" : cell)),
  }));
  const merged = { ...rest, rows: named, title: "Sample A, Sample B" };
  assert.equal(blackOut(merged, NOTHING_BLACK).title, "Sample A, Sample B");
  const marked = markSpan(NOTHING_BLACK, keyOf(1, about), [0, 8], true);
  assert.equal(blackOut(merged, marked).title, "Sample A, █████");
});

test("a mark is taken off again, and what was not marked stays", () => {
  const key = keyOf(1, TEXT);
  const marked = markSpan(NOTHING_BLACK, key, [0, 4], true);
  assert.ok(isMarked(marked, key, [0, 4]));
  assert.equal(countBlack(marked), 1);
  const { rows } = blackOut(chronology("open", "secret"), marked);
  assert.deepEqual(rows.map(({ cells }) => cells[TEXT]), ["open", "█████et"]);
  const none = markSpan(marked, key, [0, 4], false);
  assert.equal(countBlack(none), 0);
  assert.deepEqual(blackOut(chronology("open", "secret"), none), chronology("open", "secret"));
});
