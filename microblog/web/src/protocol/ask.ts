// Asking to follow: a slip names a stream, a signed request asks its keepers (PROTOCOL.md 7.4).

import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { compareBytes, equalBytes, joinBytes } from "./builtins.ts";
import type { Directory } from "./directory.ts";
import { decodeArray, encode, type Value } from "./encoding.ts";
import {
  ForkedDirectory,
  Malformed,
  NotAuthentic,
  TooNew,
  Unreadable,
  WrongLog,
} from "./errors.ts";
import {
  hashLabelled,
  openBox,
  pad,
  sealBox,
  sign,
  TAG_BYTES,
  unpad,
  verifySignature,
} from "./primitives.ts";
import * as shape from "./shape.ts";

export const MAX_REASON = 120;
export const MAX_KEEPERS = 200;
export const REASON_BYTES = 640;
export const SEALED_BYTES = shape.KEY_BYTES + TAG_BYTES + REASON_BYTES;
export const MAX_ASK_BYTES = 144 * 1024;
export const LIFE_MS = 30 * 24 * 60 * 60 * 1000;

export type Sealed = readonly (readonly [keeper: Uint8Array, sealed: Uint8Array])[];

/** Who asks to follow which stream, when: what is signed beside the sealed reasons. */
export interface Asker {
  readonly fingerprint: Uint8Array;
  readonly log: Uint8Array;
  readonly person: Uint8Array;
  readonly device: Uint8Array;
  readonly time: number;
}

/** A decoded request beside the very bytes it came as; only its shape is verified yet. */
export interface Ask {
  readonly asker: Asker;
  readonly boxesHash: Uint8Array;
  readonly boxes: Sealed;
  readonly statement: Uint8Array;
  readonly signature: Uint8Array;
}

/** Return what stands after `#` in the link of a follow slip. */
export function encodeSlip(log: Uint8Array, fingerprint: Uint8Array): string {
  return encodeBase64url(joinBytes(log, fingerprint));
}

/**
 * Return the stream that a slip names, from what stands after `#`.
 *
 * @throws {Malformed} a part of the link is missing or mistyped.
 * @throws {WrongLog} it is a slip of another practice.
 */
export function decodeSlip(fragment: string, fingerprint: Uint8Array): Uint8Array {
  const data = decodeBase64url(fragment);
  if (data.length !== shape.ID_BYTES + fingerprint.length) {
    throw new Malformed("the link is not complete");
  }
  if (!equalBytes(data.slice(shape.ID_BYTES), fingerprint)) {
    throw new WrongLog("the slip is of another practice");
  }
  return data.slice(0, shape.ID_BYTES);
}

/**
 * Return a reason for one keeper; `seed` (32) is fresh.
 *
 * It names whose it is, so that nobody can put it into a request of theirs.
 *
 * @throws {Malformed} the reason is too long.
 */
export function sealReason(
  seed: Uint8Array,
  asker: Asker,
  readingKey: Uint8Array,
  reason: string,
): Uint8Array {
  shape.text(reason, 0, MAX_REASON, "reason");
  const plain = encode(["msb/1/ask-reason", asker.log, asker.person, reason]);
  return sealBox(seed, readingKey, pad(plain, REASON_BYTES));
}

/**
 * Return the reason that was sealed to the public key of `secret`.
 *
 * @throws {Unreadable} void, because it does not open, or is not this asker's for this stream.
 */
