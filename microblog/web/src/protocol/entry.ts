// One signed link of a log: its parts, its bytes, its id, its body (PROTOCOL.md 3).

import { compareBytes, equalBytes, isArray, joinBytes } from "./builtins.ts";
import { decodeArray, encode, MAX_UINT, type Value } from "./encoding.ts";
import { Malformed, TooNew, Unreadable } from "./errors.ts";
import {
  decrypt,
  derive,
  encrypt,
  hashLabelled,
  NONCE_BYTES,
  pad,
  sign,
  TAG_BYTES,
  unpad,
  verifySignature,
} from "./primitives.ts";
import * as shape from "./shape.ts";

export const DIRECTORY = new Uint8Array(16);
export const NO_ENTRY = new Uint8Array(32);
export const SALT_BYTES = 32;
export const BLOCK_BYTES = 2048;
export const MAX_PAYLOAD_BYTES = 16 * 1024;
export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_ENTRY_BYTES = 96 * 1024;
export const MAX_APPEND = 64;
export const MAX_BOXES = 200;
export const MAX_BOX_BYTES = 256;

const KIND = /^\+?[a-z0-9-]{1,32}$/;

// Entries whose salt and body were what their headers say: nobody changes either, and to hash a body
// takes as long as to open it.
const checked = new WeakSet<Entry>();

export type Boxes = readonly (readonly [person: Uint8Array, box: Uint8Array])[];

/** What an author signs. */
export interface Header {
  readonly log: Uint8Array;
  readonly seq: number;
  readonly prev: Uint8Array;
  readonly kind: string;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
  readonly epoch: number;
  readonly time: number;
  readonly directorySeq: number;
  readonly directoryHead: Uint8Array;
  readonly saltHash: Uint8Array;
  readonly bodyHash: Uint8Array;
  readonly payload: readonly Value[];
}

/**
 * A decoded entry beside the very bytes it came as; nothing about it is verified yet but its
 * shape.
 */
export interface Entry {
  readonly header: Header;
  readonly rawHeader: Uint8Array;
  readonly signature: Uint8Array;
  readonly body: Uint8Array;
  readonly salt: Uint8Array;
  readonly boxes: Boxes;
  readonly id: Uint8Array;
}

/** Return the bytes in which an entry travels. */
export function encodeEntry(entry: Entry): Uint8Array {
  return encode([entry.rawHeader, entry.signature, entry.body, entry.salt, entry.boxes]);
}

/**
 * Return the entry in `data`, its shape and limits checked.
 *
 * @throws {Malformed} the shape or a limit does not hold.
 * @throws {TooNew} the header is of another version.
 */
export function decodeEntry(data: Uint8Array): Entry {
  if (data.length > MAX_ENTRY_BYTES) throw new Malformed("the entry is too long");
  const items = shape.array(decodeArray(data), 5, 5, "entry");
  const [rawHeader, , body] = items;
  if (!(rawHeader instanceof Uint8Array) || !(body instanceof Uint8Array)) {
    throw new Malformed("header and body are not bytes");
  }
  if (body.length > MAX_BODY_BYTES) throw new Malformed("the body is too long");
  const signature = shape.octets(items[1], [64], "signature");
  return {
    header: decodeHeader(rawHeader),
    rawHeader,
    signature,
    body,
    salt: shape.octets(items[3], [0, SALT_BYTES], "salt"),
    boxes: decodeBoxes(items[4]),
    id: entryId(rawHeader, signature),
  };
}

/**
 * Return the header in `data`, its shape checked.
 *
 * @throws {Malformed} the shape does not hold.
 * @throws {TooNew} it is of another version.
 */
