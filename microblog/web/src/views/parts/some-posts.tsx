// Some posts of a stream by their numbers: the newest few of them, and how many more there are.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Child, Post } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { plural } from "../dates.ts";
import { type Failure, failureOf } from "../sentences.ts";
import { Notice } from "./notice.tsx";
import { PostCard } from "./post-card.tsx";

const STEP = 200;
const MOST = 10;

export function SomePosts({ child, seqs }: { child: Child; seqs: number[] }) {
  const posts = useSignal<Post[] | null>(null);
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    let stale = false;
    find(child.log, new Set(seqs)).then(
      (found) => !stale && (posts.value = found),
      (error) => !stale && (failure.value = failureOf(error)),
    );
    return () => {
      stale = true;
    };
  }, [child.log, seqs.join()]);

  if (failure.value) {
    return (
      <Notice sort="warning" title={failure.value.title}>
        <p>{failure.value.next}</p>
      </Notice>
    );
  }
  if (posts.value === null) return <p role="status">Opening posts…</p>;
  if (posts.value.length === 0) return <p>No post: names, details and reasons.</p>;
  const shown = posts.value.slice(0, MOST);
  const rest = seqs.length - shown.length;
  return (
    <>
      {shown.map((post) => (
        <PostCard key={post.seq} post={post} child={child} alone />
      ))}
      {rest > 0 && <p>And {plural(rest, "more post")}.</p>}
    </>
  );
}

/** Look from the newest down until all, or more than enough, are found. */
async function find(log: string, seqs: ReadonlySet<number>): Promise<Post[]> {
  const found: Post[] = [];
  const oldest = Math.min(...seqs);
  for (let before = ""; ;) {
    const { posts, next } = await ask("posts", { log, before, count: STEP });
    for (const post of posts) {
      // Rows brought in stand in one line, which is looked into.
      const each = post.rows > 0 ? await ask("broughtIn", { log, seq: post.seq }) : [post];
      found.push(...each.filter((one) => one.log === log && seqs.has(one.seq)));
    }
    if (found.length > MOST || !next || posts.some(({ seq }) => seq <= oldest)) return found;
    before = next;
  }
}
