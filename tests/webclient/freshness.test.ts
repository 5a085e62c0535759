// A witness beside the server: what is vouched for, what is kept back, who may still read.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Feed } from "../../microblog/web/src/client/feed.ts";
import { decodeHeads, encodeHeads, noteHead, NOT_VOUCHED, settle } from "../../microblog/web/src/client/heads.ts";
import { decodeBase64url, encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { BytesMap, BytesSet } from "../../microblog/web/src/protocol/builtins.ts";
import { encode } from "../../microblog/web/src/protocol/encoding.ts";
import { DIRECTORY } from "../../microblog/web/src/protocol/entry.ts";
import { ForkedLog, Malformed, RolledBack } from "../../microblog/web/src/protocol/errors.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { Stream } from "../../microblog/web/src/protocol/stream.ts";
import type { Kept } from "../lying/kept.ts";
import { Witness } from "../lying/witness.ts";
import { Desk, draftOf, PASSPHRASE, Practice } from "./desks.ts";

await ready;

const LATE = 16 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;

interface Watched {
  practice: Practice;
  ann: Desk;
  bea: Desk;
  log: string;
  witness: Witness;
}

/** A practice whose steward has named a witness that has looked once. */
async function watched(): Promise<Watched> {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  const witness = new Witness(practice.server);
  await practice.steward.ask("addWitness", { key: encodeBase64url(witness.key) });
  witness.look();
  await practice.steward.ask("refresh");
  await bea.ask("refresh");
  return { practice, ann: practice.steward, bea, log, witness };
}

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

async function attempt(desk: Desk, log: string, text: string, allTheSame = false) {
  const shown = (await desk.child(log)).members.map(({ person }) => person.id);
  return desk.ask("post", { log, draft: draftOf(text), shown, allTheSame });
}

async function troubleOf(desk: Desk, log: string): Promise<string> {
  await desk.ask("refresh");
  return (await desk.child(log)).trouble?.error ?? "";
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

test("another stream than the one a witness saw stays in trouble", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  await ann.say(log, "For Bea’s eyes.");
  witness.lie(decodeBase64url(log));
  assert.equal(await troubleOf(bea, log), "ForkedLog");
  assert.equal((await bea.ask("overview")).trouble, null);
  await assert.rejects(attempt(bea, log, "To whom?"), { name: "ForkedLog" });
  // Neither its silence, nor an honest word of it, takes this back; nor what comes in the stream.
  practice.server.heads = new BytesMap();
  await ann.say(log, "Ann has not looked.");
  assert.equal(await troubleOf(bea, log), "ForkedLog");
  assert.equal((await bea.read(log)).length, 2);
  const before = (await bea.child(log)).vouched;
  witness.look();
  assert.equal(await troubleOf(bea, log), "ForkedLog");
  assert.equal((await bea.child(log)).vouched, before);
});

/** What is wrong with a log: the directory, or a stream. */
async function wrongWith(desk: Desk, log: string): Promise<string> {
  const { children, trouble } = await desk.ask("overview");
  const wrong = log === "" ? trouble : children.find((child) => child.log === log)?.trouble;
  return wrong?.error ?? "";
}

function idOf(log: string): Uint8Array {
  return log === "" ? DIRECTORY : decodeBase64url(log);
}

/** Someone on the same device again, in another tab or after a restart. */
async function reopen(practice: Practice, desk: Desk): Promise<Desk> {
  const again = new Desk(practice.server, desk.database);
  await again.ask("unlock", { passphrase: PASSPHRASE });
  return again;
}

for (const what of ["a stream", "the directory"]) {
  test(`a restart does not take back that a witness saw another: ${what}`, async () => {
    const { practice, bea, log, witness } = await watched();
    const lied = what === "a stream" ? log : "";
    witness.lie(idOf(lied));
    await bea.ask("refresh");
    practice.server.heads = new BytesMap();
    const again = await reopen(practice, bea);
    // Before the server is asked, and after.
    assert.equal(await wrongWith(again, lied), "ForkedLog");
    await assert.rejects(attempt(again, log, "To whom?"), { name: "ForkedLog" });
    await again.ask("refresh");
    assert.equal(await wrongWith(again, lied), "ForkedLog");
  });
}

test("another tab that knows nothing of it does not make it forgotten", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  const tab = await reopen(practice, bea);
  await tab.ask("refresh");
  witness.lie(DIRECTORY);
  await bea.ask("refresh");
  practice.server.heads = new BytesMap();
  witness.look();
  await tab.ask("refresh");
  await tab.ask("refresh");
  assert.equal(await wrongWith(tab, ""), "ForkedLog");
  await ann.ask("endWitness", { key: encodeBase64url(witness.key) });
  for (const desk of [tab, bea, await reopen(practice, bea)]) {
    await desk.ask("refresh");
    assert.equal(await wrongWith(desk, ""), "");
  }
  await bea.say(log, "It goes on.");
});

