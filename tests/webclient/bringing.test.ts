// Bringing in at a desk: each row once, to nobody unseen, and gone on with wherever it ended.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import type { Brought, Table } from "../../microblog/web/src/client/shown-rows.ts";
import { Unreachable } from "../../microblog/web/src/client/transport.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { Desk, Practice } from "./desks.ts";
import { watched } from "./watched.ts";

const SOURCE = "Sample School, paper file";
const TITLES = ["Date of contact", "Worker", "Job title", "Team", "Contact type", "Case note"];
const LONG = "A sentence of some length, and then another one. ".repeat(40);

before(async () => ready);

interface Team {
  practice: Practice;
  ann: Desk;
  bea: Desk;
  log: string;
}

async function teamOfTwo(): Promise<Team> {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await bea.ask("refresh");
  return { practice, ann: practice.steward, bea, log };
}

function notes(count: number, text = "Note"): Table {
  const row = (at: number) => [`${(at % 28) + 1}/03/2025`, "Sample Bo", "teacher", "Sample School", "", `${text} ${at}.`];
  return [TITLES, ...Array.from({ length: count }, (_, at) => row(at))];
}

async function bring(desk: Desk, log: string, table: Table, allTheSame = false): Promise<Brought> {
  const { columns } = await desk.ask("planImport", { log, table, source: SOURCE });
  const shown = (await desk.child(log)).members.map(({ person }) => person.id);
  return desk.ask("bringIn", { log, table, columns, source: SOURCE, shown, allTheSame });
}

const done = (rows: number, known: number, left = 0): Brought => ({ rows, known, left, newcomers: [], unvouched: 0 });

test("rows are planned, brought in once by whoever does, and stand in the stream as one line", async () => {
  const { ann, bea, log } = await teamOfTwo();
  const bad = ["31/02/2025", "", "", "", "", "Never."];
  const table = [...notes(70), bad, ["", "", "", "", "", ""], ["", "", "", "", "Telephone call", "Undated."]];
  const plan = await ann.ask("planImport", { log, table, source: SOURCE });
  assert.deepEqual([plan.rows, plan.good, plan.posts, plan.known, plan.undated], [72, 71, 71, 0, 1]);
  assert.deepEqual(plan.bad, [
    { row: 72, cells: bad, reason: "“Date of contact” says “31/02/2025”: February 2025 has no day 31." },
  ]);
  assert.deepEqual(plan.sample.map(({ row }) => row), [2, 3, 4, 5, 6]);
  assert.deepEqual(await bring(ann, log, table), done(71, 0));
  assert.deepEqual(await bring(ann, log, table), done(0, 71));
  await bea.ask("refresh");
  assert.deepEqual(await bring(bea, log, table), done(0, 71));
  const { posts } = await bea.ask("posts", { log, before: "", count: 10 });
  assert.deepEqual(posts.map(({ rows, source, text, unread }) => [rows, source, text, unread]), [[71, SOURCE, "", false]]);
  const rows = await bea.ask("broughtIn", { log, seq: posts[0]!.seq });
  assert.deepEqual([rows.length, rows[0]?.text, rows[0]?.original], [71, "Note 0.", "Sample Bo · teacher · Sample School"]);
  assert.deepEqual([rows[70]?.text, rows[70]?.happened], ["Undated.\nContact type: Telephone call", ""]);
  assert.equal((await bea.child(log)).unread, 0);
});

test("someone new on the team stops it before they can read", async () => {
  const { practice, ann, bea, log } = await teamOfTwo();
  const shown = (await bea.child(log)).members.map(({ person }) => person.id);
  const { columns } = await bea.ask("planImport", { log, table: notes(3), source: "" });
  const cas = await practice.admit("Sample Cas");
  await practice.grant(log, cas);
  const stopped = await bea.ask("bringIn", { log, table: notes(3), columns, source: "", shown });
  assert.deepEqual(stopped, { ...done(0, 0, 3), newcomers: [{ id: await cas.me(), name: "Sample Cas" }] });
  assert.deepEqual(await ann.read(log), []);
  assert.deepEqual(await bring(bea, log, notes(3)), done(3, 0));
});

test("nothing comes in while nobody vouches, unless the person says so", async () => {
  const { practice, ann, log } = await watched();
  practice.clock.now += 2 * 24 * 60 * 60 * 1000;
  const refused = await bring(ann, log, notes(2));
  assert.deepEqual([refused.rows, refused.left, refused.unvouched > 0], [0, 2, true]);
  assert.deepEqual(await bring(ann, log, notes(2), true), done(2, 0));
});

