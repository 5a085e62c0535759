// What each kind of directory entry does, and who may sign it (PROTOCOL.md 4).
//
// Every rule first checks all it has to check and then changes the records, so a refused entry
// leaves
// no trace.

import { equalBytes } from "./builtins.ts";
import { admitDevice, checkGood, rekey, revokeDevice } from "./device.ts";
import { MAX_UINT, type Value } from "./encoding.ts";
import { type Entry, verifyEntry } from "./entry.ts";
import {
  BadInvitation,
  BrokenChain,
  Malformed,
  NotAllowed,
  NotAuthentic,
  TooNew,
  UnknownDevice,
} from "./errors.ts";
import { LIFE_MS, verifyJoin } from "./invitation.ts";
import { checkBoxKey, checkSigningKey } from "./primitives.ts";
import {
  checkStewardStays,
  claim,
  isSteward,
  knownAgency,
  MAX_ROWS,
  MAX_TEXT,
  NOBODY,
  personOf,
  readTexts,
  type Records,
} from "./records.ts";
import * as shape from "./shape.ts";
import {
  BEGINNINGS,
  type Invite,
  type Number,
  type Person,
  type Retention,
  ROLES,
  SORTS,
} from "./staff.ts";

export const MAX_DEPUTIES = 8;

/**
 * Check an entry whose place in the chain is good, and take in what it says.
 *
 * @throws {ProtocolError} it is refused; `records` are unchanged.
 */
export function admit(records: Records, entry: Entry): void {
  const { header } = entry;
  if ((header.kind === "found") !== (header.seq === 0)) {
    throw new BrokenChain("a directory begins with found, and only begins so");
  }
  const author = ["found", "join"].includes(header.kind) ? null : authorOf(records, entry);
  verifyEntry(entry);
  if (header.kind.startsWith("+")) return;
  const rule = RULES.get(header.kind);
  if (rule === undefined) throw new TooNew("the directory holds a kind this app does not know");
  if (STEWARDS.includes(header.kind) && author?.role !== "steward") {
    throw new NotAllowed("only a steward may do this");
  }
  rule(records, entry);
}

function authorOf(records: Records, entry: Entry): Person {
  const device = records.devices.get(entry.header.device);
  if (device === undefined || !equalBytes(device.person, entry.header.author)) {
    throw new UnknownDevice("the device is not the author's");
  }
  const author = personOf(records, device.person);
  if (author.left !== null) throw new UnknownDevice("the author has left");
  checkGood(device, entry.header.seq, entry.header.time);
  return author;
}

function found(records: Records, entry: Entry): void {
  const { device, payload, author } = entry.header;
  const items = shape.array(payload, 4, 4, "payload");
  const practice = shape.text(items[0], 1, MAX_TEXT, "practice name");
  const person = shape.octets(items[1], [16], "person");
  if (!equalBytes(person, author)) throw new Malformed("the founder is not the author");
  const [box, readingKey] = newKeys(records, device, items[2], items[3]);
  const [name = "", job = "", deviceName = ""] = readTexts(entry, 3);
  records.policy = { name: practice, numbers: [], retention: [], rules: new Map() };
  const keys = { boxKey: box, readingKey, deviceName };
  enter(records, entry, keys, { agency: NOBODY, role: "steward", name, job, formerly: NOBODY });
}

function agency(records: Records, entry: Entry): void {
  const payload = shape.array(entry.header.payload, 3, 3, "payload");
  const id = shape.octets(payload[0], [16], "agency");
  const name = shape.text(payload[1], 1, MAX_TEXT, "agency name");
  records.agencies.set(id, { id, name, sort: shape.word(payload[2], SORTS, "sort") });
}

function invite(records: Records, entry: Entry): void {
  const { header, id } = entry;
  const payload = shape.array(header.payload, 6, 6, "payload");
  const person = shape.octets(payload[0], [16], "person");
  const places = [...records.invites.values()];
  if (records.persons.has(person) || places.some((place) => equalBytes(place.person, person))) {
    throw new NotAllowed("an invitation is for someone new");
  }
  const agency = knownAgency(records, payload[1]);
  const role = shape.word(payload[2], ROLES, "role");
  const expiry = shape.uint(payload[3], header.time + LIFE_MS, "expiry");
  if (expiry <= header.time) throw new Malformed("expiry is not later than the invitation");
  const formerly = shape.octets(payload[5], [0, 16], "formerly");
  if (formerly.length > 0 && !records.persons.has(formerly)) {
    throw new NotAllowed("nobody is known by the former id");
  }
  const key = shape.octets(payload[4], [32], "invitation key");
  checkSigningKey(key);
  claim(records, key);
  const [name = "", job = ""] = readTexts(entry, 2);
  const { seq, author: inviter, device: inviterDevice } = header;
  records.invites.set(id, {
    id, seq, person, agency, role, expiry, key, formerly, inviter, inviterDevice, name, job,
    spent: "",
  });
}

