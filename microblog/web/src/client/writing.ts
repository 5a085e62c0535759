// Entries as a client writes them: pure builders, given writer, place and fresh randomness.
//
// Texts are put in NFC here, by the writer, and by nobody later (PROTOCOL.md 2.3). Nothing here checks whether an
// entry is allowed: whoever sends it applies it to the log first.

import { encodeAbout, type About } from "../protocol/about.ts";
import { equalBytes, type BytesMap } from "../protocol/builtins.ts";
import { encode, type Value } from "../protocol/encoding.ts";
import {
  DIRECTORY,
  NO_ENTRY,
  writePlainEntry,
  writeSealedEntry,
  type Boxes,
  type Entry,
  type Header,
} from "../protocol/entry.ts";
import { commit, encodeHistory, makeBox } from "../protocol/epoch.ts";
import { encodeExport, EXPORT, type Export } from "../protocol/export.ts";
import type { Head } from "../protocol/log.ts";
import { encodePost, type Post } from "../protocol/post.ts";
import { signingKey } from "../protocol/primitives.ts";
import type { Agency, Policy } from "../protocol/staff.ts";
import { encodeWhy } from "../protocol/why.ts";

export const NO_HASH = new Uint8Array(32);
export const NOTHING = new Uint8Array();

/** Who signs: a person, and the seed of their device's signing key. */
export interface Writer {
  readonly person: Uint8Array;
  readonly seed: Uint8Array;
}

/**
 * Where an entry will stand: after `head`, in `epoch`, having seen the directory's head.
 *
 * In the directory itself, epoch and view are nothing.
 */
export interface Place {
  readonly log: Uint8Array;
  readonly head: Head | null;
  readonly time: number; // ms
  readonly epoch: number;
  readonly directory: Head | null;
}

/** Randomness for one entry of one attempt, never used again: a salt (32) and a nonce (24). */
export interface Fresh {
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
}

/** What the first steward says of the practice and of themselves. */
export interface Founding {
  readonly practice: string;
  readonly name: string;
  readonly job: string;
  readonly device: string;
}

/**
 * What a steward says of a person: in an invitation, or in a change.
 *
 * `formerly`, in an invitation: whom they were before they lost every device.
 */
export interface Staff {
  readonly person: Uint8Array;
  readonly name: string;
  readonly job: string;
  readonly agency: Uint8Array;
  readonly role: string;
  readonly left: boolean;
  readonly formerly?: Uint8Array;
}

/** What a person says of themselves. */
export interface Profile {
  readonly phone: string;
  readonly email: string;
  readonly supervisor: Uint8Array;
  readonly deputies: readonly Uint8Array[];
}

/** Someone let into a team, with the reading key that their box is made for. */
export interface Admission {
  readonly person: Uint8Array;
  readonly role: string;
  readonly why: string;
  readonly via: Uint8Array; // the household through which they come; empty: none
  readonly readingKey: Uint8Array | null; // null while it is stale
}

/** A public pair that enters the directory: box key and reading key. */
export type PublicKeys = readonly [box: Uint8Array, reading: Uint8Array];

export type Members = readonly (readonly [person: Uint8Array, role: string])[];

/** Return the place that follows an entry just built, for the next of the same request. */
export function after(place: Place, entry: Entry): Place {
  const { seq, epoch } = entry.header;
  return { ...place, head: { seq, id: entry.id }, epoch };
}

// The directory

/**
 * Begin a directory; `keys` are the founder's box key and reading key.
 *
 * The entry's id is the practice fingerprint.
 */
export function foundPractice(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  founding: Founding,
  keys: PublicKeys,
): Entry {
  const payload = [nfc(founding.practice), writer.person, ...keys];
  const body = [nfc(founding.name), nfc(founding.job), nfc(founding.device)];
  return plain(writer, place, fresh, "found", payload, body);
}

/** Enter an agency, or rename one that is known. */
export function addAgency(writer: Writer, place: Place, fresh: Fresh, agency: Agency): Entry {
  const payload = [agency.id, nfc(agency.name), agency.sort];
  return plain(writer, place, fresh, "agency", payload, []);
}

