// What someone chose on their device is there the next time, sealed, and within bounds.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Desk, PASSPHRASE, Practice } from "./desks.ts";

test("the lock minutes chosen survive a reload, and are never more than an hour", async () => {
  const { server, steward } = await Practice.found();
  assert.deepEqual(await steward.ask("preferences"), { lockMinutes: 15 });
  await steward.ask("setPreferences", { lockMinutes: 30 });
  const reloaded = new Desk(server, steward.database);
  await assert.rejects(reloaded.ask("preferences"), { name: "Locked" });
  await reloaded.ask("unlock", { passphrase: PASSPHRASE });
  assert.deepEqual(await reloaded.ask("preferences"), { lockMinutes: 30 });
  for (const [chosen, kept] of [[61, 60], [1e9, 60], [0, 1], [NaN, 15]] as const) {
    await reloaded.ask("setPreferences", { lockMinutes: chosen });
    assert.deepEqual(await reloaded.ask("preferences"), { lockMinutes: kept });
  }
  const sealed = await steward.database.get(["settings", 0]);
  assert.ok(sealed && sealed.length > 24 + 16);
  // It is no log, and goes when the device is forgotten.
  await reloaded.ask("refresh");
  assert.equal((await reloaded.ask("overview")).children.length, 0);
  await reloaded.ask("forget");
  assert.equal(await steward.database.get(["settings", 0]), null);
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
