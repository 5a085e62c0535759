// What witnesses have said of a log, and how new their word is (PROTOCOL.md 10): pure.
//
// A head that is in my copy of the log vouches for the server: up to its time I was shown all there was. One that is not
// shows that something is kept from me, for as long as it is not; or that the witness saw another log. Then either the
// server lies or the witness does, and no machine can tell.

import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import type { Directory } from "../protocol/directory.ts";
import { decodeArray, encode, MAX_UINT, type Value } from "../protocol/encoding.ts";
import { ForkedLog, HeldBack, ProtocolError } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import * as shape from "../protocol/shape.ts";
import { goodWitnesses, LATE_MS, OLD_MS } from "../protocol/witness.ts";
import type { Vouching } from "./shown.ts";

const MANY = 2 ** 32;

/** A verified head: which witness saw a log come how far, and when. */
export interface Seen {
  readonly key: Uint8Array;
  readonly head: Head;
  readonly time: number;
}

/**
 * What witnesses have said of one log.
 *
 * Up to `seq` (-1: nothing) it was seen by a witness at `time` as it is here; `ahead` are heads that my copy does not
 * contain, or was not compared with yet. `against` are heads in the place of which my copy has something else: one of
 * each witness, and no later word of theirs replaces it.
 */
export interface Vouched {
  readonly time: number;
  readonly seq: number;
  readonly ahead: readonly Seen[];
  readonly against: readonly Seen[];
}

export const NOT_VOUCHED: Vouched = { time: 0, seq: -1, ahead: [], against: [] };

/** Return what is known with one head more, of each witness the furthest that is not here. */
export function noteHead(vouched: Vouched, seen: Seen): Vouched {
  const isTheirs = (other: Seen) => equalBytes(other.key, seen.key);
  if (vouched.ahead.some((it) => isTheirs(it) && it.head.seq > seen.head.seq)) return vouched;
  return { ...vouched, ahead: [...vouched.ahead.filter((it) => !isTheirs(it)), seen] };
}

/**
 * Compare heads with my copy of the log; return what is known then, and what is wrong.
 *
 * `idAt` gives the id of the entry that I hold at a seq; `good` are the keys of the witnesses that count.
 */
export function settle(
  vouched: Vouched,
  idAt: (seq: number) => Uint8Array | undefined,
  good: BytesSet,
): [Vouched, ForkedLog | HeldBack | null] {
  const counting = vouched.ahead.filter(({ key }) => good.has(key));
  const kept = vouched.against.filter(({ key }) => good.has(key));
  const against = firstOfEach([...kept, ...findAgainst(counting, idAt)]);
  const accusing = new BytesSet(against.map(({ key }) => key));
  let { time, seq } = vouched;
  const ahead: Seen[] = [];
  for (const seen of counting) {
    // Who has seen another log vouches for nothing in this one.
    if (accusing.has(seen.key)) continue;
    if (idAt(seen.head.seq) === undefined) {
      ahead.push(seen);
    } else {
      time = Math.max(time, seen.time);
      seq = Math.max(seq, seen.head.seq);
    }
  }
  return [{ time, seq, ahead, against }, wrongOf(against, ahead)];
}

// The heads in the place of which my copy has something else.
function findAgainst(
  heads: readonly Seen[],
  idAt: (seq: number) => Uint8Array | undefined,
): readonly Seen[] {
  return heads.filter(({ head }) => {
    const mine = idAt(head.seq);
    return mine !== undefined && !equalBytes(mine, head.id);
  });
}

function firstOfEach(heads: readonly Seen[]): readonly Seen[] {
  const first = new BytesMap<Seen>();
  for (const seen of heads) if (!first.has(seen.key)) first.set(seen.key, seen);
  return [...first.values()];
}

