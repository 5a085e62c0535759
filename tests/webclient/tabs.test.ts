// Two tabs of one browser share one database: nothing that one has kept goes back because of the other.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Memory, NO_NOTE, type Note } from "../../microblog/web/src/client/memory.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { decodeEntry, encodeEntry } from "../../microblog/web/src/protocol/entry.ts";
import { BrowserDatabase, Desk, PASSPHRASE, Practice } from "./desks.ts";

const SEED = new Uint8Array(32).fill(1);
const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));

/** Another tab of a desk's browser, unlocked. */
async function anotherTab({ server }: Practice, desk: Desk): Promise<Desk> {
  const tab = new Desk(server, desk.database);
  await tab.ask("unlock", { passphrase: PASSPHRASE });
  return tab;
}

/** A stream of two posts as raw entries, before and after the newer was erased. */
async function someEntries() {
  const practice = await Practice.found();
  const log = await practice.child("Sample Child");
  const raw = () => practice.server.streams.get(decodeBase64url(log))?.entries.map(encodeEntry) ?? [];
  await practice.steward.say(log, "Stays.");
  await practice.steward.say(log, "Goes.");
  const before = raw();
  const seq = before.length - 1;
  await practice.steward.ask("withdraw", { log, seq, erase: true, why: "Wrong child" });
  const after = raw();
  assert.equal(after.length, before.length + 1);
  assert.notDeepEqual(after[seq], before[seq]);
  return { log: decodeBase64url(log), before, after, seq };
}

function pinned(raw: readonly Uint8Array[], read: number): Note {
  const last = decodeEntry(raw.at(-1) ?? new Uint8Array());
  return { ...NO_NOTE, pin: { seq: raw.length - 1, id: last.id }, read };
}

test("two tabs write in turn; a third, without the server, shows it all, read as far as anyone read", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  const log = await practice.child("Sample Child");
  const other = await anotherTab(practice, steward);
  await steward.say(log, "From the first.");
  await steward.ask("markRead", { log, seq: 2 });
  await other.ask("markRead", { log, seq: 1 });
  await other.say(log, "From the second.");
  await steward.ask("setProfile", { phone: "01632 960001", email: "" });
  await steward.ask("markRead", { log, seq: 3 });
  practice.server.down = true;
  const third = await anotherTab(practice, steward);
  const { posts } = await third.ask("posts", { log, before: "", count: 10 });
  assert.deepEqual(posts.map(({ text }) => text), ["From the second.", "From the first."]);
  assert.equal((await third.child(log)).unread, 0);
  practice.server.down = false;
  for (const desk of [steward, other, third]) {
    assert.equal((await desk.read(log)).length, 2);
    assert.equal((await desk.ask("overview")).trouble, null);
    assert.equal((await desk.child(log)).trouble, null);
  }
});

test("an older note, put later, overwrites neither pin, nor read mark, nor secrets", async () => {
  const { log, before, after } = await someEntries();
  const database = new BrowserDatabase();
  const [one, two] = [new Memory(database, SEED, random), new Memory(database, SEED, random)];
  const newer = { ...pinned(after, 4), secrets: new Map([[0, SEED]]), state: Uint8Array.of(2) };
  await one.put(log, new Map(), newer);
  const older = { ...pinned(before, 5), secrets: new Map([[1, SEED]]), state: Uint8Array.of(1) };
  await two.put(log, new Map(), older);
  const note = await one.note(log);
  assert.deepEqual(note, { ...newer, read: 5, secrets: new Map([[0, SEED], [1, SEED]]) });
});

test("words that one tab erased do not come back from another that has not heard of it", async () => {
  const { log, before, after, seq } = await someEntries();
  const database = new BrowserDatabase();
  const [one, two] = [new Memory(database, SEED, random), new Memory(database, SEED, random)];
  const all = (raw: readonly Uint8Array[]) => new Map(raw.map((entry, at) => [at, entry]));
  await one.put(log, all(after), pinned(after, -1));
  await two.put(log, all(before), pinned(before, -1));
  assert.deepEqual(await one.entries(log), after);
  // Known to be erased, they go; withheld from one tab, they stay.
  await two.forget();
  await two.put(log, all(before), pinned(before, -1));
  await one.put(log, new Map([[seq, after[seq] ?? SEED]]), pinned(before, -1));
  assert.deepEqual(await one.entries(log), before);
  const verified = { idAt: () => undefined, erased: new Set([seq]) };
  await one.put(log, all(after), pinned(after, -1), verified);
  assert.deepEqual(await one.entries(log), after);
});

test("a server that shows two tabs different logs is caught, and what was seen first stays", async () => {
  const { log, before, after } = await someEntries();
  const memory = new Memory(new BrowserDatabase(), SEED, random);
  await memory.put(log, new Map(), pinned(before, -1));
  const verified = { idAt: () => SEED, erased: new Set<number>() };
  const kept = await memory.put(log, new Map(), pinned(after, -1), verified);
  assert.deepEqual(kept, { ...pinned(before, -1), rolledBack: true });
  assert.deepEqual(await memory.note(log), kept);
});

test("a lock in one tab, in the middle of a write, leaves what was there", async () => {
  const { log, before } = await someEntries();
  const database = new BrowserDatabase();
  const memory = new Memory(database, SEED, random);
  await memory.put(log, new Map(), pinned(before, 3));
  const change = database.change.bind(database);
  database.change = async (keys, make) => {
    memory.close();
    return change(keys, make);
  };
  await assert.rejects(memory.put(log, new Map(), pinned(before, 4)), { name: "StorageFull" });
  assert.deepEqual(await new Memory(database, SEED, random).note(log), pinned(before, 3));
});
