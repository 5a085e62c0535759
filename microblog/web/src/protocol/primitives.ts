// The cryptography, one name each; the only module that calls a cryptographic library.
//
// PROTOCOL.md 2.1. Keys, seeds, secrets and hashes are 32 bytes, signatures 64, nonces of bodies
// 24.
// All of it is libsodium's, and may be called once `ready` is fulfilled.

import load, { type Sodium } from "libsodium-sumo";

import { joinBytes } from "./builtins.ts";
import { encode, type Value } from "./encoding.ts";
import { BadKey, NotAuthentic, Unreadable } from "./errors.ts";

export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;

const PLACE_BYTES = 2 ** 14;
let sodium: Sodium;
let place = 0; // in the library's memory, for all that is small
// What the library draws fills memory before a result lies there: when it starts, and in `stretch`. Nothing else may
// draw on chance, for every key, seed and nonce is given.
let fills = true;

/** Fulfilled once the library is loaded, which a browser does beside everything else. */
export const ready: Promise<void> = start();

const ARGON2ID13 = 2;
const CHECK_SCALAR = joinBytes(Uint8Array.of(8), new Uint8Array(30), Uint8Array.of(64));
const NOTHING = new Uint8Array();
const textEncoder = new TextEncoder();
const LABELS = new Map<string, Uint8Array>(); // with their zero, as bytes

/** Return H(label, data), 32 bytes; data may come in pieces. */
export function hashLabelled(label: string, ...data: readonly Uint8Array[]): Uint8Array {
  return blake2b([labelOf(label), ...data], null, 32);
}

/** Return KDF(key, label, …), 32 bytes fit for a key or a seed. */
export function derive(key: Uint8Array, label: string, ...context: readonly Value[]): Uint8Array {
  return blake2b([encode([label, ...context])], key, 32);
}

/** Return Argon2id (version 1.3, one lane) of a passphrase or of spoken letters, 32 bytes. */
export function stretch(
  secret: Uint8Array,
  salt: Uint8Array,
  passes: number,
  memoryKib: number,
): Uint8Array {
  checkLength(salt, 16);
  fills = true;
  const made = run(32, [secret, salt], (out, of, salted) =>
    sodium._crypto_pwhash(out, 32, 0, of, secret.length, 0, salted, passes, 0, memoryKib * 1024, ARGON2ID13),
  );
  fills = false;
  if (made === null) throw new RangeError("no memory to stretch a passphrase in");
  return made;
}

/** Return the Ed25519 public key of a seed. */
export function signingKey(seed: Uint8Array): Uint8Array {
  return signingPair(seed).subarray(0, 32);
}

/** Return the X25519 public key of a secret key. */
export function boxKey(secret: Uint8Array): Uint8Array {
  checkLength(secret, 32);
  return must(run(32, [secret], (out, of) => sodium._crypto_scalarmult_base(out, of)));
}

/** Sign `label ‖ 0 ‖ data` and return the 64-byte signature. */
export function sign(seed: Uint8Array, label: string, data: Uint8Array): Uint8Array {
  const message = joinBytes(labelOf(label), data);
  const pair = signingPair(seed);
  const made = run(64, [message, pair], (out, of, by) =>
    sodium._crypto_sign_detached(out, 0, of, message.length, 0, by + 32),
  );
  pair.fill(0);
  return must(made);
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
  // What lies one after the other is one message.
  const start = labelOf(label);
  const length = start.length + data.length;
  const fits = run(0, [key, signature, start, data], (_, from, by, of) =>
    sodium._crypto_sign_verify_detached(by, of, length, 0, from),
  );
  if (fits === null) {
    throw new NotAuthentic("the signature does not fit");
  }
}

/**
 * Check that bytes are an Ed25519 public key of the main subgroup, in its one encoding.
 *
 * @throws {BadKey} they are not.
 */
export function checkSigningKey(key: Uint8Array): void {
  const valid = (_: number, at: number) => sodium._crypto_core_ed25519_is_valid_point(at) - 1;
  if (key.length !== 32 || run(0, [key], valid) === null) {
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
  const shared = run(32, [CHECK_SCALAR, key], (out, by, of) => sodium._crypto_scalarmult(out, by, of));
  if (shared === null) throw new BadKey("not a valid box key");
}

/** Encrypt with XChaCha20-Poly1305, binding `context` as associated data. */
export function encrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  context: Uint8Array,
): Uint8Array {
  checkLength(key, 32);
  checkLength(nonce, NONCE_BYTES);
  const [size, of] = [plaintext.length, context.length];
  const made = run(size + TAG_BYTES, [plaintext, context, nonce, key], (out, text, about, once, by) =>
    sodium._crypto_aead_xchacha20poly1305_ietf_encrypt(out, 0, text, size, 0, about, of, 0, 0, once, by),
  );
  return must(made);
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
  const [size, of] = [ciphertext.length, context.length];
  if (key.length !== 32 || nonce.length !== NONCE_BYTES || size < TAG_BYTES) throw new Unreadable("void");
  const made = run(size - TAG_BYTES, [ciphertext, context, nonce, key], (out, text, about, once, by) =>
    sodium._crypto_aead_xchacha20poly1305_ietf_decrypt(out, 0, 0, text, size, 0, about, of, 0, once, by),
  );
  if (made === null) throw new Unreadable("void");
  return made;
}

