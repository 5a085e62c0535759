// Passkeys that open the vault of this device with a touch, by the 32 bytes that each makes of a salt (PROTOCOL.md 8).
//
// Nothing of them leaves the device: the server never hears of a passkey. What wraps the vault's key is kept as well,
// sealed under the device's seed, so that a new passphrase is sealed for every passkey without asking for a touch.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { equalBytes, joinBytes } from "../protocol/builtins.ts";
import { decodeArray, encode, MAX_UINT, type Value } from "../protocol/encoding.ts";
import { Malformed, ProtocolError, WrongPassphrase } from "../protocol/errors.ts";
import { decrypt, derive, encrypt, NONCE_BYTES } from "../protocol/primitives.ts";
import * as shape from "../protocol/shape.ts";
import { openVaultWith, type VaultKey } from "../protocol/vault.ts";
import type { Kept } from "./database.ts";
import type { Answer, Ask, Start } from "./messages.ts";
import type { Unsealed } from "./sealing.ts";
import type { Session, World } from "./session.ts";
import type { PasskeyRow } from "./shown-hand.ts";
import { practiceName } from "./showing.ts";

const SALT_BYTES = 32;
const MOST = 64;
const MOST_NAME = 100;
const MOST_ID = 1023; // bytes, as WebAuthn has it
const MOST_SEALED = 1024;

/** No passkey of this device opens its vault so: it is another's, was removed, or answers otherwise. */
export class BadPasskey extends Error {
  override readonly name = "BadPasskey";
}

/** The vault is sealed under a passphrase that this tab has not heard of. */
export class PassphraseChanged extends Error {
  override readonly name = "PassphraseChanged";
}

/** `sealed`: the vault's key, under what the passkey answers. `kept`: that and its name, under the device's seed. */
interface Row {
  readonly id: Uint8Array;
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
  readonly kept: Uint8Array;
}

interface Wrapping {
  readonly key: Uint8Array;
  readonly name: string;
  readonly since: number;
}

/** Return what each passkey is asked for, before anyone has unlocked. */
export function saltsOf(passkeys: Uint8Array): Start["passkeys"] {
  return decodeRows(passkeys).map(({ id, salt }) => ({ id: encodeBase64url(id), salt }));
}

/**
 * Return the keys in a vault, opened by what a passkey has answered.
 *
 * @throws {BadPasskey} it does not open.
 */
export function openWithPasskey({ vault, passkeys }: Kept, { id, prf }: Ask<"unlockWithPasskey">): Unsealed {
  const row = decodeRows(passkeys).find((one) => encodeBase64url(one.id) === id);
  if (row === undefined) throw new BadPasskey("no such passkey is kept here");
  const key = wrappingKey(prf, row.id);
  try {
    const vaultKey = decodeVaultKey(open(key, row, row.sealed));
    return { keys: openVaultWith(vault, vaultKey), vaultKey };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new BadPasskey("the passkey does not open the vault");
  } finally {
    key.fill(0);
  }
}

/** Return what a browser needs to make one. No name of a person is in it: whoever keeps passkeys may read it. */
export function newPasskey({ keys, directory, world }: Session, passkeys: Uint8Array): Answer<"newPasskey"> {
  return {
    user: derive(keys.deviceSeed, "msb/1/passkey-user"),
    name: practiceName(directory),
    salt: world.random(SALT_BYTES),
    known: saltsOf(passkeys).map(({ id }) => id),
  };
}

/** Return the passkeys that open this vault, oldest first; one that is damaged has no name. */
export function listPasskeys({ keys }: Session, passkeys: Uint8Array): PasskeyRow[] {
  return decodeRows(passkeys).map((row) => {
    const { name, since } = wrappingOf(row, keys.deviceSeed) ?? { name: "", since: 0 };
    return { id: encodeBase64url(row.id), name, since };
  });
}

/**
 * Return what is kept with one more passkey, or with one in the place of itself.
 *
 * @throws {PassphraseChanged} another tab has, since this one was unlocked.
 */
export function addPasskey(session: Session, kept: Kept, { id, name, salt, prf }: Ask<"addPasskey">): Kept {
  const { keys, vaultKey, world } = session;
  if (vaultKey === null || !opens(kept.vault, vaultKey)) throw new PassphraseChanged("the vault has another key");
  const at = {
    id: octets(decodeBase64url(id), MOST_ID, "credential id"),
    salt: shape.octets(salt, [SALT_BYTES], "salt"),
  };
  const since = world.clock();
  const wrapping = { key: wrappingKey(prf, at.id), name: shape.text(name, 0, MOST_NAME, "name"), since };
  const others = decodeRows(kept.passkeys).filter((row) => !equalBytes(row.id, at.id));
  const row = {
    ...at,
    sealed: seal(wrapping.key, at, encodeVaultKey(vaultKey), world),
    kept: seal(keptKey(keys.deviceSeed), at, encodeWrapping(wrapping), world),
  };
  wrapping.key.fill(0);
  return { ...kept, passkeys: encodeRows([...others, row].slice(-MOST)) };
}

