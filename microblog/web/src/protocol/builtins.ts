// What Python has built in and JavaScript has not: byte strings that can be joined, compared, put
// in
// order and looked up, and text that is counted in code points. Hence this file has no twin.

/** Return several byte strings as one. */
export function joinBytes(...pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** Return whether two byte strings are the same. Not in constant time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  // A loop, since this is asked for every entry of every log.
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** Order two byte strings as Python does: by the first byte that differs, a beginning first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Return how many code points a text has; half a surrogate pair counts as one. */
export function countCodePoints(text: string): number {
  const pairs = text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g);
  return text.length - (pairs?.length ?? 0);
}

/** Return whether a value is an array, in words by which readonly arrays are told apart too. */
export function isArray<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}

/** Values by byte string (an id or a key), in the order in which they were first put in. */
export class BytesMap<V> implements Iterable<readonly [Uint8Array, V]> {
  readonly #rows: Map<string, readonly [Uint8Array, V]>;

  constructor(rows: BytesMap<V> | Iterable<readonly [Uint8Array, V]> = []) {
    this.#rows = rows instanceof BytesMap ? new Map(rows.#rows) : new Map();
    if (!(rows instanceof BytesMap)) for (const [key, value] of rows) this.set(key, value);
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: Uint8Array): V | undefined {
    return this.#rows.get(keyText(key))?.[1];
  }

  has(key: Uint8Array): boolean {
    return this.#rows.has(keyText(key));
  }

  set(key: Uint8Array, value: V): void {
    this.#rows.set(keyText(key), [key, value]);
  }

  delete(key: Uint8Array): boolean {
    return this.#rows.delete(keyText(key));
  }

  *keys(): Generator<Uint8Array> {
    for (const [key] of this.#rows.values()) yield key;
  }

  *values(): Generator<V> {
    for (const [, value] of this.#rows.values()) yield value;
  }

  [Symbol.iterator](): Iterator<readonly [Uint8Array, V]> {
    return this.#rows.values();
  }
}

/** A set of byte strings, in the order in which they were first put in. */
export class BytesSet implements Iterable<Uint8Array> {
  readonly #rows: Map<string, Uint8Array>;

  constructor(items: BytesSet | Iterable<Uint8Array> = []) {
    this.#rows = items instanceof BytesSet ? new Map(items.#rows) : new Map();
    if (!(items instanceof BytesSet)) for (const item of items) this.add(item);
  }

  get size(): number {
    return this.#rows.size;
  }

  has(item: Uint8Array): boolean {
    return this.#rows.has(keyText(item));
  }

  add(item: Uint8Array): void {
    const key = keyText(item);
    if (!this.#rows.has(key)) this.#rows.set(key, item);
  }

  [Symbol.iterator](): Iterator<Uint8Array> {
    return this.#rows.values();
  }
}

/** Return the text that stands for some bytes as the key of a Map: a character a byte. */
function keyText(bytes: Uint8Array): string {
  return Reflect.apply(String.fromCharCode, undefined, bytes);
}
