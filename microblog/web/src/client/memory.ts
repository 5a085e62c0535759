// What a client remembers between starts: verified entries as they came, and a note on each log. In the browser every
// record is sealed under a key from the device's seed, its name bound in; names are random ids and counters.
//
// So what is read back was verified by this client before it was sealed, and no signature is verified again.

import { encodeBase64url } from "../protocol/base64url.ts";
import { joinBytes } from "../protocol/builtins.ts";
import { decodeArray, encode, MAX_UINT, type Value } from "../protocol/encoding.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import { decrypt, derive, encrypt, NONCE_BYTES } from "../protocol/primitives.ts";
import * as shape from "../protocol/shape.ts";
import { MAX_FOLLOWERS, ROLES, Stream } from "../protocol/stream.ts";
import { openDatabase, storing, type Database, type RecordKey } from "./database.ts";

const NOTE = 0; // the counter of a log's note; entry n has n + 1
const MANY = 2 ** 32;

/** What is known of a log beside its entries. */
export interface Note {
  readonly pin: Head | null; // how far it was seen: it must never be shorter, or another
  readonly read: number; // posts up to this seq are read; -1: none
  readonly secrets: ReadonlyMap<number, Uint8Array>; // by epoch
  readonly stream: Stream | null; // as it stood at the pin; none for the directory
}

export const NO_NOTE: Note = { pin: null, read: -1, secrets: new Map(), stream: null };

/** An entry, or an entry again without the words that were erased, in its place. */
export type Kept = readonly [seq: number, raw: Uint8Array];

export interface Memory {
  /** The logs that something is remembered of. */
  logs(): Promise<Uint8Array[]>;
  /** A log's entries from 0 on, without a gap, and its note. */
  load(log: Uint8Array): Promise<{ entries: Uint8Array[]; note: Note }>;
  /** Keep all of it, or, when StorageFull is thrown, nothing. */
  store(log: Uint8Array, entries: readonly Kept[], note: Note): Promise<void>;
  forget(): Promise<void>;
  close(): void;
}

/** For a shared computer, and for tests: gone with the Worker, so nothing needs sealing. */
export class UnstoredMemory implements Memory {
  readonly #kept = new Map<string, { log: Uint8Array; entries: Uint8Array[]; note: Note }>();

  async logs(): Promise<Uint8Array[]> {
    return [...this.#kept.values()].map(({ log }) => log);
  }

  async load(log: Uint8Array): Promise<{ entries: Uint8Array[]; note: Note }> {
    const kept = this.#kept.get(encodeBase64url(log));
    return { entries: [...(kept?.entries ?? [])], note: kept?.note ?? NO_NOTE };
  }

  async store(log: Uint8Array, entries: readonly Kept[], note: Note): Promise<void> {
    const before = await this.load(log);
    for (const [seq, raw] of entries) before.entries[seq] = raw;
    this.#kept.set(encodeBase64url(log), { log, entries: before.entries, note });
  }

  async forget(): Promise<void> {
    this.#kept.clear();
  }

  close(): void {
    this.#kept.clear();
  }
}

/** In this browser's database. */
export class StoredMemory implements Memory {
  readonly #database: Database;
  readonly #key: Uint8Array;
  readonly #random: (size: number) => Uint8Array;

  private constructor(database: Database, key: Uint8Array, random: (size: number) => Uint8Array) {
    this.#database = database;
    this.#key = key;
    this.#random = random;
  }

  /**
   * Open the memory of the device with this seed.
   *
   * @throws {StorageFull} this browser keeps nothing.
   */
  static async open(
    seed: Uint8Array,
    random: (size: number) => Uint8Array,
  ): Promise<StoredMemory> {
    return new StoredMemory(await openDatabase(), derive(seed, "msb/1/store"), random);
  }

