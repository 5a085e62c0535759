// The cryptography, one name each; the only module that calls a cryptographic library.
//
// PROTOCOL.md 2.1. Keys, seeds, secrets and hashes are 32 bytes, signatures 64, nonces of bodies
// 24.
// All of it is libsodium's, and may be called once `ready` is fulfilled.

import sodium from "libsodium-wrappers-sumo";

import { joinBytes } from "./builtins.ts";
import { encode, type Value } from "./encoding.ts";
import { BadKey, NotAuthentic, Unreadable } from "./errors.ts";

export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;

/** Fulfilled once the library is loaded, which a browser does beside everything else. */
export const ready: Promise<void> = sodium.ready;

const CHECK_SCALAR = joinBytes(Uint8Array.of(8), new Uint8Array(30), Uint8Array.of(64));
const textEncoder = new TextEncoder();
const LABELS = new Map<string, Uint8Array>(); // with their zero, as bytes

/** Return H(label, data), 32 bytes; data may come in pieces. */
export function hashLabelled(label: string, ...data: readonly Uint8Array[]): Uint8Array {
  return blake2b(labelled(label, ...data), null, 32);
}

/** Return KDF(key, label, …), 32 bytes fit for a key or a seed. */
export function derive(key: Uint8Array, label: string, ...context: readonly Value[]): Uint8Array {
  return blake2b(encode([label, ...context]), key, 32);
}

/** Return Argon2id (version 1.3, one lane) of a passphrase or of spoken letters, 32 bytes. */
export function stretch(
  secret: Uint8Array,
  salt: Uint8Array,
  passes: number,
  memoryKib: number,
): Uint8Array {
  const algorithm = sodium.crypto_pwhash_ALG_ARGON2ID13;
  return sodium.crypto_pwhash(32, secret, salt, passes, memoryKib * 1024, algorithm);
}

/** Return the Ed25519 public key of a seed. */
export function signingKey(seed: Uint8Array): Uint8Array {
  return sodium.crypto_sign_seed_keypair(seed).publicKey;
}

/** Return the X25519 public key of a secret key. */
export function boxKey(secret: Uint8Array): Uint8Array {
  return sodium.crypto_scalarmult_base(secret);
}

/** Sign `label ‖ 0 ‖ data` and return the 64-byte signature. */
export function sign(seed: Uint8Array, label: string, data: Uint8Array): Uint8Array {
  const { privateKey } = sodium.crypto_sign_seed_keypair(seed);
  return sodium.crypto_sign_detached(labelled(label, data), privateKey);
}

/**
 * Check a signature over `label ‖ 0 ‖ data`, by libsodium's rule.
 *
 * @throws {NotAuthentic} it does not fit.
 */
export function verifySignature(
  key: Uint8Array,
  label: string,
  data: Uint8Array,
  signature: Uint8Array,
): void {
  if (key.length !== 32 || signature.length !== 64) {
    throw new NotAuthentic("a signature or its key has the wrong length");
  }
  if (!sodium.crypto_sign_verify_detached(signature, labelled(label, data), key)) {
    throw new NotAuthentic("the signature does not fit");
  }
}

/**
 * Check that bytes are an Ed25519 public key of the main subgroup, in its one encoding.
 *
 * @throws {BadKey} they are not.
 */
export function checkSigningKey(key: Uint8Array): void {
  if (key.length !== 32 || !sodium.crypto_core_ed25519_is_valid_point(key)) {
    throw new BadKey("not a valid signing key");
  }
}

/**
 * Check that bytes are an X25519 public key that can keep a secret.
 *
 * @throws {BadKey} the top bit is set, or the shared secret would be zero.
 */
export function checkBoxKey(key: Uint8Array): void {
  if (key.length !== 32 || ((key[31] ?? 0) & 0x80) !== 0) throw new BadKey("not a valid box key");
  try {
    sodium.crypto_scalarmult(CHECK_SCALAR, key);
  } catch {
    throw new BadKey("not a valid box key");
  }
}

/** Encrypt with XChaCha20-Poly1305, binding `context` as associated data. */
export function encrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  context: Uint8Array,
): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, context, null, nonce, key);
}

/**
 * Open what `encrypt` made.
 *
 * @throws {Unreadable} it does not open with this key, nonce and context.
 */
export function decrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  context: Uint8Array,
): Uint8Array {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ciphertext, context, nonce, key);
  } catch {
    throw new Unreadable("void");
  }
}

/** Seal a message to an X25519 key with the ephemeral key that `seed` fixes (PROTOCOL.md 7.1). */
export function sealBox(
  seed: Uint8Array,
  recipient: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const { publicKey, privateKey } = sodium.crypto_box_seed_keypair(seed);
  const nonce = blake2b(joinBytes(publicKey, recipient), null, NONCE_BYTES);
  return joinBytes(publicKey, sodium.crypto_box_easy(message, nonce, recipient, privateKey));
}

/**
 * Open a box sealed to the public key of `secret`.
 *
 * @throws {Unreadable} it does not open.
 */
export function openBox(secret: Uint8Array, box: Uint8Array): Uint8Array {
  try {
    return sodium.crypto_box_seal_open(box, sodium.crypto_scalarmult_base(secret), secret);
  } catch {
    throw new Unreadable("void");
  }
}

/** Pad after ISO 7816-4 to the next multiple of `block`; always at least one byte. */
export function pad(plaintext: Uint8Array, block: number): Uint8Array {
  const padded = new Uint8Array(Math.ceil((plaintext.length + 1) / block) * block);
  padded.set(plaintext);
  padded[plaintext.length] = 0x80;
  return padded;
}

/**
 * Take off what `pad` put on.
 *
 * @throws {Unreadable} the padding is not what `pad` writes.
 */
export function unpad(padded: Uint8Array, block: number): Uint8Array {
  let end = padded.length - 1;
  while (padded[end] === 0) end--;
  const size = Math.ceil((end + 1) / block) * block;
  if (padded[end] !== 0x80 || padded.length !== size) throw new Unreadable("void");
  return padded.slice(0, end);
}

function labelled(label: string, ...data: readonly Uint8Array[]): Uint8Array {
  let start = LABELS.get(label);
  if (start === undefined) {
    start = textEncoder.encode(`${label}\0`);
    LABELS.set(label, start);
  }
  return joinBytes(start, ...data);
}

function blake2b(data: Uint8Array, key: Uint8Array | null, size: number): Uint8Array {
  return sodium.crypto_generichash(size, data, key);
}
