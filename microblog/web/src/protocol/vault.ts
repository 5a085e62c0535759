// A person's keys under their passphrase, one format for all clients (PROTOCOL.md 8).

import { decodeArray, encode, MAX_UINT, type Value } from "./encoding.ts";
import { Malformed, Unreadable, WeakVault, WrongPassphrase } from "./errors.ts";
import type { Head } from "./log.ts";
import { decrypt, encrypt, stretch } from "./primitives.ts";
import * as shape from "./shape.ts";

export const PASSES = 3;
export const MEMORY_KIB = 64 * 1024;
export const MAX_PASSES = 16;
export const MAX_MEMORY_KIB = 1024 * 1024;
export const MIN_PASSPHRASE = 12;

const HALF_A_PAIR = /\p{Surrogate}/u;

/** Everything secret that a device holds, and the pins of the logs it has seen. */
export interface Keys {
  readonly fingerprint: Uint8Array;
  readonly origin: string;
  readonly person: Uint8Array;
  readonly deviceSeed: Uint8Array;
  readonly boxSecret: Uint8Array;
  readonly readingSecrets: readonly Uint8Array[];
  readonly pins: readonly (readonly [log: Uint8Array, pin: Head])[];
}

/** What a passphrase was stretched to, and how: it seals a vault anew without the passphrase. */
export interface VaultKey {
  readonly passes: number;
  readonly memoryKib: number;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/**
 * Return the vault's bytes; `salt` (16) and `nonce` (24) are fresh.
 *
 * @throws {Malformed} the passphrase, or what is to be sealed, has no encoding.
 */
export function sealVault(
  keys: Keys,
  passphrase: string,
  salt: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  return resealVault(keys, newVaultKey(passphrase, salt), nonce);
}

/**
 * Return the keys in a vault; slow on purpose.
 *
 * @throws {Malformed} this is no vault, or the passphrase no text.
 * @throws {WeakVault} it asks for too little work, or too much.
 * @throws {WrongPassphrase} it does not open.
 */
export function openVault(data: Uint8Array, passphrase: string): Keys {
  return openVaultWith(data, stretchVaultKey(data, passphrase));
}

/**
 * Return a key for a new vault; slow on purpose. `salt` (16) is fresh.
 *
 * @throws {Malformed} the passphrase has no encoding.
 */
export function newVaultKey(passphrase: string, salt: Uint8Array): VaultKey {
  const key = stretchPassphrase(passphrase, salt, PASSES, MEMORY_KIB);
  return { passes: PASSES, memoryKib: MEMORY_KIB, salt, key };
}

/**
 * Return the key that a vault is sealed with if the passphrase is its own; slow on purpose.
 *
 * @throws {Malformed} this is no vault, or the passphrase no text.
 * @throws {WeakVault} it asks for too little work, or too much.
 */
export function stretchVaultKey(data: Uint8Array, passphrase: string): VaultKey {
  const { passes, memoryKib, salt } = readVault(data);
  return { passes, memoryKib, salt, key: stretchPassphrase(passphrase, salt, passes, memoryKib) };
}

/**
 * Return the keys in a vault.
 *
 * @throws {Malformed} this is no vault.
 * @throws {WeakVault} it asks for too little work, or too much.
 * @throws {WrongPassphrase} the key does not open it.
 */
export function openVaultWith(data: Uint8Array, { key }: VaultKey): Keys {
  const { start, nonce, ciphertext } = readVault(data);
  if (!(ciphertext instanceof Uint8Array)) throw new WrongPassphrase("the vault is damaged");
  try {
    return decodeKeys(decrypt(key, nonce, ciphertext, encode(start)));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new WrongPassphrase("the passphrase does not open the vault");
  }
}

/**
 * Return a vault under a passphrase that was stretched before; `nonce` (24) is fresh.
 *
 * @throws {Malformed} what is to be sealed has no encoding.
 */
export function resealVault(keys: Keys, vaultKey: VaultKey, nonce: Uint8Array): Uint8Array {
  const { passes, memoryKib, salt, key } = vaultKey;
  const start = ["msb/1/vault", passes, memoryKib, salt, nonce];
  return encode([...start, encrypt(key, nonce, encodeKeys(keys), encode(start))]);
}

function readVault(data: Uint8Array) {
  const items = shape.array(decodeArray(data), 6, 6, "vault");
  shape.word(items[0], ["msb/1/vault"], "vault");
  const passes = shape.uint(items[1], MAX_UINT, "passes");
  const memoryKib = shape.uint(items[2], MAX_UINT, "memory");
  const salt = shape.octets(items[3], [16], "salt");
  const nonce = shape.octets(items[4], [24], "nonce");
  checkWork(passes, memoryKib);
  return { passes, memoryKib, salt, nonce, start: items.slice(0, 5), ciphertext: items[5] };
}

function checkWork(passes: number, memoryKib: number): void {
  const strong = passes >= PASSES && memoryKib >= MEMORY_KIB;
  if (!strong || passes > MAX_PASSES || memoryKib > MAX_MEMORY_KIB) {
    throw new WeakVault("the vault asks for too little work to open it, or too much");
  }
}

function stretchPassphrase(
  passphrase: string,
  salt: Uint8Array,
  passes: number,
  memoryKib: number,
): Uint8Array {
  // TextEncoder would write U+FFFD in its place.
  if (HALF_A_PAIR.test(passphrase)) {
    throw new Malformed("the passphrase is not well-formed text");
  }
  const secret = new TextEncoder().encode(passphrase.normalize("NFC"));
  return stretch(secret, salt, passes, memoryKib);
}

function encodeKeys(keys: Keys): Uint8Array {
  const pins = keys.pins.map(([log, pin]) => [log, pin.seq, pin.id]);
  return encode([
    "msb/1/keys",
    keys.fingerprint,
    keys.origin,
    keys.person,
    keys.deviceSeed,
    keys.boxSecret,
    keys.readingSecrets,
    pins,
  ]);
}

function decodeKeys(data: Uint8Array): Keys {
  const items = shape.array(decodeArray(data), 8, 2 ** 16, "keys");
  shape.word(items[0], ["msb/1/keys"], "keys");
  const reading = shape.array(items[6], 1, 2 ** 16, "reading keys");
  const pins = shape.array(items[7], 0, 2 ** 16, "pins").map(decodePin);
  return {
    fingerprint: shape.octets(items[1], [32], "fingerprint"),
    origin: shape.text(items[2], 1, 2 ** 16, "origin"),
    person: shape.octets(items[3], [16], "person"),
    deviceSeed: shape.octets(items[4], [32], "device seed"),
    boxSecret: shape.octets(items[5], [32], "box secret"),
    readingSecrets: reading.map((item) => shape.octets(item, [32], "reading key")),
    pins,
  };
}

function decodePin(value: Value): readonly [log: Uint8Array, pin: Head] {
  const row = shape.array(value, 3, 3, "pin");
  const seq = shape.uint(row[1], MAX_UINT, "seq");
  const id = shape.octets(row[2], [32], "id");
  return [shape.octets(row[0], [16], "log"), { seq, id }];
}
