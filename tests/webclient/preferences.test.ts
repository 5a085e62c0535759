// What someone chose on their device is there the next time, sealed, and within bounds.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Memory } from "../../microblog/web/src/client/memory.ts";
import { encode } from "../../microblog/web/src/protocol/encoding.ts";
import { openVault } from "../../microblog/web/src/protocol/vault.ts";
import { Desk, PASSPHRASE, Practice } from "./desks.ts";

const USUAL = { lockMinutes: 15, awayMinutes: 5, hideOnLeaving: false };

test("what was chosen of locking survives a reload, and is never more than an hour", async () => {
  const { server, steward } = await Practice.found();
  assert.deepEqual(await steward.ask("preferences"), USUAL);
  const chosen = { lockMinutes: 30, awayMinutes: 1, hideOnLeaving: true };
  await steward.ask("setPreferences", chosen);
  const reloaded = new Desk(server, steward.database);
  await assert.rejects(reloaded.ask("preferences"), { name: "Locked" });
  await reloaded.ask("unlock", { passphrase: PASSPHRASE });
  assert.deepEqual(await reloaded.ask("preferences"), chosen);
  for (const [most, lockMinutes, awayMinutes] of [[61, 60, 60], [1e9, 60, 60], [0, 1, 1], [NaN, 15, 5]] as const) {
    await reloaded.ask("setPreferences", { ...USUAL, lockMinutes: most, awayMinutes: most });
    assert.deepEqual(await reloaded.ask("preferences"), { ...USUAL, lockMinutes, awayMinutes });
  }
  const sealed = await steward.database.get(["settings", 0]);
  assert.ok(sealed && sealed.length > 24 + 16);
  // It is no log, and goes when the device is forgotten.
  await reloaded.ask("refresh");
  assert.equal((await reloaded.ask("overview")).children.length, 0);
  await reloaded.ask("forget");
  assert.equal(await steward.database.get(["settings", 0]), null);
});

test("what was chosen before there was more to choose is still read, and what cannot be read is as usual", async () => {
  const { server, steward } = await Practice.found();
  const { deviceSeed } = openVault(await steward.ask("keyFile"), PASSPHRASE);
  const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));
  const memory = new Memory(steward.database, deviceSeed, random);
  const known = [[[30], 30], [[30, "new"], 15], [[400], 15], ["x", 15]] as const;
  for (const [kept, lockMinutes] of known) {
    await memory.putAside("settings", encode(kept));
    const reloaded = new Desk(server, steward.database);
    await reloaded.ask("unlock", { passphrase: PASSPHRASE });
    assert.deepEqual(await reloaded.ask("preferences"), { ...USUAL, lockMinutes });
  }
});

test("what is being written survives a lock and a reload, sealed, until it is sent or emptied", async () => {
  const { server, steward } = await Practice.found();
  assert.equal(await steward.ask("draft"), "");
  const written = "Canary words, not sent yet.";
  const kept = steward.ask("keepDraft", { draft: written });
  // A Worker hears its messages one by one.
  await new Promise((heard) => setImmediate(heard));
  await Promise.all([kept, steward.ask("lock")]);
  const sealed = await steward.database.get(["draft", 0]);
  assert.ok(sealed);
  assert.equal(Buffer.from(sealed).includes("Canary"), false);
  await assert.rejects(steward.ask("draft"), { name: "Locked" });
  const reloaded = new Desk(server, steward.database);
  await reloaded.ask("unlock", { passphrase: PASSPHRASE });
  assert.equal(await reloaded.ask("draft"), written);
  await reloaded.ask("keepDraft", { draft: "" });
  assert.equal(await steward.database.get(["draft", 0]), null);
});
