// My next reading key, sealed to the devices that I have left (PROTOCOL.md 4).
//
// It is not kept here: this device opens it from the directory as all the others do, once it stands there. So a key whose
// entry was refused, or lost its place, is never used.

import { compareBytes } from "../protocol/builtins.ts";
import { isGood, MAX_SEALED_BYTES } from "../protocol/device.ts";
import type { Directory } from "../protocol/directory.ts";
import { MAX_PAYLOAD_BYTES, type Entry } from "../protocol/entry.ts";
import { boxKey } from "../protocol/primitives.ts";
import { sealReading } from "../protocol/reading.ts";
import { sendToDirectory } from "./sending.ts";
import { writerOf, type Session } from "./session.ts";
import { plain, type Fresh, type Place } from "./writing.ts";

const SECRET_BYTES = 32;

// What stands around the rows, a row's key and the sealed keys, and each of these, in bytes.
const [AROUND, ROW, SEAL, SECRET] = [64, 40, 160, 34] as const;

/**
 * Sign my next reading key, and have the directory carry it.
 *
 * @throws as `sendToDirectory`.
 */
export async function rekey(session: Session): Promise<void> {
  await sendToDirectory(session, (place, fresh) =>
    draftRekey(session, session.directory, place, fresh),
  );
}

/**
 * Return the entry that brings my next reading key.
 *
 * `directory` is what it follows: in one request with the loss of a device, with that in it.
 */
export function draftRekey(
  session: Session,
  directory: Directory,
  place: Place,
  fresh: Fresh,
): Entry {
  const { fingerprint, person, readingSecrets } = session.keys;
  const { random } = session.world;
  const secret = random(SECRET_BYTES);
  const devices = directory.devicesOf(person).filter((device) => isGood(device, place.time));
  const secrets = [...readingSecrets, secret].slice(-countRoom(devices.length));
  const rows = devices
    .toSorted((a, b) => compareBytes(a.key, b.key))
    .map(({ key, boxKey: recipient }) => {
      const owner = { fingerprint, person, device: key };
      return [key, sealReading(random(SECRET_BYTES), owner, recipient, secrets)];
    });
  return plain(writerOf(session), place, fresh, "rekey", [boxKey(secret), rows], []);
}

/** Return how many of the newest reading keys can be sealed to each of so many devices. */
export function countRoom(devices: number): number {
  const each = Math.floor((MAX_PAYLOAD_BYTES - AROUND) / Math.max(devices, 1)) - ROW;
  return Math.floor((Math.min(MAX_SEALED_BYTES, each) - SEAL) / SECRET);
}