/** Return what is kept without that passkey. */
export function removePasskey(kept: Kept, id: string): Kept {
  const rest = decodeRows(kept.passkeys).filter((row) => encodeBase64url(row.id) !== id);
  return { ...kept, passkeys: encodeRows(rest) };
}

/** Return the passkeys so that each opens with a vault key of now; a damaged one goes. */
export function resealPasskeys(passkeys: Uint8Array, seed: Uint8Array, vaultKey: VaultKey, world: World): Uint8Array {
  const rows = decodeRows(passkeys).flatMap((row) => {
    const wrapping = wrappingOf(row, seed);
    if (wrapping === null) return [];
    const sealed = seal(wrapping.key, row, encodeVaultKey(vaultKey), world);
    wrapping.key.fill(0);
    return [{ ...row, sealed }];
  });
  return encodeRows(rows);
}

function opens(vault: Uint8Array, vaultKey: VaultKey): boolean {
  try {
    openVaultWith(vault, vaultKey);
    return true;
  } catch (error) {
    if (error instanceof WrongPassphrase) return false;
    throw error;
  }
}

// Keys, and what they seal.

function wrappingKey(prf: Uint8Array, id: Uint8Array): Uint8Array {
  if (prf.length !== 32) throw new BadPasskey("a passkey answers with 32 bytes");
  return derive(prf, "msb/1/passkey-key", id);
}

function keptKey(seed: Uint8Array): Uint8Array {
  return derive(seed, "msb/1/passkey-kept");
}

function wrappingOf(row: Row, seed: Uint8Array): Wrapping | null {
  try {
    const [key, name, since] = decodeArray(open(keptKey(seed), row, row.kept));
    return {
      key: shape.octets(key, [32], "wrapping key"),
      name: shape.text(name, 0, MOST_NAME, "name"),
      since: shape.uint(since, MAX_UINT, "since"),
    };
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

function seal(key: Uint8Array, row: Pick<Row, "id" | "salt">, data: Uint8Array, world: World): Uint8Array {
  const nonce = world.random(NONCE_BYTES);
  return joinBytes(nonce, encrypt(key, nonce, data, contextOf(row)));
}

function open(key: Uint8Array, row: Row, sealed: Uint8Array): Uint8Array {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  return decrypt(key, nonce, sealed.subarray(NONCE_BYTES), contextOf(row));
}

function contextOf({ id, salt }: Pick<Row, "id" | "salt">): Uint8Array {
  return encode(["msb/1/passkey", id, salt]);
}

// As bytes.

function encodeWrapping({ key, name, since }: Wrapping): Uint8Array {
  return encode([key, name, since]);
}

function encodeVaultKey({ passes, memoryKib, salt, key }: VaultKey): Uint8Array {
  return encode([passes, memoryKib, salt, key]);
}

function decodeVaultKey(data: Uint8Array): VaultKey {
  const [passes, memoryKib, salt, key] = shape.array(decodeArray(data), 4, 4, "vault key");
  return {
    passes: shape.uint(passes, MAX_UINT, "passes"),
    memoryKib: shape.uint(memoryKib, MAX_UINT, "memory"),
    salt: shape.octets(salt, [16], "salt"),
    key: shape.octets(key, [32], "key"),
  };
}

function encodeRows(rows: readonly Row[]): Uint8Array {
  if (rows.length === 0) return new Uint8Array();
  return encode(rows.map(({ id, salt, sealed, kept }) => [id, salt, sealed, kept]));
}

// What cannot be read is as good as none: the passphrase still opens.
function decodeRows(data: Uint8Array): Row[] {
  if (data.length === 0) return [];
  try {
    return shape.array(decodeArray(data), 0, MOST, "passkeys").map(decodeRow);
  } catch (error) {
    if (error instanceof ProtocolError) return [];
    throw error;
  }
}

function decodeRow(value: Value): Row {
  const [id, salt, sealed, kept] = shape.array(value, 4, 4, "passkey");
  return {
    id: octets(id, MOST_ID, "credential id"),
    salt: shape.octets(salt, [SALT_BYTES], "salt"),
    sealed: octets(sealed, MOST_SEALED, "sealed key"),
    kept: octets(kept, MOST_SEALED, "kept key"),
  };
}

function octets(value: Value | undefined, most: number, what: string): Uint8Array {
  if (value instanceof Uint8Array && value.length > 0 && value.length <= most) return value;
  throw new Malformed(`${what} does not have a fit number of bytes`);
}
