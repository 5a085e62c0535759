// Checks of decoded values against the shape that a rule asks for.

import { countCodePoints, isArray } from "./builtins.ts";
import type { Value } from "./encoding.ts";
import { Malformed } from "./errors.ts";

export const ID_BYTES = 16;
export const KEY_BYTES = 32;

const DATE = /^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$/;
const MOMENT = /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]$/;

// An item that is not there has no shape: callers index arrays whose length they have checked.
type Item = Value | undefined;

/**
 * Return the value if it is an array of `least` to `most` items; else throw Malformed, naming
 * `what`.
 */
export function array(value: Item, least: number, most: number, what: string): readonly Value[] {
  if (value === undefined || !isArray(value) || value.length < least || value.length > most) {
    throw new Malformed(`${what} is not an array of the right length`);
  }
  return value;
}

/** Return the value if it is a whole number up to `most`; else throw Malformed, naming `what`. */
export function uint(value: Item, most: number, what: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value > most) {
    throw new Malformed(`${what} is not a number in range`);
  }
  return value;
}

/** Return the value if it is bytes of one of these sizes; else throw Malformed, naming `what`. */
export function octets(value: Item, sizes: readonly number[], what: string): Uint8Array {
  if (!(value instanceof Uint8Array) || !sizes.includes(value.length)) {
    throw new Malformed(`${what} does not have the right number of bytes`);
  }
  return value;
}

/**
 * Return the value if it is text of `least` to `most` code points; else throw Malformed, naming
 * `what`.
 */
export function text(value: Item, least: number, most: number, what: string): string {
  if (typeof value === "string") {
    const length = countCodePoints(value);
    if (least <= length && length <= most) return value;
  }
  throw new Malformed(`${what} is not text of the right length`);
}

/** Return the value if it is one of these words; else throw Malformed, naming `what`. */
export function word(value: Item, words: readonly string[], what: string): string {
  if (typeof value !== "string" || !words.includes(value)) {
    throw new Malformed(`${what} is not a known word`);
  }
  return value;
}

/**
 * Return the value if it is empty, a year, a month or a date; else throw Malformed, naming
 * `what`.
 */
export function date(value: Item, what: string): string {
  if (typeof value !== "string" || (value !== "" && !DATE.test(value))) {
    throw new Malformed(`${what} is not a date`);
  }
  return value;
}

/**
 * Return the value if it is empty, a date, or a date and time; else throw Malformed, naming
 * `what`.
 */
export function moment(value: Item, what: string): string {
  if (typeof value === "string" && MOMENT.test(value)) return value;
  return date(value, what);
}
