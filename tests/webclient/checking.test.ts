// Many new entries at once: what is looked at comes first, the rest after it, and nothing is checked twice.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Part } from "../../microblog/web/src/client/transport.ts";
import * as writing from "../../microblog/web/src/client/writing.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import type { BytesMap } from "../../microblog/web/src/protocol/builtins.ts";
import { decodeArray } from "../../microblog/web/src/protocol/encoding.ts";
import { openEpoch } from "../../microblog/web/src/protocol/epoch.ts";
import { encodePost, PLAIN, readPost } from "../../microblog/web/src/protocol/post.ts";
import { boxKey } from "../../microblog/web/src/protocol/primitives.ts";
import { openVault } from "../../microblog/web/src/protocol/vault.ts";
import type { HonestServer } from "../lying/server.ts";
import { PASSPHRASE, Practice, type Desk } from "./desks.ts";

const MANY = 40;

/** A practice whose steward posted much to two children whom Bea follows, and has not seen it yet. */
async function busy(): Promise<{ practice: Practice; bea: Desk; logs: string[] }> {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const logs = [await practice.child("Sample A", bea), await practice.child("Sample B", bea)];
  await bea.ask("refresh");
  const write = await writerAt(practice.steward);
  for (let count = 1; count <= MANY; count++) {
    for (const log of logs) write(practice.server, log, `Post ${count}.`);
  }
  return { practice, bea, logs };
}

/** Return what posts in someone's name at once, as their client would, without asking anyone. */
async function writerAt(desk: Desk): Promise<(server: HonestServer, log: string, text: string) => void> {
  const keys = openVault(await desk.ask("keyFile"), PASSPHRASE);
  const bytes = (size: number) => crypto.getRandomValues(new Uint8Array(size));
  const reading = keys.readingSecrets.map((secret) => [secret, boxKey(secret)] as const)[0];
  return (server, log, text) => {
    const kept = server.streams.get(decodeBase64url(log));
    assert.ok(kept && reading);
    const { stream, boxes } = kept;
    const box = boxes.get(stream.epoch)?.get(keys.person);
    const commitment = stream.commitments[stream.epoch];
    assert.ok(box && commitment);
    const secret = openEpoch(box, reading, stream.log, stream.epoch, keys.person, commitment);
    const time = server.clock();
    const { log: id, head, epoch } = stream;
    const place = { log: id, head, time, epoch, directory: server.directory.head };
    const writer = { person: keys.person, seed: keys.deviceSeed };
    const fresh = { salt: bytes(32), nonce: bytes(24) };
    const words = readPost(decodeArray(encodePost({ text })));
    server.appendToStream(id, [writing.post(writer, place, fresh, secret, words, PLAIN)]);
  };
}

/** Note every question of a desk for entries. */
function watch({ connection }: Desk): (Part & { readonly since: BytesMap<number> })[] {
  const asked: (Part & { readonly since: BytesMap<number> })[] = [];
  const fetch = connection.fetch.bind(connection);
  connection.fetch = async (since, part = {}) => {
    asked.push({ since, ...part });
    return fetch(since, part);
  };
  return asked;
}

