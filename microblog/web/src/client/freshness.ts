// Whether the server shows all there is: what witnesses say, against what it shows me.
//
// Heads are asked for before the logs that they are of: so whatever one names must be in what is served after it. If it
// is not, the server keeps something back, and that is the log's trouble for as long as it does. If something else stands
// there, others were shown another log, or the witness lies: that is its trouble until a steward has found out, and ended
// the witness if it was that.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import { rulesOf } from "../protocol/directory.ts";
import { DIRECTORY } from "../protocol/entry.ts";
import { ForkedLog, HeldBack, ProtocolError } from "../protocol/errors.ts";
import { decodeHead, findWitness, goodWitnesses, LATE_MS } from "../protocol/witness.ts";
import { StorageFull } from "./database.ts";
import type { Feed } from "./feed.ts";
import * as heads from "./heads.ts";
import { noteHead, NOT_VOUCHED, stateOf, unvouchedSince } from "./heads.ts";
import { ask, mayShowLess } from "./login.ts";
import { checkUnlocked, type Session } from "./session.ts";
import type { Trouble, Vouching, Witness } from "./shown.ts";

/** Return whether the directory names a witness, so that its word is to be asked for. */
export function hasWitness({ directory }: Session): boolean {
  return goodWitnesses(directory).length > 0;
}

/** Return the heads that the server has for me; nothing about them is verified. */
export async function fetchHeads(session: Session): Promise<readonly Uint8Array[]> {
  return hasWitness(session) ? ask(session, () => session.transport.heads()) : [];
}

/**
 * Note the heads that a witness named by the directory has signed; others are nothing.
 *
 * They are compared with a log when that is looked at next: see `checkHeads`.
 */
