// A person's devices: one more, one less, and the next reading key (PROTOCOL.md 4).

import { BytesSet, compareBytes, equalBytes } from "./builtins.ts";
import { encode, MAX_UINT, type Value } from "./encoding.ts";
import type { Entry } from "./entry.ts";
import {
  Malformed,
  NotAllowed,
  NotAuthentic,
  UnknownDevice,
  WrongList,
} from "./errors.ts";
import { checkBoxKey, checkSigningKey, sign, signingKey, verifySignature } from "./primitives.ts";
import {
  checkStewardStays,
  claim,
  isSteward,
  personOf,
  readTexts,
  type Records,
} from "./records.ts";
import * as shape from "./shape.ts";
import { type Device, DEVICE_SORTS, type Person } from "./staff.ts";

export const MAX_DEVICES = 32;
export const MAX_SEALED_BYTES = 4096;

type Pair = readonly [device: Uint8Array, box: Uint8Array];

/** Sign, with a new device's own key, that it is to be the person's. */
export function signDevice(
  seed: Uint8Array,
  fingerprint: Uint8Array,
  person: Uint8Array,
  boxKey: Uint8Array,
  until: number,
): Uint8Array {
  const statement = statementOf(fingerprint, person, [signingKey(seed), boxKey], until);
  return sign(seed, "msb/1/device", statement);
}

/**
 * Check what a new device signed, by its (signing, box) keys.
 *
 * @throws {NotAuthentic} its key did not sign this.
 */
export function verifyDevice(
  fingerprint: Uint8Array,
  person: Uint8Array,
  keys: Pair,
  until: number,
  signature: Uint8Array,
): void {
  try {
    const statement = statementOf(fingerprint, person, keys, until);
    verifySignature(keys[0], "msb/1/device", statement, signature);
  } catch (error) {
    if (!(error instanceof NotAuthentic)) throw error;
    throw new NotAuthentic("the new device did not sign this");
  }
}

/** Return whether a device, by what is known of it now, signs after `time`. */
export function isGood(device: Device, time: number): boolean {
  return device.revoked === null && (device.until === 0 || device.until > time);
}

/**
 * Check that a device signed before it was revoked, and before its time was over.
 *
 * @throws {UnknownDevice} it did not.
 */
export function checkGood(device: Device, seq: number, time: number): void {
  if (device.revoked !== null && device.revoked <= seq) {
    throw new UnknownDevice("the device was revoked");
  }
  if (device.until > 0 && time > device.until) {
    throw new UnknownDevice("the device's time is over");
  }
}

/**
 * Return whether what a device signed at a time stands in doubt: it was lost by then.
 *
 * It was revoked later, so whoever has it may have signed. The time is the signer's own.
 */
export function isDoubtful(device: Device, time: number): boolean {
  return device.revoked !== null && time > device.doubtfulSince;
}

/** Return a person's devices, revoked ones too, in the order in which they came. */
export function devicesOf(records: Records, person: Uint8Array): readonly Device[] {
  return [...records.devices.values()].filter((device) => equalBytes(device.person, person));
}

/** Take in one more device of the author's; it signed too, so nobody else's can be taken. */
export function admitDevice(records: Records, entry: Entry): void {
  const { author: person, payload: items, seq: since, time } = entry.header;
  const payload = shape.array(items, 5, 5, "payload");
  const key = shape.octets(payload[0], [32], "device key");
  const boxKey = shape.octets(payload[1], [32], "box key");
  const until = shape.uint(payload[2], MAX_UINT, "until");
  checkSealed(payload[3]);
  const signature = shape.octets(payload[4], [64], "signature");
  if (until > 0 && until <= time) throw new Malformed("until is not later than the entry");
  const others = devicesOf(records, person).filter((device) => isGood(device, time));
  if (others.length >= MAX_DEVICES) {
    throw new NotAllowed("the person has as many devices as they may have");
  }
  checkSigningKey(key);
  checkBoxKey(boxKey);
  const fingerprint = records.fingerprint ?? new Uint8Array();
  verifyDevice(fingerprint, person, [key, boxKey], until, signature);
  claim(records, key, boxKey);
  const [name, sort] = nameAndSort(entry);
  records.devices.set(key, {
    key, boxKey, person, since, name, sort, time, until, revoked: null, doubtfulSince: 0,
  });
}

/** Take a device from its person, for good; a steward may, and whoever it belongs to. */
export function revokeDevice(
  records: Records,
  entry: Entry,
  target: Value | undefined,
  since: number,
): void {
  const { author, seq: revoked } = entry.header;
  const device = records.devices.get(shape.octets(target, [32], "device"));
  if (device === undefined || device.revoked !== null) {
    throw new NotAllowed("the device is not there, or revoked already");
  }
  if (!equalBytes(device.person, author) && !isSteward(personOf(records, author))) {
    throw new NotAllowed("only a steward, or whose it is, may revoke a device");
  }
  checkStewardStays(records, device.key);
  const person = personOf(records, device.person);
  records.devices.set(device.key, { ...device, revoked, doubtfulSince: since });
  records.persons.set(person.id, { ...person, revoked: [...person.revoked, revoked] });
}

/** Take in the author's next reading key, sealed to exactly the devices that they have left. */
export function rekey(records: Records, entry: Entry): void {
  const { author, seq, time } = entry.header;
  const payload = shape.array(entry.header.payload, 2, 2, "payload");
  const key = shape.octets(payload[0], [32], "reading key");
  const to = shape.array(payload[1], 0, MAX_DEVICES, "sealed reading keys").map(readRow);
  if (to.some((device, at) => at > 0 && compareBytes(to[at - 1]!, device) >= 0)) {
    throw new WrongList("sealed reading keys are not sorted, or one occurs twice");
  }
  const good = devicesOf(records, author).filter((device) => isGood(device, time));
  const listed = new BytesSet(to);
  if (to.length !== good.length || good.some((device) => !listed.has(device.key))) {
    throw new WrongList("a reading key is sealed to exactly the devices that its person has");
  }
  checkBoxKey(key);
  claim(records, key);
  records.persons.set(author, withReadingKey(personOf(records, author), seq, key));
}

/** Return a person with their next reading key. */
export function withReadingKey(person: Person, seq: number, key: Uint8Array): Person {
  return { ...person, readingKey: key, readingKeys: [...person.readingKeys, [seq, key]] };
}

function readRow(value: Value): Uint8Array {
  const row = shape.array(value, 2, 2, "sealed reading keys");
  checkSealed(row[1]);
  return shape.octets(row[0], [32], "device key");
}

function checkSealed(value: Value | undefined): void {
  // Nobody but its device can say more of it.
  if (!(value instanceof Uint8Array) || value.length < 1 || value.length > MAX_SEALED_BYTES) {
    throw new Malformed("sealed reading keys do not have the right number of bytes");
  }
}

function nameAndSort(entry: Entry): readonly [name: string, sort: string] {
  const [name = ""] = readTexts(entry, 1);
  const [, sort = ""] = readTexts(entry, 2);
  return [name, DEVICE_SORTS.includes(sort) ? sort : ""];
}

function statementOf(
  fingerprint: Uint8Array,
  person: Uint8Array,
  keys: Pair,
  until: number,
): Uint8Array {
  return encode(["msb/1/device", fingerprint, person, ...keys, until]);
}
