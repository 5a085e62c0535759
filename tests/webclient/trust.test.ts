// What is sent is always fresh, and no insider and no server shuts a log or takes it back unseen. (The list of lies in
// tests/lying is told to this client too: this is what needs two honest clients, or a memory, to be seen.)

import assert from "node:assert/strict";
import { test } from "node:test";

import { Memory } from "../../microblog/web/src/client/memory.ts";
import * as writing from "../../microblog/web/src/client/writing.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import {
  decodeEntry,
  encodeEntry,
  writeSealedEntry,
  type Entry,
} from "../../microblog/web/src/protocol/entry.ts";
import { encodePost } from "../../microblog/web/src/protocol/post.ts";
import { signingKey } from "../../microblog/web/src/protocol/primitives.ts";
import { openVault } from "../../microblog/web/src/protocol/vault.ts";
import { PASSPHRASE, Practice, type Desk } from "./desks.ts";

/** Note every attempt of a desk to append, whether it is taken or not. */
function watch(desk: Desk): Entry[][] {
  const attempts: Entry[][] = [];
  const append = desk.connection.append.bind(desk.connection);
  desk.connection.append = async (log, entries) => {
    attempts.push(entries.map(decodeEntry));
    return append(log, entries);
  };
  return attempts;
}

/** Have an insider append a post whose body opens for nobody. */
async function postVoid(
  practice: Practice,
  desk: Desk,
  log: string,
  time = practice.clock.now,
): Promise<void> {
  const keys = openVault(await desk.ask("keyFile"), PASSPHRASE);
  const kept = practice.server.streams.get(decodeBase64url(log));
  const head = kept?.stream.head;
  const directory = practice.server.directory.head;
  assert.ok(kept && head && directory);
  const header = {
    log: decodeBase64url(log),
    seq: head.seq + 1,
    prev: head.id,
    kind: "post",
    author: keys.person,
    device: signingKey(keys.deviceSeed),
    epoch: kept.stream.epoch,
    time,
    directorySeq: directory.seq,
    directoryHead: directory.id,
    saltHash: writing.NO_HASH,
    bodyHash: writing.NO_HASH,
    payload: [0],
  };
  const bytes = (size: number) => crypto.getRandomValues(new Uint8Array(size));
  const entry = writeSealedEntry(
    header,
    [keys.deviceSeed, bytes(32)],
    [bytes(32), bytes(24)],
    encodePost({ text: "For nobody." }),
    [],
  );
  practice.server.appendToStream(header.log, [entry]);
}

test("nothing of a refused attempt is used again", async () => {
  const practice = await Practice.found();
  const [bea, cas] = [await practice.admit("Sample Bea"), await practice.admit("Sample Cas")];
  const log = await practice.child("Sample Child", bea, cas);
  await practice.steward.ask("refresh");
  const attempts = watch(practice.steward);
  const append = practice.steward.connection.append;
  practice.steward.connection.append = async (to, entries) => {
    practice.steward.connection.append = append;
    await bea.ask("refresh");
    await bea.say(log, "First.");
    return append(to, entries);
  };
  await practice.steward.ask("remove", { log, person: await cas.me() });
  assert.equal(attempts.length, 2);
  const pieces = attempts.flat().flatMap(({ header, salt, body, boxes }) => [
    salt,
    body.slice(0, 24),
    body.slice(24),
    header.payload[0],
    ...boxes.map(([, box]) => box),
  ]);
  const seen = pieces.map((piece) => Buffer.from(piece as Uint8Array).toString("hex"));
  assert.equal(new Set(seen).size, seen.length);
  assert.deepEqual((await bea.read(log)).map(({ text }) => text), ["First."]);
});

test("an insider's entry that opens for nobody is shown as such, and everyone reads and posts on", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Before.");
  await postVoid(practice, bea, log);
  await practice.steward.ask("refresh");
  await practice.steward.say(log, "After.");
  for (const desk of [practice.steward, bea]) {
    const posts = await desk.read(log);
    assert.deepEqual(posts.map(({ state, text }) => [state, text]), [
      ["shown", "Before."],
      ["void", ""],
      ["shown", "After."],
    ]);
    assert.equal(posts[1]?.author.name, "Sample Bea");
    assert.equal((await desk.child(log)).trouble, null);
  }
});

test("a time beyond the calendar is shown as odd, and as one that a calendar has", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await postVoid(practice, bea, log, Number.MAX_SAFE_INTEGER);
  const [post] = await practice.steward.read(log);
  assert.ok(post?.oddTime);
  assert.equal(new Date(post.time).getUTCFullYear(), 9999);
  assert.equal(new Date((await practice.steward.child(log)).lastPost).getUTCFullYear(), 9999);
});

