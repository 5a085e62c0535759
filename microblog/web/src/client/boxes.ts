// The boxes of a stream's newest epoch: mine is opened, everybody's is checked and put right.
//
// A box is fixed by the epoch's secret and its recipient (PROTOCOL.md 7.1), so each follower can see which are missing
// or wrong on the server, and replace them.

import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import type { Directory } from "../protocol/directory.ts";
import { encode } from "../protocol/encoding.ts";
import { makeBox } from "../protocol/epoch.ts";
import { hashLabelled } from "../protocol/primitives.ts";
import type { Feed } from "./feed.ts";
import { epochsToOpen, openBox, read } from "./opening.ts";
import { putNote } from "./keeping.ts";
import { ask } from "./login.ts";
import { noteOf, type Session } from "./session.ts";
import { Refused, type Row } from "./transport.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Get the secrets that this client lacks, from its boxes and the history bundles, and read. */
export async function openSecrets(session: Session, feed: Feed): Promise<void> {
  const { person, readingSecrets } = session.keys;
  read(feed);
  for (const epoch of epochsToOpen(feed, person)) {
    const box = new BytesMap(await stored(session, feed, epoch)).get(person);
    if (box !== undefined && openBox(feed, epoch, box, person, readingSecrets)) {
      read(feed);
      return;
    }
  }
}

/**
 * Put right the boxes of the newest epoch that are missing or wrong on the server.
 *
 * This is done whenever the epoch, the list or somebody's key has changed, and once a day.
 */
export async function checkBoxes(session: Session, feed: Feed): Promise<void> {
  const { epoch } = feed.stream;
  const secret = feed.secrets.get(epoch);
  if (feed.trouble !== null || session.trouble !== null || secret === undefined) return;
  if (!feed.admissions.has(session.keys.person)) return;
  const keys = readingKeys(session, feed);
  const mark = markOf(session, epoch, keys);
  if (equalBytes(noteOf(session, feed.log).boxes, mark)) return;
  const there = new BytesMap(await stored(session, feed, epoch));
  const wrong: Row[] = [];
  for (const [person, key] of keys) {
    const right = makeBox(secret, feed.log, epoch, person, key);
    const found = there.get(person);
    if (found === undefined || !equalBytes(found, right)) wrong.push([person, right]);
  }
  try {
    if (wrong.length > 0) {
      await ask(session, () => session.transport.putBoxes(feed.log, epoch, wrong));
    }
  } catch (error) {
    // A newer epoch, or somebody else was quicker: seen at the next refresh.
    if (error instanceof Refused) return;
    throw error;
  }
  await putNote(session, feed.log, { ...noteOf(session, feed.log), boxes: mark });
}

/**
 * Return the directory's reading keys of those who may read what comes next.
 *
 * Whose key is stale is given their box as soon as they have another.
 */
export function readingKeys({ directory }: Session, feed: Feed): BytesMap<Uint8Array> {
  const keys = new BytesMap<Uint8Array>();
  for (const [person] of feed.recipients(directory)) {
    const key = readingKeyOf(directory, person);
    if (key !== null) keys.set(person, key);
  }
  return keys;
}

/**
 * Return what something is sealed to for a person: nothing, while their key is stale.
 *
 * Whoever has the device that they lost may hold it.
 */
export function readingKeyOf(directory: Directory, person: Uint8Array): Uint8Array | null {
  const known = directory.persons.get(person);
  return known === undefined || directory.isStale(person) ? null : known.readingKey;
}

async function stored(session: Session, feed: Feed, epoch: number): Promise<Row[]> {
  try {
    return await ask(session, () => session.transport.boxes(feed.log, epoch));
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}

// What is kept of it is short: a hash, of whatever label.
function markOf({ world }: Session, epoch: number, keys: BytesMap<Uint8Array>): Uint8Array {
  const rows = [...keys].map(([person, key]) => [person, key]);
  const day = Math.floor(world.clock() / DAY_MS);
  return hashLabelled("msb/1/store", encode([epoch, day, rows]));
}
