// Fetching what streams have that is new, and the words of posts that were left out.

import { BytesMap, BytesSet } from "../protocol/builtins.ts";
import { DirectoryBehind } from "../protocol/errors.ts";
import { readPosts } from "./opening.ts";
import { Pace } from "./pace.ts";
import { refreshDirectory } from "./directory.ts";
import { ask } from "./login.ts";
import { feedOf, type Session } from "./session.ts";
import type { Fetched } from "./transport.ts";

const MAX_LOGS = 256;
const MAX_EXPECTED = 3000; // entries in one reply
const AT_ONCE = 16; // entries between two looks at the clock
const GAP = 16; // entries that are fetched again rather than asked around

/**
 * What to ask of streams: the first seq wanted of each, and how many entries are to be expected from there on; `total` is
 * what is there in all, for whoever waits.
 */
export interface Wanted {
  readonly since: BytesMap<number>;
  readonly expected: BytesMap<number>;
  readonly total: number;
  readonly lean: boolean;
}

/** Fetch streams from the seqs wanted on, and return those of which something was served. */
export async function fetchStreams(session: Session, wanted: Wanted): Promise<BytesSet> {
  const served = new BytesSet();
  let asked = wanted.since;
  while (asked.size > 0) {
    const batch = nextBatch(asked, wanted.expected);
    const fetched = await fetchBatch(session, batch, wanted.lean);
    const replies = new BytesMap(
      fetched
        .filter(({ log, entries }) => batch.has(log) && entries.length > 0)
        .map((reply) => [reply.log, reply] as const),
    );
    for (const [log, reply] of replies) {
      if (!served.has(log)) session.feeds.get(log)?.settle();
      await take(session, reply, wanted);
      served.add(log);
    }
    const cut = replies.size > 0 && fetched.some(({ more }) => more);
    asked = stillWanted(session, asked, batch, replies, cut);
    tellFetched(session, wanted.total);
  }
  return served;
}

// As many as make a reply that is decoded in a moment.
function nextBatch(asked: BytesMap<number>, expected: BytesMap<number>): BytesMap<number> {
  const batch = new BytesMap<number>();
  let count = 0;
  for (const [log, since] of asked) {
    if (batch.size === MAX_LOGS || count > MAX_EXPECTED) break;
    batch.set(log, since);
    count += expected.get(log) ?? 0;
  }
  return batch;
}

async function fetchBatch(
  session: Session,
  since: BytesMap<number>,
  lean = false,
): Promise<Fetched[]> {
  return ask(session, () => session.transport.fetch(since, { lean }));
}

function tellFetched({ feeds, world }: Session, total: number): void {
  world.progress(
    "fetch",
    [...feeds.values()].reduce((sum, feed) => sum + feed.nextSeq, 0),
    total,
  );
}

// What to ask for next: logs not asked for yet, cut off, or left out of a reply cut off. A log is asked for again only
// while all that came was good, so that nobody can keep us asking.
function stillWanted(
  session: Session,
  wanted: BytesMap<number>,
  batch: BytesMap<number>,
  replies: BytesMap<Fetched>,
  cut: boolean,
): BytesMap<number> {
  const still = new BytesMap<number>();
  for (const [log, since] of wanted) {
    const reply = replies.get(log);
    if (!batch.has(log) || (reply === undefined && cut)) {
      still.set(log, since);
    } else if (reply?.more) {
      const following = since + reply.entries.length;
      const feed = session.feeds.get(log);
      if (feed === undefined || following > feed.nextSeq) continue;
      if (feed.trouble === null || feed.isForked()) still.set(log, following);
    }
  }
  return still;
}

async function take(session: Session, { log, entries }: Fetched, wanted: Wanted): Promise<void> {
  const feed = feedOf(session, log);
  const pace = new Pace();
  for (const some of slices(entries)) {
    try {
      feed.take(some, session.directory, wanted.lean);
    } catch (error) {
      if (!(error instanceof DirectoryBehind)) throw error;
      await takeBehind(session, log, some, wanted.lean);
    }
    if (feed.trouble !== null && !feed.isForked()) return;
    await pace.rest();
  }
  tellFetched(session, wanted.total);
}

// Written since the directory was fetched a moment ago.
async function takeBehind(
  session: Session,
  log: Uint8Array,
  entries: readonly Uint8Array[],
  lean: boolean,
): Promise<void> {
  const feed = feedOf(session, log);
  await refreshDirectory(session);
  try {
    feed.take(entries, session.directory, lean);
  } catch (error) {
    if (!(error instanceof DirectoryBehind)) throw error;
    feed.stop(error);
  }
}

interface Span {
  readonly log: Uint8Array;
  readonly seqs: readonly number[]; // one after the other
}

/** Fetch the words of these entries, by log, and read them; what does not come is withheld from then on. */
export async function fetchBodies(
  session: Session,
  wanted: BytesMap<readonly number[]>,
): Promise<void> {
  const pace = new Pace();
  let spans = [...wanted].flatMap(([log, seqs]) => spansOf(log, seqs));
  while (spans.length > 0) {
    const batch = new BytesMap<Span>();
    for (const span of spans) if (!batch.has(span.log)) batch.set(span.log, span);
    const rest = spans.filter((span) => batch.get(span.log) !== span);
    const replies = new BytesMap((await fetchSpans(session, batch)).map((one) => [one.log, one]));
    const served = [...replies.values()].some(({ entries }) => entries.length > 0);
    for (const span of batch.values()) {
      const reply = replies.get(span.log);
      // Cut off, or left out of a reply cut off: asked for again, while anything comes at all.
      const count = served && reply?.more ? reply.entries.length : span.seqs.length;
      await takeBodies(session, span.log, span.seqs.slice(0, count), reply?.entries ?? [], pace);
      if (count < span.seqs.length) rest.push({ ...span, seqs: span.seqs.slice(count) });
    }
    spans = rest;
  }
}

function fetchSpans(session: Session, batch: BytesMap<Span>): Promise<Fetched[]> {
  const ends = (at: number) =>
    new BytesMap([...batch].map(([log, { seqs }]) => [log, seqs.at(at) ?? 0] as const));
  return ask(session, () => session.transport.fetch(ends(0), { until: ends(-1) }));
}

async function takeBodies(
  session: Session,
  log: Uint8Array,
  seqs: readonly number[],
  entries: readonly Uint8Array[],
  pace: Pace,
): Promise<void> {
  const feed = session.feeds.get(log);
  if (feed === undefined) return;
  for (const some of slices(entries)) {
    feed.takeBodies([], some);
    await pace.rest();
  }
  for (const some of slices(seqs)) {
    feed.takeBodies(some, []);
    readPosts(feed, some);
    await pace.rest();
  }
}

function spansOf(log: Uint8Array, seqs: readonly number[]): Span[] {
  const spans: number[][] = [];
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const span = spans.at(-1);
    let last = span?.at(-1) ?? -Infinity;
    if (span === undefined || seq > last + GAP) spans.push([seq]);
    else while (last < seq) span.push(++last);
  }
  return spans.map((span) => ({ log, seqs: span }));
}

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += AT_ONCE) yield items.slice(at, at + AT_ONCE);
}
