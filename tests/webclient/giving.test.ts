// Giving back to a server that is being restored; and what one gains that only says so: nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { giveBackDirectory } from "../../microblog/web/src/client/giving.ts";
import { StaleHead, type Transport } from "../../microblog/web/src/client/transport.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { Practice } from "./desks.ts";

// A server that lacks all of a log from `there` on, and notes what it is given.
function lacking(there: number, lie = false) {
  const given: [number, number][] = [];
  let count = there;
  const giveBack: Transport["giveBack"] = async (_, entries) => {
    const first = entries[0]?.[0] ?? 0;
    given.push([first, entries.length]);
    if (lie || first > count) {
      throw new StaleHead("", count === 0 ? null : { seq: count - 1, id: new Uint8Array(32) });
    }
    count = first + entries.length;
    return { seq: count - 1, id: new Uint8Array(32) };
  };
  return { given, transport: { giveBack } as Transport };
}

const raw = (count: number) => Array.from({ length: count }, (_, seq) => new Uint8Array([seq]));

const CASES: [number, [number, number][]][] = [
  [200, [[199, 1]]],
  [199, [[199, 1]]],
  [150, [[199, 1], [150, 50]]],
  [0, [[199, 1], [0, 64], [64, 64], [128, 64], [192, 8]]],
];

for (const [there, expected] of CASES) {
  test(`what a server with ${there} entries of 200 lacks is given, and no more`, async () => {
    const { given, transport } = lacking(there);
    await giveBackDirectory(transport, raw(200));
    assert.deepEqual(given, expected);
  });
}

test("a server that always lacks more is not given for ever", async () => {
  const { given, transport } = lacking(50, true);
  await giveBackDirectory(transport, raw(200));
  assert.deepEqual(given, [[199, 1], [50, 64]]);
});

test("less than was seen is no rollback while the server is restored, and one after", async () => {
  const practice = await Practice.found();
  const { server, steward } = practice;
  const log = await practice.child("Sample Child");
  await steward.say(log, "Seen.");
  const kept = server.streams.get(decodeBase64url(log));
  assert.ok(kept);
  const { connection } = steward;
  let restoring = true;
  connection.restoring = async () => restoring;
  connection.givenBack = async () => undefined;
  const list = server.listStreams.bind(server);
  server.listStreams = (person) =>
    list(person).map((row) => {
      const last = kept.entries[1];
      return last ? { ...row, head: { seq: 1, id: last.id } } : row;
    });
  await connection.signOut();
  const posts = await steward.read(log);
  assert.deepEqual(posts.map(({ text }) => text), ["Seen."]);
  assert.equal((await steward.child(log)).trouble, null);
  assert.equal((await steward.ask("overview")).restoring, true);
  restoring = false;
  await steward.ask("refresh");
  assert.equal((await steward.ask("overview")).restoring, false);
  assert.equal((await steward.child(log)).trouble?.error, "RolledBack");
});

test("a directory that is shorter is no rollback while the server is restored, and one after", async () => {
  const practice = await Practice.found();
  const { server, steward } = practice;
  const { connection } = steward;
  let restoring = true;
  connection.restoring = async () => restoring;
  connection.givenBack = async () => undefined;
  const fetch = connection.fetch.bind(connection);
  await connection.signOut();
  connection.fetch = async (since) => (await fetch(since)).slice(0, 0);
  await steward.ask("refresh");
  assert.equal((await steward.ask("overview")).trouble, null);
  assert.ok(server.streams.size === 0);
  restoring = false;
  await steward.ask("refresh");
  assert.equal((await steward.ask("overview")).trouble?.error, "RolledBack");
});
