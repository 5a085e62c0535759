// A note of my own: how far I have read, and when I was here, for all my devices (PROTOCOL.md 8.1).
//
// It is sealed to myself, so the server that keeps it can neither read nor make one, only show an old one. Whatever order
// devices merge their notes in, the same comes out, and nothing that was said last is lost.

import { BytesMap, compareBytes, joinBytes } from "./builtins.ts";
import { decodeArray, encode, MAX_UINT, type Value } from "./encoding.ts";
import { Malformed, TooNew } from "./errors.ts";
import { decrypt, derive, encrypt, NONCE_BYTES, pad, unpad } from "./primitives.ts";
import * as shape from "./shape.ts";

export const BLOCK_BYTES = 1024;
export const MAX_NOTE_BYTES = 64 * 1024;
export const MAX_VISITS = 16;
export const MAX_ROWS = 800;
export const MAX_SINGLES = 1000;
export const ENTRY_BYTES = 16;
/** Who is away for less is still on the same visit, on whichever device. */
export const VISIT_GAP_MS = 30 * 60 * 1000;

const MANY = 2 ** 16;

/** In ms. */
export type Visit = readonly [start: number, end: number];
/** When that was said in ms, 1 for unread again and 0 for read after all. */
export type Single = readonly [seq: number, changed: number, unread: number];

/** Whose note it is, in which practice, and the number of their reading key, from 0. */
export interface Reader {
  readonly fingerprint: Uint8Array;
  readonly person: Uint8Array;
  readonly number: number;
}

/**
 * How far a log is read: all before seq `read`, and the start of the id of the last of these.
 *
 * `again`: when all was last made unread, in ms, 0 if never. `singles`: posts before `read` that were made unread again
 * one by one, in order of seq.
 */
export interface Marks {
  readonly again: number;
  readonly read: number;
  readonly id: Uint8Array;
  readonly singles: readonly Single[];
}

/** When I was here, in order; and how far I have read of each log, in order of their ids. */
export interface OwnNote {
  readonly visits: readonly Visit[];
  readonly rows: readonly (readonly [log: Uint8Array, marks: Marks])[];
}

/**
 * Seal a note with the reader's private reading key; `nonce` (24) is fresh.
 *
 * @throws {Malformed} there is more in it than fits.
 */
export function sealNote(secret: Uint8Array, reader: Reader, note: OwnNote, nonce: Uint8Array): Uint8Array {
  const rows: Value[] = note.rows.map(([log, { again, read, id, singles }]) => [log, again, read, id, singles]);
  const plain: Value[] = [note.visits, rows];
  readNote(plain);
  const [key, context] = [derive(secret, "msb/1/note-key"), encode(startOf(reader))];
  const sealed = joinBytes(nonce, encrypt(key, nonce, pad(encode(plain), BLOCK_BYTES), context));
  const data = encode(["msb/1/note", reader.number, sealed]);
  if (data.length > MAX_NOTE_BYTES) throw new Malformed("the note is too long");
  return data;
}

/**
 * Return which of its person's reading keys a note says that it is sealed with, from 0.
 *
 * @throws {Malformed} the shape does not hold.
 * @throws {TooNew} it is of another version.
 */
export function readNumber(data: Uint8Array): number {
  return split(data).number;
}

/**
 * Return a note of the reader's own.
 *
 * @throws {Malformed} the shape does not hold.
 * @throws {TooNew} it is of another version.
 * @throws {Unreadable} void, because this key did not seal it for this reader.
 */
export function openNote(secret: Uint8Array, reader: Reader, data: Uint8Array): OwnNote {
  const { sealed } = split(data);
  const [nonce, ciphertext] = [sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES)];
  const [key, context] = [derive(secret, "msb/1/note-key"), encode(startOf(reader))];
  return readNote(decodeArray(unpad(decrypt(key, nonce, ciphertext, context), BLOCK_BYTES)));
}

/** Return what two notes say together; which is which does not matter. */
export function mergeNotes(one: OwnNote, other: OwnNote): OwnNote {
  const rows = new BytesMap(one.rows);
  for (const [log, marks] of other.rows) {
    const known = rows.get(log);
    rows.set(log, known === undefined ? marks : mergeMarks(known, marks));
  }
  return {
    visits: mergeVisits(one.visits, other.visits),
    rows: [...rows].sort(([a], [b]) => compareBytes(a, b)),
  };
}

