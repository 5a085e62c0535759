// Where keys are, and where they are not: joining, unlocking, key files, the lock, what is kept, what is missing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { StorageFull } from "../../microblog/web/src/client/database.ts";
import { refresh } from "../../microblog/web/src/client/following.ts";
import { decodeNote, Memory, openRecord, sealRecord } from "../../microblog/web/src/client/memory.ts";
import { openSession } from "../../microblog/web/src/client/keeping.ts";
import { lock } from "../../microblog/web/src/client/session.ts";
import { Refused, Unreachable } from "../../microblog/web/src/client/transport.ts";
import { decodeBase64url, encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { decodeArray } from "../../microblog/web/src/protocol/encoding.ts";
import { DIRECTORY } from "../../microblog/web/src/protocol/entry.ts";
import { derive } from "../../microblog/web/src/protocol/primitives.ts";
import { openVault, stretchVaultKey } from "../../microblog/web/src/protocol/vault.ts";
import { fromJson } from "../protocol/typed.ts";
import { HonestServer } from "../lying/server.ts";
import { BrowserDatabase, Clock, Desk, PASSPHRASE, Practice } from "./desks.ts";

const NEXT = "another passphrase";

function vaultOfPython(): { vault: Uint8Array; passphrase: string } {
  const file = new URL("../vectors/access.json", import.meta.url);
  const { cases } = fromJson(JSON.parse(readFileSync(file, "utf8"))) as {
    cases: { name: string; in: [Uint8Array, string] }[];
  };
  const [vault, passphrase] = cases.find(({ name }) => name === "open a vault")?.in ?? [];
  assert.ok(vault && passphrase);
  return { vault, passphrase };
}

test("locked, nothing is known; unlocked, all of it is there without the server", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  const log = await practice.child("Sample Child");
  await steward.say(log, "Before.");
  await steward.ask("markRead", { log, seq: 2 });
  await steward.ask("lock");
  assert.equal(steward.events("locked"), 1);
  await assert.rejects(steward.ask("overview"), { name: "Locked" });
  await assert.rejects(steward.ask("refresh"), { name: "Locked" });
  await assert.rejects(steward.ask("unlock", { passphrase: NEXT }), { name: "WrongPassphrase" });
  practice.server.down = true;
  await steward.ask("unlock", { passphrase: PASSPHRASE });
  const { posts } = await steward.ask("posts", { log, before: "", count: 10 });
  assert.deepEqual(posts.map(({ text }) => text), ["Before."]);
  const { online, children } = await steward.ask("overview");
  assert.deepEqual([online, children[0]?.name], [false, "Sample Child"]);
});

test("a lock during a refresh stops it, and nothing more is kept or sent", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  await practice.child("Sample Child");
  const streams = steward.connection.streams.bind(steward.connection);
  steward.connection.streams = async () => {
    await steward.ask("lock");
    steward.database.change = async () => assert.fail("something was kept after the lock");
    steward.connection.append = async () => assert.fail("something was sent after the lock");
    return streams();
  };
  await assert.rejects(steward.ask("refresh"), { name: "Locked" });
});

test("the lock overwrites the keys in memory", async () => {
  const { vault, passphrase } = vaultOfPython();
  const keys = openVault(vault, passphrase);
  const random = (size: number) => new Uint8Array(size);
  const world = { clock: new Clock().read, random, progress: () => undefined };
  const memory = new Memory(new BrowserDatabase(), keys.deviceSeed, random);
  const transport = new HonestServer(world.clock).connect();
  const session = await openSession(keys, transport, memory, world);
  const vaultKey = stretchVaultKey(vault, passphrase);
  session.vaultKey = vaultKey;
  lock(session);
  const secrets = [keys.deviceSeed, keys.boxSecret, vaultKey.key, ...keys.readingSecrets];
  assert.ok(secrets.every((secret) => secret.every((byte) => byte === 0)));
  await assert.rejects(refresh(session), { name: "Locked" });
});

test("a key file opens on another device, and what was posted is read there", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Read on both.");
  const file = await bea.ask("keyFile");
  const other = new Desk(practice.server);
  await assert.rejects(
    other.ask("openKeyFile", { file, passphrase: NEXT, keep: true }),
    { name: "WrongPassphrase" },
  );
  await other.ask("openKeyFile", { file, passphrase: PASSPHRASE, keep: true });
  assert.deepEqual((await other.read(log)).map(({ text }) => text), ["Read on both."]);
  assert.equal(await other.me(), await bea.me());
});

test("who was removed reads on a new device what they could before", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Before.");
  const file = await bea.ask("keyFile");
  await practice.steward.ask("remove", { log, person: await bea.me() });
  await practice.steward.say(log, "After.");
  const other = new Desk(practice.server);
  await other.ask("openKeyFile", { file, passphrase: PASSPHRASE, keep: true });
  assert.deepEqual((await other.read(log)).map(({ text }) => text), ["Before."]);
  assert.equal((await other.child(log)).name, "Sample Child");
});

