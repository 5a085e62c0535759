// Another log than the one a witness saw: what stands, and how it ends.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Feed } from "../../microblog/web/src/client/feed.ts";
import { noteHead, NOT_VOUCHED, settle } from "../../microblog/web/src/client/heads.ts";
import { decodeBase64url, encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { BytesMap, BytesSet } from "../../microblog/web/src/protocol/builtins.ts";
import { DIRECTORY } from "../../microblog/web/src/protocol/entry.ts";
import { ForkedLog, Malformed, RolledBack } from "../../microblog/web/src/protocol/errors.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { Stream } from "../../microblog/web/src/protocol/stream.ts";
import { Witness } from "../lying/witness.ts";
import { Desk, PASSPHRASE, Practice } from "./desks.ts";
import { attempt, troubleOf, watched, wrongWith } from "./watched.ts";

await ready;

test("another stream than the one a witness saw stays in trouble", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  await ann.say(log, "For Bea’s eyes.");
  witness.lie(decodeBase64url(log));
  assert.equal(await troubleOf(bea, log), "ForkedLog");
  assert.equal((await bea.ask("overview")).trouble, null);
  await assert.rejects(attempt(bea, log, "To whom?"), { name: "ForkedLog" });
  // Neither its silence, nor an honest word of it, takes this back; nor what comes in the stream.
  practice.server.heads = new BytesMap();
  await ann.say(log, "Ann has not looked.");
  assert.equal(await troubleOf(bea, log), "ForkedLog");
  assert.equal((await bea.read(log)).length, 2);
  const before = (await bea.child(log)).vouched;
  witness.look();
  assert.equal(await troubleOf(bea, log), "ForkedLog");
  assert.equal((await bea.child(log)).vouched, before);
});

function idOf(log: string): Uint8Array {
  return log === "" ? DIRECTORY : decodeBase64url(log);
}

/** Someone on the same device again, in another tab or after a restart. */
async function reopen(practice: Practice, desk: Desk): Promise<Desk> {
  const again = new Desk(practice.server, desk.database);
  await again.ask("unlock", { passphrase: PASSPHRASE });
  return again;
}

for (const what of ["a stream", "the directory"]) {
  test(`a restart does not take back that a witness saw another: ${what}`, async () => {
    const { practice, bea, log, witness } = await watched();
    const lied = what === "a stream" ? log : "";
    witness.lie(idOf(lied));
    await bea.ask("refresh");
    practice.server.heads = new BytesMap();
    const again = await reopen(practice, bea);
    // Before the server is asked, and after.
    assert.equal(await wrongWith(again, lied), "ForkedLog");
    await assert.rejects(attempt(again, log, "To whom?"), { name: "ForkedLog" });
    await again.ask("refresh");
    assert.equal(await wrongWith(again, lied), "ForkedLog");
  });
}

test("another tab that knows nothing of it does not make it forgotten", async () => {
  const { practice, ann, bea, log, witness } = await watched();
  const tab = await reopen(practice, bea);
  await tab.ask("refresh");
  witness.lie(DIRECTORY);
  await bea.ask("refresh");
  practice.server.heads = new BytesMap();
  witness.look();
  await tab.ask("refresh");
  await tab.ask("refresh");
  assert.equal(await wrongWith(tab, ""), "ForkedLog");
  await ann.ask("endWitness", { key: encodeBase64url(witness.key) });
  for (const desk of [tab, bea, await reopen(practice, bea)]) {
    await desk.ask("refresh");
    assert.equal(await wrongWith(desk, ""), "");
  }
  await bea.say(log, "It goes on.");
});

