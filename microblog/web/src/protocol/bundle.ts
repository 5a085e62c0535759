// A stream in one file, for a reviewer with no network and no account (PROTOCOL.md 12).
//
// How a bundle is written and taken apart; whether it is to be believed, `evidence` says.

import { decodeArray, encode, MAX_UINT, type Value } from "./encoding.ts";
import { checkBody, decodeEntry, encodeEntry, type Entry } from "./entry.ts";
import { SECRET_BYTES } from "./epoch.ts";
import { Malformed, TooNew, Unreadable, WrongList } from "./errors.ts";
import { sign } from "./primitives.ts";
import * as shape from "./shape.ts";
import { MAX_HEADS } from "./witness.ts";

export const DESCRIPTION =
  "A copy of one stream of microblog, made by one of its followers, and told to all of them. " +
  "It holds what was written, in the order in which it was written, and the practice's directory " +
  "to check by whom. Check it before reading, with no network: microblog verify-bundle FILE. " +
  "Compare the fingerprint that it prints with one that the practice gave you by another way. " +
  "How to check it without that program: PROTOCOL.md, section 12.";
export const MAX_DESCRIPTION = 4096;

const NOTHING = new Uint8Array();

/** What a bundle says: whole logs as bytes, the secrets by epoch, heads of witnesses. */
export interface Bundle {
  readonly description: string;
  readonly fingerprint: Uint8Array;
  readonly exporter: Uint8Array;
  readonly device: Uint8Array;
  readonly time: number;
  readonly directory: readonly Uint8Array[];
  readonly log: Uint8Array;
  readonly entries: readonly Uint8Array[];
  readonly secrets: readonly (readonly [epoch: number, secret: Uint8Array])[];
  readonly heads: readonly Uint8Array[];
}

/** A decoded bundle beside the very bytes that were signed; only its shape is verified yet. */
export interface SignedBundle {
  readonly bundle: Bundle;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Return a bundle, signed by its maker's device.
 *
 * @throws {Malformed} something is not of the right shape.
 */
export function writeBundle(bundle: Bundle, seed: Uint8Array): Uint8Array {
  const { description, fingerprint, exporter, device, time } = bundle;
  const { directory, log, entries, secrets, heads } = bundle;
  const said = [description, fingerprint, exporter, device, time, directory, log, entries];
  const payload = encode(["msb/1/bundle", ...said, secrets, heads]);
  const data = encode([payload, sign(seed, "msb/1/bundle", payload)]);
  decodeBundle(data);
  return data;
}

/**
 * Return an entry of the directory as a bundle carries it: nobody's phone or address.
 *
 * A body that is not what was signed, which a server may serve, is as good as none.
 */
export function stripDirectory(raw: Uint8Array): Uint8Array {
  const entry = decodeEntry(raw);
  const carried = entry.header.kind !== "profile" && isWhole(entry);
  return encodeEntry({ ...(carried ? entry : withoutBody(entry)), boxes: [] });
}

/** Return an entry of a stream as a bundle carries it, given the secrets that it carries. */
export function stripEntry(
  raw: Uint8Array,
  secrets: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const entry = decodeEntry(raw);
  return encodeEntry({ ...(isOpened(entry, secrets) ? entry : withoutBody(entry)), boxes: [] });
}

/**
 * Return the bundle in `data`, its shape checked.
 *
 * @throws {Malformed} the shape does not hold.
 * @throws {TooNew} it is of another version.
 */
export function decodeBundle(data: Uint8Array): SignedBundle {
  const [payload, signature] = shape.array(decodeArray(data), 2, 2, "bundle");
  if (!(payload instanceof Uint8Array)) throw new Malformed("the bundle's payload is not bytes");
  const said = decodeArray(payload);
  if (typeof said[0] === "string" && said[0] !== "msb/1/bundle") {
    throw new TooNew("the bundle is of another version of the protocol");
  }
  const items = shape.array(said, 11, 11, "bundle");
  if (items[0] !== "msb/1/bundle") throw new Malformed("the bundle does not say what it is");
  const bundle = {
    description: shape.text(items[1], 0, MAX_DESCRIPTION, "description"),
    fingerprint: shape.octets(items[2], [32], "fingerprint"),
    exporter: shape.octets(items[3], [16], "exporter"),
    device: shape.octets(items[4], [32], "device key"),
    time: shape.uint(items[5], MAX_UINT, "time"),
    directory: piecesIn(items[6], 1, MAX_UINT, "directory"),
    log: shape.octets(items[7], [16], "log"),
    entries: piecesIn(items[8], 1, MAX_UINT, "entries"),
    secrets: secretsIn(items[9]),
    heads: piecesIn(items[10], 0, MAX_HEADS, "heads"),
  };
  return { bundle, payload, signature: shape.octets(signature, [64], "signature") };
}

/** Return whether a bundle with these secrets carries the words of an entry. */
export function isOpened({ header }: Entry, secrets: ReadonlyMap<number, Uint8Array>): boolean {
  // A history bundle would open the epochs that were not chosen.
  return secrets.has(header.epoch) && header.kind !== "found" && header.kind !== "epoch";
}

/** Return whether an entry comes without its words. */
export function isBare({ body, salt }: Entry): boolean {
  return body.length === 0 && salt.length === 0;
}

function isWhole(entry: Entry): boolean {
  try {
    checkBody(entry);
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
  return true;
}

function withoutBody(entry: Entry): Entry {
  return { ...entry, body: NOTHING, salt: NOTHING, boxes: [] };
}

function piecesIn(
  value: Value | undefined,
  least: number,
  most: number,
  what: string,
): readonly Uint8Array[] {
  return shape.array(value, least, most, what).map((item) => {
    if (!(item instanceof Uint8Array)) throw new Malformed(`${what} are not bytes`);
    return item;
  });
}

function secretsIn(value: Value | undefined): Bundle["secrets"] {
  const rows = shape.array(value, 0, MAX_UINT, "secrets").map((item) => {
    const [epoch, secret] = shape.array(item, 2, 2, "secret");
    const number = shape.uint(epoch, MAX_UINT, "epoch");
    return [number, shape.octets(secret, [SECRET_BYTES], "secret")] as const;
  });
  if (rows.some(([epoch], at) => at > 0 && rows[at - 1]![0] >= epoch)) {
    throw new WrongList("secrets are not sorted, or one occurs twice");
  }
  return rows;
}
