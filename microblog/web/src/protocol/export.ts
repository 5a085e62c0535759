// What was taken out of a stream, from which dates, and why (PROTOCOL.md 12).

import { encode, type Value } from "./encoding.ts";
import { Malformed, Unreadable } from "./errors.ts";
import * as shape from "./shape.ts";

export const EXPORT = "+export";
export const MAX_FORMAT = 32;
export const MAX_REASON = 120;

/** What the team is told; dates are empty for the beginning, and for now. */
export interface Export {
  readonly format: string;
  readonly start: string;
  readonly end: string;
  readonly why: string;
}

/**
 * Return the plaintext of an export's body.
 *
 * @throws {Malformed} a text is too long, or a date is none.
 */
export function encodeExport({ format, start, end, why }: Export): Uint8Array {
  shape.text(format, 1, MAX_FORMAT, "format");
  shape.date(start, "from");
  shape.date(end, "to");
  shape.text(why, 0, MAX_REASON, "why");
  return encode(["msb/1/export", format, start, end, why]);
}

/**
 * Return what an opened body says.
 *
 * @throws {Unreadable} void, because the shape does not hold.
 */
export function readExport(items: readonly Value[]): Export {
  try {
    if (items.length < 5 || items[0] !== "msb/1/export") throw new Malformed("not an export");
    return {
      format: shape.text(items[1], 1, MAX_FORMAT, "format"),
      start: shape.date(items[2], "from"),
      end: shape.date(items[3], "to"),
      why: shape.text(items[4], 0, MAX_REASON, "why"),
    };
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}
