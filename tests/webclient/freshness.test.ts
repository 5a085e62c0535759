// A witness beside the server: what is vouched for, what is kept back, who may still read.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeHeads, encodeHeads, noteHead } from "../../microblog/web/src/client/heads.ts";
import { decodeBase64url, encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { BytesMap } from "../../microblog/web/src/protocol/builtins.ts";
import { encode } from "../../microblog/web/src/protocol/encoding.ts";
import { DIRECTORY } from "../../microblog/web/src/protocol/entry.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import type { Kept } from "../lying/kept.ts";
import { Witness } from "../lying/witness.ts";
import { Desk, PASSPHRASE, Practice } from "./desks.ts";
import { attempt, troubleOf, watched, wrongWith } from "./watched.ts";

await ready;

const LATE = 16 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;

function keptOf(practice: Practice, log: string): Kept {
  const kept = practice.server.streams.get(decodeBase64url(log));
  if (!kept) throw new Error("no such stream");
  return kept;
}

/** Have the server show less of a stream than there is, and return what to show it again. */
function hide(practice: Practice, log: string): () => void {
  const { entries } = keptOf(practice, log);
  const held = entries.splice(-1);
  return () => void entries.push(...held);
}

test("without a witness it is said, and nothing is checked", async () => {
  const practice = await Practice.found();
  const log = await practice.child("Sample Child");
  practice.clock.now += 400 * DAY;
  const { witness, witnesses } = await practice.steward.ask("overview");
  assert.deepEqual([witness, witnesses], [{ named: false, newest: 0, state: "none" }, []]);
  await practice.steward.say(log, "Nobody vouches, and nobody is to.");
  assert.equal((await practice.steward.child(log)).vouched, 0);
});

test("heads of a key that nobody named are nothing", async () => {
  const { practice, ann, log } = await watched();
  const before = (await ann.child(log)).vouched;
  practice.clock.now += LATE;
  new Witness(practice.server).look();
  assert.equal(await troubleOf(ann, log), "");
  assert.equal((await ann.child(log)).vouched, before);
  assert.equal((await ann.ask("overview")).witness.state, "late");
  practice.server.heads = new BytesMap([[DIRECTORY, encode([new Uint8Array(), new Uint8Array()])]]);
  assert.equal(await troubleOf(ann, log), "");
});

test("the word of a witness ages", async () => {
  const { practice, ann, log, witness } = await watched();
  const first = (await ann.ask("overview")).witness;
  assert.equal(first.state, "good");
  assert.ok(first.newest > 0 && (await ann.child(log)).vouched === first.newest);
  for (const [time, state] of [[LATE, "late"], [DAY, "old"]] as const) {
    practice.clock.now += time;
    await ann.ask("refresh");
    assert.equal((await ann.ask("overview")).witness.state, state);
  }
  witness.look(practice.clock.now + 1000 * DAY);
  await ann.ask("refresh");
  assert.equal((await ann.ask("overview")).witness.newest, first.newest);
  witness.look();
  await ann.ask("refresh");
  assert.equal((await ann.ask("overview")).witness.state, "good");
});

test("what witnesses said is remembered", async () => {
  const { practice, bea, log } = await watched();
  const again = new Desk(practice.server, bea.database);
  await again.ask("unlock", { passphrase: PASSPHRASE });
  const { vouched } = await again.child(log);
  assert.ok(vouched > 0);
  assert.equal(vouched, (await bea.child(log)).vouched);
});

test("a witness that was ended is asked nothing any more", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  const key = encodeBase64url(witness.key);
  await ann.ask("endWitness", { key });
  practice.clock.now += LATE;
  witness.look();
  await bea.ask("refresh");
  const overview = await bea.ask("overview");
  assert.equal(overview.witness.state, "none");
  assert.deepEqual(overview.witnesses.map((it) => [it.key, it.ended]), [[key, true]]);
  await bea.say(log, "Nobody is to vouch any more.");
});

test("only a steward names a witness, and only by a key", async () => {
  const { ann, bea, practice } = await watched();
  const key = encodeBase64url(new Witness(practice.server).key);
  await assert.rejects(bea.ask("addWitness", { key }), { name: "NotAllowed" });
  await assert.rejects(ann.ask("addWitness", { key: key.slice(4) }), { name: "Malformed" });
});

for (const withheld of ["both", "the directory’s", "the stream’s"]) {
  test(`a post waits while nobody vouches: ${withheld} withheld`, async () => {
    const { practice, ann, log, witness } = await watched();
    const since = (await ann.child(log)).vouched;
    practice.clock.now += LATE;
    witness.look();
    const { heads } = practice.server;
    practice.server.heads = new BytesMap(heads);
    if (withheld !== "the stream’s") practice.server.heads.delete(DIRECTORY);
    if (withheld !== "the directory’s") practice.server.heads.delete(decodeBase64url(log));
    assert.deepEqual(await attempt(ann, log, "Not yet."), {
      sent: false,
      newcomers: [],
      unvouched: since,
    });
    practice.server.heads = heads;
    assert.ok((await attempt(ann, log, "Now.")).sent);
    assert.deepEqual((await ann.read(log)).map(({ text }) => text), ["Now."]);
  });
}

