// Rows brought in one after another: in a stream they are one line, and never unread.

import { equalBytes } from "../protocol/builtins.ts";
import { QUIET } from "../protocol/post.ts";
import type { Feed } from "./feed.ts";
import type { Post } from "./shown.ts";

/**
 * Return whether a post is a row brought in, and so no news: by its mark, until it is opened.
 *
 * Whatever else bears that mark, such as a warning that somebody wants to hide, is a post like any other.
 */
export function isQuiet(feed: Feed, seq: number): boolean {
  if (feed.mark(seq) !== QUIET) return false;
  const words = feed.words.get(seq);
  if (words?.sort === "post") return words.post.row.length > 0;
  return words === undefined || words.sort === "withheld" || words.sort === "waiting";
}

/**
 * Return where, among a stream's posts, the rows begin that one person brought in up to the one at `at`, with nothing
 * between them; `at` itself, if that is no such row.
 */
export function runStart(feed: Feed, at: number): number {
  const { posts } = feed;
  if (!isQuiet(feed, posts[at] ?? -1)) return at;
  let first = at;
  while (first > 0 && isNext(feed, posts[first - 1]!, posts[at]!)) first -= 1;
  return first;
}

/** Return where the rows end of which one stands at `at`; `at` itself, if that is no such row. */
export function runEnd(feed: Feed, at: number): number {
  const { posts } = feed;
  if (!isQuiet(feed, posts[at] ?? -1)) return at;
  let last = at;
  while (last + 1 < posts.length && isNext(feed, posts[last + 1]!, posts[at]!)) last += 1;
  return last;
}

function isNext(feed: Feed, seq: number, other: number): boolean {
  const author = feed.entries[seq]?.header.author;
  const same = feed.entries[other]?.header.author;
  return author !== undefined && same !== undefined && equalBytes(author, same) && isQuiet(feed, seq);
}

/** Return the line that stands for rows: the newest of them, with how many they are as far as they are checked. */
export function showRun(newest: Post, feed: Feed, seqs: readonly number[]): Post {
  const rows = new Set<string>();
  const sources = new Set<string>();
  for (const seq of seqs) {
    if (!feed.isReady(seq)) continue;
    const words = feed.words.get(seq);
    const post = words?.sort === "post" ? words.post : null;
    rows.add(post === null ? `${seq}` : post.row.join());
    if (post !== null && post.part < 2) sources.add(post.source);
  }
  const source = sources.size === 1 ? [...sources].join("") : "";
  return { ...newest, ...NOTHING_SAID, state: "shown", source, rows: Math.max(1, rows.size) };
}

const NOTHING_SAID = {
  ...{ text: "", kind: "", sure: "", scale: "", side: "", happened: "", how: "", original: "" },
  ...{ outcome: "", reason: "", review: "", row: "", part: 0, parts: 0, newer: false, withdrawn: null },
  refers: [],
  replies: [],
  stands: null,
};
