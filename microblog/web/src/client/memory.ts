// What a client remembers between starts: verified entries as they came, and a note on each log. Every record
// is sealed under a key from the device's seed, its name bound in; names are random ids and counters.
//
// So what is read back was verified by this client before it was sealed, and no signature is verified again. Several
// tabs share one database: what is put is merged with what another has put meanwhile, and nothing goes back.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { equalBytes, joinBytes } from "../protocol/builtins.ts";
import { decodeArray, encode, MAX_UINT, type Value } from "../protocol/encoding.ts";
import { decodeEntry } from "../protocol/entry.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import { decrypt, derive, encrypt, NONCE_BYTES } from "../protocol/primitives.ts";
import { type Marks, mergeMarks, type Single } from "../protocol/note.ts";
import * as shape from "../protocol/shape.ts";
import { StorageFull, type Database, type Make, type RecordKey } from "./database.ts";

const ASIDE = 0; // the counter of what is kept beside the logs
const NOTE = 0; // the counter of a log's note; entry n has n + 1
const OUTBOX = "outbox"; // what was not sent yet, a record for each post; its counter is its place, from 1 on
const DRAFT: RecordKey = ["draft", ASIDE];
const MANY = 2 ** 32;

/**
 * What is known of a log beside its entries.
 *
 * `pin`: how far it was seen; it must never be shorter, or another. `read`: posts up to this seq are read (-1: none),
 * since all was last made unread, `again` (ms; 0: never), but for some of the `singles` (see protocol/note). `secrets` by epoch. `rolledBack`: the server once denied what the pin says. `boxes`: for what list the boxes were
 * last checked. `state`: see `snapshot`.
 */
export interface Note {
  readonly pin: Head | null;
  readonly read: number;
  readonly again: number;
  readonly singles: readonly Single[];
  readonly secrets: ReadonlyMap<number, Uint8Array>;
  readonly rolledBack: boolean;
  readonly boxes: Uint8Array;
  readonly state: Uint8Array;
}

const NO_ID = new Uint8Array();

export const NO_NOTE: Note = {
  pin: null,
  read: -1,
  again: 0,
  singles: [],
  secrets: new Map(),
  rolledBack: false,
  boxes: new Uint8Array(),
  state: new Uint8Array(),
};

/** What is kept beside the logs. */
export type Aside = "settings" | "draft" | "dismissed" | "heads" | "visits";
const BESIDE = new Set<string>(["settings", "draft", "dismissed", "heads", "visits"] satisfies Aside[]);

/** What a client has verified of a log: its ids by seq, and the posts whose words are erased. */
export interface Verified {
  readonly idAt: (seq: number) => Uint8Array | undefined;
  readonly erased: ReadonlySet<number>;
}

const NOTHING_VERIFIED: Verified = { idAt: () => undefined, erased: new Set() };

/** Sealed records in a database; every write is all or, when StorageFull is thrown, nothing. */
export class Memory {
  readonly #database: Database;
  readonly #key: Uint8Array;
  readonly #random: (size: number) => Uint8Array;
  #closed = false;

  constructor(database: Database, seed: Uint8Array, random: (size: number) => Uint8Array) {
    this.#database = database;
    this.#key = derive(seed, "msb/1/store");
    this.#random = random;
  }

  /** Whether it outlives the Worker. */
  get stored(): boolean {
    return this.#database.stored;
  }

