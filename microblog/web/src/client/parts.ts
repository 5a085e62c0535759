// Long texts: a row brought in that does not fit one post is several, which read as one.

import type { Post } from "./shown.ts";

const READ = ["shown", "withdrawn"];

/**
 * Return posts with the parts of each row as one: that of its first part, which stands where the first of them stood.
 *
 * Of a whole, `part` is 0 and `parts` how many it has. Parts belong together if one person brought them in for one row, and
 * they are all shown or all withdrawn; each number counts once. A part that is not among them is said to be missing.
 */
export function wholePosts(posts: readonly Post[]): Post[] {
  const rows = new Map<string, Map<number, Post>>();
  const places: (Post | Map<number, Post>)[] = [];
  for (const post of posts) {
    if (!isPart(post)) {
      places.push(post);
      continue;
    }
    const key = [post.log, post.author.id, post.row, post.parts, post.state].join();
    const known = rows.get(key);
    const parts = known ?? new Map<number, Post>();
    // The first in the order of the log counts, whatever the order here.
    const other = parts.get(post.part);
    if (other === undefined || post.seq < other.seq) parts.set(post.part, post);
    if (known !== undefined) continue;
    rows.set(key, parts);
    places.push(parts);
  }
  return places.map((place) => (place instanceof Map ? joinParts(place) : place));
}

/** Return whether a post is one of several that read as one. */
export function isPart({ state, row, part }: Pick<Post, "state" | "row" | "part">): boolean {
  return READ.includes(state) && row !== "" && part > 0;
}

function joinParts(found: ReadonlyMap<number, Post>): Post {
  const numbers = [...found.keys()].sort((a, b) => a - b);
  const parts = numbers.map((number) => found.get(number)!);
  const first = parts[0]!;
  const join = (field: "source" | "original" | "reason") => parts.map((part) => part[field]).join("");
  return {
    ...first,
    part: 0,
    text: joinTexts(numbers, parts),
    source: join("source"),
    original: join("original"),
    reason: join("reason"),
    nudge: parts.some(({ nudge }) => nudge),
    unread: parts.some(({ unread }) => unread),
    newer: parts.some(({ newer }) => newer),
    doubtful: parts.some(({ doubtful }) => doubtful),
    oddTime: parts.some(({ oddTime }) => oddTime),
    replies: parts.flatMap(({ replies }) => replies),
  };
}

function joinTexts(numbers: readonly number[], parts: readonly Post[]): string {
  const count = parts[0]!.parts;
  let text = "";
  let next = 1;
  for (const [at, number] of numbers.entries()) {
    if (number > next) text = `${onNewLine(text)}${sayMissing(next, number - 1, count)}\n`;
    text += parts[at]!.text;
    next = number + 1;
  }
  return next > count ? text : `${onNewLine(text)}${sayMissing(next, count, count)}`;
}

function sayMissing(from: number, to: number, count: number): string {
  if (from === to) return `[part ${from} of ${count} is missing]`;
  return `[parts ${from} to ${to} of ${count} are missing]`;
}

function onNewLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
