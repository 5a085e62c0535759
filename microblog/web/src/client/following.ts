// Keeping up: the directory first, then every stream that I follow, each checked before it counts.
//
// A log never goes back (PROTOCOL.md 9, pins): if the server shows less of one than was seen, or another, or no longer
// lists a stream without a removal that can be verified, that is its trouble for good.

import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import { DIRECTORY } from "../protocol/entry.ts";
import { BrokenChain, RolledBack } from "../protocol/errors.ts";
import { Stream } from "../protocol/stream.ts";
import { fetchAsks } from "./asks.ts";
import { compareWithHeads, refreshDirectory } from "./directory.ts";
import { Feed } from "./feed.ts";
import { fetchStreams } from "./fetching.ts";
import { finish } from "./finishing.ts";
import { fetchHeads, hasWitness, saveHeads, takeHeads } from "./freshness.ts";
import { giveBackStreams } from "./giving.ts";
import { saveFeed } from "./keeping.ts";
import { ask, mayShowLess } from "./login.ts";
import { feedOf, noteOf, type Session } from "./session.ts";
import { tend } from "./tending.ts";
import { Unreachable, type Listed } from "./transport.ts";

const FEW = 64; // entries to fetch: more are fetched lean, and checked newest first
const SIDE_BY_SIDE = 4; // streams opened at a time

/**
 * Fetch and check what is new in the directory and in all streams, and put boxes right.
 *
 * Where there is much of it, posts are left to `checking`. Where keys were lost, new ones are made by itself.
 *
 * @throws {Unreachable} the server did not answer; what was known before is still there.
 */
export async function refresh(session: Session): Promise<void> {
  try {
    await refreshAll(session);
    session.online = true;
  } catch (error) {
    if (error instanceof Unreachable) session.online = false;
    throw error;
  }
}

async function refreshAll(session: Session): Promise<void> {
  await refreshWitnessed(session);
  const rows = await giveBack(session, await ask(session, () => session.transport.streams()));
  const listed = new BytesMap(
    rows.filter(({ log }) => !equalBytes(log, DIRECTORY)).map((row) => [row.log, row] as const),
  );
  await checkVanished(session, listed);
  for (const row of listed.values()) await checkHead(session, row);
  const total = [...listed.values()].reduce((sum, { head }) => sum + head.seq + 1, 0);
  const since = new BytesMap<number>();
  const expected = new BytesMap<number>();
  let fresh = 0;
  for (const row of listed.values()) {
    const { nextSeq } = beginFeed(session, row.log);
    if (nextSeq > reachOf(row)) continue;
    since.set(row.log, nextSeq);
    expected.set(row.log, reachOf(row) - nextSeq + 1);
    fresh += reachOf(row) - nextSeq + 1;
  }
  const served = await fetchStreams(session, { since, expected, total, lean: fresh > FEW });
  for (const row of listed.values()) await checkComplete(session, row, served.has(row.log));
  await sideBySide(listed.keys(), (log) => finish(session, log));
  await saveHeads(session);
  await fetchAsks(session);
  await tend(session);
}

// Fetch witnesses' heads and the directory, in this order: see `freshness`.
async function refreshWitnessed(session: Session): Promise<void> {
  const known = hasWitness(session);
  let rawHeads = await fetchHeads(session);
  await refreshDirectory(session);
  if (!known && hasWitness(session)) {
    // At the very first look it is only now known whose heads count.
    rawHeads = await fetchHeads(session);
    await refreshDirectory(session);
  }
  takeHeads(session, rawHeads);
  await compareWithHeads(session);
}

// Give a server that is being restored what it lacks, and return what it lists then.
async function giveBack(session: Session, rows: Listed[]): Promise<Listed[]> {
  if (!session.restoring) return rows;
  session.restoring = await session.transport.restoring();
  if (session.restoring) {
    await giveBackStreams(session.transport, session.feeds, rows);
    await session.transport.givenBack();
  } else {
    // It was opened: from here on it must have all that was seen.
    await refreshDirectory(session);
  }
  return ask(session, () => session.transport.streams());
}

// Each is mostly a question to the server.
async function sideBySide<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const one = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, one));
}

function beginFeed(session: Session, log: Uint8Array): Feed {
  const feed = session.feeds.get(log) ?? new Feed(log, new Stream(log));
  session.feeds.set(log, feed);
  return feed;
}

async function checkVanished(session: Session, listed: BytesMap<Listed>): Promise<void> {
  for (const [log, feed] of session.feeds) {
    const unseen = feed.nextSeq === 0 && noteOf(session, log).pin !== null;
    const gone = !listed.has(log) && (unseen || feed.admissions.has(session.keys.person));
    if (gone && !(await mayShowLess(session))) {
      feed.stop(new RolledBack("the stream is no longer there, and nothing says why"));
      await saveFeed(session, feed);
    }
  }
}

async function checkHead(session: Session, row: Listed): Promise<void> {
  const { pin } = noteOf(session, row.log);
  const feed = session.feeds.get(row.log);
  if (pin === null || feed === undefined) return;
  const other = row.head.seq === pin.seq && !equalBytes(row.head.id, pin.id);
  if (other || (reachOf(row) < pin.seq && !(await mayShowLess(session)))) {
    feed.stop(new RolledBack("the server has less of the log than it had"));
  }
}

// Compare what was verified with what the server listed.
async function checkComplete(session: Session, row: Listed, served: boolean): Promise<void> {
  const feed = feedOf(session, row.log);
  if (feed.nextSeq <= reachOf(row)) {
    if (feed.trouble === null) feed.stop(new BrokenChain("the server does not serve what it lists"));
    return;
  }
  // Nothing more is there, so what did not fit is there no longer.
  if (!served) feed.settle();
  const off = row.until !== null && feed.admissions.has(session.keys.person);
  if (off && feed.trouble === null && !(await mayShowLess(session))) {
    feed.stop(new RolledBack("taken off the team, and nothing says by whom"));
  }
}

// The seq up to which a stream is served to me.
function reachOf(row: Listed): number {
  return row.until ?? row.head.seq;
}
