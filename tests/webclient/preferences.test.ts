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