function wrongOf(against: readonly Seen[], ahead: readonly Seen[]): ForkedLog | HeldBack | null {
  if (against.length > 0) return new ForkedLog("a witness has seen another log than this one");
  if (ahead.length === 0) return null;
  return new HeldBack("a witness has seen more of the log than the server shows");
}

/** Return the keys of the witnesses that say otherwise than my copy of a log, once compared. */
export function accusers({ ahead, against }: Vouched): BytesSet {
  return new BytesSet([...against, ...ahead].map(({ key }) => key));
}

/** Return what is known with what another tab has remembered against the log, as far as that counts. */
export function recall(vouched: Vouched, kept: Vouched, good: BytesSet): Vouched {
  const known = new BytesSet(vouched.against.map(({ key }) => key));
  const more = kept.against.filter(({ key }) => good.has(key) && !known.has(key));
  return more.length > 0 ? { ...vouched, against: [...vouched.against, ...more] } : vouched;
}

/**
 * Return since when nobody has vouched for a log, 0 if that is not long, or nobody is to.
 *
 * It counts from the newest head, from when the first witness was named, or from when the log was `begun`, whichever is
 * the latest.
 */
export function unvouchedSince(
  directory: Directory,
  { time }: Vouched,
  begun: number,
  now: number,
): number {
  const named = goodWitnesses(directory).map((witness) => witness.since);
  if (named.length === 0) return 0;
  const since = Math.max(time, Math.min(...named), begun <= now ? begun : 0);
  return now - since > LATE_MS ? since : 0;
}

/** Return in one word how new the word of the witnesses is: see `Vouching`. */
export function stateOf(directory: Directory, { time }: Vouched, now: number): Vouching["state"] {
  if (goodWitnesses(directory).length === 0) return "none";
  if (time === 0) return "missing";
  if (now - time > OLD_MS) return "old";
  return now - time > LATE_MS ? "late" : "good";
}

/** Return whether a removal should have been seen by a witness by now. */
export function isAlarming(directory: Directory, removed: number, now: number): boolean {
  const named = goodWitnesses(directory).map(({ since }) => since);
  return now - Math.max(removed, Math.min(now, ...named)) > LATE_MS;
}

/** Return what is known of all logs as bytes. */
export function encodeHeads(heads: BytesMap<Vouched>): Uint8Array {
  const rows = [...heads].map(([log, { time, seq, ahead, against }]): Value => {
    return [log, time, seq + 1, ahead.map(rowOf), against.map(rowOf)];
  });
  return encode([rows]);
}

function rowOf({ key, head, time }: Seen): Value {
  return [key, head.seq, head.id, time];
}

/** Return what is known of each log; what cannot be read is as good as nothing. */
export function decodeHeads(data: Uint8Array | null): BytesMap<Vouched> {
  if (data === null) return new BytesMap();
  try {
    const [rows] = shape.array(decodeArray(data), 1, 1, "heads");
    return new BytesMap(shape.array(rows, 0, MANY, "heads").map(readRow));
  } catch (error) {
    if (error instanceof ProtocolError) return new BytesMap();
    throw error;
  }
}

function readRow(value: Value): readonly [Uint8Array, Vouched] {
  const [log, time, count, ahead, against] = shape.array(value, 5, 5, "log");
  const vouched = {
    time: shape.uint(time, MAX_UINT, "time"),
    seq: shape.uint(count, MAX_UINT, "seq") - 1,
    ahead: shape.array(ahead, 0, MANY, "heads").map(readSeen),
    against: shape.array(against, 0, MANY, "heads").map(readSeen),
  };
  return [shape.octets(log, [16], "log"), vouched];
}

function readSeen(value: Value): Seen {
  const [key, seq, id, time] = shape.array(value, 4, 4, "head");
  return {
    key: shape.octets(key, [32], "key"),
    head: { seq: shape.uint(seq, MAX_UINT, "seq"), id: shape.octets(id, [32], "id") },
    time: shape.uint(time, MAX_UINT, "time"),
  };
}
