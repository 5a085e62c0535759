// What a person sees: who works here, whom they follow, and the posts.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, compareBytes, equalBytes } from "../protocol/builtins.ts";
import { rulesOf } from "../protocol/directory.ts";
import { signingKey } from "../protocol/primitives.ts";
import { asked, requests } from "./asks.ts";
import { bring } from "./checking.ts";
import { countSheets } from "./devices.ts";
import type { Feed } from "./feed.ts";
import { maySendUnvouched, showVouching, showWitnesses } from "./freshness.ts";
import { NOT_VOUCHED } from "./heads.ts";
import { unreadAgain } from "./marks.ts";
import type { Page } from "./messages.ts";
import { showOutgoing } from "./outgoing.ts";
import { wholePosts } from "./parts.ts";
import { lastHere } from "./place.ts";
import { proposals } from "./proposals.ts";
import { returns } from "./returns.ts";
import { showPosts } from "./posts.ts";
import { showRetention } from "./retention.ts";
import { isQuiet, runEnd, runStart, showRun } from "./runs.ts";
import { feedOf, noteOf, type Session } from "./session.ts";
import {
  compareText,
  practiceName,
  showAgencies,
  showChild,
  showInvites,
  showNumbers,
  showPeople,
  showPerson,
  type Viewer,
} from "./showing.ts";
import type { Child, Overview, Post } from "./shown.ts";
import { Unreachable } from "./transport.ts";
import { compareWhen, whenOf } from "./when.ts";

const TRIES = 8;

/** Return everything but the posts. */
export function overview(session: Session): Overview {
  const { directory, keys, world } = session;
  const rules = rulesOf(directory);
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
    returns: returns(session),
    sheets: countSheets(session),
    device: thisDevice(session),
    requests: requests(session),
    asked: asked(session),
    witness: showVouching(session),
    witnesses: showWitnesses(session),
    maySendUnvouched: maySendUnvouched(session),
    rules: [...rules].map(([name, value]) => ({ name, value })),
    retention: (directory.policy?.retention ?? []).map(showRetention),
    trouble: session.trouble,
    online: session.online,
    restoring: session.restoring,
    stored: session.memory.stored,
    outgoing: showOutgoing(session),
    lastHere: lastHere(session.place, session.world.clock()),
  };
}

function thisDevice({ directory, keys }: Session): Overview["device"] {
  const device = directory.devices.get(signingKey(keys.deviceSeed));
  return device === undefined
    ? null
    : { until: device.until, revoked: device.revoked !== null };
}

/** Return those whom I follow, or followed, by name. */
export function children(session: Session): Child[] {
  const shown = [...session.feeds.values()].map((feed) => showChild(feed, viewerOf(session, feed)));
  return shown.sort((a, b) => compareText(a.name, b.name) || compareText(a.log, b.log));
}

/**
 * Return a page of at most `count` posts, newest first: of one stream and `merged` ones, or of all if `log` is empty.
 *
 * `before` is what the page before gave as `next`; empty for the first. It ends where a post is not checked yet.
 */
export function posts(
  session: Session,
  log: string,
  before: string,
  count: number,
  merged: readonly string[] = [],
): Page {
  const { places, more } = pageOf(feedsOf(session, log, merged), session.world.clock(), before, count);
  const end = places.findIndex(({ feed, seq }) => !feed.isReady(seq));
  const page = end < 0 ? places : places.slice(0, end);
  const found = new Map<string, Post>();
  for (const feed of new Set(page.map((row) => row.feed))) {
    const rows = page.filter((row) => row.feed === feed);
    const shown = showPosts(feed, rows.map(({ seq }) => seq), viewerOf(session, feed));
    for (const [at, post] of shown.entries()) found.set(post.id, lineOf(post, rows[at]!));
  }
  const ordered = page.flatMap(({ id }) => found.get(encodeBase64url(id)) ?? []);
  return { posts: ordered, next: more || end >= 0 ? (ordered.at(-1)?.id ?? "") : "" };
}

// Rows brought in one after another are one line.
function lineOf(post: Post, { feed, first, at, seq }: Place): Post {
  return isQuiet(feed, seq) ? showRun(post, feed, feed.posts.slice(first, at + 1)) : post;
}

/**
 * Return such a page, after checking what stands on it before anything else.
 *
 * @throws {Unreachable} the server did not answer, and nothing of it can be shown.
 */
export async function bringPosts(
  session: Session,
  log: string,
  before: string,
  count: number,
  merged: readonly string[] = [],
): Promise<Page> {
  // More than once only if a post was false: others then stand in its place.
  for (let tries = 0; tries < TRIES; tries++) {
    const feeds = feedsOf(session, log, merged);
    const { places } = pageOf(feeds, session.world.clock(), before, count);
    const missing = places.filter(({ feed, seq }) => !feed.isReady(seq));
    if (missing.length === 0) break;
    try {
      await bring(session, byLog(missing));
    } catch (error) {
      const page = posts(session, log, before, count, merged);
      if (!(error instanceof Unreachable) || page.posts.length === 0) throw error;
      return page;
    }
  }
  return posts(session, log, before, count, merged);
}

