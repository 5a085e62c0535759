// The public state of a log as this client verified it, kept beside the entries it follows from.
//
// What is kept is sealed under a key of this device (see `memory`), so what comes back is what was verified: no
// signature is verified twice, and nothing here is ever taken from a server. A snapshot in another format is as good
// as none, and the log is then verified anew.

import { BytesMap, BytesSet } from "../protocol/builtins.ts";
import { decodeArray, encode, MAX_UINT, type Value } from "../protocol/encoding.ts";
import { Directory } from "../protocol/directory.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import * as shape from "../protocol/shape.ts";
import type { Proposal } from "../protocol/shred.ts";
import type { Agency, Device, Invite, Person, Policy, Witness } from "../protocol/staff.ts";
import { Stream } from "../protocol/stream.ts";

const STREAM = "stream/2";
const DIRECTORY = "directory/2";
const MANY = 2 ** 32;

type Row = readonly Value[];
type Item = Value | undefined;

/** Return a stream's public state as bytes. */
export function encodeStream(stream: Stream): Uint8Array {
  const { log, head, time, members, commitments, dropped, directorySeq, epochView } = stream;
  return encode([
    STREAM, log, headRow(head), time, members, commitments, dropped, directorySeq,
    epochView,
    stream.held ? 1 : 0,
    stream.proposals.map(({ id, author, time: at, digest }) => [id, author, at, digest]),
  ]);
}

/** Return the stream in a snapshot, or null if there is none. */
export function decodeStream(data: Uint8Array): Stream | null {
  return open(data, STREAM, 11, (items) => {
    const [, log, head, time, members, commitments, dropped, ...rest] = items;
    const [directorySeq, epochView, held, proposals] = rest;
    return new Stream(bytes(log), {
      head: readHead(rows(head)),
      time: uint(time),
      members: rows(members).map(row).map(([person, role]) => [bytes(person), text(role)] as const),
      commitments: rows(commitments).map(bytes),
      dropped: rows(dropped).map(uint),
      directorySeq: uint(directorySeq),
      epochView: uint(epochView),
      held: held === 1,
      proposals: rows(proposals).map(readProposal),
    });
  });
}

function readProposal(value: Value): Proposal {
  const [id, author, time, digest] = row(value);
  return { id: bytes(id), author: bytes(author), time: uint(time), digest: bytes(digest) };
}

/** Return a directory as bytes. */
export function encodeDirectory(directory: Directory): Uint8Array {
  const { fingerprint, ids, time, agencies, persons, devices, invites } = directory;
  const { witnesses, keys, policy } = directory;
  return encode([
    DIRECTORY,
    fingerprint ?? new Uint8Array(),
    ids,
    time,
    [...agencies.values()].map(({ id, name, sort }) => [id, name, sort]),
    [...persons.values()].map(personRow),
    [...devices.values()].map(deviceRow),
    [...invites.values()].map(inviteRow),
    [...witnesses.values()].map(witnessRow),
    [...keys],
    policy ? policyRow(policy) : [],
  ]);
}

/** Return the directory in a snapshot, or null if there is none. */
export function decodeDirectory(data: Uint8Array): Directory | null {
  return open(data, DIRECTORY, 11, (items) => {
    const [, fingerprint, ids, time, agencies, persons, devices, invites, ...rest] = items;
    const [witnesses, keys, policy] = rest;
    const directory = new Directory(bytes(fingerprint));
    directory.ids = rows(ids).map(bytes);
    directory.time = uint(time);
    directory.agencies = byKey(rows(agencies).map(readAgency), ({ id }) => id);
    directory.persons = byKey(rows(persons).map(readPerson), ({ id }) => id);
    directory.devices = byKey(rows(devices).map(readDevice), ({ key }) => key);
    directory.invites = byKey(rows(invites).map(readInvite), ({ id }) => id);
    directory.witnesses = byKey(rows(witnesses).map(readWitness), ({ key }) => key);
    directory.keys = new BytesSet(rows(keys).map(bytes));
    directory.policy = rows(policy).length > 0 ? readPolicy(rows(policy)) : null;
    return directory;
  });
}

function personRow(person: Person): Row {
  const { id, agency, role, readingKey, joined, left, name, job } = person;
  const { supervisor, deputies, phone, email, formerly, readingKeys, revoked } = person;
  return [
    id, agency, role, readingKey, joined, orNone(left), name, job, supervisor, deputies, phone,
    email, formerly, readingKeys, revoked,
  ];
}