test("a key file of the command line opens here, and one from here holds what it needs", async () => {
  const { vault, passphrase } = vaultOfPython();
  const desk = new Desk(new HonestServer(new Clock().read));
  await desk.ask("openKeyFile", { file: vault, passphrase, keep: true });
  const { fingerprint } = await desk.ask("overview");
  const keys = openVault(vault, passphrase);
  assert.deepEqual(decodeBase64url(fingerprint), keys.fingerprint);
  await desk.ask("changePassphrase", { passphrase, next: NEXT });
  const again = openVault(await desk.ask("keyFile"), NEXT);
  assert.deepEqual(again.deviceSeed, keys.deviceSeed);
  assert.deepEqual(again.pins, keys.pins);
});

test("a changed passphrase opens, the old one no longer, and pins go along", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  const log = await practice.child("Sample Child");
  const wrong = steward.ask("changePassphrase", { passphrase: NEXT, next: NEXT });
  await assert.rejects(wrong, { name: "WrongPassphrase" });
  const short = steward.ask("changePassphrase", { passphrase: PASSPHRASE, next: "short" });
  await assert.rejects(short, { name: "Malformed" });
  await steward.ask("changePassphrase", { passphrase: PASSPHRASE, next: NEXT });
  await steward.ask("lock");
  const old = steward.ask("unlock", { passphrase: PASSPHRASE });
  await assert.rejects(old, { name: "WrongPassphrase" });
  await steward.ask("unlock", { passphrase: NEXT });
  const { pins } = openVault(await steward.ask("keyFile"), NEXT);
  assert.deepEqual(pins.map(([of]) => of), [DIRECTORY, decodeBase64url(log)]);
});

test("a key file, and the vault, say how far each log was seen by now", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  const log = await practice.child("Sample Child");
  const pinsOf = (vault: Uint8Array | null) => {
    const { pins } = openVault(vault ?? new Uint8Array(), PASSPHRASE);
    return new Map(pins.map(([of, { seq }]) => [encodeBase64url(of), seq]));
  };
  await steward.say(log, "One.");
  assert.equal(pinsOf(await steward.ask("keyFile")).get(log), 2);
  await steward.say(log, "Two.");
  await steward.ask("refresh");
  assert.equal(pinsOf(await steward.database.loadVault()).get(log), 3);
  const file = await steward.ask("keyFile");
  const [before, after] = [file, await steward.ask("keyFile")].map((raw) => decodeArray(raw));
  assert.deepEqual(before?.[3], after?.[3]);
  assert.notDeepEqual(before?.[4], after?.[4]);
  // Locked, there is nothing to seal with: the file is the vault as it is kept.
  await steward.ask("lock");
  assert.deepEqual(await steward.ask("keyFile"), await steward.database.loadVault());
  const other = new Desk(practice.server);
  await other.ask("openKeyFile", { file, passphrase: PASSPHRASE, keep: true });
  const kept = practice.server.streams.get(decodeBase64url(log));
  assert.ok(kept);
  practice.server.streams.delete(decodeBase64url(log));
  await other.ask("refresh");
  assert.equal((await other.child(log)).trouble?.error, "RolledBack");
});

test("a passphrase changed in one tab is not changed back by another", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  const other = new Desk(practice.server, steward.database);
  await other.ask("unlock", { passphrase: PASSPHRASE });
  await steward.ask("changePassphrase", { passphrase: PASSPHRASE, next: NEXT });
  const log = await practice.child("Sample Child");
  await other.ask("refresh");
  openVault((await steward.database.loadVault()) ?? new Uint8Array(), NEXT);
  openVault(await other.ask("keyFile"), NEXT);
  await steward.say(log, "Under the new passphrase.");
  await steward.ask("refresh");
  const { pins } = openVault((await steward.database.loadVault()) ?? new Uint8Array(), NEXT);
  assert.deepEqual(pins.map(([of]) => encodeBase64url(of)), [encodeBase64url(DIRECTORY), log]);
});

test("on a shared computer nothing is stored, and unlocking works until the Worker ends", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea", false);
  await practice.child("Sample Child", bea);
  assert.deepEqual(await bea.database.keys(), []);
  assert.equal(await bea.database.loadVault(), null);
  assert.equal((await bea.ask("overview")).stored, false);
  await bea.ask("lock");
  assert.equal((await bea.ask("start")).stored, true);
  await bea.ask("unlock", { passphrase: PASSPHRASE });
  assert.equal((await bea.ask("overview")).children.length, 1);
  await bea.ask("forget");
  assert.equal((await bea.ask("start")).stored, false);
});

