// Posts as they are shown: what a body said, what became of it, and what answers it.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import { isDoubtful } from "../protocol/device.ts";
import type { Directory } from "../protocol/directory.ts";
import type { Entry } from "../protocol/entry.ts";
import * as written from "../protocol/post.ts";
import { correct } from "./account.ts";
import type { Feed } from "./feed.ts";
import { isQuiet } from "./runs.ts";
import { showPerson, showTime, type Viewer } from "./showing.ts";
import type { Post, PostState } from "./shown.ts";
import { NOTHING } from "./writing.ts";

/** How far ahead of this device's clock a time may be. */
export const FUTURE_MS = 2 * 60 * 1000;

/** Return these posts of a stream. */
export function showPosts(feed: Feed, seqs: Iterable<number>, viewer: Viewer): Post[] {
  const replies = repliesIn(feed, viewer.directory);
  const shown: Post[] = [];
  for (const seq of seqs) {
    const entry = feed.entries[seq];
    if (entry === undefined) continue;
    const post = showPost(feed, entry, replies, viewer);
    shown.push({ ...post, stands: standsFor(feed, post, replies, viewer) });
  }
  return shown;
}

// Nobody changes another's words: somebody else's correction stands beside a post.
function standsFor(feed: Feed, post: Post, replies: BytesMap<Post["replies"]>, viewer: Viewer): Post | null {
  const own = post.replies.filter(({ how, author }) => how === "correction" && author.id === post.author.id);
  const shown = own.flatMap(({ seq }) => {
    const entry = feed.entries[seq];
    return entry === undefined ? [] : [showPost(feed, entry, replies, viewer)];
  });
  const newest = shown.at(-1);
  return newest === undefined ? null : { ...newest, ...saidIn(shown.reduce(correct, post)) };
}

// What a post says, and nothing of where it stands.
function saidIn({ text, kind, sure, scale, side, happened, source, outcome, reason, review }: Post): Partial<Post> {
  return { text, kind, sure, scale, side, happened, source, outcome, reason, review };
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
    nudge: feed.mark(seq) === written.NUDGE,
    quiet: feed.mark(seq) === written.QUIET,
    rows: 0,
    mine: equalBytes(header.author, viewer.me),
    unread: isUnread(feed, seq, viewer),
    again: viewer.again.has(seq),
    state: postState(feed, seq),
    ...showWords(words?.sort === "post" ? words.post : null),
    withdrawn: withdrawnBy(feed, seq, viewer.directory),
    replies: replies.get(id) ?? [],
    stands: null,
  };
}

type Said = Pick<
  Post,
  | "newer" | "text" | "kind" | "sure" | "scale" | "side" | "happened" | "written" | "refers"
  | "how" | "source" | "original" | "outcome" | "reason" | "review" | "part" | "parts" | "row"
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
    part: post?.part ?? 0,
    parts: post?.parts ?? 0,
    row: encodeBase64url(post?.row ?? NOTHING),
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
    // Whoever brought a row in does not say what is in it: of such only what is corrected is shown beside a post.
    const borrowed = words.post.row.length > 0 && how !== "correction";
    if (how === "" || first === undefined || borrowed) continue;
    const author = showPerson(directory, target.author);
    const reply = { how, author, seq, id: encodeBase64url(entry.id), time: showTime(target.time) };
    replies.set(first, [...(replies.get(first) ?? []), reply]);
  }
  return replies;
}

/** Return whether someone has not read a post of another's, or made it unread again. */
export function isUnread(feed: Feed, seq: number, { me, read, again }: Viewer): boolean {
  return (seq > read || again.has(seq)) && isNews(feed, seq, me);
}

/** Return whether a post is another's, and still there to be read; a row brought in is no news. */
export function isNews(feed: Feed, seq: number, me: Uint8Array): boolean {
  const target = feed.targets.get(seq);
  if (target === undefined || target.erased || isQuiet(feed, seq)) return false;
  return !equalBytes(target.author, me);
}

function isOdd(feed: Feed, { header }: Entry, now: number): boolean {
  const before = feed.entries[header.seq - 1]?.header.time ?? 0;
  return header.time < before || header.time > now + FUTURE_MS;
}

function isDoubted({ device: key, time }: Entry["header"], { devices }: Directory): boolean {
  const device = devices.get(key);
  return device !== undefined && isDoubtful(device, time);
}
