// Passkeys open the vault of their device, over a new passphrase too, and nothing else does: the Worker's side of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { decodeArray, encode } from "../../microblog/web/src/protocol/encoding.ts";
import { openVault } from "../../microblog/web/src/protocol/vault.ts";
import { type BrowserDatabase, Desk, PASSPHRASE, Practice } from "./desks.ts";

const NEXT = "another passphrase";
const REFUSED = { name: "BadPasskey" };
const bytes = (fill: number, size = 32) => new Uint8Array(size).fill(fill);
const idOf = (fill: number) => encodeBase64url(bytes(fill, 16));

/** What an authenticator does: 32 bytes of its own for each salt. */
const prfOf = (fill: number, salt: Uint8Array) => salt.map((byte) => byte ^ fill);

async function add(desk: Desk, fill: number, name = `Key ${fill}`): Promise<void> {
  const { salt } = await desk.ask("newPasskey");
  await desk.ask("addPasskey", { id: idOf(fill), name, salt, prf: prfOf(fill, salt) });
}

/** Touch a key at a browser that was opened anew. */
async function touch(server: Practice["server"], database: BrowserDatabase, fill: number, as = fill): Promise<Desk> {
  const desk = new Desk(server, database);
  const { passkeys } = await desk.ask("start");
  const { salt } = passkeys.find(({ id }) => id === idOf(fill)) ?? { salt: bytes(0) };
  await desk.ask("unlockWithPasskey", { id: idOf(fill), prf: prfOf(as, salt) });
  return desk;
}

test("a touch opens what the passphrase opens, and without the server", async () => {
  const { server, steward } = await Practice.found();
  assert.deepEqual((await steward.ask("start")).passkeys, []);
  await add(steward, 1);
  await add(steward, 2);
  assert.deepEqual((await steward.ask("passkeys")).map(({ id, name }) => [id, name]), [
    [idOf(1), "Key 1"],
    [idOf(2), "Key 2"],
  ]);
  await steward.ask("lock");
  await assert.rejects(steward.ask("passkeys"), { name: "Locked" });
  await assert.rejects(steward.ask("removePasskey", { id: idOf(1) }), { name: "Locked" });
  server.down = true;
  for (const one of [1, 2]) {
    const desk = await touch(server, steward.database, one);
    assert.equal((await desk.ask("overview")).me.name, "Sample Ann");
  }
});

test("each is asked for other bytes, and no name stands in what is kept or in what a browser is told", async () => {
  const { server, steward } = await Practice.found();
  await add(steward, 1, "Canary phone");
  const made = await steward.ask("newPasskey");
  assert.deepEqual([made.user.length, made.salt.length, made.known], [32, 32, [idOf(1)]]);
  assert.equal(made.name, "Sample Practice");
  assert.notDeepEqual((await steward.ask("newPasskey")).salt, made.salt);
  assert.deepEqual((await steward.ask("newPasskey")).user, made.user);
  const kept = Buffer.from(await steward.database.loadPasskeys());
  const { deviceSeed } = openVault(await steward.ask("keyFile"), PASSPHRASE);
  for (const secret of ["Canary", Buffer.from(deviceSeed)]) assert.equal(kept.includes(secret), false);
  const other = new Desk(server, steward.database);
  assert.deepEqual((await other.ask("start")).passkeys.map(({ id }) => id), [idOf(1)]);
});

test("another authenticator, bytes of another length and a passkey of nobody do not open", async () => {
  const practice = await Practice.found();
  const { server, steward } = practice;
  const bea = await practice.admit("Sample Bea");
  await add(steward, 1);
  await add(bea, 3);
  await assert.rejects(touch(server, steward.database, 1, 9), REFUSED);
  await assert.rejects(touch(server, steward.database, 2), REFUSED);
  await assert.rejects(touch(server, steward.database, 3), REFUSED);
  const desk = new Desk(server, steward.database);
  await assert.rejects(desk.ask("unlockWithPasskey", { id: idOf(1), prf: bytes(1, 16) }), REFUSED);
  // Those of someone else's vault do not open this one either.
  const mine = await steward.database.loadPasskeys();
  const theirs = await bea.database.loadPasskeys();
  await steward.database.changeVault((kept) => ({ ...kept, passkeys: theirs }));
  await assert.rejects(touch(server, steward.database, 3), REFUSED);
  await steward.database.changeVault((kept) => ({ ...kept, passkeys: mine }));
  await touch(server, steward.database, 1);
});

