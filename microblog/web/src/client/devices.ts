// My devices, and for a steward somebody's: what there is, and shutting one out when it is lost.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import { isGood } from "../protocol/device.ts";
import { decodeEntry, DIRECTORY, type Entry, type Header } from "../protocol/entry.ts";
import { NotAllowed } from "../protocol/errors.ts";
import { boxKey, signingKey } from "../protocol/primitives.ts";
import { sealReading } from "../protocol/reading.ts";
import type { Device } from "../protocol/staff.ts";
import * as admitting from "./admitting.ts";
import { refreshDirectory } from "./directory.ts";
import { Pace } from "./pace.ts";
import { draftRekey } from "./rekeying.ts";
import { sendAllToDirectory, sendToDirectory } from "./sending.ts";
import { checkTrusted, freshOf, Waiting, writerOf, type Session } from "./session.ts";
import type { DeviceRow } from "./shown.ts";
import { after, type Place } from "./writing.ts";

export const SEED_BYTES = 32;

const PAPER = "paper";

/** Return my devices, in the order in which they came. */
export async function devices(session: Session): Promise<DeviceRow[]> {
  return rowsOf(session, session.keys.person);
}

/** Return somebody's devices, in the order in which they came. */
export async function devicesOf(session: Session, person: string): Promise<DeviceRow[]> {
  return rowsOf(session, decodeBase64url(person));
}

/** Return how many recovery sheets of mine are good. */
export function countSheets({ directory, keys, world }: Session): number {
  const mine = directory.devicesOf(keys.person);
  return mine.filter((device) => device.sort === PAPER && isGood(device, world.clock())).length;
}

/**
 * Let a device of mine in, and return the entry that does; once more, if it is in already.
 *
 * @throws {Waiting} this device lacks my newest reading key, so it can hand on nothing.
 * @throws as `sendToDirectory`.
 */
export async function addDevice(session: Session, device: admitting.NewDevice): Promise<Entry> {
  await refreshDirectory(session);
  checkTrusted(session);
  const there = session.directory.devices.get(device.key);
  if (there !== undefined && equalBytes(there.person, session.keys.person)) {
    const raw = await session.memory.entry(DIRECTORY, there.since);
    if (raw !== null) return decodeEntry(raw);
  }
  return sendToDirectory(session, (place, fresh) => {
    checkHoldsKeys(session);
    const sealed = sealMineTo(session, device);
    return admitting.addDevice(writerOf(session), place, fresh, device, sealed);
  });
}

/** Return my reading keys, sealed to a new device of mine. */
export function sealMineTo({ keys, world }: Session, device: admitting.NewDevice): Uint8Array {
  const { fingerprint, person, readingSecrets } = keys;
  const owner = { fingerprint, person, device: device.key };
  const secrets = readingSecrets.slice(-admitting.MAX_SECRETS);
  return sealReading(world.random(SEED_BYTES), owner, device.boxKey, secrets);
}

/** Check that this device can open what is sealed to me now; throw Waiting if not. */
export function checkHoldsKeys({ directory, keys }: Session): void {
  const me = directory.persons.get(keys.person);
  const held = new BytesSet(keys.readingSecrets.map(boxKey));
  if (me === undefined || !held.has(me.readingKey)) {
    throw new Waiting("this device does not have your newest reading key");
  }
}

/**
 * Shut out a device of mine, or, as a steward, of anyone.
 *
 * After one of mine my reading key is another, in the same request: so from the next epoch of each stream on, which
 * clients begin by themselves, the lost device opens nothing.
 *
 * @throws {NotAllowed} there is no such device, or it is none of mine and I am no steward.
 * @throws as `sendAllToDirectory`.
 */
export async function revokeDevice(session: Session, key: string, since: number): Promise<void> {
  const target = decodeBase64url(key);
  await refreshDirectory(session);
  checkTrusted(session);
  if (knownDevice(session, target).revoked !== null) return;
  await sendAllToDirectory(session, (place) => writeLosses(session, place, [], [target], since));
}

/**
 * Return the `first` entries, those that shut devices out, and my next reading key.
 *
 * The key comes where mine is stale after all this, and this device has not shut out itself.
 */
export function writeLosses(
  session: Session,
  start: Place,
  first: readonly Entry[],
  lost: readonly Uint8Array[],
  since: number,
): Entry[] {
  const { keys, world } = session;
  const writer = writerOf(session);
  const entries: Entry[] = [];
  let { directory } = session;
  let place = start;
  const add = (entry: Entry): void => {
    entries.push(entry);
    place = after(place, entry);
    directory = directory.apply(entry);
  };
  for (const entry of first) add(entry);
  for (const key of lost) add(admitting.revokeDevice(writer, place, freshOf(world), key, since));
  const mine = signingKey(keys.deviceSeed);
  if (directory.isStale(keys.person) && !lost.some((key) => equalBytes(key, mine))) {
    entries.push(draftRekey(session, directory, place, freshOf(world)));
  }
  return entries;
}

function knownDevice({ directory }: Session, key: Uint8Array): Device {
  const device = directory.devices.get(key);
  if (device === undefined) throw new NotAllowed("there is no such device");
  return device;
}

async function rowsOf(session: Session, person: Uint8Array): Promise<DeviceRow[]> {
  const mine = signingKey(session.keys.deviceSeed);
  const used = await lastUses(session, person);
  return session.directory.devicesOf(person).map(({ key, name, sort, time, until, revoked }) => ({
    key: encodeBase64url(key),
    name,
    sort: sort === PAPER ? PAPER : "",
    since: time,
    until,
    revoked: revoked !== null,
    mine: equalBytes(key, mine),
    lastUse: used.get(key) ?? 0,
  }));
}

// When each of somebody's devices last signed something that I hold, and that is wholly checked.
async function lastUses(session: Session, person: Uint8Array): Promise<BytesMap<number>> {
  const used = new BytesMap<number>();
  const note = ({ author, device, time }: Header): void => {
    if (equalBytes(author, person)) used.set(device, Math.max(used.get(device) ?? 0, time));
  };
  const pace = new Pace();
  for (const raw of await session.memory.entries(DIRECTORY)) {
    note(decodeEntry(raw).header);
    await pace.rest();
  }
  for (const feed of session.feeds.values()) {
    for (const { header } of feed.entries) if (!feed.unchecked.has(header.seq)) note(header);
    await pace.rest();
  }
  return used;
}