/** Return the later word on a log: read further, unless all was made unread since. */
export function mergeMarks(one: Marks, other: Marks): Marks {
  const order = one.again - other.again || one.read - other.read || compareBytes(one.id, other.id);
  const last = order < 0 ? other : one;
  const singles = new Map<number, Single>();
  for (const single of [...one.singles, ...other.singles]) {
    const [seq, changed, unread] = single;
    const known = singles.get(seq);
    // In doubt it is unread.
    if (known === undefined || (changed - known[1] || unread - known[2]) > 0) singles.set(seq, single);
  }
  return { ...last, singles: [...singles.values()].sort(([a], [b]) => a - b) };
}

/** Return the newest visits of two lists, in order; those close together are one. */
export function mergeVisits(one: readonly Visit[], other: readonly Visit[]): readonly Visit[] {
  const visits: Visit[] = [];
  for (const visit of [...one, ...other].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const [start, end] = visit;
    const before = visits.at(-1);
    if (before !== undefined && start - before[1] <= VISIT_GAP_MS) {
      visits[visits.length - 1] = [before[0], Math.max(before[1], end)];
    } else visits.push(visit);
  }
  return visits.slice(-MAX_VISITS);
}

/** Return when the visit before this one ended; 0: there was none. */
export function lastHere(visits: readonly Visit[], now: number): number {
  const ends = mergeVisits(visits, [[now, now]]).map(([, end]) => end);
  return ends.filter((end) => end < now - VISIT_GAP_MS).at(-1) ?? 0;
}

function startOf({ fingerprint, person, number }: Reader): Value[] {
  return ["msb/1/note", fingerprint, person, number];
}

function split(data: Uint8Array): { number: number; sealed: Uint8Array } {
  if (data.length > MAX_NOTE_BYTES) throw new Malformed("the note is too long");
  const items = decodeArray(data);
  if (typeof items[0] === "string" && items[0] !== "msb/1/note") {
    throw new TooNew("the note is of another version of the protocol");
  }
  const [label, number, sealed] = shape.array(items, 3, 3, "note");
  if (label !== "msb/1/note") throw new Malformed("the note does not say what it is");
  if (!(sealed instanceof Uint8Array)) throw new Malformed("the note is not sealed");
  return { number: shape.uint(number, MAX_UINT, "number"), sealed };
}

function readNote(items: readonly Value[]): OwnNote {
  const [first, second] = shape.array(items, 2, MANY, "note");
  const visits = readVisits(first);
  const rows = shape.array(second, 0, MAX_ROWS, "rows").map(readRow);
  if (!isAscending(rows, ([a], [b]) => compareBytes(a, b))) {
    throw new Malformed("rows are not in order, or one occurs twice");
  }
  if (rows.reduce((sum, [, { singles }]) => sum + singles.length, 0) > MAX_SINGLES) {
    throw new Malformed("too many single posts");
  }
  return { visits, rows };
}

/**
 * Return the visits in some value, their shape checked.
 *
 * @throws {Malformed} it does not hold, or they are not in order.
 */
export function readVisits(value: Value | undefined): readonly Visit[] {
  const visits = shape.array(value, 0, MAX_VISITS, "visits").map(readVisit);
  if (mergeVisits(visits, []).length < visits.length || !isAscending(visits, (a, b) => a[0] - b[0])) {
    throw new Malformed("visits are not in order, or too close");
  }
  return visits;
}

function readVisit(value: Value): Visit {
  const [start, end] = shape.array(value, 2, 2, "visit");
  const visit = [shape.uint(start, MAX_UINT, "from"), shape.uint(end, MAX_UINT, "until")] as const;
  if (visit[0] > visit[1]) throw new Malformed("a visit ends before it begins");
  return visit;
}

function readRow(value: Value): readonly [Uint8Array, Marks] {
  const [log, again, count, id, rows] = shape.array(value, 5, MANY, "row");
  const read = shape.uint(count, MAX_UINT, "read");
  const marks = {
    again: shape.uint(again, MAX_UINT, "again"),
    read,
    id: shape.octets(id, [read > 0 ? ENTRY_BYTES : 0], "id"),
    singles: shape.array(rows, 0, MAX_SINGLES, "singles").map(readSingle),
  };
  if (!isAscending(marks.singles, ([a], [b]) => a - b)) {
    throw new Malformed("single posts are not in order, or one occurs twice");
  }
  return [shape.octets(log, [shape.ID_BYTES], "log"), marks];
}

function readSingle(value: Value): Single {
  const [seq, changed, unread] = shape.array(value, 3, 3, "single");
  return [
    shape.uint(seq, MAX_UINT, "seq"),
    shape.uint(changed, MAX_UINT, "changed"),
    shape.uint(unread, 1, "unread"),
  ];
}

function isAscending<T>(items: readonly T[], compare: (a: T, b: T) => number): boolean {
  return items.every((item, at) => at === 0 || compare(items[at - 1]!, item) < 0);
}
