// The posts of a list, page after page. At most so many of them stand on the screen, however many there are; what comes
// in while someone reads waits until they ask for it; and who comes back finds the list as they left it.

import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Post } from "../../client/shown.ts";
import { leaving, visit } from "../route.ts";
import { keyOf, type Page, pageOf, type Search, type Where } from "../search.ts";
import { type Failure, failureOf } from "../sentences.ts";
import { draft, version } from "../state.ts";

export const STEP = 30;
/** Posts on the screen. */
export const MOST = 90;
// Until then nobody has begun to read, and what comes in may stand where it belongs.
const ARRIVING_MS = 2000;

/** A list as it stands; `above`: where each of the pages that were let go began, the newest first. */
export interface Listed {
  key: string;
  posts: Post[];
  above: string[];
  next: string;
  late: number; // posts that came meanwhile, and are not among these
  found: Omit<Page, "posts" | "next">;
  since: number; // ms: when it was begun
  visit: number;
  height: number; // where the page was scrolled to
}

export interface Posts {
  listed: Listed | null;
  failure: Failure | null;
  /** What was unread when it first came up stays marked until the reader goes elsewhere. */
  fresh: Set<string>;
  /** The list stands as someone left it who comes back now, and is not yet scrolled to where they were. */
  coming: { current: boolean };
  showLate: () => Promise<boolean>;
  showOlder: () => Promise<boolean>;
  showNewer: () => Promise<boolean>;
}

export function usePosts(
  place: string,
  search: Search,
  where: Where,
  list: { current: HTMLElement | null },
): Posts {
  const kept = draft<Listed | null>(`list:${place}`, null);
  const fresh = draft(`fresh:${place}`, new Set<string>()).value;
  const failure = useSignal<Failure | null>(null);
  const key = keyOf(search, where);
  const isBack = useRef(isLeft(kept, key)).current;
  useEffect(() => {
    if (!isBack) fresh.clear();
  }, []);
  // Only the newest question counts: an answer to another, or a lock, may come between.
  const asked = useRef(0);
  const change = async (work: (now: Listed | null) => Promise<Listed>) => {
    const number = ++asked.current;
    try {
      const before = kept.peek();
      const next = await work(before);
      if (number !== asked.current || kept.peek() !== before) return false;
      const again = new Set(before?.posts.filter((post) => post.again).map(({ id }) => id));
      for (const { id, unread } of next.posts) {
        if (unread) fresh.add(id);
        else if (again.has(id)) fresh.delete(id);
      }
      kept.value = next;
      isShown.value = true;
      failure.value = null;
      return true;
    } catch (error) {
      if (number === asked.current) failure.value = failureOf(error);
      return false;
    }
  };
  const isHere = useRef(isBack);
  const isShown = useSignal(isBack);
  useEffect(() => {
    void change((now) => {
      const stays = now?.key === key && isHere.current;
      isHere.current = true;
      return stays ? again(now, search, where) : begin(key, search, where, STEP);
    });
  }, [key, version.value]);
  useEffect(() => () => void (asked.current += 1), []);
  const coming = useRef(isBack && kept.peek()?.height !== 0);
  useHeight(kept, list, coming);
  return {
    // As it was left by someone who now comes anew, it is not shown.
    listed: isShown.value ? kept.value : null,
    failure: failure.value,
    fresh,
    coming,
    showLate: () => change((now) => begin(key, search, where, Math.min(MOST, STEP + (now?.late ?? 0)))),
    showOlder: () => change(async (now) => (now ? older(now, search, where) : begin(key, search, where, STEP))),
    showNewer: () => change(async (now) => (now ? newer(now, search, where) : begin(key, search, where, STEP))),
  };
}

// Back by the browser's own button, or from under the blind.
function isLeft(kept: Signal<Listed | null>, key: string): boolean {
  const now = kept.peek();
  if (now === null || now.key !== key) return false;
  return visit.back || now.visit === visit.number;
}

async function begin(key: string, search: Search, where: Where, count: number): Promise<Listed> {
  const { posts, next, ...found } = await pageOf(search, where, "", count);
  return { key, posts, above: [], next, late: 0, found, since: Date.now(), visit: visit.number, height: 0 };
}

/** The same posts as they are now; those between them that are new wait, unless nobody reads yet or I wrote one. */
async function again(now: Listed, search: Search, where: Where): Promise<Listed> {
  const from = now.above.at(-1) ?? "";
  const { posts, next, ...found } = await pageOf(search, where, from, now.posts.length + STEP);
  const known = new Set(now.posts.map(({ id }) => id));
  const last = posts.findLastIndex(({ id }) => known.has(id));
  // Where nothing older stood, or so much came that nothing of it is known, all of it is new.
  const within = now.next && last >= 0 ? posts.slice(0, last + 1) : posts;
  const news = within.filter(({ id }) => !known.has(id));
  const isFree = Date.now() - now.since < ARRIVING_MS || news.some(({ mine }) => mine);
  if (isFree && from === "") {
    const all = within.length > 0 ? within.slice(0, MOST) : posts.slice(0, STEP);
    const isMore = all.length < posts.length || next !== "";
    return { ...now, posts: all, next: isMore ? (all.at(-1)?.id ?? "") : "", late: 0, found };
  }
  return { ...now, posts: merged(now.posts, posts, search), late: from === "" ? news.length : 0, found };
}

// What is read, and so no longer unread, stays where it is read; what a log does not hold any more goes.
function merged(before: Post[], posts: Post[], { filter }: Search): Post[] {
  const now = new Map(posts.map((post) => [post.id, post]));
  const last = before.findLastIndex(({ id }) => now.has(id));
  return before.flatMap((post, at) => {
    const found = now.get(post.id);
    if (found) return [found];
    if (at > last) return [post];
    return filter.unread ? [{ ...post, unread: false }] : [];
  });
}

async function older(now: Listed, search: Search, where: Where): Promise<Listed> {
  const { posts: page, next } = await pageOf(search, where, now.next, STEP);
  const known = new Set(now.posts.map(({ id }) => id));
  const all = [...now.posts, ...page.filter(({ id }) => !known.has(id))];
  const over = Math.max(0, all.length - MOST);
  const posts = all.slice(over);
  const above = over > 0 ? [...now.above, all[over - 1]!.id] : now.above;
  return { ...now, posts, above, next };
}

async function newer(now: Listed, search: Search, where: Where): Promise<Listed> {
  const above = now.above.slice(0, -1);
  const { posts, next } = await pageOf(search, where, above.at(-1) ?? "", MOST);
  return { ...now, posts, above, next };
}

/** Note where the reader is, for when they come back. */
function useHeight(
  kept: Signal<Listed | null>,
  list: { current: HTMLElement | null },
  coming: { current: boolean },
): void {
  useEffect(() => {
    const { number } = visit;
    const note = () => {
      const now = kept.peek();
      // A page that is gone, or emptied by the blind, has moved to its top.
      if (now === null || number !== visit.number || !list.current?.isConnected) return;
      // Nor is it where they were while the list is too short to be scrolled there.
      if (coming.current) return;
      // Not a change to be drawn.
      Object.assign(now, { height: scrollY, visit: number });
    };
    addEventListener("scroll", note, { passive: true });
    // A page left within a frame of its last move has not been told of it.
    leaving.add(note);
    return () => {
      removeEventListener("scroll", note);
      leaving.delete(note);
    };
  }, []);
}