test("forgetting removes keys and everything kept", async () => {
  const practice = await Practice.found();
  await practice.child("Sample Child");
  await practice.steward.ask("forget");
  assert.deepEqual(await practice.steward.database.keys(), []);
  assert.equal((await practice.steward.ask("start")).stored, false);
  const unlock = practice.steward.ask("unlock", { passphrase: PASSPHRASE });
  await assert.rejects(unlock, { name: "NoKeys" });
});

test("what is kept is sealed: no name, no word and no key of it is legible", async () => {
  const practice = await Practice.found();
  const log = await practice.child("Canary Childname");
  await practice.steward.say(log, "Canary words.");
  const { database } = practice.steward;
  const keys = await database.keys();
  const kept = await Promise.all(keys.map((key) => database.get(key)));
  const all = Buffer.concat([...kept.map((value) => value ?? new Uint8Array())]);
  for (const word of ["Canary", "Sample", "hunch", "msb/1"]) {
    assert.equal(all.includes(word), false, word);
    assert.equal(all.includes(Buffer.from(word, "utf16le")), false, word);
  }
  // When somebody was here stands beside the logs, under a name that says no more.
  for (const [name] of keys) if (name !== "visits") assert.equal(decodeBase64url(name).length, 16);
});

test("a record opens only under its own name and key", () => {
  const key = derive(new Uint8Array(32).fill(1), "msb/1/store");
  const nonce = new Uint8Array(24).fill(2);
  const sealed = sealRecord(key, "log/1", Uint8Array.of(3), nonce);
  assert.deepEqual(openRecord(key, "log/1", sealed), Uint8Array.of(3));
  assert.equal(openRecord(key, "log/2", sealed), null);
  assert.equal(openRecord(new Uint8Array(32), "log/1", sealed), null);
  assert.deepEqual(decodeNote(Uint8Array.of(1, 2, 3)).read, -1);
});

test("a closed memory stores nothing, least of all under a key of zeros", async () => {
  const database = new BrowserDatabase();
  const memory = new Memory(database, new Uint8Array(32).fill(1), (size) => new Uint8Array(size));
  memory.close();
  const note = decodeNote(null);
  await assert.rejects(memory.put(DIRECTORY, new Map(), note), { name: "StorageFull" });
  assert.deepEqual(await database.keys(), []);
});

test("keys on the device are never overwritten by a second invitation or key file", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const [agency] = (await practice.steward.ask("overview")).agencies;
  const person = { name: "Sample Cas", job: "nurse", agency: agency?.id ?? "" };
  const issued = await practice.steward.ask("invite", { ...person, role: "practitioner" });
  const fragment = new URL(issued.link).hash.slice(1);
  await bea.ask("lock");
  await bea.ask("readInvitation", { fragment, letters: issued.letters });
  const join = { passphrase: PASSPHRASE, device: "phone", keep: true };
  await assert.rejects(bea.ask("join", join), { name: "KeysKept" });
  const file = await practice.steward.ask("keyFile");
  const open = bea.ask("openKeyFile", { file, passphrase: PASSPHRASE, keep: true });
  await assert.rejects(open, { name: "KeysKept" });
  await bea.ask("unlock", { passphrase: PASSPHRASE });
});

test("an invitation shows who invites whom to what, and is good once, with its letters", async () => {
  const practice = await Practice.found();
  const [agency] = (await practice.steward.ask("overview")).agencies;
  const person = { name: "Sample Bea", job: "health visitor", agency: agency?.id ?? "" };
  const issued = await practice.steward.ask("invite", { ...person, role: "supervisor" });
  const fragment = new URL(issued.link).hash.slice(1);
  const bea = new Desk(practice.server);
  const wrong = issued.letters.startsWith("0") ? "1111 1111" : "0000 0000";
  const refused = bea.ask("readInvitation", { fragment, letters: wrong });
  await assert.rejects(refused, { name: "BadInvitation" });
  const typed = issued.letters.toLowerCase().replace(" ", "-");
  const seen = await bea.ask("readInvitation", { fragment, letters: typed });
  assert.deepEqual(
    [seen.practice, seen.name, seen.job, seen.agency, seen.role, seen.inviter.name],
    ["Sample Practice", "Sample Bea", "health visitor", "Sample Council", "supervisor", "Sample Ann"],
  );
  await bea.ask("join", { passphrase: PASSPHRASE, device: "phone", keep: true });
  const late = new Desk(practice.server);
  const used = late.ask("readInvitation", { fragment, letters: issued.letters });
  await assert.rejects(used, { name: "BadInvitation" });
});

