// The note of my own, which carries to my other devices how far I have read and when I was here (PROTOCOL.md 8.1).
//
// The server keeps it and cannot read it; it can show an old one, or none. So it only ever says read what stands in this
// device's own copy of a stream, and nothing waits for it.

import { compareBytes, equalBytes } from "../protocol/builtins.ts";
import { encode } from "../protocol/encoding.ts";
import { ProtocolError } from "../protocol/errors.ts";
import * as notes from "../protocol/note.ts";
import type { Marks, OwnNote, Reader, Single } from "../protocol/note.ts";
import { boxKey, NONCE_BYTES } from "../protocol/primitives.ts";
import type { Feed } from "./feed.ts";
import { putNote } from "./keeping.ts";
import { ask } from "./login.ts";
import { newest } from "./marks.ts";
import { marksOf, withMarks } from "./memory.ts";
import { beHere, EMPTY, EVERY_MS } from "./place.ts";
import { noteOf, type Session } from "./session.ts";
import { Refused, type Carried } from "./transport.ts";
import { NOTHING } from "./writing.ts";

/** Being here is no news to my other devices more often than that, until this one is left. */
const HERE_EVERY_MS = 10 * 60 * 1000;
const TRIES = 3;

/**
 * Take from the note what my other devices have read, and tell them what this one has; `now`: though it was just done.
 *
 * @throws {Unreachable} the server did not answer; it is done the next time.
 */
export async function carry(session: Session, now = false): Promise<void> {
  const { place, world } = session;
  const time = world.clock();
  if (!now && Math.abs(time - place.lookedMs) < EVERY_MS) return;
  place.lookedMs = time;
  await beHere(place, session.memory, time);
  for (let tries = 0; tries < TRIES; tries++) {
    await take(session, await ask(session, () => session.transport.ownNote()));
    const written = write(session, now ? EVERY_MS : HERE_EVERY_MS);
    if (written === null || (await put(session, written))) return;
  }
}

/** Return the note to leave behind as the keys leave memory; null if the server has it all. */
export function parting(session: Session): Carried | null {
  const { place, world } = session;
  if (place.lookedMs === -Infinity) return null;
  const time = world.clock();
  place.visits = notes.mergeVisits(place.visits, [[time, time]]);
  return write(session, EVERY_MS);
}

async function put(session: Session, written: Carried): Promise<boolean> {
  const { place } = session;
  try {
    await ask(session, () => session.transport.putOwnNote(written));
  } catch (error) {
    // Another device of mine was quicker: what it said is taken first.
    if (error instanceof Refused && error.code === "stale-note") return false;
    throw error;
  }
  place.number = written.number + 1;
  place.asOf = newestKey(session).number;
  place.carried = said(session);
  return true;
}

// Taking

async function take(session: Session, { number, data }: Carried): Promise<void> {
  const { place } = session;
  place.number = number;
  [place.asOf, place.carried] = [-1, EMPTY];
  const opened = open(session, data);
  if (opened === null) return;
  const { note, reader } = opened;
  const below = trustedBelow(session, reader.number);
  const rows: [Uint8Array, Marks][] = [];
  for (const [log, marks] of note.rows) {
    const feed = session.feeds.get(log);
    const believed = feed === undefined ? null : believe(feed, marks, below);
    if (believed !== null) await putNote(session, log, withMarks(noteOf(session, log), believed));
    // What cannot be seen from here is left to those who can.
    const handed = believed ?? (below === Infinity && !isDenied(feed, marks) ? marks : null);
    if (handed !== null) rows.push([log, handed]);
  }
  place.visits = notes.mergeVisits(place.visits, note.visits);
  [place.asOf, place.carried] = [reader.number, { visits: note.visits, rows }];
}

