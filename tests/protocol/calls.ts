// What the vectors may call: the twin of tests/vectors/calls.py, over values that JSON can hold.

import { deepEqual } from "node:assert/strict";

import { encodeAbout, readAbout } from "../../microblog/web/src/protocol/about.ts";
import * as ask from "../../microblog/web/src/protocol/ask.ts";
import { decodeBase64url, encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { compareBytes } from "../../microblog/web/src/protocol/builtins.ts";
import { signDevice, verifyDevice } from "../../microblog/web/src/protocol/device.ts";
import { Directory } from "../../microblog/web/src/protocol/directory.ts";
import { decode, encode, type Value } from "../../microblog/web/src/protocol/encoding.ts";
import * as entry from "../../microblog/web/src/protocol/entry.ts";
import { decodeBundle, writeBundle, type Bundle } from "../../microblog/web/src/protocol/bundle.ts";
import * as epoch from "../../microblog/web/src/protocol/epoch.ts";
import { verifyBundle } from "../../microblog/web/src/protocol/evidence.ts";
import { encodeExport, readExport } from "../../microblog/web/src/protocol/export.ts";
import * as invitation from "../../microblog/web/src/protocol/invitation.ts";
import { checkPin } from "../../microblog/web/src/protocol/log.ts";
import * as login from "../../microblog/web/src/protocol/login.ts";
import { encodePost, readPost } from "../../microblog/web/src/protocol/post.ts";
import * as primitives from "../../microblog/web/src/protocol/primitives.ts";
import { openReading, sealReading } from "../../microblog/web/src/protocol/reading.ts";
import * as shape from "../../microblog/web/src/protocol/shape.ts";
import * as shred from "../../microblog/web/src/protocol/shred.ts";
import { Stream, type Target, targetOf } from "../../microblog/web/src/protocol/stream.ts";
import { type Keys, openVault, sealVault } from "../../microblog/web/src/protocol/vault.ts";
import { encodeWhy, readWhy } from "../../microblog/web/src/protocol/why.ts";
import * as witness from "../../microblog/web/src/protocol/witness.ts";
import { LINK_CALLS } from "./link_calls.ts";
import { NOTE_CALLS } from "./note_calls.ts";
import { RULE_CALLS } from "./rule_calls.ts";

interface HeadFields {
  readonly fingerprint: Uint8Array;
  readonly log: Uint8Array;
  readonly seq: number;
  readonly id: Uint8Array;
  readonly time: number;
}

/** Fold a directory and sum it up; the first refusal is thrown. */
function extendDirectory(fingerprint: Uint8Array | null, raw: readonly Uint8Array[]): unknown {
  const [directory, error] = new Directory(fingerprint).extend(decodeEach(raw));
  if (error !== null) throw error;
  return {
    head: [directory.ids.length - 1, directory.ids.at(-1)],
    persons: [...directory.persons.values()]
      .map((p) => [
        p.id, p.agency, p.role, p.joined, p.left ?? -1, p.name, p.job, p.supervisor, p.deputies,
        p.phone, p.email, p.formerly, p.readingKey, p.readingKeys, p.revoked,
        directory.isStale(p.id) ? 1 : 0,
      ])
      .toSorted(byFirst),
    devices: [...directory.devices.values()]
      .map((d) => [
        d.key, d.boxKey, d.person, d.since, d.name, d.sort, d.time, d.until, d.revoked ?? -1,
        d.doubtfulSince,
      ])
      .toSorted(byFirst),
    witnesses: [...directory.witnesses.values()]
      .map((w) => [w.key, w.since, w.fromSeq, w.untilSeq ?? -1])
      .toSorted(byFirst),
    agencies: [...directory.agencies.values()].map((a) => [a.id, a.name, a.sort]).toSorted(byFirst),
    invites: [...directory.invites.values()]
      .map((i) => [i.id, i.person, i.name, i.spent])
      .toSorted(byFirst),
    keys: [...directory.keys].toSorted(compareBytes),
    practice: directory.policy?.name ?? "",
  };
}

/** Fold a stream over a whole directory and sum it up; the first refusal is thrown. */
function extendStream(
  directoryRaw: readonly Uint8Array[],
  log: Uint8Array,
  raw: readonly Uint8Array[],
): unknown {
  return sumUp(fold(new Stream(log), wholeDirectory(directoryRaw), raw));
}

/**
 * Fold a stream, let the persons 1 to `crowd` work here and follow, and fold `then`: it stands for
 * hundreds of entries that would let them in and grant them.
 */
function extendCrowdedStream(
  directoryRaw: readonly Uint8Array[],
  log: Uint8Array,
  raw: readonly Uint8Array[],
  crowd: number,
  then: readonly Uint8Array[],
): unknown {
  const directory = wholeDirectory(directoryRaw);
  const stream = fold(new Stream(log), directory, raw);
  const [like] = directory.persons.values();
  if (like === undefined) throw new Error("the directory is empty");
  const people = Array.from({ length: crowd }, (_, index) => numbered(index + 1));
  for (const id of people) directory.persons.set(id, { ...like, id });
  const rows = people.map((id) => [id, "follower"] as const);
  const members = [...stream.members, ...rows].toSorted(byFirst);
  return sumUp(fold(new Stream(log, { ...stream, members }), directory, then));
}

function numbered(number: number): Uint8Array {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setUint32(12, number);
  return id;
}

function wholeDirectory(raw: readonly Uint8Array[]): Directory {
  const [directory, error] = new Directory().extend(decodeEach(raw));
  if (error !== null) throw new Error("the directory is refused", { cause: error });
  return directory;
}

function fold(start: Stream, directory: Directory, raw: readonly Uint8Array[]): Stream {
  const targets = new Map<number, Target>();
  let stream = start;
  for (const item of decodeEach(raw)) {
    stream = apply(stream, item, directory, takeTarget(item, targets));
  }
  return stream;
}

/** Apply an entry at once and in two steps, the signature second; both must end alike. */
function apply(stream: Stream, item: entry.Entry, directory: Directory, target: Target | null): Stream {
  const end = (work: () => Stream) => {
    try {
      return work();
    } catch (error) {
      return error as Error;
    }
  };
  const after = end(() => stream.apply(item, directory, target));
  const later = end(() => {
    const next = stream.applyDeferred(item, directory, target);
    entry.verifyEntry(item);
    return next;
  });
  deepEqual(String(later), String(after));
  if (after instanceof Error) throw after;
  deepEqual(later, after);
  return after;
}

function sumUp(stream: Stream): unknown {
  return {
    head: stream.head === null ? [] : [stream.head.seq, stream.head.id],
    members: stream.members,
    keepers: [...stream.keepers()].toSorted(compareBytes),
    commitments: stream.commitments,
    dropped: stream.dropped,
    directorySeq: stream.directorySeq,
    epochView: stream.epochView,
    held: stream.held ? 1 : 0,
    proposals: stream.proposals.map(({ id, author, time, digest }) => [id, author, time, digest]),
  };
}

function takeTarget(item: entry.Entry, targets: Map<number, Target>): Target | null {
  const { author, kind, payload, seq, time } = item.header;
  if (kind === "post") targets.set(seq, { author, time, withdrawn: false, erased: false });
  if (kind === "shred") destroy(payload, targets);
  if (kind !== "withdraw") return null;
  const named = targetOf(payload);
  const found = targets.get(named);
  if (found === undefined) return null;
  targets.set(named, { ...found, withdrawn: true, erased: payload[1] === 1 });
  return found;
}

function destroy(payload: Value, targets: Map<number, Target>): void {
  try {
    const [seqs, seconded] = shred.readShred(payload);
    for (const [seq, target] of targets) {
      if (seconded.length > 0 && seqs.includes(seq)) targets.set(seq, { ...target, erased: true });
    }
  } catch {
    // What is no shred is refused when it is applied.
  }
}

function* decodeEach(raw: readonly Uint8Array[]): Generator<entry.Entry> {
  for (const data of raw) yield entry.decodeEntry(data);
}

function byFirst(a: readonly unknown[], b: readonly unknown[]): number {
  return compareBytes(a[0] as Uint8Array, b[0] as Uint8Array);
}

function describeEntry(raw: Uint8Array): unknown {
  const item = entry.decodeEntry(raw);
  const core = entry.encodeCore(item.header);
  return { id: item.id, core, header: item.header, boxes: item.boxes };
}

function openVaultFlat(data: Uint8Array, passphrase: string): unknown {
  const keys = openVault(data, passphrase);
  return { ...keys, pins: keys.pins.map(([log, pin]) => [log, pin.seq, pin.id]) };
}

type FlatKeys = Omit<Keys, "pins"> & { pins: readonly [Uint8Array, number, Uint8Array][] };

function sealVaultFlat(keys: FlatKeys, ...rest: [string, Uint8Array, Uint8Array]): Uint8Array {
  const pins = keys.pins.map(([log, seq, id]) => [log, { seq, id }] as const);
  return sealVault({ ...keys, pins }, ...rest);
}

function readHistoryRows(
  items: readonly Value[],
  log: Uint8Array,
  commitments: readonly Uint8Array[],
  dropped: readonly number[],
): unknown {
  const secrets = epoch.readHistory(items, log, commitments, dropped);
  return [...secrets].toSorted(([a], [b]) => a - b);
}

function writeWholeBundle(
  seed: Uint8Array,
  fields: Omit<Bundle, "directory" | "entries">,
  directory: readonly Uint8Array[],
  entries: readonly Uint8Array[],
): Uint8Array {
  return writeBundle({ ...fields, directory, entries }, seed);
}

function verifyWholeBundle(raw: Uint8Array): unknown {
  const { bundle, directory, stream, secrets, gone, missing, sightings } = verifyBundle(
    decodeBundle(raw),
  );
  return {
    head: stream.head === null ? [] : [stream.head.seq, stream.head.id],
    directory: directory.ids.length,
    exporter: bundle.exporter,
    epochs: [...secrets.keys()].toSorted((a, b) => a - b),
    gone: [...gone].toSorted((a, b) => a - b),
    missing,
    sightings: sightings.map(({ log, head, time }) => [log, head.seq, time]),
  };
}

// Of which entries, each [log (0, 1), seq, bytes], are others, or left out.
function verifyEditedBundle(
  seed: Uint8Array,
  fields: Omit<Bundle, "directory" | "entries">,
  directory: readonly Uint8Array[],
  entries: readonly Uint8Array[],
  edits: readonly (readonly [which: number, at: number, raw: Uint8Array])[],
): unknown {
  const [first = [], second = []] = [directory, entries].map((log, of) => {
    const edited = [...log];
    for (const [which, at, raw] of edits) if (which === of) edited[at] = raw;
    return edited.filter((raw) => raw.length > 0);
  });
  return verifyWholeBundle(writeWholeBundle(seed, fields, first, second));
}

/** By the name that the vectors give it, each call with the arguments that they give. */
export const CALLS: ReadonlyMap<string, (...given: never[]) => unknown> = new Map<
  string,
  (...given: never[]) => unknown
>([
  ["encoding.encode", encode],
  ["encoding.decode", decode],
  ["base64url.encode_base64url", encodeBase64url],
  ["base64url.decode_base64url", decodeBase64url],
  ["shape.date", (value: Value) => shape.date(value, "date")],
  ["shape.moment", (value: Value) => shape.moment(value, "moment")],
  ["primitives.hash_labelled", primitives.hashLabelled],
  ["primitives.derive", primitives.derive],
  ["primitives.stretch", primitives.stretch],
  ["primitives.signing_key", primitives.signingKey],
  ["primitives.box_key", primitives.boxKey],
  ["primitives.sign", primitives.sign],
  ["primitives.verify_signature", primitives.verifySignature],
  ["primitives.check_signing_key", primitives.checkSigningKey],
  ["primitives.check_box_key", primitives.checkBoxKey],
  ["primitives.encrypt", primitives.encrypt],
  ["primitives.decrypt", primitives.decrypt],
  ["primitives.seal_box", primitives.sealBox],
  ["primitives.open_box", primitives.openBox],
  ["primitives.pad", primitives.pad],
  ["primitives.unpad", primitives.unpad],
  ["entry.decode_entry", describeEntry],
  [
    "entry.write_plain_entry",
    (...given: Parameters<typeof entry.writePlainEntry>) =>
      entry.encodeEntry(entry.writePlainEntry(...given)),
  ],
  [
    "entry.write_sealed_entry",
    (...given: Parameters<typeof entry.writeSealedEntry>) =>
      entry.encodeEntry(entry.writeSealedEntry(...given)),
  ],
  [
    "entry.open_body",
    (raw: Uint8Array, secret: Uint8Array) => entry.openBody(entry.decodeEntry(raw), secret),
  ],
  [
    "log.check_pin",
    (seq: number, id: Uint8Array, ids: readonly Uint8Array[]) => checkPin({ seq, id }, ids),
  ],
  ["post.encode_post", encodePost],
  ["post.read_post", readPost],
  ["about.encode_about", encodeAbout],
  ["about.read_about", readAbout],
  ["why.encode_why", encodeWhy],
  ["why.read_why", readWhy],
  ["shred.encode_reason", shred.encodeReason],
  ["shred.read_reason", shred.readReason],
  ["epoch.commit", epoch.commit],
  ["epoch.make_box", epoch.makeBox],
  ["epoch.open_epoch", epoch.openEpoch],
  [
    "epoch.encode_history",
    (rows: readonly [number, Uint8Array][]) => epoch.encodeHistory(new Map(rows)),
  ],
  ["epoch.read_history", readHistoryRows],
  ["export.encode_export", encodeExport],
  ["export.read_export", readExport],
  ["bundle.write", writeWholeBundle],
  ["bundle.decode", (raw: Uint8Array) => decodeBundle(raw).payload],
  ["bundle.verify", verifyWholeBundle],
  ["bundle.verify_edited", verifyEditedBundle],
  ["login.sign_login", login.signLogin],
  ["login.verify_login", login.verifyLogin],
  ["login.sign_knock", login.signKnock],
  ["login.verify_knock", login.verifyKnock],
  ["invitation.encode_fragment", invitation.encodeFragment],
  ["invitation.decode_fragment", invitation.decodeFragment],
  ["invitation.encode_letters", invitation.encodeLetters],
  ["invitation.read_letters", invitation.readLetters],
  ["invitation.derive_invitation_seed", invitation.deriveInvitationSeed],
  ["invitation.sign_join", invitation.signJoin],
  [
    "witness.write_head",
    (seed: Uint8Array, { fingerprint, log, seq, id, time }: HeadFields) =>
      witness.writeHead(seed, { fingerprint, log, head: { seq, id }, time }),
  ],
  [
    "witness.decode_head",
    (raw: Uint8Array) => {
      const { fingerprint, log, head, time } = witness.decodeHead(raw).sighting;
      return [fingerprint, log, head.seq, head.id, time];
    },
  ],
  [
    "witness.verify_head",
    (raw: Uint8Array, key: Uint8Array, fingerprint: Uint8Array) =>
      witness.verifyHead(witness.decodeHead(raw), key, fingerprint),
  ],
  [
    "witness.find_witness",
    (directory: readonly Uint8Array[], raw: Uint8Array) =>
      witness.findWitness(witness.decodeHead(raw), wholeDirectory(directory)),
  ],
  [
    "witness.good_witnesses",
    (directory: readonly Uint8Array[]) =>
      witness
        .goodWitnesses(wholeDirectory(directory))
        .map(({ key, since, fromSeq }) => [key, since, fromSeq]),
  ],
  ["ask.encode_slip", ask.encodeSlip],
  ["ask.decode_slip", ask.decodeSlip],
  ["ask.seal_reason", ask.sealReason],
  ["ask.open_reason", ask.openReason],
  ["ask.write_ask", ask.writeAsk],
  ["ask.decode_ask", ask.decodeAsk],
  ["ask.encode_ask", (raw: Uint8Array) => ask.encodeAsk(ask.decodeAsk(raw))],
  [
    "ask.verify_ask",
    (directory: readonly Uint8Array[], raw: Uint8Array, log: Uint8Array) =>
      ask.verifyAsk(ask.decodeAsk(raw), wholeDirectory(directory), log),
  ],
  ["device.sign_device", signDevice],
  ["device.verify_device", verifyDevice],
  ...LINK_CALLS,
  ...NOTE_CALLS,
  ...RULE_CALLS,
  ["reading.seal_reading", sealReading],
  ["reading.open_reading", openReading],
  ["vault.seal_vault", sealVaultFlat],
  ["vault.open_vault", openVaultFlat],
  ["directory.extend", extendDirectory],
  ["stream.extend", extendStream],
  ["stream.extend_crowded", extendCrowdedStream],
]);
