// The picture of a stream, and what a supervisor looks at, as the page asks for them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Feed } from "../../microblog/web/src/client/feed.ts";
import { glanceAt } from "../../microblog/web/src/client/glance.ts";
import { NOT_VOUCHED } from "../../microblog/web/src/client/heads.ts";
import type { Viewer } from "../../microblog/web/src/client/showing.ts";
import type { Draft } from "../../microblog/web/src/client/shown.ts";
import { localTime } from "../../microblog/web/src/client/when.ts";
import { BytesMap } from "../../microblog/web/src/protocol/builtins.ts";
import { Directory } from "../../microblog/web/src/protocol/directory.ts";
import { Stream } from "../../microblog/web/src/protocol/stream.ts";
import { draftOf, Practice, type Desk } from "./desks.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const seen: Partial<Draft> = { kind: "visit", outcome: "seen" };

async function say(desk: Desk, log: string, marks: Partial<Draft>): Promise<void> {
  await desk.ask("refresh");
  const shown = (await desk.child(log)).members.map(({ person }) => person.id);
  assert.ok((await desk.post({ log, draft: draftOf("Sample.", marks), shown })).sent);
}

/** Wait until all is checked. */
async function rested(desk: Desk, log: string, posts: number): Promise<void> {
  await desk.ask("refresh");
  for (let tries = 0; tries < 500; tries++) {
    const { marks, unchecked } = await desk.ask("picture", { log, with: [] });
    if (unchecked === 0 && marks.length === posts) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail("the rest was not checked");
}

test("a picture is of what was posted, whoever looks", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample A", bea);
  await say(practice.steward, log, { ...seen, outcome: "alone", scale: "4" });
  practice.clock.now += 19 * DAY_MS;
  await say(bea, log, { kind: "visit", outcome: "not-let-in", side: "worried" });
  await rested(practice.steward, log, 2);
  const one = await practice.steward.ask("picture", { log, with: [] });
  assert.deepEqual(one.marks.map(({ failed, scale, side }) => [failed, scale, side]), [
    [false, "4", ""],
    [true, "", "worried"],
  ]);
  assert.deepEqual([one.seen?.days, one.seen?.alone, one.seen?.by.name], [19, true, "Sample Ann"]);
  assert.deepEqual(one.attempts.map(({ outcome, by }) => [outcome, by.name]), [["not-let-in", "Sample Bea"]]);
  assert.deepEqual(one.lanes.map(({ name, sort, posts }) => [name, sort, posts]), [["Sample Council", "council", 2]]);
  assert.deepEqual([one.tellers, one.agencies, one.unreadable], [2, 1, 0]);
  assert.equal(one.today, localTime(practice.clock.now).slice(0, 10));
  await rested(bea, log, 2);
  assert.deepEqual(await bea.ask("picture", { log, with: [] }), one);
});

test("a sibling gets thick in step and lends no figures", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  const log = await practice.child("Sample C");
  const [other, third] = [await practice.child("Sample B"), await practice.child("Sample A")];
  await say(steward, other, { ...seen, happened: "2020-01-06" });
  await say(steward, log, {});
  const one = await steward.ask("picture", { log, with: [other, third, log] });
  assert.deepEqual(one.thickness.map(({ name }) => name), ["Sample C", "Sample A", "Sample B"]);
  assert.deepEqual(new Set(one.thickness.map(({ weeks }) => `${weeks[0]?.monday} ${weeks.length}`)).size, 1);
  assert.equal(one.thickness[0]?.weeks[0]?.monday, "2020-01-06");
  assert.equal(one.seen, null);
  assert.deepEqual(one.marks.map((mark) => mark.log), [log]);
  const all = await steward.ask("picture", { log: "", with: [] });
  assert.deepEqual([all.seen, all.attempts, all.concern, all.marks.length], [null, [], null, 2]);
  assert.deepEqual(all.thickness.map((thick) => thick.log), [""]);
});

