// One more device of mine, by letters or from paper; shutting one out; being let in again with new keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Sheet } from "../../microblog/web/src/client/messages.ts";
import { decodeSheetLink, encodeSheetLink } from "../../microblog/web/src/protocol/recovery.ts";
import { LIFE_MS, PINS, WELCOME } from "../../microblog/web/src/protocol/link.ts";
import { Desk, PASSPHRASE, Practice } from "./desks.ts";

const OPENED = { passphrase: PASSPHRASE, device: "laptop", keep: true };

/** Link a new desk to an old one, as both pages do. */
async function link(practice: Practice, old: Desk, until = 0): Promise<Desk> {
  const desk = new Desk(practice.server);
  const { letters } = await desk.ask("beginLink", { device: "laptop" });
  const done = old.ask("letIn", { letters, until });
  await untilState(desk, "done");
  await done;
  await desk.ask("finishLink", OPENED);
  await desk.ask("refresh");
  return desk;
}

async function untilState(desk: Desk, wanted: string): Promise<void> {
  for (let count = 0; count < 100; count++) {
    if ((await desk.ask("linked")).state === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`never ${wanted}`);
}

async function paper(desk: Desk): Promise<Sheet> {
  const sheet = await desk.ask("draftSheet");
  const [first, second] = sheet.asked;
  const typed = [sheet.letters[first] ?? "", sheet.letters[second] ?? ""] as [string, string];
  await desk.ask("keepSheet", { typed });
  return sheet;
}

async function team(): Promise<{ practice: Practice; bea: Desk; log: string }> {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "From before.");
  await bea.ask("refresh");
  return { practice, bea, log };
}

// For tests that leave it as it is.
let shared: ReturnType<typeof team> | null = null;
const sharedTeam = () => (shared ??= team());

test("a linked device reads and posts as its person, and each end says how far it is", async () => {
  const { practice, bea, log } = await team();
  const desk = new Desk(practice.server);
  const { letters, link: address } = await desk.ask("beginLink", { device: "laptop" });
  assert.equal(address, `https://practice.example/link#${letters}`);
  assert.deepEqual(await desk.ask("linked"), { state: "waiting", practice: "", name: "" });
  assert.deepEqual(await bea.ask("readLink", { letters: letters.toLowerCase() }), { device: "laptop" });
  const done = bea.ask("letIn", { letters, until: 0 });
  await untilState(desk, "welcomed");
  const who = { practice: "Sample Practice", name: "Sample Bea" };
  assert.deepEqual(await desk.ask("linked"), { state: "welcomed", ...who });
  await done;
  assert.deepEqual(await desk.ask("linked"), { state: "done", ...who });
  await desk.ask("finishLink", OPENED);
  assert.deepEqual((await desk.read(log)).map(({ text }) => text), ["From before."]);
  await desk.say(log, "From the laptop.");
  assert.equal((await bea.read(log)).at(-1)?.mine, true);
  const rows = await bea.ask("devices");
  assert.deepEqual(rows.map(({ name, mine, sort }) => [name, mine, sort]), [
    ["phone", true, ""],
    ["laptop", false, ""],
  ]);
  assert.ok((rows[1]?.lastUse ?? 0) > (rows[1]?.since ?? 0));
});

test("what is under the code was sealed with it, or it is not believed", async () => {
  const { practice, bea } = await sharedTeam();
  const desk = new Desk(practice.server);
  const { letters } = await desk.ask("beginLink", { device: "laptop" });
  const [first] = practice.server.links.messages.keys();
  const name = first?.split("/")[0] ?? "";
  practice.server.links.messages.set(`${name}/${WELCOME}`, new Uint8Array(100));
  await assert.rejects(desk.ask("linked"), { name: "NotAuthentic" });
  practice.server.links.messages.set(`${name}/1`, new Uint8Array(100));
  await assert.rejects(bea.ask("readLink", { letters }), { name: "NotAuthentic" });
  await assert.rejects(bea.ask("readLink", { letters: "0123" }), { name: "BadLetters" });
  await assert.rejects(bea.ask("readLink", { letters: "0".repeat(20) }), { name: "LinkOver" });
});

