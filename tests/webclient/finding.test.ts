// Finding posts by words and marks, and one by its number, among what a device holds.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Draft, Post } from "../../microblog/web/src/client/shown.ts";
import type { Filter } from "../../microblog/web/src/client/shown-hand.ts";
import { localTime } from "../../microblog/web/src/client/when.ts";
import { draftOf, type Desk, Practice } from "./desks.ts";

const ALL: Filter = {
  logs: [], kind: "", agencyId: "", person: "", from: "", to: "", unread: false, since: 0,
};
const DAY_MS = 24 * 60 * 60 * 1000;

async function say(desk: Desk, log: string, part: Partial<Draft>): Promise<void> {
  const shown = (await desk.child(log)).members.map(({ person }) => person.id);
  const sent = await desk.post({ log, draft: { ...draftOf(""), ...part }, shown });
  assert.ok(sent.sent);
}

async function texts(desk: Desk, words: string, part: Partial<Filter> = {}): Promise<string[]> {
  const { posts } = await desk.ask("find", { words, filter: { ...ALL, ...part }, before: "", count: 100 });
  return posts.map(({ text }) => text);
}

async function atWork(): Promise<{ practice: Practice; ann: Desk; ben: Desk; log: string }> {
  const practice = await Practice.found();
  const ann = practice.steward;
  const ben = await practice.admit("Sample Ben");
  const log = await practice.child("Rosie Sample", ben);
  return { practice, ann, ben, log };
}

test("every word has to occur somewhere in a post, and is marked as it stands there", async () => {
  const { ann, ben, log } = await atWork();
  await say(ann, log, { text: "Shouting most nights.", kind: "told", source: "Grandmother" });
  await say(ann, log, { text: "Lights on.", kind: "visit", outcome: "not-let-in" });
  await say(ann, log, { text: "Core group.", kind: "decision", reason: "Three failed visits" });
  await ben.read(log);
  assert.deepEqual(await texts(ben, "SHOUT grandm"), ["Shouting most nights."]);
  assert.deepEqual(await texts(ben, "“not let in”"), ["Lights on."]);
  assert.deepEqual(await texts(ben, "failed"), ["Core group."]);
  assert.equal((await texts(ben, "ann rosie")).length, 3);
  assert.deepEqual(await texts(ben, "shouting lights"), []);
  const found = await ben.ask("find", { words: "SHOUT rosie", filter: ALL, before: "", count: 1 });
  assert.deepEqual(found.marked, ["Shout", "Rosie"]);
  assert.equal(found.unchecked, 0);
});

test("what is found comes newest first, in pages, although it changes meanwhile", async () => {
  const { practice, ann, ben, log } = await atWork();
  const other = await practice.child("Tom Sample", ben);
  for (let number = 0; number < 7; number++) {
    await ann.say(number % 2 ? other : log, `Post ${number}, ${number ? "thin" : "fed"}.`);
  }
  await ben.read(log);
  const ask = (before: string, filter = ALL) => ben.ask("find", { words: "thin", filter, before, count: 4 });
  const first = await ask("");
  assert.deepEqual(first.posts.map(({ text }) => text[5]), ["6", "5", "4", "3"]);
  assert.equal(first.total, 6);
  const second = await ask(first.next);
  assert.deepEqual(second.posts.map(({ text }) => text[5]), ["2", "1"]);
  assert.equal(second.next, "");
  assert.deepEqual((await ask("AAAA")).posts, []);
  assert.deepEqual((await texts(ben, "thin", { logs: [other] })).map((text) => text[5]), ["5", "3", "1"]);
  // The last of the first page is read by now, and fits no more: the second page is the same.
  const unread = { ...ALL, unread: true };
  const { posts, next } = await ask("", unread);
  await ben.ask("markRead", { log, seq: posts.filter((post) => post.log === log).at(-1)!.seq });
  await ben.ask("markRead", { log: other, seq: posts.filter((post) => post.log === other).at(-1)!.seq });
  assert.deepEqual((await ask(next, unread)).posts, []);
  assert.deepEqual((await ask(next)).posts.map(({ text }) => text[5]), ["2", "1"]);
});

test("posts are found by marks", async () => {
  const { practice, ann, ben, log } = await atWork();
  await say(ann, log, { text: "Hers.", kind: "observation" });
  practice.clock.now += 3 * DAY_MS;
  await ben.ask("refresh");
  await say(ben, log, { text: "Mine.", kind: "told", source: "Neighbour" });
  const [hers] = await ann.read(log);
  const day = localTime(practice.clock.now).slice(0, 10);
  const me = (await ben.ask("overview")).me;
  for (const part of [{ kind: "told" }, { person: me.id }, { from: day }, { from: day, to: day }]) {
    assert.deepEqual(await texts(ann, "", part), ["Mine."]);
  }
  assert.deepEqual(await texts(ann, "", { agencyId: me.agencyId, to: localTime(hers!.time).slice(0, 10) }), ["Hers."]);
  assert.deepEqual(await texts(ben, "", { unread: true }), ["Hers."]);
  assert.deepEqual(await texts(ben, "", { since: hers!.time - 1 }), ["Hers."]);
  assert.deepEqual(await texts(ann, "", { since: practice.clock.now }), []);
  assert.deepEqual(await texts(ann, "", { from: "nonsense" }), ["Mine.", "Hers."]);
  await ben.ask("markRead", { log, seq: hers!.seq });
  assert.deepEqual(await texts(ben, "", { unread: true }), []);
});

test("withdrawn words are found, erased ones are not, and locked there is nothing", async () => {
  const { ann, log } = await atWork();
  await ann.say(log, "Thinner.");
  await ann.say(log, "Thin ice.");
  assert.equal((await texts(ann, "thin")).length, 2);
  const [first, second] = await ann.read(log);
  await ann.ask("withdraw", { log, seq: first!.seq, erase: false, why: "It was her sister" });
  await ann.ask("withdraw", { log, seq: second!.seq, erase: true, why: "Wrong child" });
  assert.deepEqual(await texts(ann, "thin"), ["Thinner."]);
  await ann.ask("lock");
  await assert.rejects(texts(ann, "thin"), { name: "Locked" });
});

test("a post is found by its number, with what answers it and how it now stands", async () => {
  const { ann, ben, log } = await atWork();
  await ann.say(log, "Thinner.");
  const [post] = await ann.read(log);
  const answer = (desk: Desk, how: string, text: string) => say(desk, log, { text, how, refers: [post!.id] });
  await ben.ask("refresh");
  await answer(ben, "same", "");
  await answer(ben, "correction", "Somebody else's.");
  const read = async () => (await ann.read(log)).find(({ seq }) => seq === post!.seq) as Post;
  // Nobody changes another's words.
  assert.equal((await read()).stands, null);
  await answer(ann, "correction", "Thinner than in May.");
  await answer(ann, "correction", "Thinner than in June.");
  assert.equal((await read()).stands?.text, "Thinner than in June.");
  assert.equal((await read()).text, "Thinner.");
  const found = await ann.ask("thread", { log, seq: post!.seq });
  const said = ["Thinner.", "", "Somebody else's.", "Thinner than in May.", "Thinner than in June."];
  assert.deepEqual(found.map(({ text }) => text), said);
  await ann.ask("withdraw", { log, seq: found.at(-1)!.seq, erase: false, why: "It was in May" });
  assert.equal((await read()).stands?.text, "Thinner than in May.");
  assert.deepEqual(await ann.ask("thread", { log, seq: 0 }), []);
  assert.deepEqual(await ann.ask("thread", { log, seq: 999 }), []);
});