export function openReason(secret: Uint8Array, asker: Asker, sealed: Uint8Array): string {
  const items = decodeVoid(unpad(openBox(secret, sealed), REASON_BYTES));
  const expected = ["msb/1/ask-reason", asker.log, asker.person];
  if (items.length < 4 || !equalBytes(encode(items.slice(0, 3)), encode(expected))) {
    throw new Unreadable("void");
  }
  try {
    return shape.text(items[3], 0, MAX_REASON, "reason");
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}

/**
 * Return a request, signed by the asker's device; `boxes` are (keeper, sealed) in any order.
 *
 * @throws {Malformed} there is no keeper, or one twice, or too many.
 */
export function writeAsk(seed: Uint8Array, asker: Asker, boxes: Sealed): Uint8Array {
  const rows = rowsOf(boxes.toSorted(([a], [b]) => compareBytes(a, b)));
  const statement = encode([
    "msb/1/ask",
    asker.fingerprint,
    asker.log,
    asker.person,
    asker.device,
    asker.time,
    hashRows(rows),
  ]);
  const data = encode([statement, sign(seed, "msb/1/ask", statement), rows]);
  decodeAsk(data);
  return data;
}

/** Return the bytes in which a request travels. */
export function encodeAsk(ask: Ask): Uint8Array {
  return encode([ask.statement, ask.signature, rowsOf(ask.boxes)]);
}

/**
 * Return the request in `data`, its shape and limits checked.
 *
 * @throws {Malformed} the shape or a limit does not hold.
 * @throws {TooNew} it is of another version.
 */
export function decodeAsk(data: Uint8Array): Ask {
  if (data.length > MAX_ASK_BYTES) throw new Malformed("the request is too long");
  const [statement, signature, boxes] = shape.array(decodeArray(data), 3, 3, "request");
  if (!(statement instanceof Uint8Array)) throw new Malformed("the statement is not bytes");
  let items = decodeArray(statement);
  if (typeof items[0] === "string" && items[0] !== "msb/1/ask") {
    throw new TooNew("the request is of another version of the protocol");
  }
  items = shape.array(items, 7, 7, "statement");
  if (items[0] !== "msb/1/ask") throw new Malformed("the statement does not say what it is");
  const asker = {
    fingerprint: shape.octets(items[1], [32], "fingerprint"),
    log: shape.octets(items[2], [16], "log"),
    person: shape.octets(items[3], [16], "person"),
    device: shape.octets(items[4], [32], "device key"),
    time: shape.uint(items[5], 2 ** 53 - 1, "time"),
  };
  const boxesHash = shape.octets(items[6], [32], "hash of the sealed reasons");
  const signed = shape.octets(signature, [64], "signature");
  return { asker, boxesHash, boxes: readBoxes(boxes), statement, signature: signed };
}

/**
 * Check a request completely: a good device of someone who works here asks to follow `log`.
 *
 * @throws {ForkedDirectory} it was made for another practice.
 * @throws {WrongLog} it asks for another stream.
 * @throws {UnknownDevice} the device is not the asker's, or the asker has left.
 * @throws {NotAuthentic} the signature does not fit, or the sealed reasons are not those signed
 * for.
 */
export function verifyAsk(ask: Ask, directory: Directory, log: Uint8Array): void {
  const { asker, statement, signature } = ask;
  if (directory.fingerprint === null || !equalBytes(asker.fingerprint, directory.fingerprint)) {
    throw new ForkedDirectory("the request is of another practice");
  }
  if (!equalBytes(asker.log, log)) {
    throw new WrongLog("the request is to follow another stream");
  }
  const newest = directory.ids.length - 1;
  directory.checkDevice(asker.device, asker.person, newest, asker.time);
  verifySignature(asker.device, "msb/1/ask", statement, signature);
  if (!equalBytes(hashRows(rowsOf(ask.boxes)), ask.boxesHash)) {
    throw new NotAuthentic("the sealed reasons are not those that were signed for");
  }
}

function readBoxes(value: Value | undefined): Sealed {
  const boxes = shape.array(value, 1, MAX_KEEPERS, "sealed reasons").map((row) => {
    const [person, sealed] = shape.array(row, 2, 2, "sealed reason");
    return [
      shape.octets(person, [16], "keeper"),
      shape.octets(sealed, [SEALED_BYTES], "sealed reason"),
    ] as const;
  });
  boxes.reduce((before, after) => {
    if (compareBytes(before[0], after[0]) >= 0) {
      throw new Malformed("the sealed reasons are not in order of their keepers");
    }
    return after;
  });
  return boxes;
}

function rowsOf(boxes: Sealed): readonly Value[] {
  return boxes.map(([person, sealed]) => [person, sealed]);
}

function hashRows(rows: readonly Value[]): Uint8Array {
  return hashLabelled("msb/1/ask-boxes", encode(rows));
}

function decodeVoid(plain: Uint8Array): readonly Value[] {
  try {
    return decodeArray(plain);
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}
