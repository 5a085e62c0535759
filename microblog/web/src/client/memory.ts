// What a client remembers between starts: entries as they came, and a note on each log. In the browser every
// record is sealed under a key from the device's seed, its name bound in; names are random ids and counters.

import { encodeBase64url } from "../protocol/base64url.ts";
import { decodeArray, encode, type Value } from "../protocol/encoding.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import { decrypt, derive, encrypt, NONCE_BYTES } from "../protocol/primitives.ts";
import * as shape from "../protocol/shape.ts";
import { openDatabase, storing, type Database, type RecordKey } from "./database.ts";

const MANY = 2 ** 32;
const NOTE = 0; // the counter of a log's note; entry n has n + 1

// What is known of a log beside its entries.
export interface Note {
  pin: Head | null; // how far it was seen; it must never be shorter, or another
  read: number; // posts up to this seq are read; -1: none
  secrets: ReadonlyMap<number, Uint8Array>; // by epoch
  rolledBack: boolean; // the server once denied what the pin says
}

export const NO_NOTE: Note = { pin: null, read: -1, secrets: new Map(), rolledBack: false };

export interface Memory {
  // The logs that something is remembered of.
  logs(): Promise<Uint8Array[]>;
  // A log's entries from 0 on, without a gap.
  entries(log: Uint8Array): Promise<Uint8Array[]>;
  note(log: Uint8Array): Promise<Note>;
  // Put entries in their places: new ones at the end, or again without the body that was erased.
  putEntries(log: Uint8Array, first: number, entries: readonly Uint8Array[]): Promise<void>;
  putNote(log: Uint8Array, note: Note): Promise<void>;
  forget(): Promise<void>;
  close(): void;
}

// For a shared computer, and for tests: gone with the Worker, so nothing needs sealing.
export class UnstoredMemory implements Memory {
  private readonly kept = new Map<string, { log: Uint8Array; entries: Uint8Array[]; note: Note }>();

  async logs(): Promise<Uint8Array[]> {
    return [...this.kept.values()].map(({ log }) => log);
  }

  async entries(log: Uint8Array): Promise<Uint8Array[]> {
    return [...this.of(log).entries];
  }

  async note(log: Uint8Array): Promise<Note> {
    return this.of(log).note;
  }

  async putEntries(log: Uint8Array, first: number, entries: readonly Uint8Array[]): Promise<void> {
    this.of(log).entries.splice(first, entries.length, ...entries);
  }

  async putNote(log: Uint8Array, note: Note): Promise<void> {
    this.of(log).note = note;
  }

  async forget(): Promise<void> {
    this.kept.clear();
  }

  close(): void {
    this.kept.clear();
  }

  private of(log: Uint8Array): { log: Uint8Array; entries: Uint8Array[]; note: Note } {
    const name = encodeBase64url(log);
    const known = this.kept.get(name) ?? { log, entries: [], note: NO_NOTE };
    this.kept.set(name, known);
    return known;
  }
}

export class StoredMemory implements Memory {
  private readonly database: Database;
  private readonly key: Uint8Array;
  private readonly random: (size: number) => Uint8Array;

  private constructor(database: Database, key: Uint8Array, random: (size: number) => Uint8Array) {
    this.database = database;
    this.key = key;
    this.random = random;
  }

  // Raises StorageFull when this browser keeps nothing.
  static async open(seed: Uint8Array, random: (size: number) => Uint8Array): Promise<StoredMemory> {
    return new StoredMemory(await openDatabase(), derive(seed, "msb/1/store"), random);
  }

  async logs(): Promise<Uint8Array[]> {
    const found: Uint8Array[] = [];
    for (const key of await this.database.getAllKeys("records")) {
      if (key[1] === NOTE) found.push(decodeLog(await this.read(key)));
    }
    return found.filter((log) => log.length > 0);
  }

  async entries(log: Uint8Array): Promise<Uint8Array[]> {
    const name = encodeBase64url(log);
    const range = IDBKeyRange.bound([name, NOTE + 1], [name, MANY]);
    const [keys, values] = await Promise.all([
      this.database.getAllKeys("records", range),
      this.database.getAll("records", range),
    ]);
    const entries: Uint8Array[] = [];
    for (const [index, value] of values.entries()) {
      const key = keys[index];
      const entry = key && key[1] === index + 1 ? this.open(key, value) : null;
      // A gap, or a record of another device: the rest is fetched again.
      if (entry === null) break;
      entries.push(entry);
    }
    return entries;
  }

