// What a server says of round-ups is read strictly: held to the same list as tests/client/test_replies.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { type Json, readChoice, readMailStates } from "../../microblog/web/src/client/replies.ts";
import { Malformed } from "../../microblog/web/src/protocol/errors.ts";

const list = JSON.parse(readFileSync(new URL("../client/replies.json", import.meta.url), "utf8")) as {
  choice: Json;
  bad_choices: Json[];
  states: { looked: number; states: Json[] };
  bad_states: Json[];
};

test("what is as it should be is read", () => {
  assert.deepEqual(readChoice(list.choice), list.choice);
  assert.deepEqual(readMailStates(list.states), list.states);
});

for (const part of list.bad_choices) {
  test(`a choice that is none is refused: ${JSON.stringify(part)}`, () => {
    assert.throws(() => readChoice({ ...list.choice, ...part }), Malformed);
  });
}

for (const part of list.bad_states) {
  test(`a mail's state that is none is refused: ${JSON.stringify(part)}`, () => {
    const states = [{ ...list.states.states[0], ...part }];
    assert.throws(() => readMailStates({ looked: 0, states }), Malformed);
    assert.throws(() => readMailStates({ looked: 0, states: ["sent"] }), Malformed);
  });
}
