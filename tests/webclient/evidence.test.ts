// A stream taken out in one file by the browser: the team is told, and the file is one that a reviewer accepts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeBundle } from "../../microblog/web/src/protocol/bundle.ts";
import { encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { decodeEntry } from "../../microblog/web/src/protocol/entry.ts";
import { verifyBundle } from "../../microblog/web/src/protocol/evidence.ts";
import { Witness } from "../lying/witness.ts";
import { Practice } from "./desks.ts";

const WHY = "for the sample review";

async function teamOfTwo() {
  const practice = await Practice.found();
  const ann = practice.steward;
  const log = await ann.ask("beginChild", {
    name: "Sample Rosie", knownAs: [], birth: { how: "unknown", date: "" }, school: "",
  });
  const bea = await practice.admit("Sample Bea");
  await practice.grant(log, bea);
  await bea.ask("refresh");
  return { practice, ann, bea, log };
}

test("the file holds what was written, and opens it", async () => {
  const { bea, log } = await teamOfTwo();
  const data = await bea.ask("exportBundle", { log, from: "", to: "", why: WHY });
  const { bundle, missing, entries } = verifyBundle(decodeBundle(data));
  assert.deepEqual(missing, []);
  assert.deepEqual(bundle.secrets.map(([epoch]) => epoch), [0]);
  assert.equal(entries.at(-1)?.header.kind, "+export");
  const boxes = [...bundle.entries, ...bundle.directory].map((raw) => decodeEntry(raw).boxes.length);
  assert.ok(boxes.every((count) => count === 0));
});

test("the team sees who took what out, and why", async () => {
  const { ann, bea, log } = await teamOfTwo();
  await bea.ask("exportBundle", { log, from: "2026-01-01", to: "", why: WHY });
  await ann.ask("refresh");
  for (const desk of [ann, bea]) {
    const [told, ...more] = (await desk.child(log)).exports;
    assert.equal(more.length, 0);
    assert.equal(told?.by.name, "Sample Bea");
    assert.deepEqual([told.format, told.from, told.to, told.why], ["bundle", "2026-01-01", "", WHY]);
  }
});

test("a date that is none is refused before the team is told", async () => {
  const { ann, log } = await teamOfTwo();
  await assert.rejects(ann.ask("exportBundle", { log, from: "soon", to: "", why: WHY }), /Malformed/);
  const backwards = { log, from: "2026-02-01", to: "2026-01-01", why: WHY };
  await assert.rejects(ann.ask("exportBundle", backwards), /Malformed/);
  assert.deepEqual((await ann.child(log)).exports, []);
});

test("before anything was written nothing can be opened", async () => {
  const { ann, log } = await teamOfTwo();
  const data = await ann.ask("exportBundle", { log, from: "", to: "2001-01-01", why: WHY });
  const { bundle, entries } = verifyBundle(decodeBundle(data));
  assert.deepEqual(bundle.secrets, []);
  assert.ok(entries.every(({ body }) => body.length === 0));
});

test("heads that vouch for what is in the file go with it, and no others", async () => {
  const { practice, ann, bea, log } = await teamOfTwo();
  const witness = new Witness(practice.server);
  await ann.ask("addWitness", { key: encodeBase64url(witness.key) });
  witness.look();
  await bea.ask("refresh");
  const data = await bea.ask("exportBundle", { log, from: "", to: "", why: WHY });
  assert.equal(verifyBundle(decodeBundle(data)).sightings.length, 2);
  new Witness(practice.server).look(); // whom nobody has named
  const again = await bea.ask("exportBundle", { log, from: "", to: "", why: WHY });
  assert.deepEqual(verifyBundle(decodeBundle(again)).sightings, []);
});
