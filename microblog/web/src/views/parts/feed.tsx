// Posts newest first, in the order posted, under headings of days; and what has been read.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import type { Post } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { day, plural } from "../dates.ts";
import { ALL, isSearch, type Search } from "../search.ts";
import { childOf } from "../state.ts";
import { BroughtLine } from "./brought-line.tsx";
import { Button } from "./button.tsx";
import { Looked } from "./marked.tsx";
import { Notice } from "./notice.tsx";
import { PostCard } from "./post-card.tsx";
import { type Listed, usePosts } from "./use-posts.ts";
import { useSlices } from "./use-slices.ts";

const SEEN_MS = 1000;

interface Props {
  /** The page it stands on. */
  place: string;
  log: string; // empty: all whom I follow
  /** Streams to merge in. */
  more?: string[];
  search?: Search;
  onAll?: () => void;
  empty: string;
}

export function Feed({ place, log, more = [], search = ALL, onAll, empty }: Props) {
  const where = { log, more };
  const list = useRef<HTMLDivElement>(null);
  const { listed, failure, fresh, coming, showLate, showOlder, showNewer } = usePosts(place, search, where, list);
  const posts = listed?.posts ?? [];
  const count = useSlices(`${listed?.key} ${listed?.since}`, posts.length);
  useReading(list, posts, count);
  useComingBack(coming, listed, count);
  const move = useMoving(list, posts);
  const looking = isSearch(search);
  return (
    <div ref={list} class="feed">
      <p role="status" class={looking ? "found" : "unseen"}>
        {looking && listed && sayFound(listed)}
      </p>
      {failure && (
        <Notice sort="warning" title={failure.title}>
          <p>{failure.next}</p>
        </Notice>
      )}
      {!listed && !failure && <p role="status">Opening posts…</p>}
      <Late count={listed?.late ?? 0} onShow={() => void move("first", showLate)} />
      {listed && listed.above.length > 0 && (
        <Button look="second" onClick={() => void move("above", showNewer)}>
          Show newer posts
        </Button>
      )}
      {listed && posts.length === 0 && (looking ? <Nothing search={search} onAll={onAll} /> : <p>{empty}</p>)}
      <Looked.Provider value={listed?.found.marked ?? []}>
        <Days posts={posts.slice(0, count)} all={posts} fresh={fresh} about={!log || more.length > 0} />
      </Looked.Provider>
      {listed?.next && count === posts.length && (
        <Button look="second" onClick={() => void move("below", showOlder)}>
          Show older posts
        </Button>
      )}
    </div>
  );
}

interface DaysProps {
  posts: Post[];
  all: Post[];
  fresh: Set<string>;
  about: boolean;
}

function Days({ posts, all, fresh, about }: DaysProps) {
  const byId = new Map(all.map((post) => [post.id, post]));
  // What answers a decision is newer, and so is here.
  const reviewed = new Set(
    all.filter(({ kind, how }) => kind === "decision" && how === "").flatMap(({ refers }) => refers),
  );
  return (
    <>
      {days(posts).map(({ name, isAgain, posts: ofDay }) => (
        // A day that comes again is no place to go to by its name.
        <section key={isAgain ? ofDay[0]?.id : name} aria-label={isAgain ? undefined : name}>
          <h2 class="day">{name}</h2>
          {ofDay.map((post) => {
            const key = `${post.log} ${post.seq}`;
            const where = { post, child: childOf(post.log), about };
            return post.rows > 0 ? (
              <BroughtLine key={key} {...where} />
            ) : (
              <PostCard
                key={key}
                {...where}
                markable
                fresh={fresh.has(post.id)}
                first={byId.get(post.refers[0] ?? "")}
                reviewed={reviewed.has(post.id)}
              />
            );
          })}
        </section>
      ))}
    </>
  );
}

interface Day {
  name: string;
  isAgain: boolean; // where a clock was wrong
  posts: Post[];
}

function days(posts: Post[]): Day[] {
  const found: Day[] = [];
  for (const post of posts) {
    const name = day(post.time);
    const last = found.at(-1);
    if (last?.name === name) last.posts.push(post);
    else found.push({ name, isAgain: found.some((one) => one.name === name), posts: [post] });
  }
  return found;
}

/** Nothing moves on its own: what came while someone reads waits behind a button, wherever they are. */
function Late({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div class="late">
      <span role="status" class="unseen">
        {count > 0 && `${plural(count, "new post")} can be shown`}
      </span>
      {count > 0 && (
        <button type="button" class="button main" onClick={onShow}>
          Show {plural(count, "new post")}
        </button>
      )}
    </div>
  );
}

