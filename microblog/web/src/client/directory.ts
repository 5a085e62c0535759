// The directory, kept up: fetched first of all, and checked entry by entry before it counts.
//
// It never goes back: if the server shows less of it than was seen, or another, that is its trouble for good. If a witness has seen
// more of it, or another, it goes on being fetched all the same: the entry that ends a witness that lies stands in it.

import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import { decodeEntry, DIRECTORY, type Entry } from "../protocol/entry.ts";
import { ProtocolError, RolledBack } from "../protocol/errors.ts";
import { checkPin } from "../protocol/log.ts";
import { Pace } from "./pace.ts";
import { checkDirectoryHeads, isWitnessed, recheckHeads } from "./freshness.ts";
import { saveDirectory } from "./keeping.ts";
import { completeKeys } from "./keyring.ts";
import { ask, mayShowLess, mustHold } from "./login.ts";
import { noteOf, rolledBack, type Session } from "./session.ts";

const AT_ONCE = 64; // entries between two looks at the clock

/**
 * Fetch and check what is new in the directory.
 *
 * It asks from the newest entry it has, to see that this is still there.
 */
export async function refreshDirectory(session: Session): Promise<void> {
  if (session.trouble?.error === "RolledBack") return;
  if (isStopped(session)) session.trouble = null;
  let more = true;
  while (more && !isStopped(session)) {
    const before = session.directory.ids.length;
    const since = Math.max(before - 1, 0);
    const wanted = new BytesMap([[DIRECTORY, since]]);
    const fetched = await ask(session, () => session.transport.fetch(wanted));
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
  if (!isStopped(session)) await checkDirectoryPin(session);
  await compareWithHeads(session);
}

function isStopped({ trouble }: Session): boolean {
  return trouble !== null && !isWitnessed(trouble);
}

/** Add directory entries served from `since` on; the first that does not fit is the trouble. */
export async function takeDirectory(
  session: Session,
  since: number,
  rawEntries: readonly Uint8Array[],
): Promise<void> {
  const known = session.directory.ids.slice(since);
  if (!beginsWith(rawEntries, known)) {
    if (rawEntries.length > 0 || !(await mayShowLess(session))) await denyDirectory(session);
    return;
  }
  const before = session.directory.ids.length;
  const fresh = rawEntries.slice(known.length);
  const pace = new Pace();
  for (let at = 0; at < fresh.length && !isStopped(session); at += AT_ONCE) {
    const [directory, error] = session.directory.extend(decoded(fresh.slice(at, at + AT_ONCE)));
    session.directory = directory;
    if (error !== null) session.trouble = { error: error.name, seq: directory.ids.length };
    await pace.rest();
  }
  const count = session.directory.ids.length;
  // Before it is saved, which moves the pin on: one that came with the keys may be older.
  const { pin } = noteOf(session, DIRECTORY);
  const pinned = pin === null ? undefined : session.directory.ids[pin.seq];
  if (pin !== null && pinned !== undefined && !equalBytes(pinned, pin.id)) {
    await denyDirectory(session);
    return;
  }
  const kept = fresh.slice(0, count - before);
  await saveDirectory(session, new Map(kept.map((raw, index) => [before + index, raw])));
  await completeKeys(session);
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
    const { ids } = session.directory;
    if (pin !== null && (await mustHold(session, pin, ids.length))) checkPin(pin, ids);
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    await denyDirectory(session);
  }
}

/**
 * Note it if witnesses have seen more of the directory than is here, or another.
 *
 * Whether they count is for the directory to say: so whatever else they stopped is looked at, too.
 */
export async function compareWithHeads(session: Session): Promise<void> {
  await checkDirectoryHeads(session);
  await recheckHeads(session);
}

/** Note that the server has less of the directory than it had, or another; for good. */
export async function denyDirectory(session: Session): Promise<void> {
  session.trouble = rolledBack(session.directory.ids.length);
  await saveDirectory(session, new Map());
}