/** Seal a message to an X25519 key with the ephemeral key that `seed` fixes (PROTOCOL.md 7.1). */
export function sealBox(
  seed: Uint8Array,
  recipient: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  checkLength(seed, 32);
  checkLength(recipient, 32);
  const pair = must(run(64, [seed], (out, of) => sodium._crypto_box_seed_keypair(out, out + 32, of)));
  const publicKey = pair.slice(0, 32);
  const nonce = blake2b([publicKey, recipient], null, NONCE_BYTES);
  const made = run(message.length + TAG_BYTES, [message, nonce, recipient, pair], (out, text, once, to, by) =>
    sodium._crypto_box_easy(out, text, message.length, 0, once, to, by + 32),
  );
  pair.fill(0);
  return joinBytes(publicKey, must(made));
}

/**
 * Open a box sealed to the public key of `secret`.
 *
 * @throws {Unreadable} it does not open.
 */
export function openBox(secret: Uint8Array, box: Uint8Array): Uint8Array {
  const size = box.length - 32 - TAG_BYTES;
  if (size < 0 || secret.length !== 32) throw new Unreadable("void");
  const made = run(size, [box, boxKey(secret), secret], (out, text, key, by) =>
    sodium._crypto_box_seal_open(out, text, box.length, 0, key, by),
  );
  if (made === null) throw new Unreadable("void");
  return made;
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

function labelOf(label: string): Uint8Array {
  let start = LABELS.get(label);
  if (start === undefined) {
    start = textEncoder.encode(`${label}\0`);
    LABELS.set(label, start);
  }
  return start;
}

// The pieces lie one after the other, as one.
function blake2b(pieces: readonly Uint8Array[], key: Uint8Array | null, size: number): Uint8Array {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const made = run(size, [key ?? NOTHING, ...pieces], (out, by, of) =>
    sodium._crypto_generichash(out, size, of, length, 0, key === null ? 0 : by, key?.length ?? 0),
  );
  return must(made);
}

function signingPair(seed: Uint8Array): Uint8Array {
  checkLength(seed, 32);
  return must(run(96, [seed], (out, of) => sodium._crypto_sign_seed_keypair(out, out + 32, of)));
}

// The library in its own memory. A length that is 64 bits long is given as its lower and its upper half.

function filling(): number {
  if (!fills) throw new Error("the library may draw on no chance");
  return 0;
}

async function start(): Promise<void> {
  const loaded = await load({ getRandomValue: filling });
  if (loaded._sodium_init() < 0) throw new Error("the library did not start");
  fills = false;
  place = loaded._malloc(PLACE_BYTES);
  sodium = loaded;
}

/**
 * Copy inputs in, have the library work, and copy out what it wrote, `size` bytes; all of it is then wiped.
 *
 * `work` is given where the output goes and where each input lies. Null: the library refused.
 */
function run(
  size: number,
  inputs: readonly Uint8Array[],
  work: (out: number, ...at: number[]) => number,
): Uint8Array | null {
  let total = size;
  for (const input of inputs) total += input.length;
  const isKept = total <= PLACE_BYTES;
  const start = isKept ? place : sodium._malloc(total);
  if (start === 0) throw new RangeError("no memory for the library to work in");
  try {
    const at: number[] = [];
    let next = start + size;
    for (const input of inputs) {
      sodium.HEAPU8.set(input, next);
      at.push(next);
      next += input.length;
    }
    return work(start, ...at) === 0 ? sodium.HEAPU8.slice(start, start + size) : null;
  } finally {
    sodium.HEAPU8.fill(0, start, start + total);
    if (!isKept) sodium._free(start);
  }
}

function must(made: Uint8Array | null): Uint8Array {
  if (made === null) throw new RangeError("the library refused what it was given");
  return made;
}

function checkLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new TypeError(`${bytes.length} bytes instead of ${length}`);
}
