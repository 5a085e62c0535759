// Checking what was taken lean, newest first (PROTOCOL.md 9): the signatures of posts, and then their words.
//
// What someone looks at comes first, the rest in short pieces after it. A stream is remembered once all of it is
// checked, and nothing is sent to it before.

import { BytesMap } from "../protocol/builtins.ts";
import { checkBoxes } from "./boxes.ts";
import type { Feed } from "./feed.ts";
import { fetchBodies } from "./fetching.ts";
import { readPosts, withheld } from "./opening.ts";
import { Pace } from "./pace.ts";
import { saveFeed } from "./keeping.ts";
import { checkUnlocked, type Session } from "./session.ts";
import { Unreachable } from "./transport.ts";

const FIRST_PAUSE_MS = 15_000;
const LAST_PAUSE_MS = 60 * 60 * 1000;
const AT_ONCE = 256; // posts whose words are asked for at a time

/** Verify the signatures of a stream's posts, or of some, the newest first. */
export async function checkPosts(
  session: Session,
  feed: Feed,
  seqs: readonly number[] = feed.posts,
): Promise<void> {
  const pace = new Pace();
  for (const seq of [...seqs].reverse()) {
    if (!feed.unchecked.has(seq)) continue;
    feed.verify([seq], session.directory);
    await pace.rest();
    checkUnlocked(session);
  }
}

/** Check some posts, by stream, and have their words here, before any others. */
export async function bring(session: Session, wanted: BytesMap<readonly number[]>): Promise<void> {
  const missing = new BytesMap<readonly number[]>();
  for (const [log, seqs] of wanted) {
    const feed = session.feeds.get(log);
    if (feed === undefined) continue;
    await checkPosts(session, feed, seqs);
    const awaited = seqs.filter((seq) => feed.awaited.has(seq));
    if (awaited.length > 0) missing.set(log, awaited);
    await open(session, feed, seqs);
  }
  await fetchBodies(session, missing);
}

/**
 * Check all that is left, the stream with the newest post first, and remember each; `changed` is called at the end.
 *
 * @throws {Unreachable} the server did not answer: what could be checked without it is, and remembered.
 */
export async function checkRest(session: Session, changed: () => void): Promise<void> {
  const progress = tellProgress(session);
  try {
    for (let before = Infinity; ; ) {
      const left = newestLeft(session);
      const count = left.reduce((sum, feed) => sum + feed.left, 0);
      // More may have come meanwhile; but what did not get less will not.
      if (count === 0 || count >= before) return;
      before = count;
      // While the words of one stream are on their way, the next ones are checked.
      const [lost] = await Promise.all([bringEach(session, left, progress), checkEach(session, left)]);
      changed();
      if (lost !== null) throw lost;
    }
  } finally {
    session.world.progress("check", 1, 1);
  }
}

async function checkEach(session: Session, feeds: readonly Feed[]): Promise<void> {
  for (const feed of feeds) await checkPosts(session, feed);
}

async function bringEach(
  session: Session,
  feeds: readonly Feed[],
  progress: () => void,
): Promise<Unreachable | null> {
  let lost: Unreachable | null = null;
  for (const feed of feeds) {
    await checkPosts(session, feed);
    lost ??= await bringWords(session, feed, progress);
    await open(session, feed, [...feed.closed], progress);
    if (lost === null) await keep(session, feed);
    else await saveFeed(session, feed);
  }
  return lost;
}

// Open words that are here, the newest first.
async function open(
  session: Session,
  feed: Feed,
  seqs: readonly number[],
  progress: () => void = () => undefined,
): Promise<void> {
  const pace = new Pace();
  for (const [at, seq] of [...seqs].reverse().entries()) {
    if (feed.closed.has(seq)) readPosts(feed, [seq]);
    if (at % AT_ONCE === 0) progress();
    await pace.rest();
    checkUnlocked(session);
  }
}

async function bringWords(
  session: Session,
  feed: Feed,
  progress: () => void,
): Promise<Unreachable | null> {
  try {
    while (feed.awaited.size > 0) {
      const newest = [...feed.awaited].sort((a, b) => b - a).slice(0, AT_ONCE);
      await fetchBodies(session, new BytesMap([[feed.log, newest]]));
      progress();
    }
    return null;
  } catch (error) {
    if (error instanceof Unreachable) return error;
    throw error;
  }
}

/** Remember a stream of which all is checked, and put its boxes right. */
export async function keep(session: Session, feed: Feed): Promise<void> {
  await saveFeed(session, feed);
  await checkBoxes(session, feed);
}

function newestLeft({ feeds }: Session): Feed[] {
  const left = [...feeds.values()].filter((feed) => feed.left > 0);
  return left.sort((a, b) => lastTime(b) - lastTime(a));
}

function lastTime({ entries }: Feed): number {
  return entries.at(-1)?.header.time ?? 0;
}

function tellProgress({ feeds, world }: Session): () => void {
  const count = () => [...feeds.values()].reduce((sum, { left }) => sum + left, 0);
  const total = count();
  return () => world.progress("check", Math.max(0, total - count()), total);
}

/** Ask once more for what the server kept back of a stream: at the first refresh, then after ever longer pauses. */
export async function askAgain(session: Session, feed: Feed): Promise<void> {
  const missing = withheld(feed);
  const now = session.world.clock();
  const same = feed.patience.missing === missing.length;
  if (missing.length === 0 || (same && now < feed.patience.untilMs)) return;
  await fetchBodies(session, new BytesMap([[feed.log, missing]]));
  const left = withheld(feed).length;
  const pauseMs = same ? Math.min(2 * feed.patience.pauseMs, LAST_PAUSE_MS) : FIRST_PAUSE_MS;
  const untilMs = left < missing.length ? now : now + pauseMs;
  feed.patience = { missing: left, pauseMs, untilMs };
}
