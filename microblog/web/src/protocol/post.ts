// What a post says (PROTOCOL.md 7.2).

import { countCodePoints } from "./builtins.ts";
import { encode, MAX_UINT, type Value } from "./encoding.ts";
import { Malformed, Unreadable } from "./errors.ts";
import * as shape from "./shape.ts";

export const KINDS: readonly string[] = [
  "hunch", "observation", "told", "words", "records", "visit", "decision",
];
export const SURES: readonly string[] = ["niggle", "fairly", "sure"];
export const SIDES: readonly string[] = ["well", "worried"];
export const HOWS: readonly string[] = ["same", "different", "correction", "copied"];
export const OUTCOMES: readonly string[] = [
  "seen", "alone", "not-seen", "not-let-in", "nobody-in", "not-brought",
];
export const SCALES: readonly string[] = Array.from({ length: 11 }, (_, point) => `${point}`);
export const MAX_TEXT = 280;
export const MAX_NOTES = 120;
export const MAX_PARTS = 999;

// What the server sees of a post: nothing more, tell supervisors, or no news (a row brought in).
export const PLAIN = 0;
export const NUDGE = 1;
export const QUIET = 2;

const ITEMS = 18;

/** A post's words and marks; empty where absent. `newer`: some of it this version does not know. */
export interface Post {
  readonly text: string;
  readonly kind: string;
  readonly sure: string;
  readonly scale: string;
  readonly side: string;
  readonly happened: string;
  readonly written: number;
  readonly refers: readonly Uint8Array[];
  readonly how: string;
  readonly source: string;
  readonly original: string;
  readonly outcome: string;
  readonly reason: string;
  readonly review: string;
  readonly part: number;
  readonly parts: number;
  readonly row: Uint8Array;
  readonly newer: boolean;
}

/**
 * Return the plaintext of a post; what is not given is absent, and the kind a hunch.
 *
 * @throws {Malformed} it breaks a rule, which the message names.
 */
export function encodePost(post: Pick<Post, "text"> & Partial<Post>): Uint8Array {
  const { kind = "hunch", sure = "", scale = "", side = "", happened = "", written = 0 } = post;
  const { refers = [], how = "", source = "", original = "", outcome = "", reason = "" } = post;
  const { review = "", part = 0, parts = 0, row = new Uint8Array() } = post;
  const items = [
    "msb/1/post", post.text, kind, sure, scale, side, happened, written, refers, how, source,
    original, outcome, reason, review, part, parts, row,
  ];
  if (checkItems(items).newer) {
    throw new Malformed("kind, sure, side, how or outcome is not a known word");
  }
  return encode(items);
}

/**
 * Return the post in an opened body.
 *
 * @throws {Unreadable} void, because a rule does not hold.
 */
export function readPost(items: readonly Value[]): Post {
  try {
    return checkItems(items);
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}

function checkItems(items: readonly Value[]): Post {
  if (items.length < ITEMS || items[0] !== "msb/1/post") throw new Malformed("not a post");
  const post = {
    text: shape.text(items[1], 0, MAX_TEXT, "text"),
    kind: shape.text(items[2], 1, 32, "kind"),
    sure: shape.text(items[3], 0, 32, "sure"),
    scale: shape.word(items[4], ["", ...SCALES], "scale"),
    side: shape.text(items[5], 0, 32, "side"),
    happened: shape.moment(items[6], "happened"),
    written: shape.uint(items[7], MAX_UINT, "written"),
    refers: readRefers(items[8]),
    how: shape.text(items[9], 0, 32, "how"),
    source: shape.text(items[10], 0, MAX_NOTES, "source"),
    original: shape.text(items[11], 0, MAX_NOTES, "original"),
    outcome: shape.text(items[12], 0, 32, "outcome"),
    reason: shape.text(items[13], 0, MAX_NOTES, "reason"),
    review: readReview(items[14]),
    part: shape.uint(items[15], MAX_PARTS, "part"),
    parts: shape.uint(items[16], MAX_PARTS, "parts"),
    row: shape.octets(items[17], [0, 32], "row"),
  };
  const whole = { ...post, newer: items.length > ITEMS || !hasKnownWords(post) };
  checkWhole(whole);
  return whole;
}

function hasKnownWords(post: Omit<Post, "newer">): boolean {
  const { kind, sure, side, how, outcome } = post;
  const optional = [[sure, SURES], [side, SIDES], [how, HOWS], [outcome, OUTCOMES]] as const;
  return (
    KINDS.includes(kind) && optional.every(([value, words]) => !value || words.includes(value))
  );
}

function checkWhole(post: Post): void {
  if (post.text === "" && post.how === "" && post.part < 2) throw new Malformed("text is empty");
  if (countCodePoints(post.source + post.original + post.reason) > MAX_NOTES) {
    throw new Malformed("source, original author and reason are too long together");
  }
  if (post.part > post.parts || (post.parts > 0 && post.part === 0)) {
    throw new Malformed("part is not one of the parts");
  }
}

function readRefers(value: Value | undefined): readonly Uint8Array[] {
  return shape.array(value, 0, 2, "refers").map((item) => shape.octets(item, [32], "refers"));
}

function readReview(value: Value | undefined): string {
  const date = shape.date(value, "review");
  if (date !== "" && date.length !== "2026-01-31".length) {
    throw new Malformed("review is not a whole date");
  }
  return date;
}
