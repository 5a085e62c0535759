// Deterministic CBOR, restricted: whole numbers, bytes, text and arrays, one encoding of a value
// (PROTOCOL.md 2.3).
// What is decoded are copies: nothing keeps the bytes alive that it came from, or changes with
// them.

import { isArray } from "./builtins.ts";
import { Malformed } from "./errors.ts";

export type Value = number | Uint8Array | string | readonly Value[];

export const MAX_UINT = 2 ** 53 - 1;
export const MAX_DEPTH = 6;

const UINT = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;

const HALF_A_PAIR = /\p{Surrogate}/u;
const textEncoder = new TextEncoder();
// Without ignoreBOM a leading U+FEFF would be dropped, and pass unseen.
const textDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Return the one encoding of a value.
 *
 * @throws {Malformed} the value has no encoding.
 */
export function encode(value: Value): Uint8Array {
  const out: Output = { bytes: new Uint8Array(256 + longest(value)), length: 0 };
  write(out, value, 1);
  return out.bytes.slice(0, out.length);
}

/**
 * Return the value that `data` is the one encoding of.
 *
 * @throws {Malformed} it is not the encoding of any value.
 */
export function decode(data: Uint8Array): Value {
  const input: Input = { data, at: 0 };
  const value = read(input, 1);
  if (input.at !== data.length) throw new Malformed("bytes after the end of the value");
  return value;
}

/**
 * Return the array that `data` encodes.
 *
 * @throws {Malformed} it encodes nothing, or something else.
 */
export function decodeArray(data: Uint8Array): readonly Value[] {
  const value = decode(data);
  if (!isArray(value)) throw new Malformed("not an array");
  return value;
}

interface Output {
  bytes: Uint8Array;
  length: number;
}

interface Input {
  readonly data: Uint8Array;
  at: number;
}

// What the byte strings of an array take: an entry's buffer then need not grow.
function longest(value: Value): number {
  let length = 0;
  if (isArray(value)) for (const item of value) if (item instanceof Uint8Array) length += item.length;
  return length;
}

function write(out: Output, value: Value, depth: number): void {
  if (typeof value === "boolean") throw new Malformed("a truth value has no encoding");
  if (typeof value === "number" && Number.isInteger(value)) {
    if (value < 0 || value > MAX_UINT) throw new Malformed("a number is out of range");
    writeHead(out, UINT, value);
  } else if (value instanceof Uint8Array) {
    writeHead(out, BYTES, value.length);
    append(out, value);
  } else if (typeof value === "string") {
    const data = encodeText(value);
    writeHead(out, TEXT, data.length);
    append(out, data);
  } else if (isArray(value)) {
    if (depth > MAX_DEPTH) throw new Malformed("arrays are nested too deep");
    writeHead(out, ARRAY, value.length);
    for (const item of value) write(out, item, depth + 1);
  } else {
    throw new Malformed("a value of this type has no encoding");
  }
}

function writeHead(out: Output, major: number, number: number): void {
  if (number < 24) {
    append(out, [(major << 5) | number]);
    return;
  }
  const code = number < 2 ** 8 ? 24 : number < 2 ** 16 ? 25 : number < 2 ** 32 ? 26 : 27;
  const head = [(major << 5) | code];
  // Division, because shifts know 32 bits only.
  for (let place = (1 << (code - 24)) - 1; place >= 0; place--) {
    head.push(Math.floor(number / 2 ** (8 * place)) % 256);
  }
  append(out, head);
}

function append(out: Output, data: ArrayLike<number>): void {
  const length = out.length + data.length;
  if (length > out.bytes.length) {
    const grown = new Uint8Array(Math.max(length, 2 * out.bytes.length));
    grown.set(out.bytes.subarray(0, out.length));
    out.bytes = grown;
  }
  out.bytes.set(data, out.length);
  out.length = length;
}

function encodeText(value: string): Uint8Array {
  checkText(value);
  // TextEncoder would write U+FFFD in its place.
  if (HALF_A_PAIR.test(value)) throw new Malformed("text is not well-formed");
  return textEncoder.encode(value);
}

function checkText(value: string): void {
  if (value.includes("\0") || value.startsWith("\ufeff")) {
    throw new Malformed("text holds U+0000 or starts with U+FEFF");
  }
}

function read(input: Input, depth: number): Value {
  const [major, number] = readHead(input);
  if (major === UINT) return number;
  if (major === ARRAY) return readArray(input, number, depth);
  if (number > input.data.length - input.at) throw new Malformed("the bytes end too soon");
  const end = input.at + number;
  const piece = input.data.slice(input.at, end);
  input.at = end;
  return major === BYTES ? piece : decodeText(piece);
}

function readArray(input: Input, count: number, depth: number): readonly Value[] {
  if (depth > MAX_DEPTH) throw new Malformed("arrays are nested too deep");
  if (count > input.data.length - input.at) throw new Malformed("the bytes end too soon");
  const items: Value[] = [];
  for (let left = count; left > 0; left--) items.push(read(input, depth + 1));
  return items;
}

function readHead(input: Input): readonly [major: number, number: number] {
  const first = input.data[input.at];
  if (first === undefined) throw new Malformed("the bytes end too soon");
  const major = first >> 5;
  const code = first & 31;
  if (![UINT, BYTES, TEXT, ARRAY].includes(major) || code > 27) {
    throw new Malformed("a value of this type is not allowed");
  }
  input.at += 1;
  if (code < 24) return [major, code];
  const size = 1 << (code - 24);
  const end = input.at + size;
  if (end > input.data.length) throw new Malformed("the bytes end too soon");
  let number = 0;
  // Eight bytes may be rounded here, but nothing from 2^53 on is rounded to less than that.
  for (; input.at < end; input.at++) number = number * 256 + (input.data[input.at] ?? 0);
  if (number < 24 || (size > 1 && number < 2 ** (4 * size))) {
    throw new Malformed("a number is not in its shortest form");
  }
  if (number > MAX_UINT) throw new Malformed("a number is out of range");
  return [major, number];
}

function decodeText(data: Uint8Array): string {
  let value: string;
  try {
    value = textDecoder.decode(data);
  } catch {
    throw new Malformed("text is not well-formed");
  }
  checkText(value);
  return value;
}