/** Keep a place for someone who holds the secret part of `key`. */
export function invite(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  staff: Staff,
  key: Uint8Array,
  expiry: number,
): Entry {
  const formerly = staff.formerly ?? NOTHING;
  const payload = [staff.person, staff.agency, staff.role, expiry, key, formerly];
  return plain(writer, place, fresh, "invite", payload, [nfc(staff.name), nfc(staff.job)]);
}

/** Take an unused invitation back. */
export function revokeInvite(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  inviteId: Uint8Array,
): Entry {
  return plain(writer, place, fresh, "revoke", ["invite", inviteId, place.time], []);
}

/**
 * Take an invitation's place.
 *
 * `invited` are its id and its key's signature, `keys` the joiner's box key and reading key.
 */
export function join(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  invited: readonly [id: Uint8Array, signature: Uint8Array],
  keys: PublicKeys,
  device: string,
): Entry {
  return plain(writer, place, fresh, "join", [...invited, ...keys], [nfc(device)]);
}

/** Say how to reach me, and who supervises me. */
export function setProfile(writer: Writer, place: Place, fresh: Fresh, profile: Profile): Entry {
  const payload = [profile.supervisor, [...profile.deputies]];
  return plain(writer, place, fresh, "profile", payload, [nfc(profile.phone), nfc(profile.email)]);
}

/** Change someone's name, job, agency or role, or say that they have left, which is final. */
export function changePerson(writer: Writer, place: Place, fresh: Fresh, staff: Staff): Entry {
  const payload = [staff.person, staff.agency, staff.role, staff.left ? 1 : 0];
  return plain(writer, place, fresh, "change", payload, [nfc(staff.name), nfc(staff.job)]);
}

/** Settle the practice's name, the numbers to ring, retention and rules. */
export function setPolicy(writer: Writer, place: Place, fresh: Fresh, policy: Policy): Entry {
  const numbers = policy.numbers.map((row) => [
    row.agency,
    nfc(row.label),
    nfc(row.number),
    nfc(row.hours),
  ]);
  const rules = [...policy.rules].sort(([a], [b]) => (a < b ? -1 : 1));
  const payload = [
    nfc(policy.name),
    numbers,
    policy.retention.map(({ name, months, begins, source }) => [nfc(name), months, begins, nfc(source)]),
    rules.map(([rule, value]) => [rule, value]),
  ];
  return plain(writer, place, fresh, "policy", payload, []);
}

// A stream

/** Begin a stream with its writer as keeper, and their box. */
export function foundStream(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  secret: Uint8Array,
  readingKey: Uint8Array | null,
): Entry {
  const payload = [commit(secret, place.log, 0), [[writer.person, "keeper"]]];
  const said: Said = ["found", payload, encodeHistory(new Map())];
  const boxes = boxesFor(secret, place, [[writer.person, readingKey]]);
  return sealed(writer, place, fresh, secret, said, boxes);
}

/** Say whom the stream is about. */
export function describe(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  secret: Uint8Array,
  about: About,
): Entry {
  const composed: About = {
    ...about,
    name: nfc(about.name),
    knownAs: about.knownAs.map(nfc),
    people: about.people.map(([name, relation]) => [nfc(name), nfc(relation)] as const),
    school: nfc(about.school),
  };
  return sealed(writer, place, fresh, secret, ["about", [], encodeAbout(composed)]);
}

/** Let someone in, or change their role; their box goes up with it. */
export function grant(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  secret: Uint8Array,
  { person, role, why, via, readingKey }: Admission,
): Entry {
  const said: Said = ["grant", [person, role], encodeWhy(nfc(why), via)];
  const boxes = boxesFor(secret, place, [[person, readingKey]]);
  return sealed(writer, place, fresh, secret, said, boxes);
}

/**
 * Begin the next epoch, whose number is `place.epoch`.
 *
 * `secrets` are, by epoch, the new one and every earlier one that is not dropped; `members` the whole list, sorted
 * by person; `readingKeys` those of everyone on it whose key is not stale.
 */
