// Back from the recovery sheet: what it opens, and new keys for a device at hand.
//
// The sheet is a device of its person as any other. Its keys are bound to the practice's fingerprint; where the letters
// were typed, that is the server's word, and proven by such a device being there. Only a link pins the directory too: who
// types the letters may be shown an older one.

import { decodeBase64url } from "../protocol/base64url.ts";
import { equalBytes } from "../protocol/builtins.ts";
import { isGood, signDevice } from "../protocol/device.ts";
import { DIRECTORY } from "../protocol/entry.ts";
import { BadLetters, UnknownDevice } from "../protocol/errors.ts";
import { boxKey, signingKey } from "../protocol/primitives.ts";
import {
  decodeSheetLink,
  deriveBoxSecret,
  deriveDeviceSeed,
  readSheet,
} from "../protocol/recovery.ts";
import type { Keys } from "../protocol/vault.ts";
import * as admitting from "./admitting.ts";
import { UnstoredDatabase } from "./database.ts";
import { checkHoldsKeys, devices, sealMineTo, SEED_BYTES, writeLosses } from "./devices.ts";
import { refreshDirectory } from "./directory.ts";
import { openSession } from "./keeping.ts";
import { completeKeys } from "./keyring.ts";
import { Memory } from "./memory.ts";
import type { Recovery } from "./messages.ts";
import { sendAllToDirectory } from "./sending.ts";
import { checkTrusted, freshOf, writerOf, type Session, type World } from "./session.ts";
import { practiceName, showPerson } from "./showing.ts";
import { Refused, type Transport } from "./transport.ts";

const NOBODY = new Uint8Array(16);

/** A sheet at work: a session that its keys signed in, with nothing but the directory. */
export interface Found {
  readonly session: Session;
  readonly shown: Recovery;
}

/**
 * Return a session of keys that come with no reading key: the directory, checked, has them.
 *
 * @throws {UnknownDevice} the device is not its person's, or not good.
 * @throws {Waiting} it was sealed no reading key that opens.
 * @throws {InTrouble} what the server serves is not this practice's directory, or less than was seen.
 */
export async function look(keys: Keys, transport: Transport, world: World): Promise<Session> {
  const memory = new Memory(new UnstoredDatabase(), keys.deviceSeed, world.random);
  const session = await openSession(keys, transport, memory, world);
  try {
    await refreshDirectory(session);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "signed-out") throw error;
    throw new UnknownDevice("the server knows no such device");
  }
  checkTrusted(session);
  const device = session.directory.devices.get(signingKey(keys.deviceSeed));
  if (device === undefined || !isGood(device, world.clock())) {
    throw new UnknownDevice("the directory knows no such device, or it is shut out");
  }
  if (equalBytes(keys.person, NOBODY)) {
    session.keys = { ...keys, person: device.person };
    await completeKeys(session);
  }
  if (!equalBytes(device.person, session.keys.person)) {
    throw new UnknownDevice("the device is somebody else's");
  }
  checkHoldsKeys(session);
  return session;
}

/**
 * Read a sheet by what stands after `#` in its link.
 *
 * @throws {Malformed} a part of it is missing.
 * @throws as `look`.
 */
export async function readLink(transport: Transport, fragment: string, world: World): Promise<Found> {
  const { secret, fingerprint, directory } = decodeSheetLink(fragment);
  const keys = keysOf(transport, secret, fingerprint);
  return find({ ...keys, pins: [[DIRECTORY, directory]] }, transport, world);
}

/**
 * Read a sheet by the letters that were typed from it.
 *
 * @throws {BadLetters} one is wrong, or no such sheet is known here.
 * @throws as `look`.
 */
export async function readLetters(transport: Transport, letters: string, world: World): Promise<Found> {
  const secret = readSheet(letters);
  const fingerprint = await transport.fingerprint();
  if (fingerprint === null) throw new BadLetters("no practice is founded here");
  return find(keysOf(transport, secret, fingerprint), transport, world);
}

function keysOf({ origin }: Transport, secret: Uint8Array, fingerprint: Uint8Array): Keys {
  return {
    fingerprint,
    origin,
    person: NOBODY,
    deviceSeed: deriveDeviceSeed(secret, fingerprint),
    boxSecret: deriveBoxSecret(secret, fingerprint),
    readingSecrets: [],
    pins: [],
  };
}

async function find(keys: Keys, transport: Transport, world: World): Promise<Found> {
  const session = await look(keys, transport, world);
  const { directory } = session;
  const shown = {
    practice: practiceName(directory),
    name: showPerson(directory, session.keys.person).name,
    devices: await devices(session),
  };
  return { session, shown };
}

/** Return keys for a device at hand, to be kept before they are sent. */
export function newKeys({ session: { directory, keys, world } }: Found): Keys {
  const { head } = directory;
  return {
    ...keys,
    readingSecrets: keys.readingSecrets.map((secret) => secret.slice()),
    deviceSeed: world.random(SEED_BYTES),
    boxSecret: world.random(SEED_BYTES),
    pins: head === null ? [] : [[DIRECTORY, head]],
  };
}

/**
 * Let a new device in with the sheet, and shut out what is lost; all at once, or none.
 *
 * Where something is lost, or was before, my reading key is another from then on.
 *
 * @throws {NotAllowed} what is lost is no device, or shut out already.
 * @throws as `sendAllToDirectory`.
 */
export async function recover(
  { session }: Found,
  keys: Keys,
  name: string,
  lost: readonly string[],
): Promise<void> {
  const { deviceSeed, fingerprint, person } = keys;
  const key = signingKey(deviceSeed);
  const box = boxKey(keys.boxSecret);
  await refreshDirectory(session);
  checkTrusted(session);
  if (session.directory.devices.has(key)) return;
  const signature = signDevice(deviceSeed, fingerprint, person, box, 0);
  const device = { key, boxKey: box, name, sort: "", until: 0, signature } as const;
  const gone = lost.map((id) => decodeBase64url(id));
  await sendAllToDirectory(session, (place) => {
    const sealed = sealMineTo(session, device);
    const fresh = freshOf(session.world);
    const letIn = admitting.addDevice(writerOf(session), place, fresh, device, sealed);
    return writeLosses(session, place, [letIn], gone, place.time);
  });
}
