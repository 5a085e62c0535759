// What becomes of each entry of a recorded practice when a byte is another: reads logs, keys and mutants as JSON from
// standard input and writes a verdict on each. The twin of mutating.py.

import { readFileSync } from "node:fs";

import { BytesMap } from "../../microblog/web/src/protocol/builtins.ts";
import { Directory } from "../../microblog/web/src/protocol/directory.ts";
import { encode, type Value } from "../../microblog/web/src/protocol/encoding.ts";
import { checkBody, decodeEntry, openBody, type Entry } from "../../microblog/web/src/protocol/entry.ts";
import { openEpoch } from "../../microblog/web/src/protocol/epoch.ts";
import { ProtocolError, Unreadable } from "../../microblog/web/src/protocol/errors.ts";
import { boxKey, hashLabelled, ready } from "../../microblog/web/src/protocol/primitives.ts";
import { Stream, type Target, targetOf } from "../../microblog/web/src/protocol/stream.ts";
import { fromJson, parse, toHex } from "../protocol/typed.ts";
import { type Holder, readPiece } from "./pieces.ts";

type Mutant = readonly [log: number, seq: number, at: number, change: number, value: number];

interface Given {
  readonly logs: readonly (readonly Uint8Array[])[];
  readonly secrets: readonly Uint8Array[];
  readonly people: readonly (readonly [Uint8Array, Uint8Array])[];
  readonly holder: Holder;
  readonly mutants: readonly Mutant[];
}

const PIECES = 2;

/** The recorded logs, and the verified state before each of their entries. */
class Practice {
  readonly #given: Given;
  readonly #people: BytesMap<Uint8Array>;
  readonly #directories: Directory[] = [];
  readonly #streams: Stream[] = [];
  readonly #targets: (Target | null)[] = [];
  readonly #directory: Directory;

  constructor(given: Given) {
    this.#given = given;
    this.#people = new BytesMap(given.people);
    const [directory = [], stream = []] = given.logs.slice(0, PIECES).map((raws) => raws.map(decodeEntry));
    let known = new Directory(directory[0]?.id ?? null);
    for (const entry of directory) {
      this.#directories.push(known);
      known = known.apply(entry);
    }
    this.#directory = known;
    let state = new Stream(stream[0]?.header.log ?? new Uint8Array(16));
    const posts = new Map<number, Target>();
    for (const entry of stream) {
      const target = takeTarget(entry, posts);
      this.#streams.push(state);
      this.#targets.push(target);
      state = state.apply(entry, known, target);
    }
  }

  /** Return what a client makes of a mutant: an error's name, or a hash of what it says. */
  verdict([log, seq, at, change, value]: Mutant): string {
    const raw = mutate(pick(pick(this.#given.logs, log), seq), at, change, value);
    try {
      if (log === PIECES) return good(readPiece(seq, raw, this.#given.holder, this.#directory));
      const entry = decodeEntry(raw);
      const said = log ? this.#inStream(seq, entry) : this.#inDirectory(seq, entry);
      return good([entry.id, ...said]);
    } catch (error) {
      if (!(error instanceof ProtocolError)) return `crash: ${String(error)}`;
      return error instanceof Unreadable ? error.message : error.name;
    }
  }

  #inDirectory(seq: number, entry: Entry): Value[] {
    pick(this.#directories, seq).apply(entry);
    checkBody(entry);
    return [entry.body];
  }

  #inStream(seq: number, entry: Entry): Value[] {
    const after = pick(this.#streams, seq).apply(entry, this.#directory, pick(this.#targets, seq));
    checkBody(entry);
    const { epoch, log } = entry.header;
    const said = openBody(entry, pick(this.#given.secrets, epoch));
    const opened = entry.boxes.map(([person, box]): Value => {
      const secret = this.#people.get(person);
      if (secret === undefined) throw new Unreadable("waiting");
      const reading = [secret, boxKey(secret)] as const;
      return [person, openEpoch(box, reading, log, epoch, person, pick(after.commitments, epoch))];
    });
    return [[...said], opened];
  }
}

function good(said: readonly Value[]): string {
  return `good ${toHex(hashLabelled("verdict", encode([...said])))}`;
}

function takeTarget({ header }: Entry, posts: Map<number, Target>): Target | null {
  const { author, kind, payload, seq, time } = header;
  if (kind === "post") posts.set(seq, { author, time, withdrawn: false, erased: false });
  return kind === "withdraw" ? (posts.get(targetOf(payload)) ?? null) : null;
}

function mutate(raw: Uint8Array, at: number, change: number, value: number): Uint8Array {
  const before = raw.subarray(0, at);
  const byte = pick(raw, at);
  const after = raw.subarray(at + 1);
  const changes = [
    () => [...before, byte ^ (1 << value % 8), ...after],
    () => [...before, (byte + 1 + (value % 255)) % 256, ...after],
    () => [...before, ...after],
    () => [...before, value, byte, ...after],
    () => [...before],
    () => [...raw],
  ];
  return new Uint8Array(pick(changes, change)());
}

function pick<T>(items: ArrayLike<T>, place: number): T {
  const item = items[place];
  if (item === undefined) throw new Error("no such place");
  return item;
}

await ready;
const given = fromJson(parse(readFileSync(0))) as Given;
const practice = new Practice(given);
process.stdout.write(JSON.stringify(given.mutants.map((mutant) => practice.verdict(mutant))));
