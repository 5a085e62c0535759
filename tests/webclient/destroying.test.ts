// Destroying for good, through the Worker's own border: the twin of tests/client/test_destroying.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Memory } from "../../microblog/web/src/client/memory.ts";
import type { Shred } from "../../microblog/web/src/client/shown.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { decodeEntry, type Entry } from "../../microblog/web/src/protocol/entry.ts";
import { WAIT_MS } from "../../microblog/web/src/protocol/shred.ts";
import { openVault } from "../../microblog/web/src/protocol/vault.ts";
import { PASSPHRASE, Practice, type Desk } from "./desks.ts";

const CANARY = "A bruise on the left arm.";

interface Team {
  readonly practice: Practice;
  readonly ann: Desk; // keeper
  readonly bea: Desk; // supervisor
  readonly cas: Desk; // follower
  readonly log: string;
  readonly seq: number; // of the canary
}

async function team(): Promise<Team> {
  const practice = await Practice.found();
  const ann = practice.steward;
  const [bea, cas] = [await practice.admit("Sample Bea"), await practice.admit("Sample Cas")];
  const log = await practice.child("Sample Child", bea, cas);
  await ann.ask("grant", { log, person: await bea.me(), role: "supervisor", why: "" });
  await ann.say(log, CANARY);
  for (const desk of [bea, cas]) await desk.read(log);
  const seq = (await ann.read(log))[0]?.seq ?? 0;
  return { practice, ann, bea, cas, log, seq };
}

function entriesOf({ practice, log }: Team): Entry[] {
  return practice.server.streams.get(decodeBase64url(log))?.entries ?? [];
}

async function memoryOf(desk: Desk): Promise<Memory> {
  const { deviceSeed } = openVault(await desk.ask("keyFile"), PASSPHRASE);
  return new Memory(desk.database, deviceSeed, (size) => new Uint8Array(size));
}

async function propose({ ann, bea, log, seq }: Team): Promise<Shred> {
  await ann.ask("proposeShred", { log, seqs: [seq], cls: "School file", why: "Kept long enough" });
  await bea.ask("refresh");
  const [shred] = (await bea.child(log)).shreds;
  assert.ok(shred);
  return shred;
}

async function destroy(at: Team): Promise<void> {
  const { id } = await propose(at);
  at.practice.clock.now += WAIT_MS;
  await at.bea.ask("confirmShred", { log: at.log, id });
}

test("two people and fourteen days destroy it, and every copy of it", async () => {
  const at = await team();
  const { bea, cas, log, seq } = at;
  const [id] = (await cas.read(log)).map((post) => post.text);
  assert.equal(id, CANARY);
  await destroy(at);
  for (const desk of [at.ann, bea, cas]) {
    assert.deepEqual((await desk.read(log)).map(({ state, text }) => [state, text]), [["destroyed", ""]]);
    const [shred] = (await desk.child(log)).shreds;
    assert.deepEqual(
      [shred?.by.name, shred?.cls, shred?.why, shred?.seqs, shred?.done?.by.name, shred?.goneFromBackups],
      ["Sample Ann", "School file", "Kept long enough", [seq], "Sample Bea", 0],
    );
    assert.equal(shred?.ready, (shred?.time ?? 0) + WAIT_MS);
  }
  const memory = await memoryOf(cas);
  const entry = (await memory.entries(decodeBase64url(log)))[seq];
  assert.deepEqual(entry && decodeEntry(entry).body, new Uint8Array());
});

test("nobody destroys alone, or too soon, or as a follower", async () => {
  const at = await team();
  const { ann, bea, cas, log } = at;
  const { id } = await propose(at);
  const refused = { name: "NotAllowed" };
  await assert.rejects(bea.ask("confirmShred", { log, id }), refused);
  at.practice.clock.now += WAIT_MS;
  await assert.rejects(ann.ask("confirmShred", { log, id }), refused);
  await assert.rejects(cas.ask("confirmShred", { log, id }), refused);
  await assert.rejects(cas.ask("hold", { log, on: true, why: "" }), refused);
  await assert.rejects(bea.ask("proposeShred", { log, seqs: [], cls: "", why: "" }), refused);
  assert.deepEqual((await ann.read(log)).map(({ text }) => text), [CANARY]);
});

test("under a hold nothing is destroyed, and what was proposed is taken back", async () => {
  const at = await team();
  const { ann, bea, log, seq } = at;
  const { id } = await propose(at);
  at.practice.clock.now += WAIT_MS;
  await bea.ask("hold", { log, on: true, why: "Asked for by the court" });
  await ann.ask("refresh");
  const { held, shreds } = await ann.child(log);
  assert.deepEqual([held?.by.name, held?.why, shreds], ["Sample Bea", "Asked for by the court", []]);
  const refused = { name: "NotAllowed" };
  await assert.rejects(bea.ask("confirmShred", { log, id }), refused);
  await assert.rejects(ann.ask("proposeShred", { log, seqs: [seq], cls: "", why: "" }), refused);
  await ann.say(log, "New.");
  const newest = (await ann.read(log)).at(-1)?.seq ?? 0;
  await assert.rejects(ann.ask("withdraw", { log, seq: newest, erase: true, why: "" }), refused);
  await ann.ask("hold", { log, on: false, why: "Released" });
  assert.equal((await ann.child(log)).held, null);
  await assert.rejects(bea.ask("confirmShred", { log, id }), refused);
  assert.deepEqual((await bea.read(log)).map(({ text }) => text), [CANARY, "New."]);
});

