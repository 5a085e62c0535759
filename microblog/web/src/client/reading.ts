// What a person sees: who works here, whom they follow, and the posts.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { asked, requests } from "./asks.ts";
import type { Feed } from "./feed.ts";
import type { Page } from "./messages.ts";
import { proposals } from "./proposals.ts";
import { feedOf, noteOf, putNote, type Session } from "./session.ts";
import {
  compareText,
  practiceName,
  showAgencies,
  showChild,
  showInvites,
  showNumbers,
  showPeople,
  showPerson,
  showPosts,
  type Viewer,
} from "./showing.ts";
import type { Child, Overview, Post } from "./shown.ts";

/** Return everything but the posts. */
export function overview(session: Session): Overview {
  const { directory, keys, world } = session;
  return {
    practice: practiceName(directory),
    fingerprint: encodeBase64url(keys.fingerprint),
    me: showPerson(directory, keys.person),
    people: showPeople(directory),
    agencies: showAgencies(directory),
    invites: showInvites(directory, world.clock()),
    numbers: showNumbers(directory),
    children: children(session),
    proposals: proposals(session),
    requests: requests(session),
    asked: asked(session),
    trouble: session.trouble,
    online: session.online,
    stored: session.memory.stored,
  };
}

/** Return those whom I follow, or followed, by name. */
export function children(session: Session): Child[] {
  const shown = [...session.feeds.values()].map((feed) => showChild(feed, viewerOf(session, feed)));
  return shown.sort((a, b) => compareText(a.name, b.name) || compareText(a.log, b.log));
}

/**
 * Return a page of at most `count` posts, newest first: of one stream and `merged` ones, or of all if `log` is empty.
 *
 * `before` is what the page before gave as `next`; empty for the first.
 */
export function posts(
  session: Session,
  log: string,
  before: string,
  count: number,
  merged: readonly string[] = [],
): Page {
  const logs = new Set([log, ...merged]);
  const named = () => [...logs].map((one) => feedOf(session, decodeBase64url(one)));
  const feeds = log === "" ? [...session.feeds.values()] : named();
  const now = session.world.clock();
  const rows = feeds.flatMap((feed) => orderOf(feed, now)).sort(newestFirst);
  const last = rows.findIndex(({ id }) => id === before);
  const start = before === "" ? 0 : last < 0 ? rows.length : last + 1;
  const page = rows.slice(start, start + count);
  const found = new Map<string, Post>();
  for (const feed of new Set(page.map((row) => row.feed))) {
    const seqs = page.filter((row) => row.feed === feed).map(({ seq }) => seq);
    for (const post of showPosts(feed, seqs, viewerOf(session, feed))) found.set(post.id, post);
  }
  const ordered = page.flatMap(({ id }) => found.get(id) ?? []);
  const more = start + count < rows.length;
  return { posts: ordered, next: more ? (ordered.at(-1)?.id ?? "") : "" };
}

interface Place {
  readonly time: number;
  readonly seq: number;
  readonly feed: Feed;
  readonly id: string;
}

// A clock may be wrong, or lie: within a stream the log's order stands, and nothing is later than now, so that no post
// can keep itself at the top.
function orderOf(feed: Feed, now: number): Place[] {
  let time = now;
  const rows: Place[] = [];
  for (const seq of [...feed.targets.keys()].sort((a, b) => b - a)) {
    time = Math.min(time, feed.targets.get(seq)?.time ?? time);
    const entry = feed.entries[seq];
    if (entry !== undefined) rows.push({ time, seq, feed, id: encodeBase64url(entry.id) });
  }
  return rows;
}

function newestFirst(a: Place, b: Place): number {
  return b.time - a.time || b.seq - a.seq || compareText(b.id, a.id);
}

/** Note that posts up to a seq were read; never back. */
export async function markRead(session: Session, log: string, seq: number): Promise<void> {
  const { log: of } = feedOf(session, decodeBase64url(log));
  const note = noteOf(session, of);
  if (seq > note.read) await putNote(session, of, { ...note, read: seq });
}

/** Return who looks at a stream. */
export function viewerOf(session: Session, feed: Feed): Viewer {
  const { keys, directory, feeds, world } = session;
  const { read } = noteOf(session, feed.log);
  return { me: keys.person, directory, feeds, read, now: world.clock() };
}
