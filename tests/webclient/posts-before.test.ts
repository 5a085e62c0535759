// Which posts were there before a moment, where rows that were brought in stand in one line.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { Practice } from "./desks.ts";

const LONG = "A sentence of some length, and then another one. ".repeat(20);

before(async () => ready);

test("each part of each row is among the posts before a moment, and what is gone is not", async () => {
  const practice = await Practice.found();
  const ann = practice.steward;
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  const table = [["Date", "Notes"], ["01/03/2025", "Short."], ["02/03/2025", LONG], ["", "Undated."]];
  const { columns, posts: parts } = await ann.ask("planImport", { log, table, source: "" });
  const shown = (await ann.child(log)).members.map(({ person }) => person.id);
  await ann.ask("bringIn", { log, table, columns, source: "", shown });
  const { posts } = await ann.ask("posts", { log, before: "", count: 10 });
  assert.equal(posts.length, 1);
  assert.ok(parts > 3);
  const seqs = await ann.ask("postsBefore", { log, end: posts[0]!.time + 60_000 });
  assert.equal(seqs.length, parts);
  assert.deepEqual(await ann.ask("postsBefore", { log, end: posts[0]!.time - 60_000 }), []);
  await ann.ask("withdraw", { log, seq: seqs[1]!, erase: true, why: "Wrong child" });
  const left = await ann.ask("postsBefore", { log, end: posts[0]!.time + 60_000 });
  // A row goes as one, all its parts.
  assert.deepEqual(left, [seqs[0], seqs.at(-1)]);
});
