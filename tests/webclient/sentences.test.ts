// Whatever can go wrong has words of its own on the screen: no error that the product knows is without a sentence.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { KeysKept, NoKeys } from "../../microblog/web/src/client/device.ts";
import * as errors from "../../microblog/web/src/protocol/errors.ts";
import { WorkerError } from "../../microblog/web/src/views/bridge.ts";
import { failureNamed, failureOf, troubleOf } from "../../microblog/web/src/views/sentences.ts";

const NO_WORDS = failureNamed("NotInTheProduct", "").title;
/** The root of the tree: never thrown itself. */
const NEVER = ["ProtocolError"];

const PROTOCOL = Object.keys(errors).filter((name) => !NEVER.includes(name));

function source(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

/** The names that client/failures.ts tells, and what the page calls its own failures. */
function clientNames(): string[] {
  const known = /KNOWN = \[([^\]]*)\]/.exec(source("microblog/web/src/client/failures.ts"));
  const classes = known?.[1]?.split(",").map((name) => name.trim()).filter(Boolean) ?? [];
  assert.ok(classes.includes("Unreachable"));
  return [...classes.filter((name) => name !== "ProtocolError"), KeysKept.name, NoKeys.name, "Stopped"];
}

/** Every code with which the server refuses. */
function codes(): string[] {
  const service = source("microblog/service/errors.py").matchAll(/^ {4}code = "([a-z-]+)"$/gm);
  const http = source("microblog/api/errors.py").matchAll(/(?:: \(|"code": |, \()"([a-z-]+)"/g);
  const found = [...service, ...http].map(([, code = ""]) => code);
  assert.ok(found.includes("stale-head") && found.includes("busy") && found.includes("too-large"));
  return [...new Set(found)];
}

for (const name of PROTOCOL) {
  test(`trouble called ${name} is said in words`, () => {
    const { title, next } = troubleOf({ error: name, seq: 7 });
    assert.notEqual(title, NO_WORDS);
    assert.ok(next.length > 0);
  });
}

for (const name of [...PROTOCOL, ...clientNames()]) {
  test(`an act that fails with ${name} is answered in words`, () => {
    assert.notEqual(failureOf(new WorkerError(name, "")).title, NO_WORDS);
  });
}

for (const code of codes()) {
  test(`a refusal with the code ${code} is answered in words`, () => {
    assert.notEqual(failureNamed("Refused", code).title, NO_WORDS);
  });
}

test("what is wrong with a log is never called one's own mistake", () => {
  for (const name of ["NotAllowed", "BadKey", "BadInvitation"]) {
    assert.notEqual(troubleOf({ error: name, seq: 7 }).title, failureNamed(name, "").title);
  }
});

test("a name without words is noticed", () => {
  assert.equal(troubleOf({ error: "SomethingNew", seq: 7 }).title, NO_WORDS);
  assert.equal(failureNamed("Refused", "something-new").title, NO_WORDS);
});
