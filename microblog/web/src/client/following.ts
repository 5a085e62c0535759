// Keeping up: the directory first, then every stream that I follow, each checked before it counts.
//
// A log never goes back (PROTOCOL.md 9, pins): if the server shows less of one than was seen, or another, or no longer
// lists a stream without a removal that can be verified, that is its trouble for good.

import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import { decodeEntry, DIRECTORY, type Entry } from "../protocol/entry.ts";
import { BrokenChain, DirectoryBehind, ProtocolError, RolledBack } from "../protocol/errors.ts";
import { checkPin } from "../protocol/log.ts";
import { Stream } from "../protocol/stream.ts";
import { fetchAsks } from "./asks.ts";
import { checkBoxes, openSecrets } from "./boxes.ts";
import { Feed } from "./feed.ts";
import { withheld } from "./opening.ts";
import {
  ask,
  feedOf,
  noteOf,
  rolledBack,
  saveDirectory,
  saveFeed,
  type Session,
} from "./session.ts";
import { Unreachable, type Fetched, type Listed } from "./transport.ts";

const MAX_LOGS = 256;

/**
 * Fetch and check what is new in the directory and in all streams, and put boxes right.
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
  await refreshDirectory(session);
  const rows = await ask(session, () => session.transport.streams());
  const listed = new BytesMap(
    rows.filter(({ log }) => !equalBytes(log, DIRECTORY)).map((row) => [row.log, row] as const),
  );
  await checkVanished(session, listed);
  for (const row of listed.values()) checkHead(session, row);
  const total = [...listed.values()].reduce((sum, { head }) => sum + head.seq + 1, 0);
  const wanted = [...listed].map(([log, row]) => ({ log, row, since: wantedOf(session, log) }));
  const fresh = wanted.filter(({ row, since }) => since <= reachOf(row));
  const since = new BytesMap(fresh.map((each) => [each.log, each.since] as const));
  const served = await fetchStreams(session, since, total);
  let done = 0;
  for (const row of listed.values()) {
    session.world.progress("check", done++, listed.size);
    checkComplete(session, row, served.has(row.log));
    await finish(session, row.log);
  }
  await fetchAsks(session);
}

/** Fetch and check what is new in the directory and in one stream that I know. */
export async function refreshLog(session: Session, log: Uint8Array): Promise<Feed> {
  const feed = feedOf(session, log);
  await refreshDirectory(session);
  await fetchStreams(session, new BytesMap([[log, wantedOf(session, log)]]), 0);
  await finish(session, log);
  return feed;
}

// The directory

/**
 * Fetch and check what is new in the directory.
 *
 * It asks from the newest entry it has, to see that this is still there.
 */
export async function refreshDirectory(session: Session): Promise<void> {
  if (session.trouble?.error === "RolledBack") return;
  session.trouble = null;
  let more = true;
  while (more && troubleOf(session) === null) {
    const before = session.directory.ids.length;
    const since = Math.max(before - 1, 0);
    const fetched = await fetchBatch(session, new BytesMap([[DIRECTORY, since]]));
    const replies = fetched.filter(({ log }) => equalBytes(log, DIRECTORY));
    await takeDirectory(
      session,
      since,
      replies.flatMap(({ entries }) => entries),
    );
    const count = session.directory.ids.length;
    more = count > before && replies.some((reply) => reply.more);
    session.world.progress("fetch", count, 0);
  }
  if (troubleOf(session) === null) await checkDirectoryPin(session);
}

// The type checker would otherwise remember what stood there before an await.
function troubleOf(session: Session): Session["trouble"] {
  return session.trouble;
}

/** Add directory entries served from `since` on; the first that does not fit is the trouble. */
export async function takeDirectory(
  session: Session,
  since: number,
  rawEntries: readonly Uint8Array[],
): Promise<void> {
  const known = session.directory.ids.slice(since);
  if (!beginsWith(rawEntries, known)) {
    await denyDirectory(session);
    return;
  }
  const before = session.directory.ids.length;
  const fresh = rawEntries.slice(known.length);
  const [directory, error] = session.directory.extend(decoded(fresh));
  session.directory = directory;
  const count = directory.ids.length;
  if (error !== null) session.trouble = { error: error.name, seq: count };
  const kept = fresh.slice(0, count - before);
  await saveDirectory(session, new Map(kept.map((raw, index) => [before + index, raw])));
}

function* decoded(rawEntries: readonly Uint8Array[]): Generator<Entry> {
  for (const raw of rawEntries) yield decodeEntry(raw);
}