function readPerson(value: Value): Person {
  const [id, agency, role, readingKey, joined, gone, name, job, ...rest] = row(value);
  const [supervisor, deputies, phone, email, formerly, readingKeys, revoked] = rest;
  return {
    id: bytes(id),
    agency: bytes(agency),
    role: text(role),
    readingKey: bytes(readingKey),
    joined: uint(joined),
    left: uintOrNone(gone),
    name: text(name),
    job: text(job),
    supervisor: bytes(supervisor),
    deputies: rows(deputies).map(bytes),
    phone: text(phone),
    email: text(email),
    formerly: bytes(formerly),
    readingKeys: rows(readingKeys).map(row).map(([seq, key]) => [uint(seq), bytes(key)] as const),
    revoked: rows(revoked).map(uint),
  };
}

function inviteRow(invite: Invite): Row {
  const { id, seq, person, agency, role, expiry, key, formerly } = invite;
  const { inviter, inviterDevice, name, job, spent } = invite;
  return [id, seq, person, agency, role, expiry, key, formerly, inviter, inviterDevice, name, job, spent];
}

function readInvite(value: Value): Invite {
  const [id, seq, person, agency, role, expiry, key, formerly, ...rest] = row(value);
  const [inviter, inviterDevice, name, job, spent] = rest;
  return {
    id: bytes(id),
    seq: uint(seq),
    person: bytes(person),
    agency: bytes(agency),
    role: text(role),
    expiry: uint(expiry),
    key: bytes(key),
    formerly: bytes(formerly),
    inviter: bytes(inviter),
    inviterDevice: bytes(inviterDevice),
    name: text(name),
    job: text(job),
    spent: text(spent),
  };
}

function readAgency(value: Value): Agency {
  const [id, name, sort] = row(value);
  return { id: bytes(id), name: text(name), sort: text(sort) };
}

function deviceRow(device: Device): Row {
  const { key, boxKey, person, since, name, sort, time, until, revoked, doubtfulSince } = device;
  return [key, boxKey, person, since, name, sort, time, until, orNone(revoked), doubtfulSince];
}

function readDevice(value: Value): Device {
  const [key, boxKey, person, since, name, sort, ...rest] = row(value);
  const [time, until, revoked, doubtfulSince] = rest;
  return {
    key: bytes(key),
    boxKey: bytes(boxKey),
    person: bytes(person),
    since: uint(since),
    name: text(name),
    sort: text(sort),
    time: uint(time),
    until: uint(until),
    revoked: uintOrNone(revoked),
    doubtfulSince: uint(doubtfulSince),
  };
}

function witnessRow({ key, since, fromSeq, untilSeq }: Witness): Row {
  return [key, since, fromSeq, orNone(untilSeq)];
}

function readWitness(value: Value): Witness {
  const [key, since, fromSeq, untilSeq] = row(value);
  return {
    key: bytes(key),
    since: uint(since),
    fromSeq: uint(fromSeq),
    untilSeq: uintOrNone(untilSeq),
  };
}

function policyRow({ name, numbers, retention, rules }: Policy): Row {
  return [
    name,
    numbers.map(({ agency, label, number, hours }) => [agency, label, number, hours]),
    retention.map((kept) => [kept.name, kept.months, kept.begins, kept.source]),
    [...rules],
  ];
}

function readPolicy([name, numbers, retention, rules]: Row): Policy {
  return {
    name: text(name),
    numbers: rows(numbers)
      .map(row)
      .map(([agency, label, number, hours]) => ({
        agency: bytes(agency),
        label: text(label),
        number: text(number),
        hours: text(hours),
      })),
    retention: rows(retention)
      .map(row)
      .map(([sort, months, begins, source]) => ({
        name: text(sort),
        months: uint(months),
        begins: text(begins),
        source: text(source),
      })),
    rules: new Map(rows(rules).map(row).map(([rule, value]) => [text(rule), uint(value)])),
  };
}

function headRow(head: Head | null): Row {
  return head ? [head.seq, head.id] : [];
}

function readHead([seq, id]: Row): Head | null {
  return seq === undefined ? null : { seq: uint(seq), id: bytes(id) };
}

function open<T>(data: Uint8Array, sort: string, count: number, read: (items: Row) => T): T | null {
  if (data.length === 0) return null;
  try {
    const items = decodeArray(data);
    return items[0] === sort && items.length === count ? read(items) : null;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

function byKey<T>(records: readonly T[], key: (record: T) => Uint8Array): BytesMap<T> {
  return new BytesMap(records.map((record) => [key(record), record] as const));
}

function rows(value: Item): Row {
  return shape.array(value, 0, MANY, "snapshot");
}

function row(value: Value): Row {
  return rows(value);
}

function bytes(value: Item): Uint8Array {
  return shape.octets(value, [0, shape.ID_BYTES, shape.KEY_BYTES], "snapshot");
}

function text(value: Item): string {
  return shape.text(value, 0, MANY, "snapshot");
}

function orNone(value: number | null): Row {
  return value === null ? [] : [value];
}

function uintOrNone(value: Item): number | null {
  const [number] = rows(value);
  return number === undefined ? null : uint(number);
}

function uint(value: Item): number {
  return shape.uint(value, MAX_UINT, "snapshot");
}