test("a server that goes back is refused, and stays refused after unlocking again", async () => {
  const practice = await Practice.found();
  const { server, steward } = practice;
  const log = await practice.child("Sample Child");
  await steward.say(log, "Seen.");
  const kept = server.streams.get(decodeBase64url(log));
  assert.ok(kept);
  const list = server.listStreams.bind(server);
  server.listStreams = (person) =>
    list(person).map((row) => {
      const last = kept.entries[1];
      return last ? { ...row, head: { seq: 1, id: last.id } } : row;
    });
  const posts = await steward.read(log);
  assert.deepEqual(posts.map(({ text }) => text), ["Seen."]);
  assert.equal((await steward.child(log)).trouble?.error, "RolledBack");
  await assert.rejects(steward.say(log, "Not sent."), { name: "RolledBack", code: "in-trouble" });
  server.listStreams = list;
  await steward.ask("lock");
  await steward.ask("unlock", { passphrase: PASSPHRASE });
  await steward.ask("refresh");
  assert.equal((await steward.child(log)).trouble?.error, "RolledBack");
});

test("a device without memory, but with pins, sees that the server went back", async () => {
  const practice = await Practice.found();
  const { server, steward } = practice;
  const log = await practice.child("Sample Child");
  await steward.say(log, "Seen.");
  await steward.ask("changePassphrase", { passphrase: PASSPHRASE, next: PASSPHRASE });
  const file = await steward.ask("keyFile");
  await steward.ask("forget");
  const kept = server.streams.get(decodeBase64url(log));
  kept?.entries.pop();
  await steward.ask("openKeyFile", { file, passphrase: PASSPHRASE, keep: false });
  await steward.ask("refresh");
  assert.equal((await steward.child(log)).trouble?.error, "RolledBack");
});

test("a body that the server withholds is shown as such, and read once it is served", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Kept back.");
  const kept = practice.server.streams.get(decodeBase64url(log));
  const entry = kept?.entries.at(-1);
  assert.ok(kept && entry);
  kept.entries[kept.entries.length - 1] = { ...entry, body: entry.body.slice(1) };
  assert.deepEqual((await bea.read(log)).map(({ state }) => state), ["withheld"]);
  kept.entries[kept.entries.length - 1] = entry;
  assert.deepEqual((await bea.read(log)).map(({ text }) => text), ["Kept back."]);
});

test("erased words are gone from this device too", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Wrong child.");
  const [post] = await bea.read(log);
  const raw = practice.server.streams.get(decodeBase64url(log))?.entries.at(-1);
  const seq = post?.seq ?? 0;
  await practice.steward.ask("withdraw", { log, seq, erase: true, why: "Wrong child" });
  await bea.ask("refresh");
  // A server that serves them again is not heard.
  const kept = practice.server.streams.get(decodeBase64url(log));
  assert.ok(kept && raw);
  kept.entries[seq] = raw;
  await bea.ask("lock");
  await bea.ask("unlock", { passphrase: PASSPHRASE });
  assert.deepEqual((await bea.read(log)).map(({ state, text }) => [state, text]), [["erased", ""]]);
  const { deviceSeed } = openVault(await bea.ask("keyFile"), PASSPHRASE);
  const memory = new Memory(bea.database, deviceSeed, (size) => new Uint8Array(size));
  const entry = (await memory.entries(decodeBase64url(log)))[seq];
  assert.deepEqual(entry && decodeEntry(entry).body, new Uint8Array());
});

test("the server sees neither a name nor a word of what it stores", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Canary Childname", bea);
  await practice.steward.say(log, "Canary words.");
  const kept = practice.server.streams.get(decodeBase64url(log));
  const stored = Buffer.concat(kept?.entries.map(encodeEntry) ?? []);
  for (const word of ["Canary", "hunch", "Teaches her"]) {
    for (const bytes of [Buffer.from(word), Buffer.from(word, "utf16le")]) {
      assert.equal(stored.includes(bytes), false, word);
    }
  }
  assert.ok(stored.includes("msb/1/entry"));
});

test("what one reply cannot hold is fetched in several", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const logs = [await practice.child("Sample A"), await practice.child("Sample B")];
  for (const log of logs) for (const text of ["1", "2", "3"]) await practice.steward.say(log, text);
  for (const log of logs) {
    await practice.steward.ask("grant", { log, person: await bea.me(), role: "follower", why: "" });
  }
  practice.server.replyBytes = 6000;
  for (const log of logs) {
    assert.deepEqual((await bea.read(log)).map(({ text }) => text), ["1", "2", "3"]);
  }
});
