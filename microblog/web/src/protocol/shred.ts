// Destroying words for good, by two people, and keeping them from it (PROTOCOL.md 7.5).

import { equalBytes } from "./builtins.ts";
import { encode, MAX_UINT, type Value } from "./encoding.ts";
import type { Entry } from "./entry.ts";
import { Malformed, NotAllowed, Unreadable, WrongList } from "./errors.ts";
import { hashLabelled } from "./primitives.ts";
import * as shape from "./shape.ts";

export const WAIT_MS = 14 * 24 * 60 * 60 * 1000;
export const MAX_PROPOSALS = 8;
export const MAX_REASON = 120;
export const SHREDDED: readonly string[] = ["post", "about", "grant", "withdraw"];

/** What someone proposed to destroy, not seconded yet; `digest` is taken of the seqs. */
export interface Proposal {
  readonly id: Uint8Array;
  readonly author: Uint8Array;
  readonly time: number;
  readonly digest: Uint8Array;
}

/** Why words are to be destroyed: as which retention class, and in someone's own words. */
export interface Reason {
  readonly sort: string;
  readonly why: string;
}

/**
 * Return whether a hold begins, by its payload; else one ends.
 *
 * @throws {Malformed} the payload is not a hold's.
 */
export function readHold(payload: Value): boolean {
  return shape.uint(shape.array(payload, 1, 1, "payload")[0], 1, "on") === 1;
}

/**
 * Return the seqs, and the id of the proposal that is seconded, empty for a proposal.
 *
 * @throws {Malformed} the payload is not a shred's.
 * @throws {WrongList} the seqs are not ascending.
 */
export function readShred(payload: Value): readonly [seqs: readonly number[], proposal: Uint8Array] {
  const items = shape.array(payload, 2, 2, "payload");
  const rows = shape.array(items[0], 1, 2 ** 16, "seqs");
  const seqs = rows.map((row) => shape.uint(row, MAX_UINT, "seq"));
  const proposal = shape.octets(items[1], [0, 32], "proposal");
  if (seqs.some((seq, at) => at > 0 && seqs[at - 1]! >= seq)) {
    throw new WrongList("the seqs to destroy are not ascending");
  }
  return [seqs, proposal];
}

/**
 * Return the open proposals with one more.
 *
 * @throws {NotAllowed} there are too many, or it names what is not there.
 */
export function propose(proposals: readonly Proposal[], { id, header }: Entry): readonly Proposal[] {
  const { author, time } = header;
  const [seqs] = readShred(header.payload);
  if (seqs.at(-1)! >= header.seq) throw new NotAllowed("only what is there already can be destroyed");
  if (proposals.length >= MAX_PROPOSALS) throw new NotAllowed("too many proposals are open");
  return [...proposals, { id, author, time, digest: digestOf(seqs) }];
}

/**
 * Return the open proposals without the one that an entry seconds.
 *
 * @throws {NotAllowed} it is not open, says something else, is the author's own, or too new.
 */
export function second(proposals: readonly Proposal[], { header }: Entry): readonly Proposal[] {
  const [seqs, named] = readShred(header.payload);
  const found = proposals.find(({ id }) => equalBytes(id, named));
  if (found === undefined || !equalBytes(found.digest, digestOf(seqs))) {
    throw new NotAllowed("no open proposal says the same");
  }
  if (equalBytes(found.author, header.author)) {
    throw new NotAllowed("someone else must second what one has proposed");
  }
  if (header.time - found.time < WAIT_MS) {
    throw new NotAllowed("a proposal can be seconded after fourteen days only");
  }
  return proposals.filter((it) => it !== found);
}

/**
 * Return the plaintext of a shred's body.
 *
 * @throws {Malformed} a text is too long.
 */
export function encodeReason({ sort, why }: Reason): Uint8Array {
  shape.text(sort, 0, MAX_REASON, "class");
  shape.text(why, 0, MAX_REASON, "why");
  return encode(["msb/1/shred", sort, why]);
}

/**
 * Return what an opened body says.
 *
 * @throws {Unreadable} void, because the shape does not hold.
 */
export function readReason(items: readonly Value[]): Reason {
  try {
    if (items.length < 3 || items[0] !== "msb/1/shred") {
      throw new Malformed("not the reason of a shred");
    }
    const sort = shape.text(items[1], 0, MAX_REASON, "class");
    return { sort, why: shape.text(items[2], 0, MAX_REASON, "why") };
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}

// It stands for them in what is kept between two entries, which is written with each.
function digestOf(seqs: readonly number[]): Uint8Array {
  return hashLabelled("msb/1/seqs", encode(seqs));
}
