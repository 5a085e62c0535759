// The directory: a fold from its entries to who works here, with which keys and role (PROTOCOL.md
// 4, 9).
//
// `Directory.apply` checks an entry completely before it takes it in, so a directory in hand is
// always
// verified, from the fingerprint to its head. It needs no body: a missing one leaves names empty.

import { admit } from "./admission.ts";
import { BytesMap, BytesSet, equalBytes } from "./builtins.ts";
import { checkGood, devicesOf } from "./device.ts";
import { DIRECTORY, type Entry, NO_ENTRY } from "./entry.ts";
import {
  BrokenChain,
  DirectoryBehind,
  ForkedDirectory,
  Malformed,
  ProtocolError,
  UnknownDevice,
} from "./errors.ts";
import { checkLink, type Head } from "./log.ts";
import type { Records } from "./records.ts";
import type { Agency, Device, Invite, Person, Policy, Witness } from "./staff.ts";

/** The verified directory of one practice; treat it as a value. */
export class Directory implements Records {
  fingerprint: Uint8Array | null;
  ids: Uint8Array[] = [];
  time = 0;
  agencies = new BytesMap<Agency>();
  persons = new BytesMap<Person>();
  devices = new BytesMap<Device>();
  invites = new BytesMap<Invite>();
  witnesses = new BytesMap<Witness>();
  keys = new BytesSet();
  policy: Policy | null = null;

  constructor(fingerprint: Uint8Array | null = null) {
    this.fingerprint = fingerprint;
  }

  /** How far the directory has come; null before `found`. */
  get head(): Head | null {
    const id = this.ids.at(-1);
    return id === undefined ? null : { seq: this.ids.length - 1, id };
  }

  /**
   * Return the directory with one more entry.
   *
   * @throws {ProtocolError} the entry is not the next of this directory; this one is unchanged.
   */
  apply(entry: Entry): Directory {
    const copy = this.#copy();
    copy.#take(entry);
    return copy;
  }

  /** Return the directory with as many of the entries as are good, and what stopped it. */
  extend(entries: Iterable<Entry>): readonly [directory: Directory, error: ProtocolError | null] {
    const copy = this.#copy();
    try {
      for (const entry of entries) copy.#take(entry);
    } catch (error) {
      if (error instanceof ProtocolError) return [copy, error];
      throw error;
    }
    return [copy, null];
  }

  /**
   * Check that a stream entry saw this directory.
   *
   * @throws {DirectoryBehind} it has seen more than is here.
   * @throws {ForkedDirectory} it has seen another.
   */
  checkView(seq: number, head: Uint8Array): void {
    const id = this.ids[seq];
    if (id === undefined) throw new DirectoryBehind("the entry has seen more of the directory");
    if (!equalBytes(id, head)) {
      throw new ForkedDirectory("the entry was written with another directory");
    }
  }

  /**
   * Check that a device was the person's, and good, at a directory seq and a time.
   *
   * @throws {UnknownDevice} it was not.
   */
  checkDevice(key: Uint8Array, person: Uint8Array, seq: number, time: number): void {
    const device = this.devices.get(key);
    if (device === undefined || !equalBytes(device.person, person) || device.since > seq) {
      throw new UnknownDevice("the device is not the author's");
    }
    if (!this.worksHere(person, seq)) throw new UnknownDevice("the author has left");
    checkGood(device, seq, time);
  }

  /** Return a person's devices, revoked ones too, in the order in which they came. */
  devicesOf(person: Uint8Array): readonly Device[] {
    return devicesOf(this, person);
  }

  /** Return whether a person had joined, and not left, at a directory seq. */
  worksHere(person: Uint8Array, seq: number): boolean {
    return isHere(this.persons.get(person), seq);
  }

  /**
   * Return whether a directory seq has lost a person who was listed when `since` was seen.
   *
   * They had left, or a device of theirs was revoked in between: an epoch is due.
   */
  isLost(person: Uint8Array, since: number, seq: number): boolean {
    const known = this.persons.get(person);
    return !isHere(known, seq) || known.revoked.some((at) => since < at && at <= seq);
  }

  /**
   * Return whether a device was revoked after a person's newest reading key, as of a seq.
   *
   * Whoever has that device may hold the key: nothing is sealed to it until they rekey.
   */
  isStale(person: Uint8Array, seq = this.ids.length - 1): boolean {
    const known = this.persons.get(person);
    if (known === undefined) return false;
    const rekeyed = known.readingKeys.findLast(([at]) => at <= seq)?.[0] ?? seq;
    return known.revoked.some((at) => rekeyed < at && at <= seq);
  }

  #take(entry: Entry): void {
    const { header } = entry;
    checkLink(DIRECTORY, this.head, entry);
    if (header.epoch || header.directorySeq || !equalBytes(header.directoryHead, NO_ENTRY)) {
      throw new Malformed("a directory entry has no epoch and no view");
    }
    const pinned = header.seq === 0 ? this.fingerprint : null;
    if (pinned !== null && !equalBytes(entry.id, pinned)) {
      throw new BrokenChain("this is another practice's directory");
    }
    admit(this, entry);
    this.ids.push(entry.id);
    this.time = header.time;
    if (header.seq === 0) this.fingerprint = entry.id;
  }

  #copy(): Directory {
    const copy = new Directory(this.fingerprint);
    copy.ids = [...this.ids];
    copy.time = this.time;
    copy.agencies = new BytesMap(this.agencies);
    copy.persons = new BytesMap(this.persons);
    copy.devices = new BytesMap(this.devices);
    copy.invites = new BytesMap(this.invites);
    copy.witnesses = new BytesMap(this.witnesses);
    copy.keys = new BytesSet(this.keys);
    copy.policy = this.policy;
    return copy;
  }
}

function isHere(known: Person | undefined, seq: number): known is Person {
  if (known === undefined || known.joined > seq) return false;
  return known.left === null || known.left > seq;
}

/** Return the practice's rules, with the default of each that it has not settled. */
export function rulesOf(directory: Directory): ReadonlyMap<string, number> {
  return new Map([["send-unvouched", 1], ...(directory.policy?.rules ?? [])]);
}
