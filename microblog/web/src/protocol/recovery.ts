// The recovery sheet: a device made of paper, whose keys follow from what is printed on it.
//
// PROTOCOL.md 5.2. Its keys are bound to the practice's fingerprint: in any other practice, a
// false one too, the same letters give keys that nobody knows.

import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { joinBytes } from "./builtins.ts";
import { MAX_UINT } from "./encoding.ts";
import { BadLetters, Malformed } from "./errors.ts";
import { ALPHABET, encodeLetters, readLetters } from "./invitation.ts";
import type { Head } from "./log.ts";
import { derive, hashLabelled } from "./primitives.ts";

export const SECRET_BYTES = 20;
export const LETTERS = 32;
export const CHECK_LETTERS = 4;
export const GROUP = 4;
export const GROUPS = 9;

const SEQ_BYTES = 8;
const FRAGMENT_BYTES = SECRET_BYTES + 32 + SEQ_BYTES + 32;

/** What the link of a sheet holds: its secret, the practice, and a pin of the directory. */
export interface Sheet {
  readonly secret: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly directory: Head;
}

/** Return the letters of a sheet, their check last; `secret` (20) is fresh. */
export function encodeSheet(secret: Uint8Array): string {
  const letters = encodeLetters(secret);
  return letters + checkOf(letters);
}

/**
 * Return the secret of a sheet from what someone typed of it.
 *
 * @throws {BadLetters} they are not those of any sheet; it says in which group the one mistake is
 *   that would explain it, if there is one such group.
 */
export function readSheet(typed: string): Uint8Array {
  const letters = readAll(typed);
  if (!fits(letters)) {
    const meant = [...mistakes(letters)].filter(([, other]) => fits(other));
    const groups = new Set(meant.map(([at]) => Math.floor(at / GROUP)));
    const [group = null] = groups;
    throw new BadLetters("the check does not fit", groups.size === 1 ? group : null);
  }
  let number = 0n;
  for (const letter of letters.slice(0, LETTERS)) {
    number = (number << 5n) | BigInt(ALPHABET.indexOf(letter));
  }
  return Uint8Array.from({ length: SECRET_BYTES }, (_, at) => {
    return Number((number >> BigInt(8 * (SECRET_BYTES - 1 - at))) & 255n);
  });
}

/**
 * Check one group of four letters that was typed back from a sheet, by all its letters.
 *
 * @throws {BadLetters} it is not that group.
 */
export function checkGroup(typed: string, letters: string, group: number): void {
  let right = false;
  try {
    right = readLetters(typed, GROUP) === letters.slice(group * GROUP, (group + 1) * GROUP);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  if (!right) throw new BadLetters("that is not what stands on the sheet", group);
}

/** Return the seed of a sheet's signing key. */
export function deriveDeviceSeed(secret: Uint8Array, fingerprint: Uint8Array): Uint8Array {
  return derive(secret, "msb/1/recovery", fingerprint, "device");
}

/** Return the secret part of a sheet's box key. */
export function deriveBoxSecret(secret: Uint8Array, fingerprint: Uint8Array): Uint8Array {
  return derive(secret, "msb/1/recovery", fingerprint, "box");
}

/** Return what stands after `#` in the link of a sheet. */
export function encodeSheetLink(sheet: Sheet): string {
  const { secret, fingerprint, directory } = sheet;
  const seq = new Uint8Array(SEQ_BYTES);
  new DataView(seq.buffer).setBigUint64(0, BigInt(directory.seq));
  return encodeBase64url(joinBytes(secret, fingerprint, seq, directory.id));
}

/**
 * Return what the link of a sheet holds, from what stands after `#`.
 *
 * @throws {Malformed} a part of the link is missing or mistyped.
 */
export function decodeSheetLink(fragment: string): Sheet {
  const data = decodeBase64url(fragment);
  if (data.length !== FRAGMENT_BYTES) throw new Malformed("the link is not complete");
  const seq = new DataView(data.buffer, data.byteOffset).getBigUint64(SECRET_BYTES + 32);
  if (seq > BigInt(MAX_UINT)) throw new Malformed("the link is not complete");
  return {
    secret: data.slice(0, SECRET_BYTES),
    fingerprint: data.slice(SECRET_BYTES, SECRET_BYTES + 32),
    directory: { seq: Number(seq), id: data.slice(-32) },
  };
}

function readAll(typed: string): string {
  try {
    return readLetters(typed, LETTERS + CHECK_LETTERS);
  } catch (error) {
    throw error instanceof Malformed ? new BadLetters(error.message) : error;
  }
}

function checkOf(letters: string): string {
  const hash = hashLabelled("msb/1/recovery-check", new TextEncoder().encode(letters));
  return encodeLetters(hash.slice(0, 5)).slice(0, CHECK_LETTERS);
}

function fits(letters: string): boolean {
  return checkOf(letters.slice(0, LETTERS)) === letters.slice(LETTERS);
}

// What may have been meant: one letter another, or two neighbours the other way round.
function* mistakes(letters: string): Generator<readonly [at: number, other: string]> {
  for (const [at, typed] of [...letters].entries()) {
    const [before, after] = [letters.slice(0, at), letters.slice(at + 1)];
    for (const letter of ALPHABET) {
      if (letter !== typed) yield [at, before + letter + after];
    }
    const next = after.slice(0, 1);
    if (next !== "" && next !== typed) yield [at, before + next + typed + after.slice(1)];
  }
}