export function newEpoch(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  secrets: ReadonlyMap<number, Uint8Array>,
  members: Members,
  readingKeys: BytesMap<Uint8Array>,
): Entry {
  const { epoch, log } = place;
  const secret = known(secrets.get(epoch));
  const readers = members.map(([person]) => [person, readingKeys.get(person) ?? null] as const);
  const boxes = boxesFor(secret, place, readers);
  const rows = members.map(([person, role]) => [person, role]);
  const payload = [commit(secret, log, epoch), rows, [], NOTHING];
  const history = encodeHistory(new Map([...secrets].filter(([number]) => number < epoch)));
  return sealed(writer, place, fresh, secret, ["epoch", payload, history], boxes);
}

/** Post; `mark` is PLAIN, NUDGE or QUIET. */
export function post(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  secret: Uint8Array,
  words: Post,
  mark: number,
): Entry {
  const said: Said = ["post", [mark], encodePost(composePost(words))];
  return sealed(writer, place, fresh, secret, said);
}

/** Return a post with its texts as they are written. */
export function composePost(words: Post): Post {
  const { text, source, original, reason } = words;
  return {
    ...words,
    text: nfc(text),
    source: nfc(source),
    original: nfc(original),
    reason: nfc(reason),
  };
}

/** Take back the post at `target`, which is (seq, whether its words are erased). */
export function withdraw(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  secret: Uint8Array,
  [seq, erase]: readonly [seq: number, erase: boolean],
  why: string,
): Entry {
  const said: Said = ["withdraw", [seq, erase ? 1 : 0], encodeWhy(nfc(why), NOTHING)];
  return sealed(writer, place, fresh, secret, said);
}

/** Tell the team what is taken out. */
export function tellExport(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  secret: Uint8Array,
  said: Export,
): Entry {
  const plain = encodeExport({ ...said, why: nfc(said.why) });
  return sealed(writer, place, fresh, secret, [EXPORT, [], plain]);
}

/** Return text as it is written into entries. */
export function nfc(text: string): string {
  return text.normalize("NFC");
}

export type Said = readonly [kind: string, payload: readonly Value[], plain: Uint8Array];

/** Return an entry of the directory. */
export function plain(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  kind: string,
  payload: readonly Value[],
  body: readonly string[],
): Entry {
  return writePlainEntry(
    headerOf(writer, place, kind, payload),
    writer.seed,
    fresh.salt,
    encode(body),
  );
}

function boxesFor(
  secret: Uint8Array,
  { log, epoch }: Place,
  readers: readonly (readonly [person: Uint8Array, readingKey: Uint8Array | null])[],
): Boxes {
  return readers.flatMap(([person, key]) =>
    key === null ? [] : [[person, makeBox(secret, log, epoch, person, key)] as const],
  );
}

/** Say something in a stream, sealed under an epoch's secret. */
export function sealed(
  writer: Writer,
  place: Place,
  { salt, nonce }: Fresh,
  secret: Uint8Array,
  [kind, payload, body]: Said,
  boxes: Boxes = [],
): Entry {
  const header = headerOf(writer, place, kind, payload);
  return writeSealedEntry(header, [writer.seed, secret], [salt, nonce], body, boxes);
}

function headerOf(writer: Writer, place: Place, kind: string, payload: readonly Value[]): Header {
  const view = equalBytes(place.log, DIRECTORY) ? null : place.directory;
  return {
    log: place.log,
    seq: place.head ? place.head.seq + 1 : 0,
    prev: place.head ? place.head.id : NO_ENTRY,
    kind,
    author: writer.person,
    device: signingKey(writer.seed),
    epoch: place.epoch,
    time: place.time,
    directorySeq: view ? view.seq : 0,
    directoryHead: view ? view.id : NO_ENTRY,
    saltHash: NO_HASH,
    bodyHash: NO_HASH,
    payload,
  };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError("a secret or a reading key was not given");
  return value;
}