function join(records: Records, entry: Entry): void {
  const { header } = entry;
  const payload = shape.array(header.payload, 4, 4, "payload");
  const invite = records.invites.get(shape.octets(payload[0], [32], "invite"));
  if (invite === undefined || invite.spent || !equalBytes(invite.person, header.author)) {
    throw new BadInvitation("the invitation is not there, used or revoked");
  }
  if (header.time > invite.expiry) throw new BadInvitation("the invitation is out of date");
  if (!isSteward(personOf(records, invite.inviter))) {
    throw new BadInvitation("whoever invited is a steward no longer");
  }
  if (records.devices.get(invite.inviterDevice)?.revoked !== null) {
    throw new BadInvitation("the device that invited was revoked");
  }
  checkJoin(records, entry, invite, payload);
  const [box, readingKey] = newKeys(records, header.device, payload[2], payload[3]);
  const [deviceName = ""] = readTexts(entry, 1);
  const { agency, role, name, job, formerly } = invite;
  records.invites.set(invite.id, { ...invite, spent: "used" });
  const keys = { boxKey: box, readingKey, deviceName };
  enter(records, entry, keys, { agency, role, name, job, formerly });
}

type Payload = readonly Value[];

function checkJoin(records: Records, entry: Entry, invite: Invite, payload: Payload): void {
  const signature = shape.octets(payload[1], [64], "signature");
  const box = shape.octets(payload[2], [32], "box key");
  const reading = shape.octets(payload[3], [32], "reading key");
  const fingerprint = records.fingerprint ?? new Uint8Array();
  const keys = [entry.header.device, box, reading] as const;
  try {
    verifyJoin(invite.key, fingerprint, invite.id, keys, signature);
  } catch (error) {
    if (!(error instanceof NotAuthentic)) throw error;
    throw new BadInvitation("the invitation's key did not sign these keys");
  }
}

function profile(records: Records, entry: Entry): void {
  const payload = shape.array(entry.header.payload, 2, 2, "payload");
  const supervisor = shape.octets(payload[0], [0, 16], "supervisor");
  const deputies = shape
    .array(payload[1], 0, MAX_DEPUTIES, "deputies")
    .map((item) => shape.octets(item, [16], "deputy"));
  const named = supervisor.length > 0 ? [...deputies, supervisor] : deputies;
  if (named.some((person) => !records.persons.has(person))) {
    throw new NotAllowed("a supervisor or deputy is not known");
  }
  const [phone = "", email = ""] = readTexts(entry, 2);
  const person = personOf(records, entry.header.author);
  records.persons.set(person.id, { ...person, supervisor, deputies, phone, email });
}

function change(records: Records, entry: Entry): void {
  const payload = shape.array(entry.header.payload, 4, 4, "payload");
  const person = records.persons.get(shape.octets(payload[0], [16], "person"));
  if (person === undefined || person.left !== null) {
    throw new NotAllowed("nobody by that id works here");
  }
  const agency = knownAgency(records, payload[1]);
  const role = shape.word(payload[2], ROLES, "role");
  const left = shape.uint(payload[3], 1, "left") === 1 ? entry.header.seq : null;
  if (role !== "steward" || left !== null) checkStewardStays(records, person.id);
  const [name = "", job = ""] = readTexts(entry, 2);
  records.persons.set(person.id, { ...person, agency, role, left, name, job });
}

function policy(records: Records, entry: Entry): void {
  const payload = shape.array(entry.header.payload, 4, 4, "payload");
  const name = shape.text(payload[0], 1, MAX_TEXT, "practice name");
  const numbers = shape.array(payload[1], 0, MAX_ROWS, "numbers").map(readNumber);
  const retention = shape.array(payload[2], 0, MAX_ROWS, "retention").map(readRetention);
  const rules = new Map(shape.array(payload[3], 0, MAX_ROWS, "rules").map(readRule));
  records.policy = { name, numbers, retention, rules };
}

