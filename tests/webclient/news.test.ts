// The small question whether anything is new: what it spares, and that a server that lies hides no more by it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { refresh } from "../../microblog/web/src/client/following.ts";
import { openSession } from "../../microblog/web/src/client/keeping.ts";
import { Memory } from "../../microblog/web/src/client/memory.ts";
import { News, WHOLE_EVERY_MS } from "../../microblog/web/src/client/news.ts";
import type { Session } from "../../microblog/web/src/client/session.ts";
import { type Transport, Unreachable } from "../../microblog/web/src/client/transport.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { type Keys, openVault } from "../../microblog/web/src/protocol/vault.ts";
import { LATE_MS } from "../../microblog/web/src/protocol/witness.ts";
import { BrowserDatabase, type Desk, PASSPHRASE, Practice } from "./desks.ts";
import { watched } from "./watched.ts";

await ready;

const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));

/** A server's interface with tags; `lies`: it says that nothing is new, whatever there is. */
class Tagged {
  readonly calls: string[] = [];
  readonly transport: Transport;
  tag = "";
  lies = false;
  retryMs = 0;
  readonly #practice: Practice;

  constructor(practice: Practice) {
    this.#practice = practice;
    this.transport = new Proxy(practice.server.connect() as Transport, {
      get: (target, name: keyof Transport) => {
        if (name === "tag") return this.tag;
        if (name === "isNew") return () => this.#isNew();
        const value = target[name];
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          this.calls.push(name);
          if (name === "streams") this.tag = this.#newest();
          return (value as (...given: unknown[]) => unknown).apply(target, given);
        };
      },
    });
  }

  async #isNew(): Promise<boolean> {
    this.calls.push("isNew");
    if (this.retryMs > 0) throw new Unreachable("busy", this.retryMs);
    const newest = this.lies ? this.tag : this.#newest();
    const isNew = newest !== this.tag;
    this.tag = newest;
    return isNew;
  }

  #newest(): string {
    const { directoryEntries, streams } = this.#practice.server;
    return [directoryEntries.length, ...[...streams.values()].map(({ entries }) => entries.length)].join();
  }
}

// The clock of a test goes on whenever it is read.
const SLACK_MS = 50_000;

interface Looking {
  readonly session: Session;
  readonly server: Tagged;
  readonly look: () => Promise<void>;
  readonly poll: () => Promise<string[]>; // what the server was asked
}

/** Somebody's device, which has looked at everything once. */
async function looking(practice: Practice, keys: Keys): Promise<Looking> {
  const server = new Tagged(practice);
  const world = { clock: practice.clock.read, random, progress: () => undefined };
  const memory = new Memory(new BrowserDatabase(), keys.deviceSeed, random);
  const session = await openSession(keys, server.transport, memory, world);
  const news = new News();
  const look = () => news.look(session, () => refresh(session));
  const poll = async () => {
    server.calls.length = 0;
    if (!(await news.isQuiet(session))) await look();
    return [...server.calls];
  };
  await look();
  await look();
  return { session, server, look, poll };
}

const keysOf = async (desk: Desk) => openVault(await desk.ask("keyFile"), PASSPHRASE);

const practice = await Practice.found();
const bea = await practice.admit("Sample Bea");
const log = await practice.child("Sample Child", bea);
const keys = await keysOf(bea);

const lengthOf = ({ session }: Looking, log: string) => session.feeds.get(decodeBase64url(log))?.nextSeq;

test("where nothing is new one question is asked, and no more", async () => {
  const at = await looking(practice, keys);
  assert.deepEqual(await at.poll(), ["isNew"]);
  await practice.steward.say(log, "She was quiet today.");
  const before = lengthOf(at, log) ?? 0;
  const asked = await at.poll();
  assert.ok(asked.includes("fetch"), asked.join());
  assert.equal(lengthOf(at, log), before + 1);
  assert.deepEqual(await at.poll(), ["isNew"]);
});

test("a server that says for ever that nothing is new is looked at whole after three minutes", async () => {
  const at = await looking(practice, keys);
  at.server.lies = true;
  await practice.steward.say(log, "She was quiet today.");
  const before = lengthOf(at, log) ?? 0;
  practice.clock.now += WHOLE_EVERY_MS - SLACK_MS;
  assert.deepEqual(await at.poll(), ["isNew"]);
  assert.equal(lengthOf(at, log), before);
  practice.clock.now += SLACK_MS;
  assert.ok((await at.poll()).includes("fetch"));
  assert.equal(lengthOf(at, log), before + 1);
});

test("and what it keeps back so is found by a witness's word, long before that is too old", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  const at = await looking(practice, await keysOf(bea));
  assert.deepEqual(await at.poll(), ["isNew"]);
  await ann.say(log, "She was quiet today.");
  witness.look();
  at.server.lies = true;
  // Also where it is asked for everything: then as ever.
  const kept = practice.server.streams.get(decodeBase64url(log));
  kept?.entries.splice(-1);
  assert.ok(WHOLE_EVERY_MS * 4 < LATE_MS);
  practice.clock.now += WHOLE_EVERY_MS;
  await at.poll();
  const trouble = at.session.feeds.get(decodeBase64url(log))?.trouble;
  assert.equal(trouble?.error, "HeldBack");
  // In trouble it is looked at whole, whatever the server says.
  assert.ok((await at.poll()).includes("heads"));
});

test("what the list says nothing of is looked at whole: keys that are waited for, a restore, a clock put back", async () => {
  const at = await looking(practice, keys);
  at.session.restoring = true;
  assert.ok((await at.poll()).length > 1);
  at.session.restoring = false;
  await at.look();
  assert.deepEqual(await at.poll(), ["isNew"]);
  practice.clock.now -= SLACK_MS;
  assert.ok((await at.poll()).length > 1);
  const [feed] = at.session.feeds.values();
  await at.look();
  assert.ok(feed);
  feed.secrets.clear();
  assert.equal(feed.isWaiting(), true);
  assert.ok((await at.poll()).length > 1);
});

test("a list that changed while all was looked at is no ground to rest on", async () => {
  const at = await looking(practice, keys);
  const news = new News();
  await practice.steward.say(log, "She was quiet today.");
  await news.look(at.session, () => refresh(at.session));
  // Its list came after the directory was asked for: that may be older.
  assert.equal(await news.isQuiet(at.session), false);
});

test("while the server asks to be left alone it is", async () => {
  const at = await looking(practice, keys);
  at.server.retryMs = 120_000;
  await assert.rejects(at.poll(), Unreachable);
  assert.equal(at.session.online, false);
  at.server.retryMs = 0;
  practice.clock.now += 120_000 - SLACK_MS;
  at.server.calls.length = 0;
  await assert.rejects(at.poll(), Unreachable);
  assert.deepEqual(at.server.calls, []);
  practice.clock.now += SLACK_MS;
  await at.poll();
  assert.equal(at.session.online, true);
});
