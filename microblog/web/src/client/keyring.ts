// My reading keys: those that another device of mine made are opened from the directory.
//
// Each was sealed to this device when it came (PROTOCOL.md 4), and is checked against the key that the directory shows,
// so nobody can give this device another.

import { BytesMap, equalBytes, isArray } from "../protocol/builtins.ts";
import { decodeEntry, DIRECTORY, type Entry } from "../protocol/entry.ts";
import { Unreadable } from "../protocol/errors.ts";
import { boxKey, signingKey } from "../protocol/primitives.ts";
import { openReading } from "../protocol/reading.ts";
import type { Session } from "./session.ts";

/** Take the reading keys that I lack, as far as they were sealed to this device. */
export async function completeKeys(session: Session): Promise<void> {
  const { directory, keys } = session;
  const me = directory.persons.get(keys.person);
  if (me === undefined || me.readingKeys.length === keys.readingSecrets.length) return;
  const known = me.readingKeys.map(([, key]) => key);
  const held = new BytesMap(keys.readingSecrets.map((secret) => [boxKey(secret), secret] as const));
  const lacking = me.readingKeys.filter(([, key]) => !held.has(key)).map(([seq]) => seq);
  for (const sealed of await sealedToMe(session, lacking)) {
    for (const secret of open(session, sealed, known)) held.set(boxKey(secret), secret);
  }
  const readingSecrets = known.flatMap((key) => held.get(key) ?? []);
  // Locked meanwhile: what was opened is forgotten with the rest.
  if (session.locked) for (const secret of readingSecrets) secret.fill(0);
  else session.keys = { ...session.keys, readingSecrets };
}

function open({ keys }: Session, sealed: Uint8Array, known: readonly Uint8Array[]): readonly Uint8Array[] {
  const { boxSecret, deviceSeed, fingerprint, person } = keys;
  try {
    return openReading(boxSecret, sealed, { fingerprint, person, device: signingKey(deviceSeed) }, known);
  } catch (error) {
    // Nobody but this device could have said so before.
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

// What was sealed to this device as it came, and with each key that is lacking.
async function sealedToMe(session: Session, lacking: readonly number[]): Promise<Uint8Array[]> {
  const device = session.directory.devices.get(signingKey(session.keys.deviceSeed));
  if (device === undefined) return [];
  const found: Uint8Array[] = [];
  for (const seq of [...lacking, device.since]) {
    const raw = await session.memory.entry(DIRECTORY, seq);
    if (raw !== null) found.push(...sealedIn(decodeEntry(raw), device.key));
  }
  return found;
}

// What a verified entry of mine has sealed to a device.
function sealedIn({ header }: Entry, device: Uint8Array): Uint8Array[] {
  const [first, rows, , sealed] = header.payload;
  if (header.kind === "device") {
    const isMine = first instanceof Uint8Array && equalBytes(first, device);
    return isMine && sealed instanceof Uint8Array ? [sealed] : [];
  }
  if (header.kind !== "rekey" || rows === undefined || !isArray(rows)) return [];
  return rows.flatMap((row) => {
    const [key, value] = isArray(row) ? row : [];
    const isMine = key instanceof Uint8Array && equalBytes(key, device);
    return isMine && value instanceof Uint8Array ? [value] : [];
  });
}
