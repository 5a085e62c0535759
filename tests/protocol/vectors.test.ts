// The vectors hold in TypeScript as they do in Python.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { type Case, expected, type Logs, run } from "./cases.ts";
import { parse } from "./typed.ts";

interface VectorFile {
  readonly about: string;
  readonly logs: Logs;
  readonly cases: readonly Case[];
}

const folder = new URL("../vectors/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

await ready;

for (const name of names) {
  test(`every case of ${name} ends as it is written`, () => {
    const { logs, cases } = load(name);
    assert.notEqual(cases.length, 0);
    for (const asked of cases) assert.deepEqual(run(asked, logs), expected(asked), asked.name);
  });
}

test("there are vectors of every subject", () => {
  const subjects = new Set(names.flatMap((name) => load(name).cases).map(({ call }) => call));
  for (const subject of ["encoding.decode", "entry.decode_entry", "directory.extend"]) {
    assert.ok(subjects.has(subject), subject);
  }
});

test("a changed vector is noticed", () => {
  const { cases } = load("primitives.json");
  const asked = cases.find(({ name }) => name === "hash");
  assert.ok(asked);
  assert.notDeepEqual(run(asked, {}), expected({ ...asked, out: { hex: "00".repeat(32) } }));
});

test("a call that is not known is a failure", () => {
  assert.throws(() => run({ call: "post.shout", in: [] }, {}), /does not know post\.shout/);
});

function load(name: string): VectorFile {
  return parse(readFileSync(new URL(name, folder))) as VectorFile;
}
