// Posts newest first, in the order posted, under headings of days; and what has been read.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Post } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { day } from "../dates.ts";
import { type Failure, failureOf } from "../sentences.ts";
import { childOf, overview, version } from "../state.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { PostCard } from "./post-card.tsx";

const STEP = 30;
const SEEN_MS = 1000;

interface Props {
  log: string; // empty: all whom I follow
  /** Streams to merge in. */
  more?: string[];
  keep?: (post: Post) => boolean;
  empty: string;
}

export function Feed({ log, more: others = [], keep, empty }: Props) {
  const posts = useSignal<Post[] | null>(null);
  const more = useSignal("");
  const count = useSignal(STEP);
  const failure = useSignal<Failure | null>(null);
  // What was unread when it first came up stays marked until the reader goes elsewhere.
  const fresh = useRef(new Set<string>()).current;

  useEffect(() => {
    let stale = false;
    ask("posts", { log, before: "", count: count.value, with: others }).then(
      (page) => {
        if (stale) return;
        for (const post of page.posts) if (post.unread) fresh.add(post.id);
        posts.value = page.posts;
        more.value = page.next;
        failure.value = null;
      },
      (error) => {
        if (!stale) failure.value = failureOf(error);
      },
    );
    return () => {
      stale = true;
    };
  }, [log, others.join(), version.value, count.value]);

  const list = useRef<HTMLDivElement>(null);
  useReading(list, posts.value ?? []);

  if (failure.value) {
    return (
      <Notice sort="warning" title={failure.value.title}>
        <p>{failure.value.next}</p>
      </Notice>
    );
  }
  if (posts.value === null) return <p role="status">Opening posts…</p>;
  const byId = new Map(posts.value.map((post) => [post.id, post]));
  const kept = keep ? posts.value.filter(keep) : posts.value;
  return (
    <div ref={list} class="feed">
      {kept.length === 0 && (
        <p>{posts.value.length > 0 ? "No post here fits the filter." : empty}</p>
      )}
      {days(kept).map(([name, ofDay]) => (
        <section key={name} aria-label={name}>
          <h2 class="day">{name}</h2>
          {ofDay.map((post) => (
            <PostCard
              key={`${post.log} ${post.seq}`}
              post={post}
              child={childOf(post.log)}
              about={!log || others.length > 0}
              fresh={fresh.has(post.id)}
              first={byId.get(post.refers[0] ?? "")}
            />
          ))}
        </section>
      ))}
      {more.value && (
        <Button look="second" onClick={() => (count.value += STEP)}>
          Show older posts
        </Button>
      )}
    </div>
  );
}

function days(posts: Post[]): [string, Post[]][] {
  const found: [string, Post[]][] = [];
  for (const post of posts) {
    const name = day(post.time);
    const last = found.at(-1);
    if (last?.[0] === name) last[1].push(post);
    else found.push([name, [post]]);
  }
  return found;
}

/** Mark as read what has stood on the screen for a second, never past something that has not. */
function useReading(list: { current: HTMLDivElement | null }, posts: Post[]): void {
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
            markRead(posts, seen);
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
  }, [posts]);
}

function markRead(posts: Post[], seen: Set<string>): void {
  for (const child of overview.value?.children ?? []) {
    const unread = posts.filter((post) => post.log === child.log && post.unread);
    // Older unread posts further down, not loaded yet, must not be counted as read.
    if (unread.length === 0 || unread.length < child.unread) continue;
    let upTo = -1;
    for (const post of unread.reverse()) {
      if (!seen.has(`${post.log} ${post.seq}`)) break;
      upTo = post.seq;
    }
    if (upTo >= 0) void ask("markRead", { log: child.log, seq: upTo }).catch(() => {});
  }
}