test("any byte of it that is changed shuts it, and the passphrase opens still", async () => {
  const { server, steward } = await Practice.found();
  await add(steward, 1);
  const kept = await steward.database.loadPasskeys();
  const [row] = decodeArray(kept);
  assert.ok(Array.isArray(row));
  const parts = row as Uint8Array[];
  for (const at of [0, 1, 2]) {
    const changed = parts.map((part, index) => (index === at ? part.with(0, (part[0] ?? 0) ^ 1) : part));
    await steward.database.changeVault((now) => ({ ...now, passkeys: encode([changed]) }));
    await assert.rejects(touch(server, steward.database, 1), REFUSED);
  }
  for (const passkeys of [kept.subarray(1), bytes(255), encode([[1, 2, 3, 4]])]) {
    await steward.database.changeVault((now) => ({ ...now, passkeys }));
    assert.deepEqual((await steward.ask("start")).passkeys, []);
    const desk = new Desk(server, steward.database);
    await desk.ask("unlock", { passphrase: PASSPHRASE });
    assert.deepEqual(await desk.ask("passkeys"), []);
  }
});

test("they open after a change of the passphrase, and what opened before it does not", async () => {
  const { server, steward } = await Practice.found();
  await add(steward, 1);
  await add(steward, 2);
  const before = await steward.database.loadPasskeys();
  await steward.ask("changePassphrase", { passphrase: PASSPHRASE, next: NEXT });
  const desk = await touch(server, steward.database, 1);
  assert.deepEqual((await desk.ask("passkeys")).map(({ name }) => name), ["Key 1", "Key 2"]);
  // Unlocked by a touch, the keys can be given another passphrase too.
  await desk.ask("changePassphrase", { passphrase: NEXT, next: PASSPHRASE });
  await touch(server, steward.database, 2);
  await steward.database.changeVault((kept) => ({ ...kept, passkeys: before }));
  await assert.rejects(touch(server, steward.database, 1), REFUSED);
  await new Desk(server, steward.database).ask("unlock", { passphrase: PASSPHRASE });
});

test("one that was removed does not open, whatever another tab does meanwhile", async () => {
  const { server, steward } = await Practice.found();
  const other = new Desk(server, steward.database);
  await other.ask("unlock", { passphrase: PASSPHRASE });
  await Promise.all([add(steward, 1), add(other, 2)]);
  assert.equal((await steward.ask("passkeys")).length, 2);
  await other.ask("removePasskey", { id: idOf(1) });
  await steward.ask("changePassphrase", { passphrase: PASSPHRASE, next: NEXT });
  await assert.rejects(touch(server, steward.database, 1), REFUSED);
  await touch(server, steward.database, 2);
  // The other tab holds the key of the old passphrase: what it would seal opens nothing.
  await assert.rejects(add(other, 3), { name: "PassphraseChanged" });
  await assert.rejects(
    other.ask("changePassphrase", { passphrase: PASSPHRASE, next: NEXT }),
    { name: "WrongPassphrase" },
  );
  assert.deepEqual((await steward.ask("passkeys")).map(({ id }) => id), [idOf(2)]);
});

test("a passphrase that another tab changed in the middle is not changed back", async () => {
  const { server, steward } = await Practice.found();
  const other = new Desk(server, steward.database);
  await other.ask("unlock", { passphrase: PASSPHRASE });
  const { changeVault } = steward.database;
  steward.database.changeVault = async (make) => {
    steward.database.changeVault = changeVault.bind(steward.database);
    await other.ask("changePassphrase", { passphrase: PASSPHRASE, next: NEXT });
    return steward.database.changeVault(make);
  };
  const change = steward.ask("changePassphrase", { passphrase: PASSPHRASE, next: "a third passphrase" });
  await assert.rejects(change, { name: "WrongPassphrase" });
  await new Desk(server, steward.database).ask("unlock", { passphrase: NEXT });
});

test("keys that come anew, and forgetting, leave no passkey of before", async () => {
  const { server, steward } = await Practice.found();
  await add(steward, 1);
  const file = await steward.ask("keyFile");
  await steward.ask("forget");
  assert.deepEqual((await steward.ask("start")).passkeys, []);
  await assert.rejects(touch(server, steward.database, 1), { name: "NoKeys" });
  await steward.ask("openKeyFile", { file, passphrase: PASSPHRASE, keep: true });
  assert.deepEqual(await steward.ask("passkeys"), []);
  await add(steward, 1);
  await steward.database.storeVault(file);
  assert.deepEqual((await steward.ask("start")).passkeys, []);
});