  /** Return the logs of which this device remembers something. */
  async logs(): Promise<Uint8Array[]> {
    const logs: Uint8Array[] = [];
    for (const key of await this.#database.keys()) {
      const value = key[1] === NOTE && !BESIDE.has(key[0]) ? await this.#database.get(key) : null;
      if (value !== null && this.#open(key, value) !== null) logs.push(decodeBase64url(key[0]));
    }
    return logs;
  }

  /** Return a log's entries from 0 on, without a gap. */
  async entries(log: Uint8Array): Promise<Uint8Array[]> {
    const name = encodeBase64url(log);
    const entries: Uint8Array[] = [];
    for (const [counter, value] of await this.#database.range(name, NOTE + 1)) {
      const next = NOTE + 1 + entries.length;
      const entry = counter === next ? this.#open([name, counter], value) : null;
      // A gap, or a record of another device: the rest is fetched again.
      if (entry === null) break;
      entries.push(entry);
    }
    return entries;
  }

  /** Return one entry of a log, or null if it is not kept. */
  async entry(log: Uint8Array, seq: number): Promise<Uint8Array | null> {
    const key: RecordKey = [encodeBase64url(log), NOTE + 1 + seq];
    const value = await this.#database.get(key);
    return value === null ? null : this.#open(key, value);
  }

  /** Return what is noted of a log. */
  async note(log: Uint8Array): Promise<Note> {
    const key: RecordKey = [encodeBase64url(log), NOTE];
    const value = await this.#database.get(key);
    return decodeNote(value === null ? null : this.#open(key, value));
  }

  /**
   * Put entries in their places by seq, and a note, and return the note as it is kept: nothing newer is overwritten.
   *
   * `verified`: what this client knows of the log. If another tab has seen another log, it says `rolledBack`.
   */
  async put(
    log: Uint8Array,
    entries: ReadonlyMap<number, Uint8Array>,
    note: Note,
    verified: Verified = NOTHING_VERIFIED,
  ): Promise<Note> {
    const name = encodeBase64url(log);
    const seqs = [...entries.keys()];
    const keys = [NOTE, ...seqs.map((seq) => NOTE + 1 + seq)].map((at): RecordKey => [name, at]);
    let merged = note;
    await this.#database.change(keys, (sealed) => {
      // Never under a key of zeros.
      if (this.#closed) throw new StorageFull("the memory is closed");
      const kept = sealed.map((value, at) => {
        const key = keys[at];
        return value === null || key === undefined ? null : this.#open(key, value);
      });
      const before = decodeNote(kept[0] ?? null);
      merged = mergeNotes(before, note, verified);
      const made = seqs.map((seq, at) => {
        const mine = entries.get(seq) ?? new Uint8Array();
        const held = kept[at + 1] ?? null;
        if (held === null || verified.erased.has(seq)) return mine;
        return mergeEntries(held, mine, isAhead(before.pin, note.pin));
      });
      return [encodeNote(merged), ...made].map((data, at) => {
        const [key, old] = [keys[at], sealed[at] ?? null];
        if (key === undefined || (old !== null && data === kept[at])) return old;
        return this.#seal(key, data);
      });
    });
    return merged;
  }

  /** Return what is kept beside the logs, null if nothing is. */
  async aside(name: Aside): Promise<Uint8Array | null> {
    const key: RecordKey = [name, ASIDE];
    const value = await this.#database.get(key);
    return value === null ? null : this.#open(key, value);
  }

  /** Keep something beside the logs; null: no longer. It is sealed before this returns, whatever locks then. */
  async putAside(name: Aside, data: Uint8Array | null): Promise<void> {
    const key: RecordKey = [name, ASIDE];
    if (this.#closed) throw new StorageFull("the memory is closed");
    const sealed = data === null ? null : this.#seal(key, data);
    await this.#database.change([key], () => [sealed]);
  }

  /** Return the rows of the outbox by place. */
  async rows(): Promise<Map<number, Uint8Array>> {
    const kept = await this.#database.range(OUTBOX, 1);
    const opened = kept.map(([place, value]) => [place, this.#open([OUTBOX, place], value)] as const);
    return new Map(opened.flatMap(([place, row]) => (row === null ? [] : [[place, row] as const])));
  }

  /**
   * Put a row into a place of the outbox, durably; return false, and put nothing, if the place is taken.
   *
   * `draft`: what is being written from then on, kept in the same breath. Both are sealed before this returns, whatever
   * locks then.
   */
  async addRow(place: number, row: Uint8Array, draft?: Uint8Array | null): Promise<boolean> {
    if (this.#closed) throw new StorageFull("the memory is closed");
    const sealed = this.#seal([OUTBOX, place], row);
    const written = draft ? this.#seal(DRAFT, draft) : draft;
    let added = false;
    const make: Make = ([there = null, before = null]) => {
      added = there === null;
      return added ? [sealed, written === undefined ? before : written] : [there, before];
    };
    await this.#database.change([[OUTBOX, place], DRAFT], make, true);
    return added;
  }

  /**
   * Put in the place of a row what is made of it, durably; null: it goes. Nobody, in no other tab, writes in between.
   *
   * `draft`: what is being written from then on, kept in the same breath if the row goes.
   */
  async changeRow(
    place: number,
    make: (row: Uint8Array) => Uint8Array | null,
    draft?: Uint8Array | null,
  ): Promise<void> {
    const key: RecordKey = [OUTBOX, place];
    const change: Make = ([there = null, before = null]) => {
      if (this.#closed) throw new StorageFull("the memory is closed");
      const row = there === null ? null : this.#open(key, there);
      const made = row === null ? null : make(row);
      if (row === null || made === row) return [there, before];
      if (made !== null || draft === undefined) return [made && this.#seal(key, made), before];
      return [null, draft && this.#seal(DRAFT, draft)];
    };
    await this.#database.change([key, DRAFT], change, true);
  }

  /** Remove everything. */
  async forget(): Promise<void> {
    await this.#database.clear();
  }

  /** Let the key go. */
  close(): void {
    this.#closed = true;
    this.#key.fill(0);
  }

  #seal(key: RecordKey, data: Uint8Array): Uint8Array {
    return sealRecord(this.#key, nameOf(key), data, this.#random(NONCE_BYTES));
  }

  #open(key: RecordKey, sealed: Uint8Array): Uint8Array | null {
    return openRecord(this.#key, nameOf(key), sealed);
  }
}

// Both notes are of this device, so both were true: the one that has come further counts, unless the two tabs were
// shown different logs. Then what was seen first stays, and that the server has two stories.
function mergeNotes(kept: Note, mine: Note, { idAt }: Verified): Note {
  const mineAt = kept.pin === null ? undefined : idAt(kept.pin.seq);
  const forked = kept.pin !== null && mineAt !== undefined && !equalBytes(mineAt, kept.pin.id);
  const further = forked || isAhead(kept.pin, mine.pin) ? kept : mine;
  return {
    ...withMarks(further, marksOf(further === kept ? mine : kept)),
    secrets: new Map([...kept.secrets, ...mine.secrets]),
    rolledBack: forked || kept.rolledBack || mine.rolledBack,
  };
}

/** Return what is noted of a log as my other devices hear of it; without the id of what was read last. */
export function marksOf({ read, again, singles }: Note): Marks {
  return { again, read: read + 1, id: NO_ID, singles };
}

/** Return a note that says what it said and what some marks say, whichever is later. */
export function withMarks(note: Note, marks: Marks): Note {
  const { read, again, singles } = mergeMarks(marksOf(note), marks);
  return { ...note, read: read - 1, again, singles };
}

// A body that was withheld may come later; one that was erased, as whoever is ahead may know, stays away.
function mergeEntries(kept: Uint8Array, mine: Uint8Array, keptIsAhead: boolean): Uint8Array {
  const [held, fresh] = [decodeEntry(kept), decodeEntry(mine)];
  if (fresh.body.length === 0 || !equalBytes(held.id, fresh.id)) return kept;
  return held.body.length > 0 || keptIsAhead ? kept : mine;
}

function isAhead(pin: Head | null, other: Head | null): boolean {
  return pin !== null && (other === null || pin.seq > other.seq);
}

/** Return how many posts wait in the outbox of a database; they need not be opened for it. */
export async function countUnsent(database: Database): Promise<number> {
  return (await database.range(OUTBOX, 1)).length;
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

/** Return a note as bytes. */
export function encodeNote(note: Note): Uint8Array {
  const { pin, read, secrets, rolledBack, boxes, state, again, singles } = note;
  const rows = [...secrets].sort(([a], [b]) => a - b);
  const head: Value[] = pin ? [pin.seq, pin.id] : [];
  return encode([head, read + 1, rows, rolledBack ? 1 : 0, boxes, state, again, singles]);
}

/** Return the note in some bytes; one that cannot be read is as good as none. */
export function decodeNote(data: Uint8Array | null): Note {
  if (data === null) return NO_NOTE;
  try {
    const items = shape.array(decodeArray(data), 6, 8, "note");
    // The last two came later: an older note goes without.
    const [pin, read, rows, rolledBack, boxes, state, again = 0, singles = []] = items;
    return {
      pin: decodePin(shape.array(pin, 0, 2, "pin")),
      read: shape.uint(read, MAX_UINT, "read") - 1,
      again: shape.uint(again, MAX_UINT, "again"),
      singles: shape.array(singles, 0, MANY, "singles").map(decodeSingle),
      secrets: new Map(shape.array(rows, 0, MANY, "secrets").map(decodeSecret)),
      rolledBack: shape.uint(rolledBack, 1, "rolled back") === 1,
      boxes: shape.octets(boxes, [0, 32], "boxes"),
      state: state instanceof Uint8Array ? state : NO_NOTE.state,
    };
  } catch (error) {
    if (error instanceof ProtocolError) return NO_NOTE;
    throw error;
  }
}

function decodePin([seq, id]: readonly Value[]): Head | null {
  if (seq === undefined) return null;
  return { seq: shape.uint(seq, MAX_UINT, "seq"), id: shape.octets(id, [32], "id") };
}

function decodeSingle(value: Value): Single {
  const [seq, changed, unread] = shape.array(value, 3, 3, "single").map((item) => {
    return shape.uint(item, MAX_UINT, "single");
  });
  return [seq ?? 0, changed ?? 0, unread ?? 0];
}

function decodeSecret(value: Value): [number, Uint8Array] {
  const [epoch, secret] = shape.array(value, 2, 2, "secret");
  return [shape.uint(epoch, MAX_UINT, "epoch"), shape.octets(secret, [32], "secret")];
}

function nameOf([log, counter]: RecordKey): string {
  return `${log}/${counter}`;
}
