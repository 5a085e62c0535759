// The reason inside a grant or a withdrawal (PROTOCOL.md 7).

import { encode, type Value } from "./encoding.ts";
import { Malformed, Unreadable } from "./errors.ts";
import * as shape from "./shape.ts";

export const MAX_WHY = 120;

/**
 * Return the plaintext of a reason; `via` is the household it came through, or empty.
 *
 * @throws {Malformed} the reason is too long.
 */
export function encodeWhy(why: string, via: Uint8Array): Uint8Array {
  shape.text(why, 0, MAX_WHY, "why");
  return encode(["msb/1/why", why, via]);
}

/**
 * Return (why, via) from an opened body.
 *
 * @throws {Unreadable} void, because the shape does not hold.
 */
export function readWhy(items: readonly Value[]): readonly [why: string, via: Uint8Array] {
  try {
    if (items.length < 3 || items[0] !== "msb/1/why") throw new Malformed("not a reason");
    return [shape.text(items[1], 0, MAX_WHY, "why"), shape.octets(items[2], [0, 16], "via")];
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}