for (const what of ["a stream", "the directory"]) {
  for (const ahead of [0, 1]) {
    test(`a witness that lies of ${what}, ${ahead} ahead, is ended, and everything goes on`, async () => {
      const { practice, ann, bea, log, witness } = await watched();
      const lied = what === "a stream" ? log : "";
      witness.lie(idOf(lied), ahead);
      for (const desk of [ann, bea]) {
        await desk.ask("refresh");
        assert.equal(await wrongWith(desk, lied), ahead > 0 ? "HeldBack" : "ForkedLog");
        assert.deepEqual((await desk.ask("overview")).witnesses.map(({ accuses }) => accuses), [true]);
      }
      const [steward, other] = [await reopen(practice, ann), await reopen(practice, bea)];
      await steward.ask("endWitness", { key: encodeBase64url(witness.key) });
      // For the steward at once, for everyone else as soon as they look.
      assert.equal((await wrongWith(steward, "")) + (await wrongWith(steward, log)), "");
      await other.ask("refresh");
      assert.equal((await wrongWith(other, "")) + (await wrongWith(other, log)), "");
      await other.say(log, "It goes on.");
      const again = await reopen(practice, bea);
      assert.equal((await wrongWith(again, "")) + (await wrongWith(again, log)), "");
    });
  }
}

for (const ahead of [0, 1]) {
  test(`nothing but the end of the witness that says so is sent meanwhile: ${ahead} ahead`, async () => {
    const { practice, ann, log, witness } = await watched();
    const other = new Witness(practice.server);
    const [key, others] = [encodeBase64url(witness.key), encodeBase64url(other.key)];
    await ann.ask("addWitness", { key: others });
    witness.lie(DIRECTORY, ahead);
    await ann.ask("refresh");
    const count = practice.server.directoryEntries.length;
    const third = encodeBase64url(new Witness(practice.server).key);
    const wrong = { code: "in-trouble" };
    await assert.rejects(ann.ask("endWitness", { key: others }), wrong);
    await assert.rejects(ann.ask("addWitness", { key: third }), wrong);
    await assert.rejects(ann.ask("addAgency", { name: "Sample Housing", sort: "housing" }), wrong);
    await assert.rejects(attempt(ann, log, "To whom?"), wrong);
    assert.equal(practice.server.directoryEntries.length, count);
    await ann.ask("endWitness", { key });
    assert.equal(practice.server.directoryEntries.length, count + 1);
    assert.equal(await wrongWith(ann, ""), "");
  });
}

test("with the end of one, the word of another witness still stands", async () => {
  const { practice, ann, bea, witness } = await watched();
  const other = new Witness(practice.server);
  await ann.ask("addWitness", { key: encodeBase64url(other.key) });
  for (const one of [witness, other]) {
    one.lie(DIRECTORY);
    await bea.ask("refresh");
  }
  await ann.ask("refresh");
  await ann.ask("endWitness", { key: encodeBase64url(other.key) });
  await bea.ask("refresh");
  assert.equal(await wrongWith(bea, ""), "ForkedLog");
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

test("no smaller trouble of a stream takes the place of another log", () => {
  const feed = new Feed(new Uint8Array(16), new Stream(new Uint8Array(16)));
  feed.stop(new ForkedLog("a witness has seen another"));
  feed.settle();
  feed.stop(new Malformed("an entry that is none"));
  assert.equal(feed.trouble?.error, "ForkedLog");
  feed.stop(new RolledBack("what was seen is gone"));
  feed.rejoin();
  assert.equal(feed.trouble?.error, "RolledBack");
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

test("what a witness has seen otherwise stands, whatever else it says", () => {
  const bytes = (of: number) => new Uint8Array(32).fill(of);
  const [mine, both] = [bytes(0), new BytesSet([bytes(1), bytes(2)])];
  const idAt = (seq: number) => (seq < 10 ? mine : undefined);
  const other = { key: bytes(1), head: { seq: 7, id: bytes(9) }, time: 5 };
  let [known, wrong] = settle(noteHead(NOT_VOUCHED, other), idAt, both);
  assert.deepEqual([known, wrong?.name], [{ ...NOT_VOUCHED, against: [other] }, "ForkedLog"]);
  const agreeing = { key: bytes(1), head: { seq: 8, id: mine }, time: 6 };
  const ofAnother = { key: bytes(2), head: { seq: 9, id: mine }, time: 7 };
  [known, wrong] = settle(noteHead(noteHead(known, agreeing), ofAnother), idAt, both);
  const expected = { time: 7, seq: 9, ahead: [], against: [other] };
  assert.deepEqual([known, wrong?.name], [expected, "ForkedLog"]);
  [known, wrong] = settle(known, idAt, new BytesSet([bytes(2)]));
  assert.deepEqual([known, wrong], [{ ...expected, against: [] }, null]);
});
