// An epoch's secret: its commitment, its boxes, and the history bundle that carries the earlier
// ones (PROTOCOL.md 7.1).

import { equalBytes } from "./builtins.ts";
import { decode, encode, MAX_UINT, type Value } from "./encoding.ts";
import { Malformed, Unreadable } from "./errors.ts";
import { derive, openBox, sealBox } from "./primitives.ts";
import * as shape from "./shape.ts";

export const SECRET_BYTES = 32;

/** Return the public commitment to an epoch's secret. */
export function commit(secret: Uint8Array, log: Uint8Array, epoch: number): Uint8Array {
  return derive(secret, "msb/1/epoch", log, epoch);
}

/** Return the one box in which a person is given an epoch's secret. */
export function makeBox(
  secret: Uint8Array,
  log: Uint8Array,
  epoch: number,
  person: Uint8Array,
  readingKey: Uint8Array,
): Uint8Array {
  const seed = derive(secret, "msb/1/box", log, epoch, person, readingKey);
  return sealBox(seed, readingKey, encodeGrant(secret, log, epoch, person, readingKey));
}

/**
 * Return the secret in a box made for `person`, whose (secret, public) reading key is `reading`.
 *
 * @throws {Unreadable} waiting, because the box is not what `makeBox` makes for this commitment.
 */
export function openEpoch(
  box: Uint8Array,
  reading: readonly [secret: Uint8Array, key: Uint8Array],
  log: Uint8Array,
  epoch: number,
  person: Uint8Array,
  commitment: Uint8Array,
): Uint8Array {
  const [plain, secret] = openGrant(reading[0], box);
  // A value has one encoding, so the same bytes are the same items.
  if (!equalBytes(plain, encodeGrant(secret, log, epoch, person, reading[1]))) {
    throw new Unreadable("waiting");
  }
  if (!equalBytes(commit(secret, log, epoch), commitment)) throw new Unreadable("waiting");
  return secret;
}

/** Return the plaintext of a `found` or `epoch` body: earlier epochs' secrets by number. */
export function encodeHistory(secrets: ReadonlyMap<number, Uint8Array>): Uint8Array {
  return encode(["msb/1/history", [...secrets].sort(([a], [b]) => a - b)]);
}

/**
 * Return the earlier secrets in the opened body of the newest epoch's entry, each checked.
 *
 * @param items the opened body.
 * @param log the stream.
 * @param commitments those of the stream, by epoch, up to the epoch whose entry this is.
 * @param dropped the epochs that are no longer carried.
 * @throws {Unreadable} void, because one is missing, too many, or not what was committed to.
 */
export function readHistory(
  items: readonly Value[],
  log: Uint8Array,
  commitments: readonly Uint8Array[],
  dropped: readonly number[],
): Map<number, Uint8Array> {
  const gone = new Set(dropped);
  const earlier = commitments.slice(0, -1).map((commitment, number) => ({ commitment, number }));
  const expected = earlier.filter(({ number }) => !gone.has(number));
  const rows = readRows(items, expected.length);
  if (rows.some(([number], at) => number !== expected[at]?.number)) throw new Unreadable("void");
  for (const [at, { commitment, number }] of expected.entries()) {
    const secret = rows[at]?.[1];
    if (secret === undefined || !equalBytes(commit(secret, log, number), commitment)) {
      throw new Unreadable("void");
    }
  }
  return new Map(rows);
}

function readRows(
  items: readonly Value[],
  count: number,
): readonly (readonly [number: number, secret: Uint8Array])[] {
  try {
    if (items.length < 2 || items[0] !== "msb/1/history") {
      throw new Malformed("not a history bundle");
    }
    return shape.array(items[1], count, count, "history").map(readRow);
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}

function readRow(value: Value): readonly [number: number, secret: Uint8Array] {
  const row = shape.array(value, 2, 2, "history");
  const number = shape.uint(row[0], MAX_UINT, "epoch");
  return [number, shape.octets(row[1], [SECRET_BYTES], "secret")];
}

function openGrant(
  readingSecret: Uint8Array,
  box: Uint8Array,
): readonly [plain: Uint8Array, secret: Uint8Array] {
  try {
    const plain = openBox(readingSecret, box);
    const items = shape.array(decode(plain), 6, 6, "box");
    return [plain, shape.octets(items[5], [SECRET_BYTES], "secret")];
  } catch (error) {
    const refused = error instanceof Malformed || error instanceof Unreadable;
    throw refused ? new Unreadable("waiting") : error;
  }
}

function encodeGrant(
  secret: Uint8Array,
  log: Uint8Array,
  epoch: number,
  person: Uint8Array,
  readingKey: Uint8Array,
): Uint8Array {
  return encode(["msb/1/grant", log, epoch, person, readingKey, secret]);
}