function open(session: Session, data: Uint8Array): { note: OwnNote; reader: Reader } | null {
  try {
    const { fingerprint, person } = session.keys;
    const reader = { fingerprint, person, number: notes.readNumber(data) };
    const secret = secretOf(session, reader.number);
    return secret === null ? null : { note: notes.openNote(secret, reader, data), reader };
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

// As far as the very entry stands here, and was written before the first loss of a device that has the key.
function believe({ entries }: Feed, marks: Marks, below: number): Marks | null {
  const last = entries[marks.read - 1];
  if (marks.read > 0 && (last === undefined || !equalBytes(startOf(last.id), marks.id))) return null;
  let { read } = marks;
  while (read > 0 && entries[read - 1]!.header.directorySeq >= below) read -= 1;
  const id = read > 0 ? startOf(entries[read - 1]!.id) : NOTHING;
  return { ...marks, read, id };
}

function isDenied(feed: Feed | undefined, { read }: Marks): boolean {
  return feed?.entries[read - 1] !== undefined;
}

// Whoever has a revoked device has the keys that it had.
function trustedBelow({ directory, keys }: Session, number: number): number {
  const me = directory.persons.get(keys.person);
  const [since = 0] = me?.readingKeys[number] ?? [];
  return Math.min(Infinity, ...(me?.revoked ?? []).filter((seq) => seq > since));
}

// Telling

// Null: it says no more than the server's, but that I am here, for less than `hereMs` longer.
function write(session: Session, hereMs: number): Carried | null {
  const { place, keys, world } = session;
  const { number, secret } = newestKey(session);
  if (secret === null) return null;
  const note = said(session);
  const { carried } = place;
  const here = (note.visits.at(-1)?.[1] ?? 0) - (carried.visits.at(-1)?.[1] ?? 0);
  if (place.asOf === number && here < hereMs && sameRows(note, carried)) return null;
  const reader = { fingerprint: keys.fingerprint, person: keys.person, number };
  return { number: place.number, data: notes.sealNote(secret, reader, note, world.random(NONCE_BYTES)) };
}

// All that this device and the server's note say together, as far as there is room.
function said(session: Session): OwnNote {
  const { place, feeds, notes: kept } = session;
  const rows: [Uint8Array, Marks][] = [];
  for (const [log, note] of kept) {
    const feed = feeds.get(log);
    if (feed === undefined) continue;
    const marks = marksOf(note);
    const read = Math.min(marks.read, feed.entries.length);
    const last = feed.entries[read - 1];
    if (read === 0 && marks.again === 0) continue;
    rows.push([log, { ...marks, read, id: last === undefined ? NOTHING : startOf(last.id) }]);
  }
  rows.sort(([a], [b]) => compareBytes(a, b));
  return fit(session, notes.mergeNotes(place.carried, { visits: place.visits, rows }));
}

// The streams with the newest posts, and what was said last of single posts.
function fit({ feeds }: Session, { visits, rows }: OwnNote): OwnNote {
  const timeOf = (log: Uint8Array) => feeds.get(log)?.entries.at(-1)?.header.time ?? 0;
  const some =
    rows.length <= notes.MAX_ROWS
      ? rows
      : [...rows].sort(([a], [b]) => timeOf(b) - timeOf(a)).slice(0, notes.MAX_ROWS);
  const kept = new Set<Single>(newest(some.flatMap(([, { singles }]) => singles)));
  const fitting = some.map(([log, marks]) => {
    return [log, { ...marks, singles: marks.singles.filter((single) => kept.has(single)) }] as const;
  });
  return { visits, rows: fitting.sort(([a], [b]) => compareBytes(a, b)) };
}

function sameRows(one: OwnNote, other: OwnNote): boolean {
  const plain = ({ rows }: OwnNote) =>
    encode(rows.map(([log, { again, read, id, singles }]) => [log, again, read, id, singles]));
  return equalBytes(plain(one), plain(other));
}

function newestKey(session: Session): { number: number; secret: Uint8Array | null } {
  const { directory, keys } = session;
  const number = (directory.persons.get(keys.person)?.readingKeys.length ?? 0) - 1;
  // Whoever has a device that was lost has a stale key.
  return { number, secret: directory.isStale(keys.person) ? null : secretOf(session, number) };
}

function secretOf({ directory, keys }: Session, number: number): Uint8Array | null {
  const [, key] = directory.persons.get(keys.person)?.readingKeys[number] ?? [];
  if (key === undefined) return null;
  return keys.readingSecrets.find((secret) => equalBytes(boxKey(secret), key)) ?? null;
}

function startOf(id: Uint8Array): Uint8Array {
  return id.slice(0, notes.ENTRY_BYTES);
}
