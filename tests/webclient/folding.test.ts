// How a search compares texts: held to the same list as tests/client/test_finding.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { findIn, fold, occurs, termsOf } from "../../microblog/web/src/client/folding.ts";

const list = JSON.parse(readFileSync(new URL("../client/finding.json", import.meta.url), "utf8")) as {
  folded: [text: string, folded: string][];
  terms: [words: string, terms: [text: string, whole: boolean][]][];
  occurs: [words: string, text: string, found: boolean][];
  marked: [words: string, text: string, marked: string[]][];
};

for (const [text, folded] of list.folded) {
  test(`a text is folded: ${JSON.stringify(text)}`, () => {
    assert.equal(fold(text), folded);
    assert.equal(fold(folded), folded);
  });
}

for (const [words, terms] of list.terms) {
  test(`what is looked for is read: ${JSON.stringify(words)}`, () => {
    assert.deepEqual(termsOf(words).map(({ text, whole }) => [text, whole]), terms);
  });
}

for (const [words, text, found] of list.occurs) {
  test(`${words} ${found ? "is" : "is not"} in ${JSON.stringify(text)}`, () => {
    assert.equal(termsOf(words).every((term) => occurs(fold(text), term)), found);
    assert.equal(findIn(text, termsOf(words)).length > 0, found);
  });
}

for (const [words, text, marked] of list.marked) {
  test(`in ${JSON.stringify(text)} ${words} is marked as it stands there`, () => {
    assert.deepEqual(findIn(text, termsOf(words)), marked);
  });
}