export function decodeHeader(data: Uint8Array): Header {
  const found = decodeArray(data);
  if (typeof found[0] === "string" && found[0] !== "msb/1/entry") {
    throw new TooNew("the entry is of another version of the protocol");
  }
  const items = shape.array(found, 14, 14, "header");
  if (items[0] !== "msb/1/entry") throw new Malformed("header does not say what it is");
  const kind = items[4];
  if (typeof kind !== "string" || !KIND.test(kind)) throw new Malformed("kind is not a word");
  const payload = items[13];
  if (payload === undefined || !isArray(payload) || isTooLong(payload, data)) {
    throw new Malformed("payload is not an array, or too long");
  }
  return {
    log: shape.octets(items[1], [16], "log"),
    seq: shape.uint(items[2], MAX_UINT, "seq"),
    prev: shape.octets(items[3], [32], "prev"),
    kind,
    author: shape.octets(items[5], [16], "author"),
    device: shape.octets(items[6], [32], "device key"),
    epoch: shape.uint(items[7], MAX_UINT, "epoch"),
    time: shape.uint(items[8], MAX_UINT, "time"),
    directorySeq: shape.uint(items[9], MAX_UINT, "directory seq"),
    directoryHead: shape.octets(items[10], [32], "directory head"),
    saltHash: shape.octets(items[11], [32], "hash of the salt"),
    bodyHash: shape.octets(items[12], [32], "hash of the body"),
    payload,
  };
}

/** Return the id by which the next entry names this one. */
export function entryId(rawHeader: Uint8Array, signature: Uint8Array): Uint8Array {
  return hashLabelled("msb/1/id", rawHeader, signature);
}

/**
 * Check that an entry was signed by the device it names; whose that is, the directory says.
 *
 * @throws {NotAuthentic} the signature does not fit.
 */
export function verifyEntry(entry: Entry): void {
  verifySignature(entry.header.device, "msb/1/entry", entry.rawHeader, entry.signature);
}

/** Return the bytes that are signed. */
export function encodeHeader(header: Header): Uint8Array {
  return encode(itemsOf(header));
}

/** Return the associated data of a body: the header before its body exists. */
export function encodeCore(header: Header): Uint8Array {
  const items = itemsOf(header);
  return encode(["msb/1/core", ...items.slice(1, 12), header.payload]);
}

/** Return what a header says of its salt. */
export function hashSalt(salt: Uint8Array): Uint8Array {
  return hashLabelled("msb/1/salt", salt);
}

/**
 * Return what a header says of its body; with the salt, so that an erased body cannot be
 * guessed.
 */
export function hashBody(salt: Uint8Array, body: Uint8Array): Uint8Array {
  return hashLabelled("msb/1/body-hash", salt, body);
}

/** Return a finished entry of the directory; the header's two hashes are filled in here. */
export function writePlainEntry(
  header: Header,
  seed: Uint8Array,
  salt: Uint8Array,
  body: Uint8Array,
): Entry {
  const whole = { ...header, saltHash: hashSalt(salt), bodyHash: hashBody(salt, body) };
  return signEntry(whole, seed, salt, body, []);
}

/**
 * Return a finished entry of a stream; the header's two hashes are filled in here.
 *
 * `keys` are the device's seed and the epoch's secret, `randoms` a fresh salt (32) and nonce (24).
 *
 * @throws {Malformed} the plaintext does not fit.
 */
export function writeSealedEntry(
  header: Header,
  keys: readonly [seed: Uint8Array, epochSecret: Uint8Array],
  randoms: readonly [salt: Uint8Array, nonce: Uint8Array],
  plain: Uint8Array,
  boxes: Boxes,
): Entry {
  const [seed, epochSecret] = keys;
  const [salt, nonce] = randoms;
  const salted = { ...header, saltHash: hashSalt(salt) };
  const body = sealBody(salted, epochSecret, salt, nonce, plain);
  return signEntry({ ...salted, bodyHash: hashBody(salt, body) }, seed, salt, body, boxes);
}

/** Return an entry with its signature; the header is signed as it is. */
export function signEntry(
  header: Header,
  seed: Uint8Array,
  salt: Uint8Array,
  body: Uint8Array,
  boxes: Boxes,
): Entry {
  const rawHeader = encodeHeader(header);
  const signature = sign(seed, "msb/1/entry", rawHeader);
  const id = entryId(rawHeader, signature);
  const sorted = [...boxes];
  sorted.sort((a, b) => compareBytes(a[0], b[0]) || compareBytes(a[1], b[1]));
  return { header, rawHeader, signature, body, salt, boxes: sorted, id };
}

