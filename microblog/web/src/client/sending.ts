// Sending to a log: build on its newest state, check as everyone will, append; again if beaten.
//
// Nothing of a refused attempt is used again (PROTOCOL.md 3): each attempt calls its builder anew, which draws fresh
// secrets, salts and nonces.

import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import { DIRECTORY, encodeEntry, type Entry } from "../protocol/entry.ts";
import { SECRET_BYTES } from "../protocol/epoch.ts";
import { RolledBack } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import { readingKeys } from "./boxes.ts";
import type { Feed } from "./feed.ts";
import { denyDirectory, refreshDirectory, takeDirectory } from "./directory.ts";
import { refreshLog } from "./finishing.ts";
import { history, needsEpoch, read } from "./opening.ts";
import { saveFeed } from "./keeping.ts";
import { ask } from "./login.ts";
import { checkMayWrite, checkTrusted, checkUnlocked, freshOf, writerOf, type Session } from "./session.ts";
import { StaleHead, Unreachable } from "./transport.ts";
import { after, newEpoch, type Fresh, type Place } from "./writing.ts";

const TRIES = 8;

/**
 * Entries for one request to a stream, each built on the one before.
 *
 * `place` is where the next one stands, `secrets` those of this stream's epochs.
 */
export class Batch {
  readonly session: Session;
  readonly feed: Feed;
  readonly secrets: Map<number, Uint8Array>;
  readonly entries: Entry[] = [];
  place: Place;

  constructor(session: Session, feed: Feed) {
    const { stream } = feed;
    this.session = session;
    this.feed = feed;
    this.secrets = new Map(feed.secrets);
    this.place = {
      log: feed.log,
      head: stream.head,
      // PROTOCOL.md 3: times never decrease.
      time: Math.max(session.world.clock(), stream.time),
      epoch: Math.max(stream.epoch, 0),
      directory: session.directory.head,
    };
  }

  /** The secret of the epoch that the next entry stands in. */
  get secret(): Uint8Array {
    const secret = this.secrets.get(this.place.epoch);
    if (secret === undefined) throw new RangeError("the epoch has no secret here");
    return secret;
  }

  /** Return randomness for the next entry. */
  fresh(): Fresh {
    return freshOf(this.session.world);
  }

  /** Take in the next entry. */
  add(entry: Entry): void {
    this.entries.push(entry);
    this.place = after(this.place, entry);
  }
}

/**
 * Begin a new epoch if one is due: after a loss, or when the newest bundle is void.
 *
 * It is due too before someone is let in who lost a device since the newest epoch began: it would be due after their
 * grant, and nothing could follow that in one request.
 */
export function addDueEpoch(batch: Batch, newcomer: Uint8Array | null = null): void {
  const { feed, session } = batch;
  const { directory } = session;
  const newest = directory.ids.length - 1;
  const lost = newcomer !== null && directory.isLost(newcomer, feed.stream.epochView, newest);
  if (lost || needsEpoch(feed, directory)) addEpoch(batch, new BytesSet());
}

/** Begin a new epoch, without some and without whoever has left. */
export function addEpoch(batch: Batch, without: BytesSet): void {
  const { session, feed } = batch;
  const epoch = batch.place.epoch + 1;
  const secrets = new Map([...history(feed), [epoch, session.world.random(SECRET_BYTES)] as const]);
  const rows = feed.recipients(session.directory).filter(([person]) => !without.has(person));
  const place = { ...batch.place, epoch };
  const keys = readingKeys(session, feed);
  batch.add(newEpoch(writerOf(session), place, batch.fresh(), secrets, rows, keys));
  for (const [number, secret] of secrets) batch.secrets.set(number, secret);
}

/**
 * Append to a stream what `write` puts into an empty batch, on the stream's newest state.
 *
 * `isDone` is asked of that state first: an attempt whose answer was lost may stand in it. `begin` is told of each
 * attempt before it leaves; if it throws, it does not.
 *
 * @throws {InTrouble | NotAllowed | Waiting} see `checkMayWrite`.
 * @throws {ProtocolError} what was written is not allowed.
 * @throws {Refused} the server does not take it.
 * @throws {Unreachable} it is not known whether the server has it.
 */
