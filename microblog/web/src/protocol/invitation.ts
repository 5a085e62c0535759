// Letting someone in: a link that travels one way and eight letters that travel another
// (PROTOCOL.md 5).

import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { joinBytes } from "./builtins.ts";
import { encode } from "./encoding.ts";
import { Malformed } from "./errors.ts";
import { derive, hashLabelled, sign, stretch, verifySignature } from "./primitives.ts";

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const SECRET_BYTES = 16;
export const LETTERS_BYTES = 5;
export const PASSES = 3;
export const MEMORY_KIB = 64 * 1024;
export const LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** Return what stands after `#` in an invitation's link. */
export function encodeFragment(secret: Uint8Array, fingerprint: Uint8Array): string {
  return encodeBase64url(joinBytes(secret, fingerprint));
}

/**
 * Return (secret, fingerprint) from what stands after `#`.
 *
 * @throws {Malformed} a part of the link is missing or mistyped.
 */
export function decodeFragment(
  fragment: string,
): readonly [secret: Uint8Array, fingerprint: Uint8Array] {
  const data = decodeBase64url(fragment);
  if (data.length !== SECRET_BYTES + 32) throw new Malformed("the link is not complete");
  return [data.slice(0, SECRET_BYTES), data.slice(SECRET_BYTES)];
}

/** Return bytes as letters that are hard to mishear, five bits each; a multiple of five bytes. */
export function encodeLetters(data: Uint8Array): string {
  const number = data.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const count = Math.floor((data.length * 8) / 5);
  const places = Array.from({ length: count }, (_, at) => BigInt(5 * (count - 1 - at)));
  return places.map((place) => ALPHABET[Number((number >> place) & 31n)]).join("");
}

/**
 * Return letters as `encodeLetters` writes them, from what someone typed.
 *
 * @throws {Malformed} there are more or fewer than `count`, or one is not in the alphabet.
 */
export function readLetters(typed: string, count: number): string {
  // Only a–z: the two languages need not know the same upper case of anything else.
  const letters = typed
    .replace(/[ -]/g, "")
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  if (letters.length !== count || [...letters].some((letter) => !ALPHABET.includes(letter))) {
    throw new Malformed(`not ${count} letters or digits`);
  }
  return letters;
}

/** Return the seed of the invitation's signing key; slow on purpose. */
export function deriveInvitationSeed(
  secret: Uint8Array,
  letters: string,
  fingerprint: Uint8Array,
): Uint8Array {
  const salt = hashLabelled("msb/1/invite-salt", secret).slice(0, 16);
  const stretched = stretch(new TextEncoder().encode(letters), salt, PASSES, MEMORY_KIB);
  return derive(stretched, "msb/1/invite", secret, fingerprint);
}

/** Sign a joiner's keys with the invitation's key. */
export function signJoin(
  seed: Uint8Array,
  fingerprint: Uint8Array,
  invite: Uint8Array,
  device: Uint8Array,
  boxKey: Uint8Array,
  readingKey: Uint8Array,
): Uint8Array {
  const keys = [device, boxKey, readingKey] as const;
  return sign(seed, "msb/1/join", joinStatement(fingerprint, invite, keys));
}

/**
 * Check the invitation's signature over (device key, box key, reading key); throws
 * NotAuthentic.
 */
export function verifyJoin(
  key: Uint8Array,
  fingerprint: Uint8Array,
  invite: Uint8Array,
  keys: readonly [device: Uint8Array, boxKey: Uint8Array, readingKey: Uint8Array],
  signature: Uint8Array,
): void {
  verifySignature(key, "msb/1/join", joinStatement(fingerprint, invite, keys), signature);
}

function joinStatement(
  fingerprint: Uint8Array,
  invite: Uint8Array,
  keys: readonly Uint8Array[],
): Uint8Array {
  return encode(["msb/1/join", fingerprint, invite, ...keys]);
}