for (const what of ["a stream", "the directory"]) {
  for (const ahead of [0, 1]) {
    test(`a witness that lies of ${what}, ${ahead} ahead, is ended, and everything goes on`, async () => {
      const { practice, ann, bea, log, witness } = await watched();
      const lied = what === "a stream" ? log : "";
      witness.lie(idOf(lied), ahead);
      for (const desk of [ann, bea]) {
        await desk.ask("refresh");
        assert.equal(await wrongWith(desk, lied), ahead > 0 ? "HeldBack" : "ForkedLog");
        assert.deepEqual((await desk.ask("overview")).witnesses.map(({ accuses }) => accuses), [true]);
      }
      const [steward, other] = [await reopen(practice, ann), await reopen(practice, bea)];
      await steward.ask("endWitness", { key: encodeBase64url(witness.key) });
      // For the steward at once, for everyone else as soon as they look.
      assert.equal((await wrongWith(steward, "")) + (await wrongWith(steward, log)), "");
      await other.ask("refresh");
      assert.equal((await wrongWith(other, "")) + (await wrongWith(other, log)), "");
      await other.say(log, "It goes on.");
      const again = await reopen(practice, bea);
      assert.equal((await wrongWith(again, "")) + (await wrongWith(again, log)), "");
    });
  }
}

for (const ahead of [0, 1]) {
  test(`nothing but the end of the witness that says so is sent meanwhile: ${ahead} ahead`, async () => {
    const { practice, ann, log, witness } = await watched();
    const other = new Witness(practice.server);
    const [key, others] = [encodeBase64url(witness.key), encodeBase64url(other.key)];
    await ann.ask("addWitness", { key: others });
    witness.lie(DIRECTORY, ahead);
    await ann.ask("refresh");
    const count = practice.server.directoryEntries.length;
    const third = encodeBase64url(new Witness(practice.server).key);
    const wrong = { code: "in-trouble" };
    await assert.rejects(ann.ask("endWitness", { key: others }), wrong);
    await assert.rejects(ann.ask("addWitness", { key: third }), wrong);
    await assert.rejects(ann.ask("addAgency", { name: "Sample Housing", sort: "housing" }), wrong);
    await assert.rejects(attempt(ann, log, "To whom?"), wrong);
    assert.equal(practice.server.directoryEntries.length, count);
    await ann.ask("endWitness", { key });
    assert.equal(practice.server.directoryEntries.length, count + 1);
    assert.equal(await wrongWith(ann, ""), "");
  });
}

test("with the end of one, the word of another witness still stands", async () => {
  const { practice, ann, bea, witness } = await watched();
  const other = new Witness(practice.server);
  await ann.ask("addWitness", { key: encodeBase64url(other.key) });
  for (const one of [witness, other]) {
    one.lie(DIRECTORY);
    await bea.ask("refresh");
  }
  await ann.ask("refresh");
  await ann.ask("endWitness", { key: encodeBase64url(other.key) });
  await bea.ask("refresh");
  assert.equal(await wrongWith(bea, ""), "ForkedLog");
});

test("no smaller trouble of a stream takes the place of another log", () => {
  const feed = new Feed(new Uint8Array(16), new Stream(new Uint8Array(16)));
  feed.stop(new ForkedLog("a witness has seen another"));
  feed.settle();
  feed.stop(new Malformed("an entry that is none"));
  assert.equal(feed.trouble?.error, "ForkedLog");
  feed.stop(new RolledBack("what was seen is gone"));
  feed.rejoin();
  assert.equal(feed.trouble?.error, "RolledBack");
});

test("what a witness has seen otherwise stands, whatever else it says", () => {
  const bytes = (of: number) => new Uint8Array(32).fill(of);
  const [mine, both] = [bytes(0), new BytesSet([bytes(1), bytes(2)])];
  const idAt = (seq: number) => (seq < 10 ? mine : undefined);
  const other = { key: bytes(1), head: { seq: 7, id: bytes(9) }, time: 5 };
  let [known, wrong] = settle(noteHead(NOT_VOUCHED, other), idAt, both);
  assert.deepEqual([known, wrong?.name], [{ ...NOT_VOUCHED, against: [other] }, "ForkedLog"]);
  const agreeing = { key: bytes(1), head: { seq: 8, id: mine }, time: 6 };
  const ofAnother = { key: bytes(2), head: { seq: 9, id: mine }, time: 7 };
  [known, wrong] = settle(noteHead(noteHead(known, agreeing), ofAnother), idAt, both);
  const expected = { time: 7, seq: 9, ahead: [], against: [other] };
  assert.deepEqual([known, wrong?.name], [expected, "ForkedLog"]);
  [known, wrong] = settle(known, idAt, new BytesSet([bytes(2)]));
  assert.deepEqual([known, wrong], [{ ...expected, against: [] }, null]);
});
