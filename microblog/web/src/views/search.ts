// What is looked for among posts: words, and marks that they bear.

import type { Filter } from "../client/shown-hand.ts";
import type { Post } from "../client/shown.ts";
import { ask } from "./bridge.ts";

export interface Search {
  words: string;
  filter: Filter;
}

export const ALL: Search = {
  words: "",
  filter: { logs: [], kind: "", agencyId: "", person: "", from: "", to: "", unread: false, since: 0 },
};

/** Where posts are looked for: one stream and others merged in, or, where `log` is empty, all whom I follow. */
export interface Where {
  log: string;
  more: string[];
}

/** A page of posts; `total` and what comes after it are of a search, and null where nothing is looked for. */
export interface Page {
  posts: Post[];
  next: string;
  total: number | null;
  unchecked: number;
  marked: string[];
}

/** Is anything looked for but a child? */
export function isSearch({ words, filter }: Search): boolean {
  const { logs: _, ...marks } = filter;
  return words.trim() !== "" || Object.values(marks).some(Boolean);
}

/** What the two of a search and a place are known by. */
export function keyOf(search: Search, { log, more }: Where): string {
  return JSON.stringify([search.words.trim(), search.filter, log, more]);
}

/** Return a page; before: what the page before gave as `next`. */
export async function pageOf(search: Search, where: Where, before: string, count: number): Promise<Page> {
  const logs = where.log ? [where.log, ...where.more] : search.filter.logs;
  if (isSearch(search)) {
    return ask("find", { words: search.words, filter: { ...search.filter, logs }, before, count });
  }
  const [log = "", ...others] = logs;
  const page = await ask("posts", { log, before, count, with: others });
  return { ...page, total: null, unchecked: 0, marked: [] };
}
