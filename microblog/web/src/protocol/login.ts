// Signing in: a device, or an invitation, signs a challenge for one practice and one origin
// (PROTOCOL.md 6).

import { encode } from "./encoding.ts";
import { sign, verifySignature } from "./primitives.ts";

export const CHALLENGE_BYTES = 32;
export const LIFE_MS = 2 * 60 * 1000;

/** Sign in with a device. */
export function signLogin(
  seed: Uint8Array,
  fingerprint: Uint8Array,
  origin: string,
  challenge: Uint8Array,
  time: number,
): Uint8Array {
  const data = statement("msb/1/login", fingerprint, origin, challenge, time);
  return sign(seed, "msb/1/login", data);
}

/** Check a device's signature; throws NotAuthentic. */
export function verifyLogin(
  key: Uint8Array,
  fingerprint: Uint8Array,
  origin: string,
  challenge: Uint8Array,
  time: number,
  signature: Uint8Array,
): void {
  const data = statement("msb/1/login", fingerprint, origin, challenge, time);
  verifySignature(key, "msb/1/login", data, signature);
}

/** Sign in with an invitation's key. */
export function signKnock(
  seed: Uint8Array,
  fingerprint: Uint8Array,
  origin: string,
  challenge: Uint8Array,
  time: number,
): Uint8Array {
  const data = statement("msb/1/knock", fingerprint, origin, challenge, time);
  return sign(seed, "msb/1/knock", data);
}

/** Check an invitation's signature; throws NotAuthentic. */
export function verifyKnock(
  key: Uint8Array,
  fingerprint: Uint8Array,
  origin: string,
  challenge: Uint8Array,
  time: number,
  signature: Uint8Array,
): void {
  const data = statement("msb/1/knock", fingerprint, origin, challenge, time);
  verifySignature(key, "msb/1/knock", data, signature);
}

function statement(
  label: string,
  fingerprint: Uint8Array,
  origin: string,
  challenge: Uint8Array,
  time: number,
): Uint8Array {
  return encode([label, fingerprint, origin, challenge, time]);
}