export async function send(
  session: Session,
  log: Uint8Array,
  write: (batch: Batch) => void,
  isDone: (feed: Feed) => boolean | Promise<boolean> = () => false,
  begin: (batch: Batch) => void | Promise<void> = () => undefined,
): Promise<void> {
  const tried: Uint8Array[] = [];
  let beaten = new StaleHead("", null);
  for (let count = 0; count < TRIES; count++) {
    const feed = await refreshLog(session, log);
    // A server may say no and keep it all the same.
    if (tried.some((id) => feed.contains(id)) || (await isDone(feed))) return;
    checkUnlocked(session);
    checkMayWrite(session, feed);
    const batch = new Batch(session, feed);
    write(batch);
    feed.check(batch.entries, session.directory);
    await begin(batch);
    try {
      await deliver(session, log, batch.entries);
    } catch (error) {
      if (!(error instanceof StaleHead)) throw error;
      await checkStale(session, feed, error);
      const last = batch.entries.at(-1);
      if (last !== undefined) tried.push(last.id);
      beaten = error;
      continue;
    }
    await accept(batch);
    return;
  }
  throw beaten;
}

/** Take what the server has taken into the feed. */
export async function accept({ session, feed, secrets, entries }: Batch): Promise<void> {
  for (const [epoch, secret] of secrets) feed.secrets.set(epoch, secret);
  feed.take(entries.map(encodeEntry), session.directory);
  read(feed);
  await saveFeed(session, feed);
}

/**
 * Append to the directory what `write` makes for a place in it, and return it.
 *
 * As, with the same errors, `sendAllToDirectory`.
 */
export async function sendToDirectory(
  session: Session,
  write: (place: Place, fresh: Fresh) => Entry,
  check: (session: Session) => void = checkTrusted,
): Promise<Entry> {
  const writeOne = (place: Place) => [write(place, freshOf(session.world))];
  const [entry] = await sendAllToDirectory(session, writeOne, check);
  if (entry === undefined) throw new RangeError("nothing was written");
  return entry;
}

/**
 * Append to the directory, all or none, the entries that `write` makes, and return them.
 *
 * `check` is asked whether they may be sent, each time that the directory has been brought up to date.
 *
 * @throws {InTrouble} the directory cannot be trusted.
 * @throws {ProtocolError} one is not allowed.
 * @throws {Refused} the server does not take them.
 * @throws {Unreachable} it is not known whether the server has them.
 */
export async function sendAllToDirectory(
  session: Session,
  write: (place: Place) => readonly Entry[],
  check: (session: Session) => void = checkTrusted,
): Promise<readonly Entry[]> {
  const tried = new BytesMap<readonly Entry[]>();
  let beaten = new StaleHead("", null);
  for (let count = 0; count < TRIES; count++) {
    await refreshDirectory(session);
    check(session);
    const done = session.directory.ids.findLast((id) => tried.has(id));
    const stands = done && tried.get(done);
    if (stands !== undefined) return stands;
    const entries = write(directoryPlace(session));
    const [, wrong] = session.directory.extend(entries);
    if (wrong !== null) throw wrong;
    try {
      await deliver(session, DIRECTORY, entries);
    } catch (error) {
      if (!(error instanceof StaleHead)) throw error;
      if (goesBack(session.directory.head, error.head)) await denyDirectory(session);
      const last = entries.at(-1);
      if (last !== undefined) tried.set(last.id, entries);
      beaten = error;
      continue;
    }
    await takeDirectory(session, session.directory.ids.length, entries.map(encodeEntry));
    return entries;
  }
  throw beaten;
}

/** Return where the next entry of the directory stands. */
export function directoryPlace({ directory, world }: Session): Place {
  const time = Math.max(world.clock(), directory.time);
  return { log: DIRECTORY, head: directory.head, time, epoch: 0, directory: null };
}

/**
 * Hand entries to the server; once more, the same bytes, if nothing came back.
 *
 * The same entries sent twice are answered as done, so this doubles nothing.
 */
export async function deliver(
  session: Session,
  log: Uint8Array,
  entries: readonly Entry[],
): Promise<void> {
  const rawEntries = entries.map(encodeEntry);
  // To whom has no device, no stream is there.
  const attempt = () =>
    ask(session, () => session.transport.append(log, rawEntries), "not-found");
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    await attempt();
  }
}

async function checkStale(session: Session, feed: Feed, stale: StaleHead): Promise<void> {
  if (!goesBack(feed.stream.head, stale.head)) return;
  feed.stop(new RolledBack("the server has less of the log than it had"));
  await saveFeed(session, feed);
  checkTrusted(session, feed);
}

function goesBack(mine: Head | null, theirs: Head | null): boolean {
  if (mine === null) return false;
  if (theirs === null || theirs.seq < mine.seq) return true;
  return theirs.seq === mine.seq && !equalBytes(theirs.id, mine.id);
}
