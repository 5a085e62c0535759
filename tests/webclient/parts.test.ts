// Rows in parts read as one; what only pretends to be a row is a post like any other.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Feed } from "../../microblog/web/src/client/feed.ts";
import { wholePosts } from "../../microblog/web/src/client/parts.ts";
import { isQuiet, runEnd, runStart, showRun } from "../../microblog/web/src/client/runs.ts";
import type { Post } from "../../microblog/web/src/client/shown.ts";
import { NUDGE, PLAIN, QUIET } from "../../microblog/web/src/protocol/post.ts";

const ann = { id: "ann", name: "Sample Ann" };
const bea = { id: "bea", name: "Sample Bea" };

function part(seq: number, number: number, text: string, rest: Partial<Post> = {}): Post {
  const post = { log: "A", seq, author: ann, state: "shown", row: "r", part: number, parts: 3, text };
  return { source: "", original: "", reason: "", replies: [], scale: "", ...post, ...rest } as unknown as Post;
}

const texts = (posts: readonly Post[]) => wholePosts(posts).map(({ text }) => text);

test("the parts of a row are one text, in whatever order they come", () => {
  const marks = { scale: "3", source: "a ", original: "b " };
  const parts = [part(1, 1, "one ", marks), part(2, 2, "two ", { source: "record", original: "nurse" }), part(3, 3, "three")];
  const [whole, ...rest] = wholePosts(parts);
  assert.deepEqual(rest, []);
  assert.deepEqual([whole?.seq, whole?.part, whole?.parts, whole?.text], [1, 0, 3, "one two three"]);
  assert.deepEqual([whole?.scale, whole?.source, whole?.original], ["3", "a record", "b nurse"]);
  assert.deepEqual(wholePosts([...parts].reverse()), [whole]);
});

test("each number counts once, the first in the log", () => {
  const twice = [part(1, 1, "one "), part(2, 2, "two "), part(3, 2, "false "), part(4, 3, "three")];
  assert.deepEqual(texts(twice), ["one two three"]);
  assert.deepEqual(texts([...twice].reverse()), ["one two three"]);
});

test("a part that is missing is said to be, on a line of its own", () => {
  assert.deepEqual(texts([part(2, 2, "two")]), ["[part 1 of 3 is missing]\ntwo\n[part 3 of 3 is missing]"]);
  assert.deepEqual(texts([part(1, 1, "one\n")]), ["one\n[parts 2 to 3 of 3 are missing]"]);
  assert.deepEqual(texts([part(3, 3, "three")]), ["[parts 1 to 2 of 3 are missing]\nthree"]);
});

test("parts of others, of another row or count, withdrawn or gone, are not put together", () => {
  const one = part(1, 1, "one", { parts: 2 });
  for (const other of [
    { author: bea as Post["author"] }, { row: "s" }, { parts: 3 }, { state: "withdrawn" as const }, { log: "B" },
    { state: "erased" as const, row: "", part: 0, parts: 0 }, { row: "" },
  ]) {
    assert.equal(wholePosts([one, part(2, 2, "two", { parts: 2, ...other })]).length, 2);
  }
  assert.deepEqual(texts([one, part(2, 2, " two", { parts: 2 })]), ["one two"]);
});

interface Planted {
  mark: number;
  author: number;
  words?: { sort: string; post?: { row: Uint8Array; part: number; source: string } };
}

function row(author: number, number: number, source = "school", part = 0): Planted {
  return { mark: QUIET, author, words: { sort: "post", post: { row: Uint8Array.of(number), part, source } } };
}

function feedOf(planted: readonly Planted[]): Feed {
  return {
    posts: planted.map((_, seq) => seq),
    entries: planted.map(({ author }) => ({ header: { author: Uint8Array.of(author) } })),
    words: new Map(planted.flatMap(({ words }, seq) => (words ? [[seq, words] as const] : []))),
    mark: (seq: number) => planted[seq]?.mark ?? PLAIN,
    isReady: (seq: number) => planted[seq]?.words !== undefined,
  } as unknown as Feed;
}

test("only a row is quiet once it is opened, whatever its mark", () => {
  const hidden = { mark: QUIET, author: 1, words: { sort: "post", post: { row: new Uint8Array(), part: 0, source: "" } } };
  const feed = feedOf([
    row(1, 1), { mark: QUIET, author: 1 }, hidden, { ...row(1, 2), mark: NUDGE }, { ...row(1, 3), mark: PLAIN },
    { mark: QUIET, author: 1, words: { sort: "withheld" } }, { mark: QUIET, author: 1, words: { sort: "waiting" } },
    { mark: QUIET, author: 1, words: { sort: "void" } },
  ]);
  assert.deepEqual(feed.posts.map((seq) => isQuiet(feed, seq)), [true, true, false, false, false, true, true, false]);
});

test("a line is of one person's rows, and counts those that are opened", () => {
  const news = { ...row(1, 9), mark: PLAIN };
  const feed = feedOf([row(1, 1), news, row(1, 2, "a", 1), row(1, 2, "b", 2), row(1, 3, "a"), { mark: QUIET, author: 1 }, row(2, 4)]);
  assert.deepEqual(feed.posts.map((at) => [runStart(feed, at), runEnd(feed, at)]), [
    [0, 0], [1, 1], [2, 5], [2, 5], [2, 5], [2, 5], [6, 6],
  ]);
  const line = showRun(part(5, 0, "words"), feed, [2, 3, 4, 5]);
  assert.deepEqual([line.rows, line.source, line.text, line.row, line.seq], [2, "a", "", "", 5]);
  assert.equal(showRun(part(6, 0, ""), feed, [4, 6]).source, "");
});