function feedsOf(session: Session, log: string, merged: readonly string[]): Feed[] {
  if (log === "") return [...session.feeds.values()];
  return [...new Set([log, ...merged])].map((one) => feedOf(session, decodeBase64url(one)));
}

function byLog(places: readonly Place[]): BytesMap<number[]> {
  const seqs = new BytesMap<number[]>();
  for (const { feed, seq } of places) seqs.set(feed.log, [...(seqs.get(feed.log) ?? []), seq]);
  return seqs;
}

// Where a post stands: `at` is its number among its stream's posts, `first` that of the first of the rows it is a line with.
interface Place {
  readonly feed: Feed;
  readonly first: number;
  readonly at: number;
  readonly seq: number;
  readonly id: Uint8Array;
  readonly time: number;
}

// A walk down all streams at once, as far as the page reaches, and no further.
function pageOf(
  feeds: readonly Feed[],
  now: number,
  before: string,
  count: number,
): { places: Place[]; more: boolean } {
  const last = before === "" ? null : decodeBase64url(before);
  const tops = feeds.flatMap((feed) => placeAt(feed, feed.posts.length - 1, now) ?? []);
  const places: Place[] = [];
  let isPast = last === null;
  while (tops.length > 0 && places.length < count) {
    let first = 0;
    for (let at = 1; at < tops.length; at++) if (newestFirst(tops[at]!, tops[first]!) < 0) first = at;
    const place = tops[first]!;
    if (isPast) places.push(place);
    isPast ||= last !== null && isAt(place, last);
    const below = placeAt(place.feed, place.first - 1, place.time);
    tops.splice(first, 1, ...(below === null ? [] : [below]));
  }
  return { places, more: tops.length > 0 };
}

// A clock may be wrong, or lie: within a stream the log's order stands, and nothing is later than now, so that no post
// can keep itself at the top.
function placeAt(feed: Feed, at: number, latest: number): Place | null {
  const seq = feed.posts[at];
  const entry = seq === undefined ? undefined : feed.entries[seq];
  if (seq === undefined || entry === undefined) return null;
  const first = runStart(feed, at);
  return { feed, first, at, seq, id: entry.id, time: Math.min(latest, entry.header.time) };
}

// Since the page before, more rows may have come to the same line.
function isAt({ feed, first, at, id }: Place, last: Uint8Array): boolean {
  if (first === at) return equalBytes(id, last);
  return feed.posts.slice(first, at + 1).some((seq) => equalBytes(feed.entries[seq]!.id, last));
}

function newestFirst(a: Place, b: Place): number {
  return b.time - a.time || b.seq - a.seq || compareBytes(b.id, a.id);
}

/**
 * Return every checked post of some streams, those in parts as one, in the order of each log; no log: all I follow.
 *
 * `unchecked` posts are not checked or not opened yet.
 */
export function allPosts(
  session: Session,
  logs: readonly string[],
): { posts: Post[]; unchecked: number } {
  const [log = "", ...others] = logs;
  const feeds = feedsOf(session, log, others);
  const posts = feeds.flatMap((feed) => {
    const ready = feed.posts.filter((seq) => feed.isReady(seq));
    return wholePosts(showPosts(feed, ready, viewerOf(session, feed)));
  });
  return { posts, unchecked: feeds.reduce((sum, { left }) => sum + left, 0) };
}

/**
 * Return the rows that one line of a stream stands for, those in parts as one, in order of when they happened.
 *
 * @throws {Unreachable} the server did not answer, and some of them are not here.
 */
export async function broughtIn(session: Session, log: string, seq: number): Promise<Post[]> {
  const feed = feedOf(session, decodeBase64url(log));
  const at = feed.posts.indexOf(seq);
  if (at < 0 || !isQuiet(feed, seq)) return [];
  const rows = () => feed.posts.slice(runStart(feed, at), runEnd(feed, at) + 1);
  await bring(session, new BytesMap([[feed.log, rows().filter((one) => !feed.isReady(one))]]));
  const ready = rows().filter((one) => feed.isReady(one));
  const posts = wholePosts(showPosts(feed, ready, viewerOf(session, feed)));
  return posts.sort((a, b) => compareWhen(whenOf(a), whenOf(b)));
}

/** Return the numbers of all posts of a stream before a moment, in ms, whose words are not gone: each part of each row. */
export function postsBefore(session: Session, log: string, end: number): number[] {
  const feed = feedOf(session, decodeBase64url(log));
  const isGone = (seq: number) => feed.destroyed.has(seq) || feed.targets.get(seq)?.erased === true;
  return feed.posts.filter((seq) => (feed.entries[seq]?.header.time ?? end) < end && !isGone(seq));
}

/** Return who looks at a stream. */
export function viewerOf(session: Session, feed: Feed): Viewer {
  const { keys, directory, feeds, world } = session;
  const note = noteOf(session, feed.log);
  const vouched = session.vouched.get(feed.log) ?? NOT_VOUCHED;
  const again = new Set([...unreadAgain(note), ...(session.staying.get(feed.log) ?? [])]);
  return { me: keys.person, directory, feeds, read: note.read, again, now: world.clock(), vouched };
}
