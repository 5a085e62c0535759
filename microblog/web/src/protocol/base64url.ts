// Bytes as text in links and JSON: base64url, no padding, one encoding only (PROTOCOL.md 2).

import { Malformed } from "./errors.ts";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ALPHABET = /^[A-Za-z0-9_-]*$/;

/** Return the text for some bytes. */
export function encodeBase64url(data: Uint8Array): string {
  let text = "";
  let bits = 0;
  let kept = 0;
  for (const byte of data) {
    kept = ((kept << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 6; bits -= 6) text += DIGITS[(kept >> (bits - 6)) & 63];
  }
  return bits > 0 ? text + DIGITS[(kept << (6 - bits)) & 63] : text;
}

/**
 * Return the bytes that `text` is the one encoding of.
 *
 * @throws {Malformed} padding, another alphabet, or unused bits that are not zero.
 */
export function decodeBase64url(text: string): Uint8Array {
  if (!ALPHABET.test(text) || text.length % 4 === 1) {
    throw new Malformed("not base64url without padding");
  }
  const data = new Uint8Array(Math.floor((text.length * 6) / 8));
  let bits = 0;
  let kept = 0;
  let at = 0;
  for (const digit of text) {
    kept = ((kept << 6) | DIGITS.indexOf(digit)) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      data[at++] = kept >> bits;
    }
  }
  if ((kept & ((1 << bits) - 1)) !== 0) {
    throw new Malformed("not the one base64url encoding of its bytes");
  }
  return data;
}
