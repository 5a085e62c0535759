// What is read of an invented practice: what is new, child by child, and marks that can be taken back.

import type { Requests } from "../../microblog/web/src/client/messages.ts";
import type { Child, Post } from "../../microblog/web/src/client/shown.ts";
import { posts } from "./invented_posts.ts";

type Answers = { [N in keyof Requests]: (ask: Parameters<Requests[N]>[0]) => ReturnType<Requests[N]> };

const before = new Map<string, Post[]>();

/** What is asked of reading, of these children. */
export function readingOf(children: readonly Child[]) {
  const isNews = (post: Post, since: number) => !post.mine && (since > 0 ? post.time > since : post.unread);
  const newsOf = (log: string, since: number) => posts.filter((post) => post.log === log && isNews(post, since));
  const mark = (log: string, some: readonly Post[], unread: boolean, again = false) => {
    for (const post of some) Object.assign(post, { unread, again });
    const child = children.find((one) => one.log === log);
    if (child) child.unread = newsOf(log, 0).length;
  };
  const upTo = (log: string, seq: number) => newsOf(log, 0).filter((post) => post.seq <= seq);
  return {
    markRead: ({ log, seq, how }) => {
      const some = upTo(log, seq).filter((post) => how !== "alone" || post.seq === seq);
      before.set(log, some);
      mark(log, some, false);
    },
    markUnread: ({ log, seq, onwards }) => {
      const some = posts.filter((post) => post.log === log && !post.mine);
      mark(log, some.filter((post) => (onwards ? post.seq >= seq : post.seq === seq)), true, !onwards);
    },
    undoRead: ({ log }) => {
      const some = before.get(log);
      mark(log, some ?? [], true);
      return before.delete(log);
    },
    markSeen: ({ log, seqs }) =>
      mark(log, posts.filter((post) => post.log === log && seqs.includes(post.seq) && !post.again), false),
    keepPlace: () => undefined,
    newIn: ({ since }) =>
      children
        .map(({ log }) => ({ log, count: newsOf(log, since).length }))
        .filter(({ count }) => count > 0),
    newPosts: ({ log, since, after, count }) => {
      const there = newsOf(log, since).filter(({ seq }) => seq > after);
      const some = there.slice(0, count);
      return { posts: some, seqs: some.map(({ seq }) => seq), left: there.length - some.length };
    },
  } satisfies Partial<Answers>;
}
