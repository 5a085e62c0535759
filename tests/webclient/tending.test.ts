// Lost devices: keys are changed by themselves, and what was lost opens nothing that comes after.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BrowserDatabase, type Desk, PASSPHRASE, Practice } from "./desks.ts";
import { refreshDirectory } from "../../microblog/web/src/client/directory.ts";
import { refresh } from "../../microblog/web/src/client/following.ts";
import { openSession } from "../../microblog/web/src/client/keeping.ts";
import { Memory } from "../../microblog/web/src/client/memory.ts";
import { countRoom, rekey } from "../../microblog/web/src/client/rekeying.ts";
import { sendToDirectory } from "../../microblog/web/src/client/sending.ts";
import { writerOf, type Session } from "../../microblog/web/src/client/session.ts";
import { isDue } from "../../microblog/web/src/client/tending.ts";
import { plain } from "../../microblog/web/src/client/writing.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { MAX_DEVICES, signDevice } from "../../microblog/web/src/protocol/device.ts";
import { Directory } from "../../microblog/web/src/protocol/directory.ts";
import { MAX_PAYLOAD_BYTES, openBody } from "../../microblog/web/src/protocol/entry.ts";
import { openEpoch } from "../../microblog/web/src/protocol/epoch.ts";
import { Unreadable } from "../../microblog/web/src/protocol/errors.ts";
import { boxKey, signingKey } from "../../microblog/web/src/protocol/primitives.ts";
import { sealReading } from "../../microblog/web/src/protocol/reading.ts";
import { openVault } from "../../microblog/web/src/protocol/vault.ts";

const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));

type Staffed = { practice: Practice; bea: Desk; log: string; phone: Session };

/** A practice in which Bea follows a child, and one more session with the keys of her phone. */
async function staffed(): Promise<Staffed> {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  const keys = openVault(await bea.ask("keyFile"), PASSPHRASE);
  const phone = await sessionWith(practice, keys);
  await refresh(phone);
  return { practice, bea, log, phone };
}

function sessionWith({ server, clock }: Practice, keys: Session["keys"]): Promise<Session> {
  const world = { clock: clock.read, random, progress: () => undefined };
  const memory = new Memory(new BrowserDatabase(), keys.deviceSeed, random);
  return openSession(keys, server.connect(), memory, world);
}

/** Let another device of the same person in, which begins with nothing but its own two keys. */
async function letIn(practice: Practice, session: Session): Promise<Session> {
  const [deviceSeed, boxSecret] = [random(32), random(32)];
  const { fingerprint, person, readingSecrets } = session.keys;
  const [device, box] = [signingKey(deviceSeed), boxKey(boxSecret)];
  const signature = signDevice(deviceSeed, fingerprint, person, box, 0);
  const sealed = sealReading(random(32), { fingerprint, person, device }, box, readingSecrets);
  await sendToDirectory(session, (place, fresh) =>
    plain(writerOf(session), place, fresh, "device", [device, box, 0, sealed, signature], ["laptop", ""]),
  );
  return sessionWith(practice, { ...session.keys, deviceSeed, boxSecret, readingSecrets: [], pins: [] });
}

/** Have a device revoked by the steward. */
async function lose(practice: Practice, lost: Session, since = 0): Promise<void> {
  const keys = openVault(await practice.steward.ask("keyFile"), PASSPHRASE);
  const steward = await sessionWith(practice, keys);
  const key = signingKey(lost.keys.deviceSeed);
  await sendToDirectory(steward, (place, fresh) =>
    plain(writerOf(steward), place, fresh, "revoke", ["device", key, since], []),
  );
}

function keptOf({ server }: Practice, log: string) {
  const kept = server.streams.get(decodeBase64url(log));
  if (kept === undefined) throw new Error("no such stream");
  return kept;
}

