// How far I have read is carried to my other devices, and can be taken back; no note makes a post look read that was
// not.

import assert from "node:assert/strict";
import { test } from "node:test";

import { markSeen } from "../../microblog/web/src/client/marks.ts";
import { noteOf, type Session } from "../../microblog/web/src/client/session.ts";
import { BytesMap } from "../../microblog/web/src/protocol/builtins.ts";
import { encode } from "../../microblog/web/src/protocol/encoding.ts";
import { VISIT_GAP_MS } from "../../microblog/web/src/protocol/note.ts";
import { decodeBase64url, encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { Desk, PASSPHRASE, Practice } from "./desks.ts";

/** A team of two, and the second one's other device: they are let in once, and each test has its own child. */
async function found() {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const other = await linked(practice, bea);
  return { practice, bea, other };
}

let office: ReturnType<typeof found> | undefined;

async function twoDevices() {
  const { practice, bea, other } = await (office ??= found());
  const log = await practice.child("Sample Child", bea);
  for (const text of ["One.", "Two.", "Three.", "Four."]) await practice.steward.say(log, text);
  await bea.ask("refresh");
  await other.ask("refresh");
  await settle();
  return { practice, log, bea, other };
}

async function linked({ server }: Practice, desk: Desk): Promise<Desk> {
  const other = new Desk(server);
  const { letters } = await other.ask("beginLink", { device: "laptop" });
  const letIn = desk.ask("letIn", { letters, until: 0 });
  for (let state = ""; state !== "done"; ) {
    ({ state } = await other.ask("linked"));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await letIn;
  await other.ask("finishLink", { passphrase: PASSPHRASE, device: "laptop", keep: true });
  await other.ask("refresh");
  return other;
}

/** Let what was begun in the background come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Have one device tell the others, and the others hear it. */
async function carry(...desks: Desk[]): Promise<void> {
  for (const desk of desks) await desk.ask("keepPlace");
}

async function unread(desk: Desk, log: string): Promise<string> {
  const { posts } = await desk.ask("posts", { log, before: "", count: 100 });
  const found = posts.filter((post) => post.unread).map(({ text }) => text);
  assert.equal((await desk.child(log)).unread, found.length);
  return found.reverse().join(" ");
}

test("when I was last here is the end of the visit before, on whichever device", async () => {
  const { practice, bea, other } = await twoDevices();
  const here = async (desk: Desk) => (await desk.ask("overview")).lastHere;
  assert.equal(await here(bea), 0);
  await carry(bea);
  const end = practice.clock.now;
  practice.clock.now += 9 * VISIT_GAP_MS;
  await carry(other);
  const last = await here(other);
  assert.ok(Math.abs(last - end) < 60_000, `${last - end}`);
  // The same visit goes on at the other device, and does not end while somebody is there.
  practice.clock.now += VISIT_GAP_MS - 60_000;
  await carry(bea);
  assert.equal(await here(bea), last);
  practice.clock.now += VISIT_GAP_MS - 60_000;
  await carry(other, bea);
  assert.deepEqual([await here(bea), await here(other)], [last, last]);
});

test("what one device has read the other has read, and unread again, whatever clock is wrong", async () => {
  const { practice, log, bea, other } = await twoDevices();
  assert.equal(await unread(other, log), "One. Two. Three. Four.");
  const [one, two, three, four] = (await bea.read(log)).map(({ seq }) => seq) as [number, number, number, number];
  await bea.ask("markRead", { log, seq: three });
  await carry(bea, other);
  assert.equal(await unread(other, log), "Four.");
  // The second device's clock is a year ahead, and what it says still does not outlast what is said after it.
  const year = 365 * 24 * 60 * 60 * 1000;
  practice.clock.now += year;
  await other.ask("markUnread", { log, seq: two });
  await carry(other);
  practice.clock.now -= year;
  await carry(bea);
  assert.equal(await unread(bea, log), "Two. Four.");
  await bea.ask("markRead", { log, seq: four });
  assert.equal(await unread(bea, log), "Two.");
  await bea.ask("markRead", { log, seq: two, how: "alone" });
  await carry(bea, other);
  assert.equal(await unread(other, log), "");
  // All from one on, as if none had been read; then read again.
  await other.ask("markUnread", { log, seq: three, onwards: true });
  await carry(other, bea);
  assert.equal(await unread(bea, log), "Three. Four.");
  await bea.ask("markUnread", { log, seq: one });
  await bea.ask("markRead", { log, seq: four, how: "all" });
  await carry(bea, other);
  assert.equal(await unread(other, log), "");
  await other.ask("markUnread", { log, seq: 0, onwards: true });
  await carry(other, bea);
  assert.equal(await unread(bea, log), "One. Two. Three. Four.");
});

test("what was on the screen is read, as far as nothing unseen stands before it", async () => {
  const { practice, log, bea } = await twoDevices();
  const [one, two, three, four] = (await bea.read(log)).map(({ seq }) => seq) as [number, number, number, number];
  await bea.ask("markSeen", { log, seqs: [four, two] });
  assert.equal(await unread(bea, log), "One. Two. Three. Four.");
  await bea.ask("markSeen", { log, seqs: [one] });
  assert.equal(await unread(bea, log), "Three. Four.");
  await bea.say(log, "My own.");
  await practice.steward.ask("refresh");
  await practice.steward.say(log, "Five.");
  await bea.ask("refresh");
  await bea.ask("markUnread", { log, seq: one });
  await bea.ask("markSeen", { log, seqs: [one, three] });
  // My own are no news to me; and what I made unread again stays so while I look at it.
  assert.equal(await unread(bea, log), "One. Five.");
});

test("what is marked unread before all up to it was read stays so, and can be read after all", async () => {
  const { practice, log, bea, other } = await twoDevices();
  const seqs = (await bea.read(log)).map(({ seq }) => seq);
  const [, two, three, four] = seqs as [number, number, number, number];
  for (const seq of [two, three, four]) await bea.ask("markUnread", { log, seq });
  await bea.ask("markSeen", { log, seqs });
  assert.equal(await unread(bea, log), "Two. Three. Four.");
  await carry(bea, other);
  assert.equal(await unread(other, log), "Two. Three. Four.");
  await bea.ask("markRead", { log, seq: three, how: "alone" });
  assert.equal(await unread(bea, log), "Two. Four.");
  await practice.steward.say(log, "Five.");
  const five = (await bea.read(log)).at(-1)?.seq ?? 0;
  await bea.ask("markUnread", { log, seq: five });
  await bea.ask("markRead", { log, seq: five, how: "alone" });
  await bea.ask("markSeen", { log, seqs: [five] });
  assert.equal(await unread(bea, log), "Two. Four.");
});

test("one stream after the other is read from the oldest on, and can be taken back as it was", async () => {
  const { practice, log, bea } = await twoDevices();
  const seqs = (await bea.read(log)).map(({ seq }) => seq);
  const [one, two, , four] = seqs as [number, number, number, number];
  await bea.ask("markRead", { log, seq: two });
  await bea.ask("markUnread", { log, seq: one });
  const count = async (since: number) => (await bea.ask("newIn", { since })).find((row) => row.log === log)?.count ?? 0;
  assert.equal(await count(0), 3);
  const first = await bea.ask("newPosts", { log, since: 0, after: -1, count: 2 });
  assert.deepEqual([first.posts.map(({ text }) => text), first.left], [["One.", "Three."], 1]);
  const rest = await bea.ask("newPosts", { log, since: 0, after: first.seqs.at(-1) ?? 0, count: 2 });
  assert.deepEqual([rest.posts.map(({ text }) => text), rest.seqs, rest.left], [["Four."], [four], 0]);
  await bea.ask("markRead", { log, seq: four, how: "all" });
  assert.deepEqual([await count(0), await unread(bea, log)], [0, ""]);
  assert.equal(await bea.ask("undoRead", { log }), true);
  assert.equal(await unread(bea, log), "One. Three. Four.");
  // Once only, and not after something else was said.
  assert.equal(await bea.ask("undoRead", { log }), false);
  await bea.ask("markRead", { log, seq: four, how: "all" });
  await bea.ask("markUnread", { log, seq: two });
  assert.equal(await bea.ask("undoRead", { log }), false);
  assert.equal(await unread(bea, log), "Two.");
  // Since a time: read or not; what a wrong clock puts before it is not kept out.
  const { posts } = await bea.ask("posts", { log, before: "", count: 9 });
  const since = posts[2]?.time ?? 0;
  assert.equal(await count(since), 2);
  practice.clock.now += 60_000;
  await bea.say(log, "My own is no news to me.");
  assert.equal(await count(since), 2);
  const late = await bea.ask("newPosts", { log, since, after: -1, count: 9 });
  assert.deepEqual(late.posts.map(({ text }) => text), ["Three.", "Four."]);
});

test("nothing is read that stands on a post that is not verified yet", async () => {
  const log = new Uint8Array(16);
  const [me, ann] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
  const target = (author: Uint8Array) => ({ author, time: 0, withdrawn: false, erased: false });
  const feed = {
    ...{ log, posts: [1, 2, 3], nextSeq: 4, entries: [], mark: () => 0, destroyed: new Map(), isErased: () => false },
    ...{ targets: new Map([[1, target(ann)], [3, target(ann)]]), unchecked: new Map([[2, target(me)]]) },
  };
  const session = {
    ...{ keys: { person: me }, directory: { ids: [] }, world: { clock: () => 0 }, locked: false, full: false },
    ...{ notes: new BytesMap(), seen: new BytesMap(), staying: new BytesMap(), feeds: new BytesMap([[log, feed]]) },
    memory: { put: async (_log: Uint8Array, _entries: unknown, note: unknown) => note },
  } as unknown as Session;
  const name = encodeBase64url(log);
  await markSeen(session, { log: name, seqs: [1, 3] });
  assert.equal(noteOf(session, log).read, 1);
  feed.unchecked.clear();
  await markSeen(session, { log: name, seqs: [] });
  assert.equal(noteOf(session, log).read, 3);
});

test("two devices that tell at once both count, and a third that was away hears it all", async () => {
  const { practice, log, bea, other } = await twoDevices();
  const [one, two, three] = (await bea.read(log)).map(({ seq }) => seq) as [number, number, number, number];
  await bea.ask("markRead", { log, seq: two });
  await other.ask("markRead", { log, seq: three });
  await other.ask("markUnread", { log, seq: one });
  await Promise.all([carry(bea), carry(other)]);
  await carry(bea, other);
  for (const desk of [bea, other]) assert.equal(await unread(desk, log), "One. Four.");
  const third = await linked(practice, bea);
  await settle();
  await carry(third);
  assert.equal(await unread(third, log), "One. Four.");
});

test("how far I have read is kept on the device, offline and over a lock, and told as it locks", async () => {
  const { practice, log, bea, other } = await twoDevices();
  const [, two, three] = (await bea.read(log)).map(({ seq }) => seq) as [number, number, number, number];
  practice.server.down = true;
  await bea.ask("markRead", { log, seq: three });
  await bea.ask("markUnread", { log, seq: two });
  await assert.rejects(carry(bea), { name: "Unreachable" });
  await bea.ask("lock");
  await bea.ask("unlock", { passphrase: PASSPHRASE });
  assert.equal(await unread(bea, log), "Two. Four.");
  practice.server.down = false;
  await bea.ask("refresh");
  await settle();
  await bea.ask("markRead", { log, seq: two, how: "alone" });
  await bea.ask("lock");
  await settle();
  await carry(other);
  assert.equal(await unread(other, log), "Four.");
  await bea.ask("unlock", { passphrase: PASSPHRASE });
});

test("a note that is none, or another's, or of another server's making, changes nothing and is replaced", async () => {
  const { practice, log, bea } = await twoDevices();
  const me = decodeBase64url(await bea.me());
  const ann = decodeBase64url(await practice.steward.me());
  const [, two, , four] = (await bea.read(log)).map(({ seq }) => seq) as [number, number, number, number];
  await bea.ask("markRead", { log, seq: two });
  await practice.steward.ask("markRead", { log, seq: four });
  await carry(bea, practice.steward);
  const { notes } = practice.server;
  const [mine, hers] = [notes.get(me)!, notes.get(ann)!];
  for (const data of [new Uint8Array(), mine.data.slice(0, -1), hers.data, encode(["msb/2/note", 0, me])]) {
    notes.set(me, { number: 77, data });
    await carry(bea);
    assert.equal(await unread(bea, log), "Three. Four.");
    assert.equal(notes.get(me)?.number, 78);
    assert.equal(notes.get(me)?.data.length, mine.data.length);
  }
  // An old one, shown again, takes nothing back.
  await bea.ask("markRead", { log, seq: four });
  notes.set(me, mine);
  await carry(bea);
  assert.equal(await unread(bea, log), "");
});

test("nobody's note is longer for a few posts more or less, and nothing of it is legible", async () => {
  const { practice, log, bea } = await twoDevices();
  const me = decodeBase64url(await bea.me());
  const sizes = new Set<number>();
  for (const { seq } of await bea.read(log)) {
    await bea.ask("markRead", { log, seq });
    await carry(bea);
    const { data } = practice.server.notes.get(me)!;
    sizes.add(data.length);
    assert.equal(Buffer.from(data).includes(Buffer.from(decodeBase64url(log))), false);
  }
  assert.deepEqual([...sizes].map((size) => Math.floor(size / 1024)), [1]);
});