test("all that is there until now goes, and the team goes on", async () => {
  const at = await team();
  const { ann, bea, cas, log } = at;
  await ann.ask("remove", { log, person: await cas.me() });
  await ann.ask("proposeShred", { log, seqs: [], cls: "School file", why: "" });
  await bea.ask("refresh");
  at.practice.clock.now += WAIT_MS;
  await bea.say(log, "Said later.");
  const id = (await bea.child(log)).shreds[0]?.id ?? "";
  await bea.ask("confirmShred", { log, id });
  assert.deepEqual((await ann.read(log)).map(({ text }) => text), ["", "Said later."]);
  assert.equal((await ann.child(log)).name, "");
  // Not only posts leave this device's storage.
  const kept = await memoryOf(ann);
  const stored = (await kept.entries(decodeBase64url(log))).map(decodeEntry);
  const gone = stored.filter(({ body }) => body.length === 0).map(({ header }) => header.seq);
  assert.deepEqual(gone, entriesOf(at).filter(({ body }) => body.length === 0).map(({ header }) => header.seq));
  const about = { name: "Sample Child", knownAs: [], birth: { how: "unknown", date: "" }, school: "" } as const;
  const rest = { relatives: [], households: [], protectedAddress: false, closed: false };
  await ann.ask("describe", { log, about: { ...about, knownAs: [], ...rest } });
  assert.equal((await ann.child(log)).name, "Sample Child");
  const bare = entriesOf(at).filter(({ body }) => body.length === 0).map(({ header }) => header.kind);
  assert.deepEqual([...new Set(bare)].toSorted(), ["about", "grant", "post"]);
  await ann.ask("lock");
  await ann.ask("unlock", { passphrase: PASSPHRASE });
  assert.deepEqual((await ann.read(log)).map(({ text }) => text), ["", "Said later."]);
});

test("what a server brings back, or shows of before, stays hidden", async () => {
  const at = await team();
  const { ann, bea, cas, log, seq } = at;
  const before = [...entriesOf(at)];
  await destroy(at);
  await cas.ask("refresh");
  const whole = before[seq];
  assert.ok(whole);
  entriesOf(at)[seq] = whole;
  for (const desk of [ann, cas]) {
    await desk.ask("lock");
    await desk.ask("unlock", { passphrase: PASSPHRASE });
    assert.deepEqual((await desk.read(log)).map(({ state }) => state), ["destroyed"]);
  }
  entriesOf(at).splice(0, Infinity, ...before);
  for (const desk of [ann, bea, cas]) {
    assert.deepEqual((await desk.read(log)).map(({ state, text }) => [state, text]), [["destroyed", ""]]);
    assert.equal((await desk.child(log)).trouble?.error, "RolledBack");
  }
});

test("a body that is missing without two people is withheld", async () => {
  const at = await team();
  await propose(at);
  const entries = entriesOf(at);
  const entry = entries[at.seq];
  assert.ok(entry);
  entries[at.seq] = { ...entry, body: new Uint8Array(), salt: new Uint8Array() };
  const dan = await at.practice.admit("Sample Dan");
  await at.ann.ask("refresh");
  await at.ann.ask("grant", { log: at.log, person: await dan.me(), role: "follower", why: "" });
  assert.deepEqual((await dan.read(at.log)).map(({ state }) => state), ["withheld"]);
});

test("for how long is off until a steward confirms it, and then a date to think about", async () => {
  const { ann, bea, log } = await team();
  const rows = await bea.ask("retentionExamples");
  assert.deepEqual([(await bea.ask("overview")).retention, (await bea.child(log)).retention], [[], []]);
  await assert.rejects(bea.ask("setRetention", { rows }), { name: "NotAllowed" });
  await ann.ask("setRetention", { rows: [...rows, { cls: "Ours", months: 2, from: "newest", source: "" }] });
  await bea.ask("refresh");
  const { retention } = await bea.ask("overview");
  assert.deepEqual([retention.slice(0, -1), retention.length], [rows, rows.length + 1]);
  const dates = (await bea.child(log)).retention;
  assert.deepEqual([dates.at(-1)?.cls, dates.at(-1)?.due], ["Ours", "2026-11-21"]);
  assert.ok(rows.every(({ source }) => source.length > 0 && source.length <= 120));
});

test("a date that is half known is taken to be the last", async () => {
  const practice = await Practice.found();
  const ann = practice.steward;
  const log = await practice.child("Sample Child");
  const cases: [how: "born" | "due" | "unknown", date: string, months: number, due: string][] = [
    ["born", "2020", 12, "2021-12-31"], ["born", "2019-02", 12, "2020-02-28"],
    ["born", "2020-02-29", 12, "2021-02-28"], ["due", "2020-01-31", 1, "2020-02-29"],
    ["born", "2020-12-31", 2, "2021-02-28"], ["unknown", "", 12, ""],
    ["born", "9999", 12, ""], ["born", "2020", 2 ** 40, ""],
  ];
  const about = {
    name: "Sample Child", knownAs: [], school: "", relatives: [], households: [],
    protectedAddress: false, closed: false,
  };
  for (const [how, date, months, due] of cases) {
    await ann.ask("describe", { log, about: { ...about, birth: { how, date } } });
    await ann.ask("setRetention", { rows: [{ cls: "Any", months, from: "birth", source: "" }] });
    assert.equal((await ann.child(log)).retention[0]?.due, due, `${date} and ${months} months`);
  }
  const birth = { how: "unknown" as const, date: "" };
  await ann.ask("setRetention", { rows: [{ cls: "Any", months: 1, from: "closed", source: "" }] });
  for (const closed of [true, false, true]) {
    practice.clock.now += 10 * 24 * 3600 * 1000;
    await ann.ask("describe", { log, about: { ...about, birth, closed } });
  }
  await ann.ask("describe", { log, about: { ...about, birth, closed: true, school: "Moved on" } });
  assert.equal((await ann.child(log)).retention[0]?.due, "2026-11-21");
});