/** Return what a device's keys open of a stream, with all that the server has. */
function openedWith(practice: Practice, log: string, thief: Session): string[] {
  const id = decodeBase64url(log);
  const { boxes, entries, stream } = keptOf(practice, log);
  const secrets = [...(thief.feeds.get(id)?.secrets.values() ?? [])];
  for (const [epoch, rows] of boxes) {
    const commitment = stream.commitments[epoch] ?? new Uint8Array();
    for (const [, box] of rows) {
      for (const secret of thief.keys.readingSecrets) {
        const pair = [secret, boxKey(secret)] as const;
        const found = orNull(() => openEpoch(box, pair, id, epoch, thief.keys.person, commitment));
        if (found !== null) secrets.push(found);
      }
    }
  }
  const texts = entries.flatMap((entry) =>
    secrets.map((secret) => orNull(() => openBody(entry, secret))),
  );
  const posts = texts.filter((items) => items?.[0] === "msb/1/post");
  return [...new Set(posts.map((items) => String(items?.[1])))];
}

function orNull<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

function kindsOf(practice: Practice, log: string): string[] {
  return keptOf(practice, log).entries.map(({ header }) => header.kind);
}

test("a new device begins with its own two keys and reads everything", async () => {
  const { practice, log, phone } = await staffed();
  await practice.steward.say(log, "Before.");
  const laptop = await letIn(practice, phone);
  await refresh(laptop);
  assert.deepEqual(openedWith(practice, log, laptop), ["Before."]);
  assert.deepEqual(laptop.keys.readingSecrets, phone.keys.readingSecrets);
});

test("a stolen device opens nothing after the next epoch", async () => {
  const { practice, bea, log, phone } = await staffed();
  const laptop = await letIn(practice, phone);
  await practice.steward.say(log, "Before.");
  await refresh(laptop);
  await lose(practice, laptop);
  await bea.ask("refresh");
  await practice.steward.ask("refresh");
  await practice.steward.say(log, "After.");
  assert.deepEqual(openedWith(practice, log, laptop), ["Before."]);
  assert.deepEqual((await bea.read(log)).map(({ text }) => text), ["Before.", "After."]);
  await assert.rejects(refresh(laptop), { name: "Refused", code: "signed-out" });
});

test("a stolen device reads on where a stale key gets a box: the fault is seen", async (context) => {
  const { practice, log, phone } = await staffed();
  const laptop = await letIn(practice, phone);
  await refresh(laptop);
  context.mock.method(Directory.prototype, "isStale", () => false);
  await lose(practice, laptop);
  await practice.steward.ask("refresh");
  await practice.steward.say(log, "After.");
  assert.deepEqual(openedWith(practice, log, laptop), ["After."]);
});

test("a stolen device reads on where nobody loses by it: the fault is seen", async (context) => {
  const { practice, log, phone } = await staffed();
  const laptop = await letIn(practice, phone);
  await refresh(laptop);
  context.mock.method(Directory.prototype, "isLost", () => false);
  await lose(practice, laptop);
  await practice.steward.ask("refresh");
  await practice.steward.say(log, "After.");
  assert.deepEqual(openedWith(practice, log, laptop), ["After."]);
});

test("who lost a device reads on with another reading key, which the vault then holds", async () => {
  const { practice, bea, log, phone } = await staffed();
  const laptop = await letIn(practice, phone);
  await lose(practice, laptop);
  await practice.steward.ask("refresh");
  assert.equal(kindsOf(practice, log).at(-1), "epoch");
  await practice.steward.say(log, "While Bea is away.");
  const { boxes, stream } = keptOf(practice, log);
  assert.equal(boxes.get(stream.epoch)?.has(phone.keys.person), false);
  await bea.ask("refresh");
  assert.equal((await bea.child(log)).waiting, true);
  await practice.steward.ask("refresh");
  assert.deepEqual((await bea.read(log)).map(({ text }) => text), ["While Bea is away."]);
  const kept = openVault(await bea.ask("keyFile"), PASSPHRASE);
  assert.equal(kept.readingSecrets.length, 2);
});

