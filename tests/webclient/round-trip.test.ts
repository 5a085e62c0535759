// Out, in and out again loses nothing: a stream of every sort of post, as CSV and as XLSX, through the Worker's own doors.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Chronology, Table } from "../../microblog/web/src/client/shown-rows.ts";
import type { Draft } from "../../microblog/web/src/client/shown.ts";
import type { Format } from "../../microblog/web/src/sheets/messages.ts";
import { readTable, writeTable } from "../../microblog/web/src/sheets/tables.ts";
import { draftOf, Practice, type Desk } from "./desks.ts";

// Who brought it in and when, about whom, and by what a program knows it: these are of the stream that it stands in.
const OWN = ["About", "Brought in by", "Id"];
const WORDS = [
  "=SUM(A1)",
  "+44 7700 900123",
  "'quoted",
  "two\n\nlines; \"quoted\", and, commas",
  "ends so\n[Remarks: by hand]",
  "هادئة جدا اليوم 🙂",
  "Not let in again, with the curtains drawn at noon. ".repeat(5).trim(),
];

async function say(desk: Desk, log: string, text: string, marks: Partial<Draft> = {}): Promise<string> {
  const shown = (await desk.child(log)).members.map(({ person }) => person.id);
  assert.ok((await desk.post({ log, draft: draftOf(text, marks), shown })).sent);
  return (await desk.ask("posts", { log, before: "", count: 1 })).posts[0]?.id ?? "";
}

async function seqOf(desk: Desk, log: string, id: string): Promise<number> {
  const { posts } = await desk.ask("posts", { log, before: "", count: 1000 });
  return posts.find((post) => post.id === id)?.seq ?? -1;
}

/** A stream with every kind, mark, answer and end of a post, and what was brought in before. */
async function everySort(practice: Practice, ann: Desk, bea: Desk): Promise<string> {
  const log = await practice.child("Sample Rosie", bea);
  for (const [at, text] of WORDS.entries()) {
    await say(ann, log, text, { happened: ["", "2026", "2026-03", "2026-03-29T01:30", "2025-12-31"][at % 5] ?? "" });
  }
  const first = await say(ann, log, "Seen with her mother.", { kind: "visit", outcome: "seen", scale: "0", side: "well" });
  await say(ann, log, "Lights on.", { kind: "visit", outcome: "not-let-in", nudge: true });
  await say(ann, log, "Shouting.", { kind: "told", source: "grandmother · 3 doors down", sure: "fairly", side: "worried" });
  await say(ann, log, "“We laughed.”", { kind: "words", scale: "10" });
  await say(ann, log, "Ask for a meeting.", { kind: "decision", reason: "three visits failed", review: "2026-12-31" });
  await say(ann, log, "Two attendances.", { kind: "records", source: "health record" });
  await say(ann, log, "Seen with her aunt.", { kind: "visit", outcome: "seen", how: "correction", refers: [first] });
  await bea.ask("refresh");
  await say(bea, log, "", { how: "same", refers: [first] });
  await say(bea, log, "Not so.", { how: "different", refers: [first], sure: "sure" });
  await say(bea, log, "", { kind: "records", how: "copied", refers: [first] });
  const mistake = await say(bea, log, "A mistake.", { kind: "observation", sure: "niggle" });
  const wrong = await say(bea, log, "Another child.");
  await bea.ask("withdraw", { log, seq: await seqOf(bea, log, mistake), erase: false, why: "her\nsister; not her" });
  await bea.ask("withdraw", { log, seq: await seqOf(bea, log, wrong), erase: true, why: "wrong child" });
  await bring(bea, log, [
    ["Date", "Worker", "Agency", "Notes"],
    ["31/05/2019", "J. Smith", "Old Trust", "Weighed. ".repeat(100)],
    ["", "", "", "Undated."],
  ]);
  return log;
}

async function bring(desk: Desk, log: string, table: Table): Promise<void> {
  const { columns, bad, good, known } = await desk.ask("planImport", { log, table, source: "" });
  assert.deepEqual(bad, []);
  assert.deepEqual([good, known], [table.length - 1, 0]);
  const shown = (await desk.child(log)).members.map(({ person }) => person.id);
  const brought = await desk.ask("bringIn", { log, table, columns, source: "", shown });
  assert.deepEqual([brought.rows, brought.left], [good, 0]);
}

async function takeOut(desk: Desk, log: string): Promise<Chronology> {
  await desk.ask("refresh");
  return desk.ask("chronology", { logs: [log], from: "", to: "" });
}

/** As someone saves it, and opens it again. */
function saved({ columns, rows }: Chronology, format: Format): Table {
  const data = writeTable(columns, rows.map(({ cells }) => cells), format);
  return readTable(data).sheets[0]?.table ?? [];
}

/** What must be the same, row by row. */
function lasting({ columns, rows }: Chronology): Record<string, string>[] {
  const titles = columns.map(({ title }) => title);
  return rows.map(({ cells }) =>
    Object.fromEntries(titles.map((title, at) => [title, cells[at] ?? ""]).filter(([title]) => !OWN.includes(title ?? ""))),
  );
}

for (const format of ["csv", "xlsx"] as const) {
  test(`out, in and out again loses nothing (${format})`, async () => {
    const practice = await Practice.found();
    const ann = practice.steward;
    const bea = await practice.admit("Sample Bea");
    const first = await takeOut(ann, await everySort(practice, ann, bea));
    const log = await practice.child("Sample Sam", bea);
    await bea.ask("refresh");
    await bring(bea, log, saved(first, format));
    const second = await takeOut(ann, log);
    assert.deepEqual(lasting(second), lasting(first));
    const again = await practice.child("Sample Kit", bea);
    await bea.ask("refresh");
    await bring(bea, again, saved(second, format));
    assert.deepEqual(lasting(await takeOut(bea, again)), lasting(first));
  });
}

test("what was taken out of a stream is known when it is brought in there", async () => {
  const practice = await Practice.found();
  const ann = practice.steward;
  const bea = await practice.admit("Sample Bea");
  const log = await everySort(practice, ann, bea);
  const table = saved(await takeOut(ann, log), "xlsx");
  const plan = await ann.ask("planImport", { log, table, source: "" });
  assert.deepEqual([plan.rows, plan.good, plan.known, plan.bad], [table.length - 1, 0, table.length - 1, []]);
});