  async note(log: Uint8Array): Promise<Note> {
    return decodeNote(await this.read([encodeBase64url(log), NOTE]));
  }

  async putEntries(log: Uint8Array, first: number, entries: readonly Uint8Array[]): Promise<void> {
    const name = encodeBase64url(log);
    await this.write(
      entries.map((entry, index): [RecordKey, Uint8Array] => [[name, first + index + 1], entry]),
    );
  }

  async putNote(log: Uint8Array, note: Note): Promise<void> {
    await this.write([[[encodeBase64url(log), NOTE], encodeNote(log, note)]]);
  }

  async forget(): Promise<void> {
    await storing(() => this.database.clear("records"));
  }

  close(): void {
    this.key.fill(0);
    this.database.close();
  }

  private async read(key: RecordKey): Promise<Uint8Array | null> {
    const value = await this.database.get("records", key);
    return value === undefined ? null : this.open(key, value);
  }

  private async write(records: readonly [RecordKey, Uint8Array][]): Promise<void> {
    const sealed = records.map(([key, data]): [RecordKey, Uint8Array] => [key, this.seal(key, data)]);
    await storing(async () => {
      const change = this.database.transaction("records", "readwrite");
      await Promise.all([...sealed.map(([key, data]) => change.store.put(data, key)), change.done]);
    });
  }

  private seal(key: RecordKey, data: Uint8Array): Uint8Array {
    const nonce = this.random(NONCE_BYTES);
    const ciphertext = encrypt(this.key, nonce, data, nameOf(key));
    const sealed = new Uint8Array(nonce.length + ciphertext.length);
    sealed.set(nonce);
    sealed.set(ciphertext, nonce.length);
    return sealed;
  }

  private open(key: RecordKey, sealed: Uint8Array): Uint8Array | null {
    try {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      return decrypt(this.key, nonce, sealed.subarray(NONCE_BYTES), nameOf(key));
    } catch (error) {
      if (error instanceof ProtocolError) return null;
      throw error;
    }
  }
}

export function encodeNote(log: Uint8Array, { pin, read, secrets, rolledBack }: Note): Uint8Array {
  const rows = [...secrets].sort(([a], [b]) => a - b).map(([epoch, secret]) => [epoch, secret]);
  return encode([log, pin ? [pin.seq, pin.id] : [], read + 1, rows, rolledBack ? 1 : 0]);
}

// A note that cannot be read is as good as none: all of it can be had again but what was read.
export function decodeNote(data: Uint8Array | null): Note {
  if (data === null) return NO_NOTE;
  try {
    const [, pin, read, rows, rolledBack] = shape.array(decodeArray(data), 5, MANY, "note");
    return {
      pin: decodePin(shape.array(pin, 0, 2, "pin")),
      read: shape.uint(read, MANY, "read") - 1,
      secrets: new Map(shape.array(rows, 0, MANY, "secrets").map(decodeSecret)),
      rolledBack: shape.uint(rolledBack, 1, "rolled back") === 1,
    };
  } catch (error) {
    if (error instanceof ProtocolError) return NO_NOTE;
    throw error;
  }
}

function decodePin([seq, id]: readonly Value[]): Head | null {
  if (seq === undefined) return null;
  return { seq: shape.uint(seq, MANY, "seq"), id: shape.octets(id, [32], "id") };
}

function decodeSecret(value: Value): [number, Uint8Array] {
  const [epoch, secret] = shape.array(value, 2, 2, "secret");
  return [
    shape.uint(epoch, MANY, "epoch"),
    shape.octets(secret, [32], "secret"),
  ];
}

function decodeLog(data: Uint8Array | null): Uint8Array {
  try {
    if (data !== null) return shape.octets(decodeArray(data)[0], [16], "log");
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  return new Uint8Array();
}

function nameOf([log, counter]: RecordKey): Uint8Array {
  return new TextEncoder().encode(`${log}/${counter}`);
}