function beginsWith(rawEntries: readonly Uint8Array[], ids: readonly Uint8Array[]): boolean {
  try {
    return ids.every((id, at) => {
      const raw = rawEntries[at];
      return raw !== undefined && equalBytes(decodeEntry(raw).id, id);
    });
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

async function checkDirectoryPin(session: Session): Promise<void> {
  const { pin } = noteOf(session, DIRECTORY);
  try {
    if (pin !== null) checkPin(pin, session.directory.ids);
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    await denyDirectory(session);
  }
}

/** Note that the server has less of the directory than it had, or another; for good. */
export async function denyDirectory(session: Session): Promise<void> {
  session.trouble = rolledBack(session.directory.ids.length);
  await saveDirectory(session, new Map());
}

// Streams

function wantedOf(session: Session, log: Uint8Array): number {
  const feed = session.feeds.get(log) ?? new Feed(log, new Stream(log));
  session.feeds.set(log, feed);
  return Math.min(feed.nextSeq, ...withheld(feed));
}

// Fetch streams from the seqs wanted on, and return those of which something was served.
async function fetchStreams(
  session: Session,
  wanted: BytesMap<number>,
  total: number,
): Promise<BytesSet> {
  const served = new BytesSet();
  let asked = wanted;
  while (asked.size > 0) {
    const batch = new BytesMap([...asked].slice(0, MAX_LOGS));
    const fetched = await fetchBatch(session, batch);
    const replies = new BytesMap(
      fetched
        .filter(({ log, entries }) => batch.has(log) && entries.length > 0)
        .map((reply) => [reply.log, reply] as const),
    );
    for (const [log, reply] of replies) {
      if (!served.has(log)) session.feeds.get(log)?.settle();
      await take(session, reply);
      served.add(log);
    }
    const cut = replies.size > 0 && fetched.some(({ more }) => more);
    asked = stillWanted(session, asked, batch, replies, cut);
    const done = [...session.feeds.values()].reduce((sum, feed) => sum + feed.nextSeq, 0);
    session.world.progress("fetch", done, total);
  }
  return served;
}

async function fetchBatch(session: Session, batch: BytesMap<number>): Promise<Fetched[]> {
  return ask(session, () => session.transport.fetch(batch));
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
      if (feed?.trouble === null && following <= feed.nextSeq) still.set(log, following);
    }
  }
  return still;
}

async function take(session: Session, { log, entries }: Fetched): Promise<void> {
  const feed = feedOf(session, log);
  try {
    feed.take(entries, session.directory);
    return;
  } catch (error) {
    if (!(error instanceof DirectoryBehind)) throw error;
  }
  // Written since the directory was fetched a moment ago.
  await refreshDirectory(session);
  try {
    feed.take(entries, session.directory);
  } catch (error) {
    if (!(error instanceof DirectoryBehind)) throw error;
    feed.stop(error);
  }
}

async function checkVanished(session: Session, listed: BytesMap<Listed>): Promise<void> {
  for (const [log, feed] of session.feeds) {
    const unseen = feed.nextSeq === 0 && noteOf(session, log).pin !== null;
    if (!listed.has(log) && (unseen || feed.admissions.has(session.keys.person))) {
      feed.stop(new RolledBack("the stream is no longer there, and nothing says why"));
      await saveFeed(session, feed);
    }
  }
}

function checkHead(session: Session, row: Listed): void {
  const { pin } = noteOf(session, row.log);
  const feed = session.feeds.get(row.log);
  if (pin === null || feed === undefined) return;
  const other = row.head.seq === pin.seq && !equalBytes(row.head.id, pin.id);
  if (reachOf(row) < pin.seq || other) {
    feed.stop(new RolledBack("the server has less of the log than it had"));
  }
}

// Compare what was verified with what the server listed.
function checkComplete(session: Session, row: Listed, served: boolean): void {
  const feed = feedOf(session, row.log);
  if (feed.nextSeq <= reachOf(row)) {
    if (feed.trouble === null) feed.stop(new BrokenChain("the server does not serve what it lists"));
    return;
  }
  // Nothing more is there, so what did not fit is there no longer.
  if (!served) feed.settle();
  if (row.until !== null && feed.admissions.has(session.keys.person) && feed.trouble === null) {
    feed.stop(new RolledBack("taken off the team, and nothing says by whom"));
  }
}

// The seq up to which a stream is served to me.
function reachOf(row: Listed): number {
  return row.until ?? row.head.seq;
}

// Open what can be opened of a stream just fetched, put its boxes right, and remember it.
async function finish(session: Session, log: Uint8Array): Promise<void> {
  const feed = feedOf(session, log);
  const { person } = session.keys;
  const note = session.notes.get(log);
  if (!feed.admissions.has(person) && !feed.removals.has(person) && note === undefined) {
    // Nothing of ours, whatever the server says, unless it does not let us see whether it is.
    if (feed.trouble === null) session.feeds.delete(log);
    return;
  }
  if (note?.pin && feed.trouble === null) feed.checkPin(note.pin, session.directory);
  await openSecrets(session, feed);
  await checkBoxes(session, feed);
  await saveFeed(session, feed);
}
