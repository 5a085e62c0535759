// A person's keys on their way into a vault or key file, and out of it.

import { BytesMap, compareBytes } from "../protocol/builtins.ts";
import { WrongPassphrase } from "../protocol/errors.ts";
import { NONCE_BYTES } from "../protocol/primitives.ts";
import {
  newVaultKey,
  openVaultWith,
  resealVault,
  stretchVaultKey,
  type Keys,
  type VaultKey,
} from "../protocol/vault.ts";
import type { Kept } from "./database.ts";
import { resealPasskeys } from "./passkeys.ts";
import { checkPassphrase } from "./passphrase.ts";
import { later, wipe, type Session, type World } from "./session.ts";

const VAULT_SALT_BYTES = 16;

/** Return the keys as they go into a vault or key file: with how far each log was seen. */
export function keysWithPins({ keys, notes }: Session): Keys {
  const pins = [...notes]
    .sort(([a], [b]) => compareBytes(a, b))
    .flatMap(([log, { pin }]) => (pin ? [[log, pin] as const] : []));
  return { ...keys, pins };
}

/** Keys, and what seals them anew into the vault that they came from, or went into. */
export interface Unsealed {
  readonly keys: Keys;
  readonly vaultKey: VaultKey;
}

/**
 * Return a vault (or key file) of these keys; slow on purpose.
 *
 * @throws {Malformed} the passphrase is shorter than 12 characters.
 */
export function sealKeys(
  keys: Keys,
  passphrase: string,
  world: World,
): Unsealed & { readonly vault: Uint8Array } {
  const vaultKey = newKey(passphrase, world);
  return { keys, vaultKey, vault: resealVault(keys, vaultKey, world.random(NONCE_BYTES)) };
}

/**
 * Return what seals a vault under a new passphrase; slow on purpose.
 *
 * @throws {Malformed} the passphrase is shorter than 12 characters.
 */
export function newKey(passphrase: string, world: World): VaultKey {
  checkPassphrase(passphrase);
  world.progress("unlock", 0, 1);
  const vaultKey = newVaultKey(passphrase, world.random(VAULT_SALT_BYTES));
  world.progress("unlock", 1, 1);
  return vaultKey;
}

/**
 * Return the keys in a vault or key file; slow on purpose.
 *
 * @throws {Malformed} it is neither.
 * @throws {WeakVault} it asks for too little work, or too much.
 * @throws {WrongPassphrase} it does not open.
 */
export function openKeys(vault: Uint8Array, passphrase: string, world: World): Unsealed {
  world.progress("unlock", 0, 1);
  const vaultKey = stretchVaultKey(vault, passphrase);
  const keys = openVaultWith(vault, vaultKey);
  world.progress("unlock", 1, 1);
  return { keys, vaultKey };
}

/**
 * Return a vault of mine and its passkeys under another key, with the keys and pins of now in it.
 *
 * @throws {WrongPassphrase} another tab has changed the passphrase meanwhile.
 */
export function rekeyKept(session: Session, kept: Kept, before: VaultKey, next: VaultKey): Kept {
  const { world } = session;
  const keys = openVaultWith(freshenVault(session, kept.vault, before), before);
  const vault = resealVault(keys, next, world.random(NONCE_BYTES));
  const passkeys = resealPasskeys(kept.passkeys, keys.deviceSeed, next, world);
  wipe(keys);
  return { vault, passkeys };
}

/** Return a vault of mine with the keys and pins of now; as it is, if another tab has changed the passphrase since. */
export function freshenVault(session: Session, vault: Uint8Array, vaultKey = session.vaultKey): Uint8Array {
  const { world } = session;
  if (vaultKey === null || session.locked) return vault;
  try {
    const kept = openVaultWith(vault, vaultKey);
    const pins = new BytesMap(kept.pins);
    const keys = keysWithPins(session);
    for (const [log, pin] of keys.pins) pins.set(log, later(pins.get(log) ?? null, pin) ?? pin);
    const sorted = [...pins].sort(([a], [b]) => compareBytes(a, b));
    // Another tab may have opened a newer reading key than this one.
    const readingSecrets = longer(kept.readingSecrets, keys.readingSecrets);
    const made = { ...keys, readingSecrets, pins: sorted };
    const sealed = resealVault(made, vaultKey, world.random(NONCE_BYTES));
    wipe(kept);
    return sealed;
  } catch (error) {
    if (error instanceof WrongPassphrase) return vault;
    throw error;
  }
}

function longer<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return a.length > b.length ? a : b;
}