function sayFound({ found: { total, unchecked } }: Listed): string {
  const found = total === 0 ? "No post found." : `${plural(total ?? 0, "post")} found.`;
  if (unchecked === 0) return found;
  return `${found} ${plural(unchecked, "post")} ${unchecked === 1 ? "is" : "are"} still being checked on this device, and not searched yet.`;
}

function Nothing({ search: { words, filter }, onAll }: { search: Search; onAll: (() => void) | undefined }) {
  const marks = isSearch({ words: "", filter }) || filter.logs.length > 0;
  return (
    <>
      <p>
        {words.trim()
          ? "Every word has to stand in the post, or begin one that does. Try fewer words, or only their beginnings."
          : "Nothing that this device holds fits the filter. Take something out of it."}{" "}
        {words.trim() && marks && "The filter leaves posts out, too."}
      </p>
      {onAll && (
        <Button look="second" onClick={onAll}>
          Show everything
        </Button>
      )}
    </>
  );
}

/** Scroll to where the reader was, as soon as it is drawn. */
function useComingBack(coming: { current: boolean }, listed: Listed | null, count: number): void {
  const isDrawn = useRef(false);
  useLayoutEffect(() => {
    if (!coming.current || isDrawn.current || count < (listed?.posts.length ?? 0)) return;
    isDrawn.current = true;
    const there = () => {
      scrollTo(0, listed?.height ?? 0);
      coming.current = false;
    };
    // After the page has put the reader at its heading.
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(there)));
  }, [count]);
}

/**
 * Change what is listed without moving what is being read, and go to the first of what came: to the top, to what comes
 * after the last post, or to what stands just above the first.
 */
function useMoving(list: { current: HTMLDivElement | null }, posts: Post[]) {
  const to = useRef<{ from: Post[]; anchor: string; top: number; go: "first" | "above" | "below" } | null>(null);
  const card = (id: string) => list.current?.querySelector<HTMLElement>(`[data-seen="${id}"]`) ?? null;
  const nameOf = (post: Post | undefined) => (post ? `${post.log} ${post.seq}` : "");
  useLayoutEffect(() => {
    const { current } = to;
    if (current === null || current.from === posts) return;
    const at = posts.findIndex((post) => nameOf(post) === current.anchor);
    const found = current.go === "first" ? 0 : current.go === "above" ? at - 1 : at + 1;
    const anchor = card(current.anchor);
    if (anchor && current.go !== "first") scrollBy(0, anchor.getBoundingClientRect().top - current.top);
    const next = card(nameOf(posts[found]));
    if (!next) return; // in a frame or two
    to.current = null;
    next.tabIndex = -1;
    next.focus({ preventScroll: current.go !== "first" });
    if (current.go === "first") list.current?.scrollIntoView();
  });
  return async (go: "first" | "above" | "below", change: () => Promise<boolean>) => {
    const anchor = nameOf(go === "below" ? posts.at(-1) : posts[0]);
    const top = card(anchor)?.getBoundingClientRect().top ?? 0;
    to.current = { from: posts, anchor, top, go };
    // What the browser does of itself, where it does, would be done twice.
    document.documentElement.classList.add("moving");
    if (!(await change())) to.current = null;
    requestAnimationFrame(() => requestAnimationFrame(() => document.documentElement.classList.remove("moving")));
  };
}

/** Mark as read what has stood on the screen for a second, never past something that has not. */
function useReading(list: { current: HTMLDivElement | null }, posts: Post[], count: number): void {
  const seen = useRef(new Set<string>()).current;
  useEffect(() => {
    const timers = new Map<Element, number>();
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          clearTimeout(timers.get(target));
          if (!isIntersecting) continue;
          const note = () => {
            seen.add((target as HTMLElement).dataset["seen"] ?? "");
            markSeen(posts, seen);
          };
          timers.set(target, setTimeout(note, SEEN_MS));
        }
      },
      { threshold: 0.6 },
    );
    for (const card of list.current?.querySelectorAll("[data-seen]") ?? []) watcher.observe(card);
    return () => {
      watcher.disconnect();
      for (const timer of timers.values()) clearTimeout(timer);
    };
  }, [posts, count]);
}

// The Worker knows what stands before them, loaded here or not.
function markSeen(posts: Post[], seen: Set<string>): void {
  const seqs = new Map<string, number[]>();
  for (const { log, seq, unread, again } of posts) {
    if (unread && !again && seen.has(`${log} ${seq}`)) seqs.set(log, [...(seqs.get(log) ?? []), seq]);
  }
  for (const [log, some] of seqs) void ask("markSeen", { log, seqs: some }).catch(() => {});
}