test("whether it may be sent all the same is for the practice to say", async () => {
  const { practice, ann, bea, log } = await watched();
  practice.clock.now += LATE;
  assert.ok((await ann.ask("overview")).maySendUnvouched);
  assert.ok((await attempt(ann, log, "All the same.", true)).sent);
  await ann.ask("setRules", { rules: [{ name: "send-unvouched", value: 0 }] });
  await bea.ask("refresh");
  assert.ok(!(await bea.ask("overview")).maySendUnvouched);
  assert.ok((await attempt(bea, log, "Not here.", true)).unvouched > 0);
  await ann.ask("setPolicy", { practice: "Sample Practice", numbers: [] });
  await bea.ask("refresh");
  assert.ok(!(await bea.ask("overview")).maySendUnvouched);
  assert.deepEqual((await bea.read(log)).map(({ text }) => text), ["All the same."]);
});

test("a post is moved to the right child on the same terms", async () => {
  const { practice, ann, log, witness } = await watched();
  await ann.say(log, "On the wrong child.");
  const right = await practice.child("Sample Other");
  witness.look();
  const [post] = await ann.read(log);
  practice.clock.now += LATE;
  const move = { log, seq: post?.seq ?? 0, to: right, shown: [await ann.me()], why: "wrong child" };
  assert.ok((await ann.ask("moveToRightChild", move)).unvouched > 0);
  assert.ok((await ann.ask("moveToRightChild", { ...move, allTheSame: true })).sent);
});

test("a stream of which a witness saw more is in trouble for as long as that is so", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  await ann.say(log, "Kept from Bea.");
  witness.look();
  const show = hide(practice, log);
  assert.equal(await troubleOf(bea, log), "HeldBack");
  await assert.rejects(attempt(bea, log, "Under the old epoch."), { name: "HeldBack" });
  practice.server.heads = new BytesMap();
  assert.equal(await troubleOf(bea, log), "HeldBack");
  const again = new Desk(practice.server, bea.database);
  await again.ask("unlock", { passphrase: PASSPHRASE });
  assert.equal(await troubleOf(again, log), "HeldBack");
  show();
  assert.equal(await troubleOf(bea, log), "");
  assert.deepEqual((await bea.read(log)).map(({ text }) => text), ["Kept from Bea."]);
});

test("a removal hidden from an author is seen, or keeps their words back", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  const cas = await practice.admit("Sample Cas");
  await practice.grant(log, cas);
  witness.look();
  await bea.ask("refresh");
  const heads = new BytesMap(practice.server.heads);
  await ann.ask("remove", { log, person: await cas.me() });
  hide(practice, log);
  practice.server.heads = heads;
  assert.equal(await troubleOf(bea, log), "");
  practice.clock.now += LATE;
  assert.ok((await attempt(bea, log, "Cas would read this.")).unvouched > 0);
  practice.server.heads = new BytesMap();
  witness.look();
  assert.equal(await troubleOf(bea, log), "HeldBack");
});

test("only a steward ends a witness, even one that lies", async () => {
  const { bea, witness } = await watched();
  witness.lie(DIRECTORY);
  await bea.ask("refresh");
  const key = encodeBase64url(witness.key);
  await assert.rejects(bea.ask("endWitness", { key }), { name: "NotAllowed" });
  assert.equal(await wrongWith(bea, ""), "ForkedLog");
});

test("a directory of which a witness saw more is in trouble", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  await ann.ask("addAgency", { name: "Sample Housing", sort: "housing" });
  witness.look();
  const held = practice.server.directoryEntries.splice(-1);
  await bea.ask("refresh");
  assert.equal((await bea.ask("overview")).trouble?.error, "HeldBack");
  await assert.rejects(attempt(bea, log, "On an old directory."), { name: "HeldBack" });
  practice.server.directoryEntries.push(...held);
  await bea.ask("refresh");
  assert.equal((await bea.ask("overview")).trouble, null);
  await bea.say(log, "All is there.");
});

test("a removal is done once a witness has seen it", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  await ann.ask("remove", { log, person: await bea.me() });
  const [row] = (await ann.child(log)).mayStillRead;
  assert.deepEqual([row?.person.name, row?.alarm], ["Sample Bea", false]);
  practice.clock.now += LATE;
  assert.deepEqual((await ann.child(log)).mayStillRead.map(({ alarm }) => alarm), [true]);
  witness.look();
  await ann.ask("refresh");
  assert.deepEqual((await ann.child(log)).mayStillRead, []);
  await bea.ask("refresh");
  assert.equal((await bea.child(log)).trouble, null);
});

test("what witnesses said comes back as it was written", () => {
  const bytes = (of: number) => new Uint8Array(32).fill(of);
  const seen = { key: bytes(1), head: { seq: 7, id: bytes(2) }, time: 5 };
  const further = { ...seen, head: { seq: 8, id: bytes(3) } };
  const vouched = { time: 3, seq: 6, ahead: [seen], against: [seen] };
  const heads = new BytesMap([[DIRECTORY, vouched]]);
  assert.deepEqual([...decodeHeads(encodeHeads(heads))], [...heads]);
  assert.equal(decodeHeads(encode([7])).size, 0);
  assert.deepEqual(noteHead(vouched, further).ahead, [further]);
  assert.equal(noteHead({ ...vouched, ahead: [further] }, seen).ahead[0], further);
});
