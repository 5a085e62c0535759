// Posts as they are shown: what a body said, what became of it, and what answers it.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import { isDoubtful } from "../protocol/device.ts";
import type { Directory } from "../protocol/directory.ts";
import type { Entry } from "../protocol/entry.ts";
import type * as written from "../protocol/post.ts";
import type { Feed } from "./feed.ts";
import { showPerson, showTime, type Viewer } from "./showing.ts";
import type { Post, PostState } from "./shown.ts";

const FUTURE_MS = 2 * 60 * 1000;

/** Return these posts of a stream. */
export function showPosts(feed: Feed, seqs: Iterable<number>, viewer: Viewer): Post[] {
  const replies = repliesIn(feed, viewer.directory);
  const shown: Post[] = [];
  for (const seq of seqs) {
    const entry = feed.entries[seq];
    if (entry !== undefined) shown.push(showPost(feed, entry, replies, viewer));
  }
  return shown;
}

function showPost(
  feed: Feed,
  entry: Entry,
  replies: BytesMap<Post["replies"]>,
  viewer: Viewer,
): Post {
  const { header, id } = entry;
  const { seq } = header;
  const words = feed.words.get(seq);
  return {
    log: encodeBase64url(feed.log),
    seq,
    id: encodeBase64url(id),
    author: showPerson(viewer.directory, header.author),
    time: showTime(header.time),
    oddTime: isOdd(feed, entry, viewer.now),
    doubtful: isDoubted(header, viewer.directory),
    nudge: header.payload[0] === 1,
    mine: equalBytes(header.author, viewer.me),
    unread: isUnread(feed, seq, viewer),
    state: postState(feed, seq),
    ...showWords(words?.sort === "post" ? words.post : null),
    withdrawn: withdrawnBy(feed, seq, viewer.directory),
    replies: replies.get(id) ?? [],
  };
}

type Said = Pick<
  Post,
  | "newer" | "text" | "kind" | "sure" | "scale" | "side" | "happened" | "written" | "refers"
  | "how" | "source" | "original" | "outcome" | "reason" | "review"
>;

function showWords(post: written.Post | null): Said {
  return {
    newer: post?.newer ?? false,
    text: post?.text ?? "",
    kind: post?.kind ?? "",
    sure: post?.sure ?? "",
    scale: post?.scale ?? "",
    side: post?.side ?? "",
    happened: post?.happened ?? "",
    written: showTime(post?.written ?? 0),
    refers: (post?.refers ?? []).map(encodeBase64url),
    how: post?.how ?? "",
    source: post?.source ?? "",
    original: post?.original ?? "",
    outcome: post?.outcome ?? "",
    reason: post?.reason ?? "",
    review: post?.review ?? "",
  };
}

function postState(feed: Feed, seq: number): PostState {
  const target = feed.targets.get(seq);
  const sort = feed.words.get(seq)?.sort ?? "waiting";
  if (feed.destroyed.has(seq)) return "destroyed";
  if (target?.erased) return "erased";
  if (sort === "about" || sort === "why" || sort === "export" || sort === "reason") return "void";
  if (sort !== "post") return sort;
  return target?.withdrawn ? "withdrawn" : "shown";
}

function withdrawnBy(feed: Feed, seq: number, directory: Directory): Post["withdrawn"] {
  const by = feed.withdrawals.get(seq);
  const header = by === undefined ? undefined : feed.entries[by]?.header;
  if (by === undefined || header === undefined) return null;
  return { by: showPerson(directory, header.author), time: showTime(header.time), why: feed.why(by) };
}

// The posts that answer another, by its id; one withdrawn counts no more.
function repliesIn(feed: Feed, directory: Directory): BytesMap<Post["replies"]> {
  const replies = new BytesMap<Post["replies"]>();
  for (const [seq, target] of feed.targets) {
    const words = feed.words.get(seq);
    const entry = feed.entries[seq];
    if (words?.sort !== "post" || target.withdrawn || entry === undefined) continue;
    const { how, refers } = words.post;
    const [first] = refers;
    if (how === "" || first === undefined) continue;
    const author = showPerson(directory, target.author);
    const reply = { how, author, seq, id: encodeBase64url(entry.id) };
    replies.set(first, [...(replies.get(first) ?? []), reply]);
  }
  return replies;
}

/** Return whether someone has not read a post of another's. */
export function isUnread(feed: Feed, seq: number, { me, read }: Viewer): boolean {
  const target = feed.targets.get(seq);
  return target !== undefined && seq > read && !target.erased && !equalBytes(target.author, me);
}

function isOdd(feed: Feed, { header }: Entry, now: number): boolean {
  const before = feed.entries[header.seq - 1]?.header.time ?? 0;
  return header.time < before || header.time > now + FUTURE_MS;
}

function isDoubted({ device: key, time }: Entry["header"], { devices }: Directory): boolean {
  const device = devices.get(key);
  return device !== undefined && isDoubtful(device, time);
}
