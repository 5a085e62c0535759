// What of a stream is read: up to a post, but for those that were made unread again. Every change can be taken back.
//
// Whatever is said later counts, on whichever device: see `merge` in protocol/note. So a change is later than what is
// known of what it changes, though the clock be wrong.

import { decodeBase64url } from "../protocol/base64url.ts";
import { MAX_UINT } from "../protocol/encoding.ts";
import { MAX_SINGLES, type Single } from "../protocol/note.ts";
import { checkPosts } from "./checking.ts";
import type { Feed } from "./feed.ts";
import { putNote } from "./keeping.ts";
import type { Note } from "./memory.ts";
import type { Ask } from "./messages.ts";
import { isNews } from "./posts.ts";
import { feedOf, noteOf, type Session } from "./session.ts";

/** Return the posts, read before, that were made unread again one by one. */
export function unreadAgain({ singles }: Note): ReadonlySet<number> {
  return new Set(singles.filter(([, , unread]) => unread === 1).map(([seq]) => seq));
}

/**
 * Note that posts up to a seq were read. What was made unread again one by one stays so, unless it is asked for: `alone`
 * is this one and nothing else, `all` those up to it too.
 */
export async function markRead(session: Session, { log, seq, how }: Ask<"markRead">): Promise<void> {
  const feed = feedOf(session, decodeBase64url(log));
  const isMeant = (at: number) => (how === "alone" ? at === seq : how === "all" && at <= seq);
  if (how !== "alone") await checkPosts(session, feed, feed.posts.filter((at) => at <= seq));
  const note = noteOf(session, feed.log);
  const upTo = how === "alone" ? note.read : Math.min(seq, lastChecked(feed));
  const ended = [...unreadAgain(note)].filter(isMeant);
  const now = { ...note, read: Math.max(note.read, upTo) };
  for (const at of stayingOf(session, feed)) if (isMeant(at)) stayingOf(session, feed).delete(at);
  if (how === undefined) await change(session, feed, now, passed(session, feed, now.read), 1);
  else await change(session, feed, now, ended, 0);
  if (how === "all") session.undoable.set(feed.log, { read: note.read, ended, after: noteOf(session, feed.log) });
}

/** Have it be as it was before all of a stream was last marked read; return false if it was changed since. */
export async function undoRead(session: Session, { log }: Ask<"undoRead">): Promise<boolean> {
  const feed = feedOf(session, decodeBase64url(log));
  const undone = session.undoable.get(feed.log);
  const note = noteOf(session, feed.log);
  session.undoable.delete(feed.log);
  const said = ({ read, again, singles }: Note) => JSON.stringify([read, again, singles]);
  if (undone === undefined || said(undone.after) !== said(note)) return false;
  const { read, ended } = undone;
  const again = read < note.read ? later(session, note.again) : note.again;
  await change(session, feed, { ...note, read, again }, ended, 1);
  return true;
}

/** Note that a post alone is unread again; `onwards`: all from it on, as if none of it had been read. */
export async function markUnread(session: Session, { log, seq, onwards }: Ask<"markUnread">): Promise<void> {
  const feed = feedOf(session, decodeBase64url(log));
  const note = noteOf(session, feed.log);
  if (seq > note.read) {
    if (!onwards) stayingOf(session, feed).add(seq);
    return;
  }
  if (!onwards) return change(session, feed, note, [seq], 1);
  // Else one of them would be unread for good, though all of it is read later.
  const ended = [...unreadAgain(note)].filter((at) => at >= seq);
  const again = later(session, note.again);
  await change(session, feed, { ...note, again, read: Math.max(seq, 0) - 1 }, ended, 0);
}

/**
 * Note that posts were on the screen. All up to the first that was not, and is news, are then read; what was made unread
 * again stays so: it was on the screen as that was asked for.
 */
export async function markSeen(session: Session, { log, seqs }: Ask<"markSeen">): Promise<void> {
  const feed = feedOf(session, decodeBase64url(log));
  const note = noteOf(session, feed.log);
  const seen = session.seen.get(feed.log) ?? new Set<number>();
  session.seen.set(feed.log, seen);
  for (const seq of seqs) if (seq > note.read) seen.add(seq);
  let { read } = note;
  const last = lastChecked(feed);
  for (const seq of feed.posts) {
    if (seq <= read) continue;
    if (seq > last) break;
    if (!seen.has(seq) && isNews(feed, seq, session.keys.person)) break;
    read = seq;
  }
  for (const seq of seen) if (seq <= read) seen.delete(seq);
  await change(session, feed, { ...note, read }, passed(session, feed, read), 1);
}

function stayingOf({ staying }: Session, { log }: Feed): Set<number> {
  const found = staying.get(log) ?? new Set();
  staying.set(log, found);
  return found;
}

// Those that stay unread although all up to a seq is read now: from then on a note says so of them.
function passed(session: Session, feed: Feed, read: number): number[] {
  const staying = stayingOf(session, feed);
  const found = [...staying].filter((seq) => seq <= read);
  for (const seq of found) staying.delete(seq);
  return found;
}

async function change(
  session: Session,
  feed: Feed,
  note: Note,
  seqs: readonly number[],
  unread: 0 | 1,
): Promise<void> {
  const said = new Map(note.singles.map((single) => [single[0], single]));
  for (const seq of seqs) said.set(seq, [seq, later(session, said.get(seq)?.[1] ?? 0), unread]);
  const singles = newest([...said.values()]).sort(([a], [b]) => a - b);
  await putNote(session, feed.log, { ...note, singles });
}

// A post that proves false takes with it all that stands on it, and others may then stand in their places: so nothing is
// read that stands on one that is not verified.
function lastChecked(feed: Feed): number {
  let first = feed.nextSeq;
  for (const seq of feed.unchecked.keys()) first = Math.min(first, seq);
  return first - 1;
}

/** Return the singles that were said last, as many as a note has room for. */
export function newest(singles: readonly Single[]): Single[] {
  return [...singles].sort((a, b) => b[1] - a[1]).slice(0, MAX_SINGLES);
}

function later({ world }: Session, known: number): number {
  return Math.min(Math.max(world.clock(), known + 1), MAX_UINT);
}