test("it is said whose keys are being changed, and nobody leaves by it", async () => {
  const { practice, bea, log, phone } = await staffed();
  const laptop = await letIn(practice, phone);
  const transport = practice.steward.connection;
  const append = transport.append.bind(transport);
  transport.append = async (to, entries) => {
    if (to.some((byte) => byte > 0)) throw Object.assign(new Error("busy"), { name: "Unreachable" });
    return append(to, entries);
  };
  await lose(practice, laptop);
  await practice.steward.ask("refresh").catch(() => null);
  const { changing, leaving, members } = await practice.steward.child(log);
  assert.deepEqual(changing.map(({ name }) => name), ["Sample Bea"]);
  assert.deepEqual([leaving.length, members.length], [0, 2]);
  transport.append = append;
  await bea.ask("refresh");
  await practice.steward.ask("refresh");
  const after = await practice.steward.child(log);
  assert.deepEqual([after.changing.length, after.members.length], [0, 2]);
});

test("the quickest client is enough", async () => {
  const { practice, bea, log, phone } = await staffed();
  await lose(practice, await letIn(practice, phone));
  await Promise.all([bea.ask("refresh"), practice.steward.ask("refresh")]);
  await bea.ask("refresh");
  await practice.steward.ask("refresh");
  assert.equal(kindsOf(practice, log).filter((kind) => kind === "epoch").length, 1);
});

test("nothing is begun where all is not checked, or nothing may be sent", async () => {
  const { practice, log, phone } = await staffed();
  await lose(practice, await letIn(practice, phone));
  await refreshDirectory(phone);
  const feed = phone.feeds.get(decodeBase64url(log));
  assert.ok(feed);
  assert.equal(isDue(phone, feed), true);
  feed.trouble = { error: "BrokenChain", seq: 1 };
  assert.equal(isDue(phone, feed), false);
  feed.trouble = null;
  feed.secrets.clear();
  assert.equal(isDue(phone, feed), false);
});

test("what a lost device signed is doubtful from then on", async () => {
  const { practice, bea, log, phone } = await staffed();
  const laptop = await letIn(practice, phone);
  await refresh(laptop);
  await bea.say(log, "From the phone, on Monday.");
  const since = practice.clock.read();
  await bea.say(log, "From the phone, on Tuesday.");
  await lose(practice, phone, since);
  await practice.steward.ask("refresh");
  const posts = await practice.steward.read(log);
  assert.deepEqual(posts.map(({ doubtful }) => doubtful), [false, true]);
});

test("reading keys are the same on every device of a person", async () => {
  const { practice, phone } = await staffed();
  const laptop = await letIn(practice, phone);
  for (let count = 0; count < 3; count++) await rekey(phone);
  await refresh(laptop);
  assert.equal(laptop.keys.readingSecrets.length, 4);
  assert.deepEqual(laptop.keys.readingSecrets, phone.keys.readingSecrets);
  const known = laptop.directory.persons.get(laptop.keys.person)?.readingKeys.map(([, key]) => key);
  assert.deepEqual(laptop.keys.readingSecrets.map(boxKey), known);
});

test("as many of the newest reading keys are handed on as there is room for", () => {
  for (let devices = 1; devices <= MAX_DEVICES; devices++) {
    const sealed = 48 + 110 + 34 * countRoom(devices);
    assert.ok(countRoom(devices) >= 8 && sealed <= 4096);
    assert.ok(devices * (sealed + 40) + 64 <= MAX_PAYLOAD_BYTES);
  }
});

test("who lost a device before is let in after an epoch", async () => {
  const { practice, phone } = await staffed();
  const log = await practice.child("Sample Other");
  await lose(practice, await letIn(practice, phone));
  await refresh(phone);
  await practice.steward.ask("refresh");
  const person = (await practice.steward.ask("overview")).people.find(
    ({ name }) => name === "Sample Bea",
  );
  await practice.steward.ask("grant", { log, person: person?.id ?? "", role: "follower", why: "" });
  await practice.steward.say(log, "For both.");
  assert.deepEqual(kindsOf(practice, log).slice(-3), ["epoch", "grant", "post"]);
});