  async logs(): Promise<Uint8Array[]> {
    const keys = await this.#database.getAllKeys("records");
    const notes = keys.filter(([, counter]) => counter === NOTE);
    const found = await Promise.all(notes.map(async (key) => decodeLog(await this.#read(key))));
    return found.filter((log) => log !== null);
  }

  async load(log: Uint8Array): Promise<{ entries: Uint8Array[]; note: Note }> {
    const name = encodeBase64url(log);
    const range = IDBKeyRange.bound([name, NOTE + 1], [name, MANY]);
    const [keys, values] = await Promise.all([
      this.#database.getAllKeys("records", range),
      this.#database.getAll("records", range),
    ]);
    const entries: Uint8Array[] = [];
    for (const [index, value] of values.entries()) {
      const key = keys[index];
      const entry = key?.[1] === NOTE + 1 + index ? this.#open(key, value) : null;
      // A gap, or a record of another device: the rest is fetched again.
      if (entry === null) break;
      entries.push(entry);
    }
    return { entries, note: decodeNote(await this.#read([name, NOTE])) };
  }

  async store(log: Uint8Array, entries: readonly Kept[], note: Note): Promise<void> {
    const name = encodeBase64url(log);
    const records = [
      this.#seal([name, NOTE], encodeNote(log, note)),
      ...entries.map(([seq, raw]) => this.#seal([name, NOTE + 1 + seq], raw)),
    ];
    await storing(async () => {
      const change = this.#database.transaction("records", "readwrite");
      await Promise.all([
        ...records.map(([key, sealed]) => change.store.put(sealed, key)),
        change.done,
      ]);
    });
  }

  async forget(): Promise<void> {
    await storing(() => this.#database.clear("records"));
  }

  close(): void {
    // Closed first: nothing can be stored under a key of zeros.
    this.#database.close();
    this.#key.fill(0);
  }

  async #read(key: RecordKey): Promise<Uint8Array | null> {
    const value = await this.#database.get("records", key);
    return value === undefined ? null : this.#open(key, value);
  }

  #seal(key: RecordKey, data: Uint8Array): [RecordKey, Uint8Array] {
    return [key, sealRecord(this.#key, nameOf(key), data, this.#random(NONCE_BYTES))];
  }

  #open(key: RecordKey, sealed: Uint8Array): Uint8Array | null {
    return openRecord(this.#key, nameOf(key), sealed);
  }
}

/** Seal a record: nonce, then ciphertext, with its name as associated data (PROTOCOL.md 8). */
export function sealRecord(
  key: Uint8Array,
  name: string,
  data: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  return joinBytes(nonce, encrypt(key, nonce, data, new TextEncoder().encode(name)));
}

/** Open what `sealRecord` made under this name; null if it does not open. */
export function openRecord(key: Uint8Array, name: string, sealed: Uint8Array): Uint8Array | null {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  try {
    return decrypt(key, nonce, sealed.subarray(NONCE_BYTES), new TextEncoder().encode(name));
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

export function encodeNote(log: Uint8Array, { pin, read, secrets, stream }: Note): Uint8Array {
  const rows = [...secrets].toSorted(([a], [b]) => a - b);
  const state = stream
    ? [stream.time, stream.members, stream.commitments, stream.dropped, stream.directorySeq]
    : [];
  return encode([log, pin ? [pin.seq, pin.id] : [], read + 1, rows, state]);
}

/** Return the note in a record. One that cannot be read is as good as none: all but the read mark comes again. */
export function decodeNote(data: Uint8Array | null): Note {
  if (data === null) return NO_NOTE;
  try {
    const [log, pinned, read, rows, state] = shape.array(decodeArray(data), 5, MANY, "note");
    const pin = decodePin(shape.array(pinned, 0, 2, "pin"));
    const items = shape.array(state, 0, 5, "stream");
    return {
      pin,
      read: shape.uint(read, MAX_UINT, "read") - 1,
      secrets: new Map(shape.array(rows, 0, MANY, "secrets").map(decodeSecret)),
      stream: items.length > 0 ? decodeStream(shape.octets(log, [16], "log"), pin, items) : null,
    };
  } catch (error) {
    if (error instanceof ProtocolError) return NO_NOTE;
    throw error;
  }
}

function decodeStream(log: Uint8Array, head: Head | null, items: readonly Value[]): Stream {
  const [time, members, commitments, dropped, directorySeq] = items;
  return new Stream(log, {
    head,
    time: shape.uint(time, MAX_UINT, "time"),
    members: shape.array(members, 0, MAX_FOLLOWERS, "members").map((value) => {
      const [person, role] = shape.array(value, 2, 2, "member");
      return [shape.octets(person, [16], "person"), shape.word(role, ROLES, "role")] as const;
    }),
    commitments: shape
      .array(commitments, 0, MANY, "commitments")
      .map((value) => shape.octets(value, [32], "commitment")),
    dropped: shape
      .array(dropped, 0, MANY, "dropped")
      .map((value) => shape.uint(value, MAX_UINT, "dropped")),
    directorySeq: shape.uint(directorySeq, MAX_UINT, "directory seq"),
  });
}

function decodePin([seq, id]: readonly Value[]): Head | null {
  if (seq === undefined) return null;
  return { seq: shape.uint(seq, MAX_UINT, "seq"), id: shape.octets(id, [32], "id") };
}

function decodeSecret(value: Value): [number, Uint8Array] {
  const [epoch, secret] = shape.array(value, 2, 2, "secret");
  return [shape.uint(epoch, MAX_UINT, "epoch"), shape.octets(secret, [32], "secret")];
}

function decodeLog(data: Uint8Array | null): Uint8Array | null {
  try {
    return data === null ? null : shape.octets(decodeArray(data)[0], [16], "log");
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

function nameOf([log, counter]: RecordKey): string {
  return `${log}/${counter}`;
}