test("what is not checked yet is not in it, and is counted", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample A", bea);
  const many = 65; // fewer are checked before they are taken
  for (let count = 0; count < many; count++) await practice.steward.say(log, "Sample.");
  const fetch = bea.connection.fetch.bind(bea.connection);
  let serve: () => void = () => undefined;
  const served = new Promise<void>((resolve) => (serve = resolve));
  bea.connection.fetch = async (since, part = {}) => {
    if (part.until !== undefined) await served;
    return fetch(since, part);
  };
  await bea.ask("refresh");
  const early = await bea.ask("picture", { log, with: [] });
  assert.deepEqual([early.marks, early.unchecked], [[], many]);
  serve();
  await rested(bea, log, many);
});

test("a child's line says what the picture says, and changes with the day", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  const log = await practice.child("Sample A");
  for (const source of ["a", "b", "c"]) await say(steward, log, { kind: "told", source, side: "worried" });
  const child = await steward.child(log);
  const one = await steward.ask("picture", { log, with: [] });
  assert.equal(child.concern?.sort, "worried");
  assert.deepEqual(child.concern, one.concern);
  assert.deepEqual(child.weeks, one.thickness[0]?.weeks.map(({ posts }) => posts));
  assert.equal(child.weeks.length, 12);
  practice.clock.now += 16 * DAY_MS;
  assert.equal((await steward.child(log)).concern, null);
});

test("a glance is taken once, until the day, the directory or the stream is another", () => {
  const log = new Uint8Array(16);
  const feed = new Feed(log, new Stream(log));
  const directory = new Directory(new Uint8Array(32));
  const viewer: Viewer = { me: log, directory, feeds: new BytesMap(), read: 0, again: new Set(), now: 0, vouched: NOT_VOUCHED };
  const first = glanceAt(feed, viewer);
  assert.equal(glanceAt(feed, { ...viewer, now: 1 }), first);
  const others = [{ now: 2 * DAY_MS }, { directory: new Directory(new Uint8Array(32)) }];
  for (const other of others) assert.notEqual(glanceAt(feed, { ...viewer, ...other }), glanceAt(feed, viewer));
  const before = glanceAt(feed, viewer);
  feed.stream = new Stream(log);
  assert.notEqual(glanceAt(feed, viewer), before);
  feed.forget();
  assert.equal(feed.glanced, null);
});

test("a withdrawal is seen at once", async () => {
  const practice = await Practice.found();
  const log = await practice.child("Sample A");
  await say(practice.steward, log, seen);
  const { lastSeen, checked } = await practice.steward.child(log);
  assert.notEqual(lastSeen, null);
  await practice.steward.ask("withdraw", { log, seq: checked - 1, erase: false, why: "the wrong day" });
  assert.equal((await practice.steward.child(log)).lastSeen, null);
});

test("a supervisor sees the children of those they supervise", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample B", bea);
  await practice.child("Sample A");
  assert.deepEqual(await practice.steward.ask("supervision"), []);
  const me = await practice.steward.me();
  await bea.ask("setProfile", { phone: "", email: "", supervisor: "", deputies: [me] });
  const review = localTime(practice.clock.now).slice(0, 10);
  await say(bea, log, seen);
  practice.clock.now += 30 * DAY_MS;
  await say(bea, log, { kind: "visit", outcome: "nobody-in", nudge: true });
  await say(bea, log, { kind: "decision", reason: "thin", review });
  await rested(practice.steward, log, 3);
  const found = await practice.steward.ask("supervision");
  assert.deepEqual(found.map(({ name, workers }) => [name, workers.map((one) => one.name)]), [["Sample B", ["Sample Bea"]]]);
  const [line] = found;
  assert.deepEqual([line?.seen?.days, line?.attempts, line?.nudged?.by.name, line?.due.length], [30, 1, "Sample Bea", 1]);
});