test("after ten minutes nothing is linked any more, and nobody is in who was not let in", async () => {
  const { practice, bea } = await sharedTeam();
  const desk = new Desk(practice.server);
  const { letters } = await desk.ask("beginLink", { device: "laptop" });
  await assert.rejects(desk.ask("finishLink", OPENED), { name: "LinkOver" });
  practice.clock.now += LIFE_MS;
  assert.equal((await desk.ask("linked")).state, "over");
  await assert.rejects(bea.ask("letIn", { letters, until: 0 }), { name: "LinkOver" });
});

test("an older practice than the other device has seen is not entered", async () => {
  const { practice, bea } = await team();
  const { server } = practice;
  const before = server.directory;
  const count = server.directoryEntries.length;
  const desk = new Desk(server);
  const { letters } = await desk.ask("beginLink", { device: "laptop" });
  const done = bea.ask("letIn", { letters, until: 0 });
  await untilState(desk, "welcomed");
  await done;
  assert.ok([...server.links.messages.keys()].some((key) => key.endsWith(`/${PINS}`)));
  server.directory = before;
  server.directoryEntries.splice(count);
  await assert.rejects(desk.ask("linked"));
  await assert.rejects(desk.ask("finishLink", OPENED), { name: "LinkOver" });
});

test("a device that is shut out opens nothing that is posted from then on", async () => {
  const { practice, bea, log } = await team();
  const stolen = await link(practice, bea);
  const [, row] = await bea.ask("devices");
  await bea.ask("revokeDevice", { key: row?.key ?? "", since: practice.clock.now });
  await bea.ask("refresh");
  await practice.steward.ask("refresh");
  await practice.steward.say(log, "Not for the thief.");
  assert.equal((await bea.read(log)).at(-1)?.text, "Not for the thief.");
  await assert.rejects(stolen.ask("refresh"), { name: "Refused" });
  assert.deepEqual((await bea.ask("devices")).map(({ revoked }) => revoked), [false, true]);
});

test("a steward sees a colleague's devices and shuts one out", async () => {
  const { practice, bea } = await team();
  const person = await bea.me();
  const [row] = await practice.steward.ask("devicesOf", { person });
  assert.deepEqual([row?.name, row?.mine], ["phone", false]);
  await practice.steward.ask("revokeDevice", { key: row?.key ?? "", since: 0 });
  await assert.rejects(bea.ask("refresh"), { name: "Refused" });
});

test("a sheet counts once two groups are typed back, and not before", async () => {
  const { bea } = await team();
  assert.equal((await bea.ask("overview")).sheets, 0);
  await assert.rejects(bea.ask("keepSheet", { typed: ["", ""] }), { name: "BadLetters" });
  const sheet = await bea.ask("draftSheet");
  assert.deepEqual([sheet.letters.length, sheet.name], [9, "Sample Bea"]);
  const [first, second] = sheet.asked;
  const wrong = sheet.letters[second] === "0000" ? "1111" : "0000";
  const typed: [string, string] = [sheet.letters[first] ?? "", wrong];
  await assert.rejects(bea.ask("keepSheet", { typed }), { name: "BadLetters", code: String(second) });
  assert.equal((await bea.ask("overview")).sheets, 0);
  await paper(bea);
  assert.equal((await bea.ask("overview")).sheets, 1);
  // The lock forgets a draft.
  const later = await bea.ask("draftSheet");
  await bea.ask("lock");
  await bea.ask("unlock", { passphrase: PASSPHRASE });
  const back = [later.letters[later.asked[0]] ?? "", later.letters[later.asked[1]] ?? ""] as [string, string];
  await assert.rejects(bea.ask("keepSheet", { typed: back }), { name: "BadLetters" });
});

