// What the rules of the directory's entries share: the records they change, and checks on them.

import { BytesSet, equalBytes, type BytesMap } from "./builtins.ts";
import { decodeArray, type Value } from "./encoding.ts";
import { checkBody, type Entry } from "./entry.ts";
import { BadKey, Malformed, NotAllowed, Unreadable } from "./errors.ts";
import * as shape from "./shape.ts";
import type { Agency, Device, Invite, Person, Policy, Witness } from "./staff.ts";

export const MAX_TEXT = 120;
export const MAX_ROWS = 64;
export const NOBODY = new Uint8Array();

/** The part of a directory that its entries change. */
export interface Records {
  fingerprint: Uint8Array | null;
  agencies: BytesMap<Agency>;
  persons: BytesMap<Person>;
  devices: BytesMap<Device>;
  invites: BytesMap<Invite>;
  witnesses: BytesMap<Witness>;
  keys: BytesSet;
  policy: Policy | null;
}

/**
 * Take keys for this directory, in which none occurs twice.
 *
 * @throws {BadKey} one is there already, or given twice; none is taken.
 */
export function claim(records: Records, ...keys: readonly Uint8Array[]): void {
  if (new BytesSet(keys).size < keys.length || keys.some((key) => records.keys.has(key))) {
    throw new BadKey("a key is already in this directory");
  }
  for (const key of keys) records.keys.add(key);
}

/**
 * Return the id of an agency that is known.
 *
 * @throws {ProtocolError} it is not one.
 */
export function knownAgency(records: Records, value: Value | undefined): Uint8Array {
  const agency = shape.octets(value, [16], "agency");
  if (!records.agencies.has(agency)) throw new NotAllowed("no agency is known by that id");
  return agency;
}

/** Return whether someone is a steward who works here. */
export function isSteward(person: Person): boolean {
  return person.role === "steward" && person.left === null;
}

/**
 * Check that a steward keeps a device without this person, or without this device.
 *
 * One that is good for a time only does not count: the practice would be shut by waiting.
 *
 * @throws {NotAllowed} none would.
 */
export function checkStewardStays(records: Records, without: Uint8Array): void {
  for (const device of records.devices.values()) {
    if (isStewards(records, device, without)) return;
  }
  throw new NotAllowed("this would leave no steward");
}

/**
 * Return the first texts of an entry's body, or none.
 *
 * A body may be erased, or never have been what it should: no rule depends on it.
 */
export function readTexts(entry: Entry, count: number): readonly string[] {
  try {
    checkBody(entry);
    const items = shape.array(decodeArray(entry.body), count, 2 ** 16, "body");
    return items.slice(0, count).map((item) => shape.text(item, 0, MAX_TEXT, "text"));
  } catch (error) {
    if (error instanceof Malformed || error instanceof Unreadable) return [];
    throw error;
  }
}

/** Return who a device, an invitation or an entry that was checked is of. */
export function personOf(records: Records, id: Uint8Array): Person {
  const person = records.persons.get(id);
  // Devices and invitations are recorded with their person, and nobody is ever taken out.
  if (person === undefined) throw new Error("someone is missing from the records");
  return person;
}

function isStewards(records: Records, device: Device, without: Uint8Array): boolean {
  if (device.revoked !== null || device.until > 0) return false;
  if (equalBytes(device.key, without) || equalBytes(device.person, without)) return false;
  return isSteward(personOf(records, device.person));
}