function revoke(records: Records, entry: Entry): void {
  const payload = shape.array(entry.header.payload, 3, 3, "payload");
  const what = shape.word(payload[0], ["invite", "device"], "what is revoked");
  const since = shape.uint(payload[2], MAX_UINT, "since");
  if (what === "device") revokeDevice(records, entry, payload[1], since);
  else revokeInvite(records, entry, payload[1]);
}

function revokeInvite(records: Records, entry: Entry, target: Value | undefined): void {
  if (!isSteward(personOf(records, entry.header.author))) {
    throw new NotAllowed("only a steward may do this");
  }
  const invite = records.invites.get(shape.octets(target, [32], "invite"));
  if (invite === undefined || invite.spent) {
    throw new BadInvitation("the invitation is not there, used or revoked");
  }
  records.invites.set(invite.id, { ...invite, spent: "revoked" });
}

function witness(records: Records, entry: Entry): void {
  const { payload: items, seq } = entry.header;
  const payload = shape.array(items, 2, 2, "payload");
  const key = shape.octets(payload[0], [32], "witness key");
  const since = shape.uint(payload[1], MAX_UINT, "since");
  const known = records.witnesses.get(key);
  if (since === 0) {
    if (known === undefined || known.untilSeq !== null) {
      throw new NotAllowed("no witness has this key");
    }
    records.witnesses.set(key, { ...known, untilSeq: seq });
    return;
  }
  checkSigningKey(key);
  claim(records, key);
  records.witnesses.set(key, { key, since, fromSeq: seq, untilSeq: null });
}

function readNumber(value: Value): Number {
  const row = shape.array(value, 4, 4, "number");
  return {
    agency: shape.octets(row[0], [0, 16], "agency"),
    label: shape.text(row[1], 0, MAX_TEXT, "label"),
    number: shape.text(row[2], 0, MAX_TEXT, "number"),
    hours: shape.text(row[3], 0, MAX_TEXT, "hours"),
  };
}

function readRetention(value: Value): Retention {
  const row = shape.array(value, 4, 4, "retention class");
  return {
    name: shape.text(row[0], 1, MAX_TEXT, "class"),
    months: shape.uint(row[1], MAX_UINT, "months"),
    begins: shape.word(row[2], BEGINNINGS, "beginning"),
    source: shape.text(row[3], 0, MAX_TEXT, "source"),
  };
}

function readRule(value: Value): readonly [rule: string, value: number] {
  const row = shape.array(value, 2, 2, "rule");
  // The value before the name, as the twin does: where both are wrong, both name the same.
  const settled = shape.uint(row[1], MAX_UINT, "rule");
  return [shape.text(row[0], 1, MAX_TEXT, "rule"), settled];
}

interface Keys {
  readonly boxKey: Uint8Array;
  readonly readingKey: Uint8Array;
  readonly deviceName: string;
}

type Joining = Pick<Person, "agency" | "role" | "name" | "job" | "formerly">;

function enter(records: Records, entry: Entry, keys: Keys, joining: Joining): void {
  const { device: key, author: id, seq, time } = entry.header;
  const { boxKey, readingKey, deviceName: name } = keys;
  records.devices.set(key, {
    key, boxKey, person: id, since: seq, name, sort: "", time, until: 0, revoked: null,
    doubtfulSince: 0,
  });
  const blank = { supervisor: NOBODY, deputies: [], phone: "", email: "" };
  records.persons.set(id, {
    ...blank, ...joining, id, joined: seq, left: null, readingKey,
    readingKeys: [[seq, readingKey]], revoked: [],
  });
}

function newKeys(
  records: Records,
  device: Uint8Array,
  boxItem: Value | undefined,
  readingItem: Value | undefined,
): readonly [box: Uint8Array, reading: Uint8Array] {
  const box = shape.octets(boxItem, [32], "box key");
  const reading = shape.octets(readingItem, [32], "reading key");
  checkSigningKey(device);
  checkBoxKey(box);
  checkBoxKey(reading);
  claim(records, device, box, reading);
  return [box, reading];
}

const STEWARDS = ["agency", "invite", "change", "policy", "witness"];
const RULES: ReadonlyMap<string, (records: Records, entry: Entry) => void> = new Map([
  ["found", found],
  ["agency", agency],
  ["invite", invite],
  ["join", join],
  ["profile", profile],
  ["change", change],
  ["policy", policy],
  ["revoke", revoke],
  ["device", admitDevice],
  ["rekey", rekey],
  ["witness", witness],
]);
