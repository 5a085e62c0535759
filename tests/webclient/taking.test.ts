// A chronology in the browser: all of it is checked first, and each team is told before there is a file.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Chronology } from "../../microblog/web/src/client/shown-rows.ts";
import type { Draft } from "../../microblog/web/src/client/shown.ts";
import { Unreachable } from "../../microblog/web/src/client/transport.ts";
import { Practice, draftOf, type Desk } from "./desks.ts";

const WHY = "the case conference";
const MANY = 70;
const ALL = { from: "", to: "" };

async function say(desk: Desk, log: string, text: string, marks: Partial<Draft> = {}): Promise<void> {
  const shown = (await desk.child(log)).members.map(({ person }) => person.id);
  assert.ok((await desk.post({ log, draft: draftOf(text, marks), shown })).sent);
}

function cells({ columns, rows }: Chronology, title: string): string[] {
  const at = columns.findIndex((column) => column.title === title);
  return rows.map((row) => row.cells[at] ?? "");
}

async function two() {
  const practice = await Practice.found();
  const ann = practice.steward;
  const bea = await practice.admit("Sample Bea");
  const logs = [await practice.child("Sample Rosie", bea), await practice.child("Sample Sam", bea)];
  return { practice, ann, bea, logs };
}

/** More than a client fetches with their words at once; Bea has not looked yet. */
async function many() {
  const found = await two();
  const [log = "", other = ""] = found.logs;
  for (let at = MANY; at > 0; at--) await say(found.ann, log, `Post ${at}.`, { happened: `2026-05-${day(at)}` });
  await say(found.ann, other, "Another.", { happened: "2026-05-03T10:00" });
  return { ...found, log };
}

function day(at: number): string {
  return String(Math.ceil(at / 3)).padStart(2, "0");
}

test("what is not checked yet is brought first, and none is left out", async () => {
  const { practice, bea, logs } = await many();
  await bea.ask("refresh");
  const found = await bea.ask("chronology", { logs, ...ALL });
  assert.equal(found.unchecked, 0);
  assert.equal(found.rows.length, MANY + 1);
  // Of one day, in the order of the log; one with a time comes after those without.
  assert.deepEqual(cells(found, "Text").slice(5, 10), ["Post 4.", "Post 9.", "Post 8.", "Post 7.", "Another."]);
  assert.deepEqual(cells(found, "About").indexOf("Sample Sam"), 9);
  assert.deepEqual(new Set(cells(found, "Who")), new Set(["Sample Ann"]));
  // Now that it is here no server is needed.
  practice.server.down = true;
  assert.deepEqual((await bea.ask("chronology", { logs: [], ...ALL })).rows, found.rows);
});

test("while words cannot be had nothing is shown in part", async () => {
  const { bea, log } = await many();
  const fetch = bea.connection.fetch.bind(bea.connection);
  // What is new comes without words; then these are asked for, up to a seq.
  bea.connection.fetch = async (since, part) => {
    if (part?.until !== undefined) throw new Unreachable("no answer");
    return fetch(since, part);
  };
  await bea.ask("refresh").catch(() => null);
  await assert.rejects(bea.ask("chronology", { logs: [log], ...ALL }), { name: "Unreachable" });
  bea.connection.fetch = fetch;
  const { rows, unchecked } = await bea.ask("chronology", { logs: [log], ...ALL });
  assert.deepEqual([rows.length, unchecked], [MANY, 0]);
});

test("each team is told, once, and nobody of what is refused", async () => {
  const { ann, bea, logs } = await two();
  const told = { logs, format: "xlsx", from: "2026-05-01", to: "2026-05-31", why: WHY };
  await assert.rejects(bea.ask("tellTakenOut", { ...told, format: "bundle" }), { name: "Malformed" });
  await assert.rejects(bea.ask("tellTakenOut", { ...told, to: "2026-04" }), { name: "Malformed" });
  await assert.rejects(bea.ask("chronology", { logs, from: "2026-06", to: "2026-05" }), { name: "Malformed" });
  await bea.ask("tellTakenOut", told);
  await ann.ask("refresh");
  for (const log of logs) {
    const { exports } = await ann.child(log);
    assert.deepEqual(
      exports.map(({ by, format, from, to, why }) => [by.name, format, from, to, why]),
      [["Sample Bea", "xlsx", "2026-05-01", "2026-05-31", WHY]],
    );
  }
});

test("names of others are proposed, and the child's own and the writers' are not", async () => {
  const { ann, bea, logs } = await two();
  const [log = ""] = logs;
  await say(ann, log, "Rosie told Sam and Bea; ring 07700 900123.");
  await bea.ask("refresh");
  const { rows } = await bea.ask("chronology", { logs: [log], ...ALL });
  const proposed = await bea.ask("proposeBlacking", { logs: [log], rows });
  const text = "Rosie told Sam and Bea; ring 07700 900123.";
  assert.deepEqual(
    proposed.map(({ start, end, why }) => [text.slice(start, end), why]),
    [["Sam", "name"], ["Bea", "name"], ["07700 900123", "phone"]],
  );
});

test("who copied a post to the record, and when, stands beside it", async () => {
  const { ann, bea, logs } = await two();
  const [log = ""] = logs;
  await say(ann, log, "Quieter.");
  const [post] = await bea.read(log);
  assert.ok(post);
  await say(bea, log, "", { kind: "records", how: "copied", refers: [post.id] });
  const [seen] = await ann.read(log);
  assert.deepEqual(seen?.replies.map(({ how, author }) => [how, author.name]), [["copied", "Sample Bea"]]);
  assert.ok((seen?.replies[0]?.time ?? 0) > post.time);
  const found = await ann.ask("chronology", { logs: [log], ...ALL });
  assert.match(cells(found, "Remarks")[0] ?? "", /^Copied to the record by Sample Bea on \d+ \w+ 2026$/);
  assert.deepEqual(cells(found, "Answers"), ["", "1"]);
});