test("cancelled it stops after the request under way, and goes on where it was", async () => {
  const { ann, log } = await teamOfTwo();
  const { connection } = ann;
  const append = connection.append.bind(connection);
  connection.append = async (...given) => {
    await ann.ask("cancelImport");
    return append(...given);
  };
  assert.deepEqual(await bring(ann, log, notes(150)), done(64, 0, 86));
  connection.append = append;
  assert.deepEqual(await bring(ann, log, notes(150)), done(86, 64));
  const events = ann.messages.filter((one) => "event" in one && one.event === "progress" && one.what === "bring");
  assert.ok(events.length > 2);
});

test("cut off half way it says what is left, at the start why; a lost answer doubles nothing", async () => {
  const { ann, log } = await teamOfTwo();
  const { connection } = ann;
  const append = connection.append.bind(connection);
  let sent = 0;
  connection.append = async (...given) => {
    sent += 1;
    if (sent > 1) throw new Unreachable("cut off");
    return append(...given);
  };
  assert.deepEqual(await bring(ann, log, notes(100)), done(64, 0, 36));
  await assert.rejects(bring(ann, log, notes(100)), { name: "Unreachable" });
  connection.append = async (...given) => {
    await append(...given);
    throw new Unreachable("no answer");
  };
  await assert.rejects(bring(ann, log, notes(100)), { name: "Unreachable" });
  connection.append = append;
  await ann.ask("refresh");
  assert.deepEqual(await bring(ann, log, notes(100)), done(0, 100));
});

test("a row in parts reads as one, is known whole, and is taken back whole", async () => {
  const { ann, bea, log } = await teamOfTwo();
  const table = [...notes(2), ["", "", "", "", "", LONG], ["", "", "", "", "", "word ".repeat(6000)]];
  assert.deepEqual(await bring(ann, log, table), done(4, 0));
  await bea.ask("refresh");
  assert.deepEqual(await bring(bea, log, table), done(0, 4));
  const [line] = (await bea.ask("posts", { log, before: "", count: 5 })).posts;
  assert.equal(line?.rows, 4);
  const whole = (await bea.ask("broughtIn", { log, seq: line!.seq })).find(({ text }) => text === LONG);
  assert.deepEqual([whole?.part, whole?.parts], [0, 8]);
  await ann.ask("withdraw", { log, seq: whole!.seq, erase: false, why: "another child's" });
  await bea.ask("refresh");
  const now = await bea.ask("broughtIn", { log, seq: line!.seq });
  assert.deepEqual(now.filter(({ state }) => state === "withdrawn").map(({ text }) => text), [LONG]);
  assert.deepEqual(await bring(bea, log, table), done(1, 3));
  const other = await ann.ask("beginChild", { name: "B", knownAs: [], birth: { how: "unknown", date: "" }, school: "" });
  const again = now.find(({ parts }) => parts > 64);
  const move = { log, seq: again!.seq, to: other, shown: [await ann.me()], why: "wrong" };
  await assert.rejects(ann.ask("moveToRightChild", move), { name: "NotAllowed" });
});

test("rows that answer others answer what those became, also when they come later", async () => {
  const { ann, log } = await teamOfTwo();
  const titles = ["Number", "Text", "Answers", "How"];
  await bring(ann, log, [titles, ["1", "No.", "2", "I see it differently"], ["2", "Yes.", "", ""]]);
  await bring(ann, log, [titles, ["2", "Yes.", "", ""], ["3", "", "2", "I see this too"]]);
  const [line] = (await ann.ask("posts", { log, before: "", count: 5 })).posts;
  const rows = await ann.ask("broughtIn", { log, seq: line!.seq });
  const yes = rows.find(({ text }) => text === "Yes.");
  assert.deepEqual(rows.filter(({ how }) => how).map(({ how, refers }) => [how, refers]), [
    ["different", [yes?.id]],
    ["same", [yes?.id]],
  ]);
});

test("rows are one line until something stands between them, and pages count lines", async () => {
  const { ann, bea, log } = await teamOfTwo();
  await bring(ann, log, notes(3));
  await ann.say(log, "Between.");
  await bring(ann, log, notes(5));
  await bea.ask("refresh");
  await bring(bea, log, notes(6));
  const all = (await bea.ask("posts", { log, before: "", count: 10 })).posts;
  assert.deepEqual(all.map(({ rows, text }) => [rows, text]), [[1, ""], [2, ""], [0, "Between."], [3, ""]]);
  assert.equal((await bea.child(log)).unread, 1);
  const page = await bea.ask("posts", { log, before: "", count: 1 });
  await bring(bea, log, notes(9));
  const after = await bea.ask("posts", { log, before: page.next, count: 1 });
  assert.deepEqual(after.posts.map(({ rows }) => rows), [2]);
  assert.deepEqual(await bea.ask("broughtIn", { log, seq: 0 }), []);
});