export function takeHeads(session: Session, rawHeads: readonly Uint8Array[]): void {
  const { directory, vouched, world } = session;
  const latest = world.clock() + LATE_MS;
  for (const raw of rawHeads) {
    try {
      const signed = decodeHead(raw);
      const key = findWitness(signed, directory);
      const { log, head, time } = signed.sighting;
      // A witness whose clock was once far ahead would else seem new for as long.
      if (time > latest) continue;
      vouched.set(log, noteHead(vouched.get(log) ?? NOT_VOUCHED, { key, head, time }));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }
}

/**
 * Compare a stream as it was served with what witnesses saw of it.
 *
 * Whoever was taken off gets nothing newer, and hears of nothing newer.
 */
export async function checkHeads(session: Session, feed: Feed): Promise<void> {
  // An entry that is false is not another log.
  const isWhole = () => feed.verify(feed.posts, session.directory) === null;
  const wrong = settleLog(session, feed.log, (seq) => feed.entries[seq]?.id, isWhole);
  if (wrong instanceof ForkedLog) {
    feed.stop(wrong);
    // At once: a server that breaks off here must not be rid of it by a restart.
    await saveHeads(session);
    return;
  }
  feed.rejoin();
  if (wrong instanceof HeldBack) {
    const listed = feed.admissions.has(session.keys.person);
    if (listed && feed.trouble === null && !(await mayShowLess(session))) feed.stop(wrong);
  } else if (feed.trouble?.error === "HeldBack") {
    feed.settle();
  }
}

/**
 * Compare the directory as it was served with what witnesses saw of it.
 *
 * With what else is wrong with it, nothing is compared; what witnesses cause, they take away.
 */
export async function checkDirectoryHeads(session: Session): Promise<void> {
  if (session.trouble !== null && !isWitnessed(session.trouble)) return;
  const { ids } = session.directory;
  const wrong = settleLog(session, DIRECTORY, (seq) => ids[seq]);
  const excused = wrong instanceof HeldBack && (await mayShowLess(session));
  session.trouble = wrong && !excused ? { error: wrong.name, seq: ids.length } : null;
  if (wrong instanceof ForkedLog) await saveHeads(session);
}

/** Compare the logs again in whose trouble witnesses are: one of them may have been ended. */
export async function recheckHeads(session: Session): Promise<void> {
  for (const feed of [...session.feeds.values()]) {
    if (feed.trouble !== null && isWitnessed(feed.trouble)) await checkHeads(session, feed);
  }
}

/** Return whether it is on the word of a witness that something is wrong. */
export function isWitnessed({ error }: Trouble): boolean {
  return error === "ForkedLog" || error === "HeldBack";
}

/** Return whether the directory is in trouble on the word of that witness. */
export function isAccused({ trouble, vouched }: Session, key: Uint8Array): boolean {
  if (trouble === null || !isWitnessed(trouble)) return false;
  return heads.accusers(vouched.get(DIRECTORY) ?? NOT_VOUCHED).has(key);
}

function settleLog(
  { directory, vouched }: Session,
  log: Uint8Array,
  idAt: (seq: number) => Uint8Array | undefined,
  isWhole: () => boolean = () => true,
): ForkedLog | HeldBack | null {
  const known = vouched.get(log);
  if (known === undefined) return null;
  const good = keysOf(directory);
  let [settled, wrong] = heads.settle(known, idAt, good);
  if (wrong instanceof ForkedLog && !isWhole()) [settled, wrong] = heads.settle(known, idAt, good);
  vouched.set(log, settled);
  return wrong;
}

function keysOf(directory: Session["directory"]): BytesSet {
  return new BytesSet(goodWitnesses(directory).map(({ key }) => key));
}

/** Remember what witnesses have said, if there is anything new. */
export async function saveHeads(session: Session): Promise<void> {
  const { directory, feeds, memory, vouched } = session;
  checkUnlocked(session);
  const kept = await memory.aside("heads");
  // Another tab may know of more that speaks against a log: nobody's saving makes that forgotten.
  for (const [log, known] of heads.decodeHeads(kept)) {
    vouched.set(log, heads.recall(vouched.get(log) ?? NOT_VOUCHED, known, keysOf(directory)));
  }
  const mine = [...vouched].filter(([log]) => equalBytes(log, DIRECTORY) || feeds.has(log));
  if (mine.length === 0) return;
  const data = heads.encodeHeads(new BytesMap(mine));
  if (kept !== null && equalBytes(kept, data)) return;
  try {
    checkUnlocked(session);
    await memory.putAside("heads", data);
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    session.full = true;
  }
}

/**
 * Return since when nobody has vouched for the directory or a stream; 0: someone has lately.
 *
 * Either will do to hide a removal: that of a device, or that of a follower.
 */
export function unvouched({ directory, vouched, world }: Session, feed: Feed): number {
  const now = world.clock();
  const begun = feed.entries[0]?.header.time ?? 0;
  const since = [
    unvouchedSince(directory, vouched.get(DIRECTORY) ?? NOT_VOUCHED, 0, now),
    unvouchedSince(directory, vouched.get(feed.log) ?? NOT_VOUCHED, begun, now),
  ].filter((time) => time > 0);
  return since.length > 0 ? Math.min(...since) : 0;
}

/** Ask for newer heads before posting, if those that are known are not new enough. */
export async function askIfUnvouched(session: Session, feed: Feed): Promise<void> {
  if (unvouched(session, feed) > 0) takeHeads(session, await fetchHeads(session));
}

/** Return whether the practice lets an author post all the same. */
export function maySendUnvouched({ directory }: Session): boolean {
  return rulesOf(directory).get("send-unvouched") !== 0;
}

/** Return how new the word of the witnesses on the directory is. */
export function showVouching(session: Session): Vouching {
  const { directory, vouched, world } = session;
  const known = vouched.get(DIRECTORY) ?? NOT_VOUCHED;
  const state = stateOf(directory, known, world.clock());
  return { named: hasWitness(session), newest: known.time, state };
}

/** Return all witnesses that were ever named, in the order in which they were. */
export function showWitnesses(session: Session): Witness[] {
  const accusing = findAccusers(session);
  return [...session.directory.witnesses.values()]
    .sort((a, b) => a.fromSeq - b.fromSeq)
    .map(({ key, since, untilSeq }) => ({
      key: encodeBase64url(key),
      since,
      ended: untilSeq !== null,
      accuses: accusing.has(key),
    }));
}

// The keys of the witnesses on whose word anything is in trouble.
function findAccusers({ feeds, trouble, vouched }: Session): BytesSet {
  const logs = [...feeds].filter(([, feed]) => feed.trouble !== null && isWitnessed(feed.trouble));
  const wrong = logs.map(([log]) => log);
  if (trouble !== null && isWitnessed(trouble)) wrong.push(DIRECTORY);
  return new BytesSet(wrong.flatMap((log) => [...heads.accusers(vouched.get(log) ?? NOT_VOUCHED)]));
}
