// What the guard notices, and what it leaves alone: held to the same list as tests/client/test_guard.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { type Known, notice } from "../../microblog/web/src/client/guard.ts";

type Case = readonly [text: string, found: readonly (readonly [sort: string, words: string])[]];

const list = JSON.parse(readFileSync(new URL("../client/cautions.json", import.meta.url), "utf8")) as {
  known: Omit<Known, "protected">;
  noticed: Case[];
  guarded: Case[];
  quiet: string[];
};

function noticed(text: string, isProtected: boolean): (readonly [string, string, boolean])[] {
  const found = notice([text], { ...list.known, protected: isProtected });
  return found.map(({ sort, words, hard }) => [sort, words, hard] as const);
}

for (const [text, found] of list.noticed) {
  test(`it is noticed: ${text}`, () => {
    assert.deepEqual(noticed(text, false), found.map((one) => [...one, false]));
  });
}

for (const [text, found] of list.guarded) {
  test(`it is noticed harder where the address is protected: ${text}`, () => {
    assert.deepEqual(noticed(text, true), found.map((one) => [...one, true]));
  });
}

for (const text of list.quiet) {
  test(`it is left alone: ${text}`, () => assert.deepEqual(noticed(text, false), []));
}

test("what stands beside the text is looked at too, and the same words are noticed once", () => {
  const found = notice(["Ring 07700 900123", "07700 900123", "Zeffy"], { ...list.known, protected: true });
  assert.deepEqual(found, [
    { sort: "phone", words: "07700 900123", hard: true },
    { sort: "child", words: "Zeffy", hard: false },
  ]);
});