test("a join whose answer is lost is finished by joining again", async () => {
  const practice = await Practice.found();
  const [agency] = (await practice.steward.ask("overview")).agencies;
  const person = { name: "Sample Bea", job: "teacher", agency: agency?.id ?? "" };
  const issued = await practice.steward.ask("invite", { ...person, role: "practitioner" });
  const bea = new Desk(practice.server);
  const fragment = new URL(issued.link).hash.slice(1);
  await bea.ask("readInvitation", { fragment, letters: issued.letters });
  const append = bea.connection.append.bind(bea.connection);
  bea.connection.append = async (log, entries) => {
    await append(log, entries);
    practice.server.down = true;
    return append(log, entries);
  };
  const join = { passphrase: PASSPHRASE, device: "phone", keep: true };
  await assert.rejects(bea.ask("join", join), { name: "Unreachable" });
  practice.server.down = false;
  bea.connection.append = append;
  await bea.ask("join", join);
  await bea.ask("refresh");
  assert.equal((await bea.ask("overview")).me.name, "Sample Bea");
});

test("a sign-in that failed after joining or founding heals by itself", async () => {
  const practice = await Practice.found();
  const log = await practice.child("Sample Child");
  const bea = new Desk(practice.server);
  const signIn = bea.connection.signIn.bind(bea.connection);
  bea.connection.signIn = async (sort, ...rest) => {
    if (sort === "device") throw new Unreachable("not now");
    return signIn(sort, ...rest);
  };
  await practice.admit("Sample Bea", true, bea, () => (bea.connection.signIn = signIn));
  assert.equal(bea.connection.sort, "device");
  await practice.grant(log, bea);
  // Another tab of the same browser opened an invitation, or the founding link.
  for (const sort of ["invitation", "founding"] as const) {
    bea.connection.sort = sort;
    await bea.say(log, `As ${sort}.`);
    assert.equal(bea.connection.sort, "device");
  }
  assert.deepEqual((await bea.read(log)).map(({ text }) => text), ["As invitation.", "As founding."]);
});

test("what a device may not do either is refused after one more sign-in", async () => {
  const { steward } = await Practice.found();
  const { calls } = steward.connection;
  steward.connection.streams = async () => {
    throw new Refused("not-allowed", "");
  };
  const before = calls.filter((call) => call === "signIn").length;
  await assert.rejects(steward.ask("refresh"), { name: "Refused", code: "not-allowed" });
  assert.equal(calls.filter((call) => call === "signIn").length, before + 1);
});

test("keys that cannot be kept are not sent", async () => {
  const server = new HonestServer(new Clock().read);
  const desk = new Desk(server);
  desk.database.storeVault = async () => {
    throw new StorageFull("full");
  };
  const found = desk.ask("found", {
    token: server.token, practice: "Sample Practice", name: "Sample Ann", job: "manager",
    agency: "Sample Council", sort: "council", numbers: [], passphrase: PASSPHRASE,
    device: "laptop", keep: true,
  });
  await assert.rejects(found, { name: "StorageFull" });
  assert.equal(server.directory.head, null);
});

test("a device that is full says so, and loses no post", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  const ben = await practice.admit("Sample Ben");
  const log = await practice.child("Sample Child", ben);
  const change = steward.database.change.bind(steward.database);
  steward.database.change = async () => {
    throw new StorageFull("full");
  };
  await ben.say(log, "Kept by the server.");
  await assert.rejects(steward.ask("refresh"), { name: "StorageFull" });
  await assert.rejects(steward.say(log, "Kept by nobody."), { name: "StorageFull" });
  steward.database.change = change;
  await steward.ask("refresh");
  await steward.ask("lock");
  practice.server.down = true;
  await steward.ask("unlock", { passphrase: PASSPHRASE });
  const { posts } = await steward.ask("posts", { log, before: "", count: 10 });
  assert.deepEqual(posts.map(({ text }) => text), ["Kept by the server."]);
});

test("start says what is missing, even where the cryptography does not load", async () => {
  const server = new HonestServer(new Clock().read);
  const database = new BrowserDatabase();
  database.usable = false;
  const desk = new Desk(server, database, () => Promise.reject(new Error("no WebAssembly")));
  server.down = true;
  assert.deepEqual(await desk.ask("start"), {
    missing: ["webassembly", "storage"], stored: false, founded: false, reachable: false, unsent: 0, passkeys: [],
  });
  await assert.rejects(desk.ask("unlock", { passphrase: PASSPHRASE }), { name: "Unexpected" });
});

test("a suggested passphrase is long enough and new each time", async () => {
  const desk = new Desk(new HonestServer(new Clock().read));
  const [one, two] = [await desk.ask("suggestPassphrase"), await desk.ask("suggestPassphrase")];
  assert.match(one, /^([bdfghklmnprstvwz][aeiu]){2}(-([bdfghklmnprstvwz][aeiu]){2}){5}$/);
  assert.notEqual(one, two);
});
