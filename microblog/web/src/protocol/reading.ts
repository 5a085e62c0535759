// Reading keys on their way to one of their person's devices (PROTOCOL.md 4).

import { equalBytes } from "./builtins.ts";
import { decodeArray, encode, type Value } from "./encoding.ts";
import { Malformed, Unreadable } from "./errors.ts";
import { boxKey, openBox, sealBox } from "./primitives.ts";
import * as shape from "./shape.ts";

/** Whose reading keys they are, in which practice, and for which of their devices. */
export interface Owner {
  readonly fingerprint: Uint8Array;
  readonly person: Uint8Array;
  readonly device: Uint8Array;
}

/** Seal a person's private reading keys, oldest first, to a box key; `seed` is fresh. */
export function sealReading(
  seed: Uint8Array,
  owner: Owner,
  recipient: Uint8Array,
  secrets: readonly Uint8Array[],
): Uint8Array {
  const { fingerprint, person, device } = owner;
  const plain = encode(["msb/1/reading", fingerprint, person, device, secrets]);
  return sealBox(seed, recipient, plain);
}

/**
 * Return the private reading keys that were sealed to a device, oldest first.
 *
 * @param boxSecret the device's.
 * @param sealed what an entry of its person says was sealed to it.
 * @param owner who the device is.
 * @param keys the person's public reading keys by the directory, oldest first.
 * @throws {Unreadable} void, because it does not open, is another's, or holds what is no key of
 *   theirs.
 */
export function openReading(
  boxSecret: Uint8Array,
  sealed: Uint8Array,
  owner: Owner,
  keys: readonly Uint8Array[],
): readonly Uint8Array[] {
  const [start, secrets] = readSealed(openBox(boxSecret, sealed));
  const { fingerprint, person, device } = owner;
  const whose = [fingerprint, person, device];
  const isOurs = start[0] === "msb/1/reading" && whose.every((id, at) => isBytes(start[at + 1], id));
  if (!isOurs) throw new Unreadable("void");
  const places = secrets.map((secret) => placeOf(keys, boxKey(secret)));
  if (places.some((place, at) => place < 0 || (at > 0 && places[at - 1]! >= place))) {
    throw new Unreadable("void");
  }
  return secrets;
}

function readSealed(plain: Uint8Array): readonly [start: readonly Value[], secrets: readonly Uint8Array[]] {
  try {
    const items = shape.array(decodeArray(plain), 5, 2 ** 16, "reading keys");
    const secrets = shape.array(items[4], 0, 2 ** 16, "reading keys");
    return [items.slice(0, 4), secrets.map((item) => shape.octets(item, [32], "reading key"))];
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}

function isBytes(value: Value | undefined, bytes: Uint8Array): boolean {
  return value instanceof Uint8Array && equalBytes(value, bytes);
}

function placeOf(keys: readonly Uint8Array[], key: Uint8Array): number {
  return keys.findIndex((known) => equalBytes(known, key));
}
