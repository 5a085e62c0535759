// What a stream is about: a child or a household, inside its encrypted bodies (PROTOCOL.md 7.3).

import { encode, type Value } from "./encoding.ts";
import { Malformed, Unreadable } from "./errors.ts";
import * as shape from "./shape.ts";

export const SORTS: readonly string[] = ["child", "household"];
export const BIRTHS: readonly string[] = ["born", "due", "unknown"];
export const MAX_NAME = 120;
export const MAX_KNOWN_AS = 8;
export const MAX_HOUSEHOLDS = 8;
export const MAX_PEOPLE = 30;

const ITEMS = 10;

/** A child or household: names, birth, households (log, from, to), people (name, relation). */
export interface About {
  readonly sort: string;
  readonly name: string;
  readonly knownAs: readonly string[];
  readonly birth: readonly [how: string, date: string];
  readonly households: readonly (readonly [log: Uint8Array, from: string, to: string])[];
  readonly people: readonly (readonly [name: string, relation: string])[];
  readonly school: string;
  readonly protected: boolean;
  readonly closed: boolean;
  readonly newer: boolean;
}

/**
 * Return the plaintext of an about; what is not given is absent, and the birth unknown.
 *
 * @throws {Malformed} it breaks a rule, which the message names.
 */
export function encodeAbout(about: Pick<About, "sort" | "name"> & Partial<About>): Uint8Array {
  const { sort, name, knownAs = [], birth = ["unknown", ""], households = [], people = [] } = about;
  const { school = "", protected: isProtected = false, closed = false } = about;
  const items = [
    "msb/1/about", sort, name, knownAs, birth, households, people, school,
    isProtected ? 1 : 0, closed ? 1 : 0,
  ];
  checkItems(items);
  return encode(items);
}

/**
 * Return the about in an opened body.
 *
 * @throws {Unreadable} void, because a rule does not hold.
 */
export function readAbout(items: readonly Value[]): About {
  try {
    return checkItems(items);
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}

function checkItems(items: readonly Value[]): About {
  if (items.length < ITEMS || items[0] !== "msb/1/about") throw new Malformed("not an about");
  const [how, date] = shape.array(items[4], 2, 2, "birth");
  return {
    sort: shape.word(items[1], SORTS, "sort"),
    name: shape.text(items[2], 1, MAX_NAME, "name"),
    knownAs: shape
      .array(items[3], 0, MAX_KNOWN_AS, "known as")
      .map((item) => shape.text(item, 1, MAX_NAME, "known as")),
    birth: [shape.word(how, BIRTHS, "birth"), shape.date(date, "birth")],
    households: shape.array(items[5], 0, MAX_HOUSEHOLDS, "households").map(readHousehold),
    people: shape.array(items[6], 0, MAX_PEOPLE, "people").map(readRelative),
    school: shape.text(items[7], 0, MAX_NAME, "school"),
    protected: shape.uint(items[8], 1, "protected") === 1,
    closed: shape.uint(items[9], 1, "closed") === 1,
    newer: items.length > ITEMS,
  };
}

function readHousehold(value: Value): About["households"][number] {
  const row = shape.array(value, 3, 3, "household");
  const [from, to] = [shape.date(row[1], "from"), shape.date(row[2], "to")];
  return [shape.octets(row[0], [16], "household"), from, to];
}

function readRelative(value: Value): About["people"][number] {
  const row = shape.array(value, 2, 2, "person");
  const name = shape.text(row[0], 1, MAX_NAME, "name");
  return [name, shape.text(row[1], 0, MAX_NAME, "relation")];
}