for (const way of ["letters", "link"] as const) {
  test(`back from the sheet by its ${way}, with the lost phone shut out`, async () => {
    const { practice, bea, log } = await team();
    const sheet = await paper(bea);
    const desk = new Desk(practice.server);
    const fragment = sheet.link.split("#")[1] ?? "";
    const read = way === "link" ? { fragment } : { letters: sheet.letters.join(" ").toLowerCase() };
    const found = await desk.ask("readSheet", read);
    assert.deepEqual([found.practice, found.name], ["Sample Practice", "Sample Bea"]);
    assert.deepEqual(found.devices.map(({ sort, mine }) => [sort, mine]), [["", false], ["paper", true]]);
    const [phone] = found.devices;
    await desk.ask("recover", { ...OPENED, device: "new phone", lost: [phone?.key ?? ""] });
    assert.deepEqual((await desk.read(log)).map(({ text }) => text), ["From before."]);
    await practice.steward.ask("refresh");
    await desk.say(log, "I am back.");
    assert.equal((await practice.steward.read(log)).at(-1)?.text, "I am back.");
    await assert.rejects(bea.ask("refresh"), { name: "Refused" });
    // What was kept opens again, with the key that came with the loss.
    await desk.ask("lock");
    await desk.ask("unlock", { passphrase: PASSPHRASE });
    await practice.steward.say(log, "Welcome back.");
    assert.equal((await desk.read(log)).at(-1)?.text, "Welcome back.");
  });
}

test("a directory other than the sheet was printed from is not believed", async () => {
  const { practice, bea } = await sharedTeam();
  const sheet = decodeSheetLink((await paper(bea)).link.split("#")[1] ?? "");
  const directory = { ...sheet.directory, id: new Uint8Array(32) };
  const fragment = encodeSheetLink({ ...sheet, directory });
  const desk = new Desk(practice.server);
  await assert.rejects(desk.ask("readSheet", { fragment }), { name: "RolledBack", code: "in-trouble" });
});

test("letters that no sheet has are refused, and in which group is said if it is known", async () => {
  const { practice, bea } = await sharedTeam();
  const letters = (await paper(bea)).letters.join("");
  const desk = new Desk(practice.server);
  const other = letters[9] === "A" ? "B" : "A";
  const typed = letters.slice(0, 9) + other + letters.slice(10);
  await assert.rejects(desk.ask("readSheet", { letters: typed }), { name: "BadLetters", code: "2" });
  const none = { name: "BadLetters", code: "" };
  await assert.rejects(desk.ask("readSheet", { letters: letters.slice(1) }), none);
  const unknown = await bea.ask("draftSheet");
  const drafted = { letters: unknown.letters.join("") };
  await assert.rejects(desk.ask("readSheet", drafted), { name: "UnknownDevice" });
  await assert.rejects(desk.ask("recover", { ...OPENED, lost: [] }), none);
});

test("keys that are kept here already are not overwritten by linking or a sheet", async () => {
  const { bea } = await sharedTeam();
  await assert.rejects(bea.ask("beginLink", { device: "laptop" }), { name: "KeysKept" });
  const sheet = await paper(bea);
  await bea.ask("lock");
  await bea.ask("readSheet", { letters: sheet.letters.join("") });
  await assert.rejects(bea.ask("recover", { ...OPENED, lost: [] }), { name: "KeysKept" });
});

test("who lost everything is let in again by each keeper, once, to all that they stood in", async () => {
  const { practice, bea, log } = await team();
  const { steward } = practice;
  const former = await bea.me();
  const { agencies, people } = await steward.ask("overview");
  const known = people.find(({ id }) => id === former);
  const agency = agencies[0]?.id ?? "";
  const issued = await steward.ask("invite", {
    name: "Sample Bea", job: "teacher", agency, role: "practitioner", formerly: former,
  });
  const desk = new Desk(practice.server);
  const fragment = new URL(issued.link).hash.slice(1);
  await desk.ask("readInvitation", { fragment, letters: issued.letters });
  await desk.ask("join", OPENED);
  await steward.ask("refresh");
  assert.deepEqual((await steward.ask("overview")).returns, []);
  await steward.ask("changePerson", {
    person: former, name: known?.name ?? "", job: "teacher", agency, role: "practitioner", left: true,
  });
  await steward.ask("refresh");
  const [row] = (await steward.ask("overview")).returns;
  assert.deepEqual([row?.logs, row?.roles, row?.former.id], [[log], ["follower"], former]);
  const why = "Back with new keys";
  const person = row?.person.id ?? "";
  await steward.ask("grantMany", { person, role: "follower", why, via: "", logs: row?.logs ?? [] });
  assert.deepEqual((await steward.ask("overview")).returns, []);
  assert.deepEqual((await desk.read(log)).map(({ text }) => text), ["From before."]);
});