/**
 * Return the body of a stream entry; `header` needs everything but the hash of the body.
 *
 * @throws {Malformed} the plaintext does not fit the one size that all bodies have.
 */
export function sealBody(
  header: Header,
  epochSecret: Uint8Array,
  salt: Uint8Array,
  nonce: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  const padded = pad(plain, BLOCK_BYTES);
  if (padded.length > BLOCK_BYTES && !hasHistory(header.kind)) {
    throw new Malformed("too long: a body holds at most 2,047 bytes");
  }
  const key = bodyKey(header, epochSecret, salt);
  return joinBytes(nonce, encrypt(key, nonce, padded, encodeCore(header)));
}

/**
 * Return the array inside a stream entry's body.
 *
 * @throws {Unreadable} withheld (missing, or not what the header says) or void (does not open).
 */
export function openBody(entry: Entry, epochSecret: Uint8Array): readonly Value[] {
  checkBody(entry);
  const { header, body } = entry;
  const size = body.length - NONCE_BYTES - TAG_BYTES;
  if (size < BLOCK_BYTES || size % BLOCK_BYTES !== 0) throw new Unreadable("void");
  if (size > BLOCK_BYTES && !hasHistory(header.kind)) throw new Unreadable("void");
  const key = bodyKey(header, epochSecret, entry.salt);
  const [nonce, ciphertext] = [body.subarray(0, NONCE_BYTES), body.subarray(NONCE_BYTES)];
  const padded = decrypt(key, nonce, ciphertext, encodeCore(header));
  try {
    return decodeArray(unpad(padded, BLOCK_BYTES));
  } catch (error) {
    throw error instanceof Malformed ? new Unreadable("void") : error;
  }
}

/**
 * Check salt and body against the header's hashes.
 *
 * @throws {Unreadable} withheld, because one is missing or another.
 */
export function checkBody(entry: Entry): void {
  if (checked.has(entry)) return;
  const { header, salt, body } = entry;
  if (!equalBytes(hashSalt(salt), header.saltHash)) throw new Unreadable("withheld");
  if (!equalBytes(hashBody(salt, body), header.bodyHash)) throw new Unreadable("withheld");
  checked.add(entry);
}

/** Return whether entries of this kind carry a history bundle, which may be long. */
export function hasHistory(kind: string): boolean {
  return kind === "epoch";
}

function bodyKey(header: Header, epochSecret: Uint8Array, salt: Uint8Array): Uint8Array {
  return derive(epochSecret, "msb/1/body", header.log, header.epoch, salt);
}

function itemsOf(header: Header): readonly Value[] {
  return [
    "msb/1/entry",
    header.log,
    header.seq,
    header.prev,
    header.kind,
    header.author,
    header.device,
    header.epoch,
    header.time,
    header.directorySeq,
    header.directoryHead,
    header.saltHash,
    header.bodyHash,
    header.payload,
  ];
}

// A payload's one encoding stands in its header, which hardly ever is that long itself.
function isTooLong(payload: Value, header: Uint8Array): boolean {
  return header.length > MAX_PAYLOAD_BYTES && encode(payload).length > MAX_PAYLOAD_BYTES;
}

function decodeBoxes(value: Value | undefined): Boxes {
  const boxes = shape.array(value, 0, MAX_BOXES, "boxes").map((item) => {
    const [person, box] = shape.array(item, 2, 2, "box");
    if (!(box instanceof Uint8Array) || box.length < 48 || box.length > MAX_BOX_BYTES) {
      throw new Malformed("a box does not have the right number of bytes");
    }
    return [shape.octets(person, [16], "person"), box] as const;
  });
  if (boxes.some(([person], at) => at > 0 && compareBytes(boxes[at - 1]![0], person) >= 0)) {
    throw new Malformed("boxes are not sorted, or one occurs twice");
  }
  return boxes;
}