/** Wait until the rest is checked: then the counts are whole. */
async function rested(desk: Desk, logs: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const children = await Promise.all(logs.map((log) => desk.child(log)));
    if (children.every(({ posts }) => posts === MANY) && desk.messages.some(isEnd)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail("the rest was not checked");
}

/** Does this say that all is checked, and remembered? */
function isEnd(said: object): boolean {
  return "what" in said && said.what === "check" && "total" in said && said.total === 1;
}

/** The texts of two streams in which posts were made in turn, newest first. */
function expected(): string[] {
  return Array.from({ length: 2 * MANY }, (_, at) => `Post ${MANY - Math.floor(at / 2)}.`);
}

test("the newest page comes with nothing but its own words, and the pages have no holes", async () => {
  const { bea } = await busy();
  const asked = watch(bea);
  await bea.ask("refresh");
  const page = await bea.ask("posts", { log: "", before: "", count: 6 });
  assert.deepEqual(page.posts.map(({ text }) => text), expected().slice(0, 6));
  const texts: string[] = [];
  for (let before = ""; ; ) {
    const { posts, next } = await bea.ask("posts", { log: "", before, count: 7 });
    texts.push(...posts.map(({ text }) => text));
    if (next === "") break;
    before = next;
  }
  assert.deepEqual(texts, expected());
  const [, lean, ...words] = asked;
  assert.ok(lean?.lean);
  assert.ok(words.every(({ until }) => until !== undefined));
});

test("what is asked while the rest is checked is answered, and a post waits for its own stream only", async () => {
  const { practice, bea, logs } = await busy();
  const [log = ""] = logs;
  await bea.ask("refresh");
  assert.ok((await bea.child(log)).posts < MANY);
  await bea.say(log, "Said early.");
  const newest = await bea.ask("posts", { log, before: "", count: 1 });
  assert.equal(newest.posts[0]?.text, "Said early.");
  assert.equal((await practice.steward.read(log)).at(-1)?.text, "Said early.");
});

test("the rest is told of as it is checked, and then all of it counts", async () => {
  const { bea, logs } = await busy();
  bea.messages.length = 0;
  await bea.ask("refresh");
  await rested(bea, logs);
  const told = bea.messages.filter((said) => "event" in said && said.event === "progress");
  const checks = told.flatMap((said) => ("what" in said && said.what === "check" ? [said] : []));
  assert.ok(checks.length > 0);
  assert.ok(checks.every(({ done, total }) => done <= total && total <= 2 * MANY));
  assert.equal((await bea.child(logs[0] ?? "")).unread, MANY);
});

test("a second start asks for what is new, and shows the rest without the server", async () => {
  const { practice, bea, logs } = await busy();
  await bea.ask("refresh");
  await rested(bea, logs);
  await bea.ask("lock");
  await bea.ask("unlock", { passphrase: PASSPHRASE });
  const asked = watch(bea);
  practice.server.down = true;
  const page = await bea.ask("posts", { log: "", before: "", count: 1000 });
  assert.deepEqual(page.posts.map(({ text }) => text), expected());
  practice.server.down = false;
  await practice.steward.ask("refresh");
  await practice.steward.say(logs[0] ?? "", "New.");
  await bea.ask("refresh");
  const streams = asked.flatMap(({ since }) => [...since]).filter(([log]) => log.some(Boolean));
  const kept = practice.server.streams.get(decodeBase64url(logs[0] ?? ""));
  assert.deepEqual(streams.map(([, seq]) => seq), [(kept?.entries.length ?? 0) - 1]);
});

test("without an answer in between nothing half checked is kept or shown, and the next time goes on", async () => {
  const { practice, bea, logs } = await busy();
  const fetch = bea.connection.fetch.bind(bea.connection);
  bea.connection.fetch = async (since, part) => {
    if (part?.until) practice.server.down = true;
    return fetch(since, part);
  };
  await bea.ask("refresh");
  await assert.rejects(bea.ask("posts", { log: "", before: "", count: 5 }), { name: "Unreachable" });
  practice.server.down = false;
  bea.connection.fetch = fetch;
  await bea.ask("refresh");
  await rested(bea, logs);
  const page = await bea.ask("posts", { log: "", before: "", count: 1000 });
  assert.deepEqual(page.posts.map(({ text }) => text), expected());
});

test("what a server keeps back is asked for ever more rarely, at last once an hour", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Kept back.");
  const entries = practice.server.streams.get(decodeBase64url(log))?.entries ?? [];
  const last = entries.pop();
  assert.ok(last);
  entries.push({ ...last, body: writing.NOTHING, salt: writing.NOTHING });
  await bea.ask("refresh");
  const asked = watch(bea);
  const minutes: number[] = [];
  for (let minute = 0; minute < 600; minute++) {
    const before = asked.length;
    await bea.ask("refresh");
    if (asked.slice(before).some(({ until }) => until !== undefined)) minutes.push(minute);
    practice.clock.now += 60_000;
  }
  const pauses = minutes.map((minute, at) => minute - (minutes[at - 1] ?? 0));
  assert.ok(minutes.length < 20, String(minutes));
  assert.ok(Math.max(...pauses) >= 50 && Math.max(...pauses) <= 60, String(pauses));
  entries[entries.length - 1] = last;
  practice.clock.now += 3_600_000;
  assert.equal((await bea.read(log)).at(-1)?.text, "Kept back.");
});
