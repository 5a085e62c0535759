// One stream as this client knows it: verified entries, epochs' secrets, and what each body says.
//
// Both verdicts of PROTOCOL.md 9 are given here. `take` gives the public one: it adds what continues the log, stops
// at the first entry that does not, and keeps what it had; a later `take` of a valid continuation heals it, but
// never a log that went back. `read` gives the content verdict, body by body; no body ever stops the log.

import type { About } from "../protocol/about.ts";
import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import type { Directory } from "../protocol/directory.ts";
import { checkBody, decodeEntry, type Entry, type Header } from "../protocol/entry.ts";
import { openEpoch, readHistory } from "../protocol/epoch.ts";
import {
  DirectoryBehind,
  Malformed,
  ProtocolError,
  RolledBack,
  Unreadable,
} from "../protocol/errors.ts";
import { checkPin, type Head } from "../protocol/log.ts";
import { boxKey } from "../protocol/primitives.ts";
import * as shape from "../protocol/shape.ts";
import { MAX_FOLLOWERS, targetOf, type Stream, type Target } from "../protocol/stream.ts";
import type { Trouble } from "./shown.ts";
import { openWith, readWords, whyUnread, type Unread, type Words } from "./words.ts";
import { NOTHING, type Members } from "./writing.ts";

const SETTLED = new Set<string>(["good", "void"]);

/**
 * A stream in a client's hands; all but `trouble`, `words` and `secrets` follows from `entries`.
 *
 * `targets` are the posts by seq, `withdrawals` the newest withdrawal of a post, `admissions` and `removals` the
 * entry that let a person in or took them off, `epochs` the seq of each epoch's entry and the epochs dropped so far,
 * `histories` the verdict on its bundle ("good" or a reason). `unsaved` are the seqs whose bytes the memory does not
 * hold as they are here.
 */
export class Feed {
  readonly log: Uint8Array;
  stream: Stream;
  readonly entries: Entry[] = [];
  readonly secrets: Map<number, Uint8Array>;
  readonly words = new Map<number, Words>();
  readonly histories = new Map<number, "good" | Unread>();
  readonly targets = new Map<number, Target>();
  readonly withdrawals = new Map<number, number>();
  readonly admissions = new BytesMap<number>();
  readonly removals = new BytesMap<number>();
  readonly epochs: { readonly seq: number; readonly dropped: readonly number[] }[] = [];
  readonly abouts: number[] = [];
  readonly unsaved = new Set<number>();
  trouble: Trouble | null = null;

  constructor(log: Uint8Array, stream: Stream, secrets: ReadonlyMap<number, Uint8Array> = new Map()) {
    this.log = log;
    this.stream = stream;
    this.secrets = new Map(secrets);
  }

  /** The seq that the next entry will have. */
  get nextSeq(): number {
    return this.entries.length;
  }

  // The public verdict

  /**
   * Add the entries that continue the log, and name the first that does not as its trouble.
   *
   * An entry that is here already must be the same one; its body is taken if it was withheld.
   *
   * @throws {DirectoryBehind} fetch the directory and call again with the same entries.
   */
  take(rawEntries: Iterable<Uint8Array>, directory: Directory): void {
    for (const raw of rawEntries) {
      if (this.isRolledBack()) return;
      try {
        this.#take(decodeEntry(raw), directory);
      } catch (error) {
        if (error instanceof DirectoryBehind || !(error instanceof ProtocolError)) throw error;
        this.stop(error);
        return;
      }
    }
  }

  /** Name what is wrong after the last good entry; having gone back is never named away. */
  stop(error: ProtocolError): void {
    if (!this.isRolledBack()) this.trouble = { error: error.name, seq: this.nextSeq };
  }

  /** Forget a trouble that the server no longer serves; having gone back is not forgotten. */
  settle(): void {
    if (!this.isRolledBack()) this.trouble = null;
  }

  /** Return whether the server showed less of this log, or another, than it did before. */
  isRolledBack(): boolean {
    return this.trouble?.error === "RolledBack";
  }

  /** Stop if the log does not contain what was seen of it before. */
  checkPin(pin: Head): void {
    try {
      checkPin(
        pin,
        this.entries.map(({ id }) => id),
      );
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
      this.stop(error);
    }
  }

  /**
   * Check entries of mine before they are sent, as everyone else will.
   *
   * @throws {ProtocolError} everyone would refuse one of them.
   */
  check(entries: Iterable<Entry>, directory: Directory): void {
    let { stream } = this;
    for (const entry of entries) stream = stream.apply(entry, directory, this.#target(entry.header));
  }

  /** Return whether an entry of that id is in the log. */
  contains(entryId: Uint8Array): boolean {
    return this.entries.some(({ id }) => equalBytes(id, entryId));
  }

  #take(entry: Entry, directory: Directory): void {
    const { seq, log } = entry.header;
    const known = equalBytes(log, this.log) ? this.entries[seq] : undefined;
    if (known !== undefined) {
      if (!equalBytes(known.id, entry.id)) throw new RolledBack("the log is not the one seen before");
      this.#takeBody(entry);
      return;
    }
    this.stream = this.stream.apply(entry, directory, this.#target(entry.header));
    this.settle();
    // Boxes belong to nobody's log, and a body that does not hash is as good as none.
    this.index({ ...withoutFalseBody(entry), boxes: [] });
    this.unsaved.add(seq);
  }

  #takeBody(entry: Entry): void {
    const { seq } = entry.header;
    const fresh = { ...withoutFalseBody(entry), boxes: [] };
    if (this.isErased(seq) || fresh.body.length === 0 || !this.withheld().includes(seq)) return;
    this.entries[seq] = fresh;
    this.words.delete(seq);
    this.unsaved.add(seq);
  }

  #target(header: Header): Target | null {
    if (header.kind !== "withdraw") return null;
    try {
      return this.targets.get(targetOf(header.payload)) ?? null;
    } catch (error) {
      // The public verdict says so itself, in its place.
      if (error instanceof Malformed) return null;
      throw error;
    }
  }

  // What follows from verified entries

  /** Note what a verified entry says in the clear. */
  index(entry: Entry): void {
    const { header } = entry;
    this.entries.push(entry);
    if (header.kind === "found") {
      this.admissions.set(header.author, header.seq);
      this.epochs.push({ seq: header.seq, dropped: [] });
    } else if (header.kind === "grant") {
      const person = shape.octets(header.payload[0], [16], "person");
      if (!this.admissions.has(person)) this.admissions.set(person, header.seq);
      this.removals.delete(person);
    } else if (header.kind === "epoch") {
      this.#indexEpoch(header);
    } else if (header.kind === "about") {
      this.abouts.push(header.seq);
    } else if (header.kind === "post") {
      const { author, time } = header;
      this.targets.set(header.seq, { author, time, withdrawn: false, erased: false });
    } else if (header.kind === "withdraw") {
      this.#indexWithdrawal(header);
    }
  }

  #indexEpoch(header: Header): void {
    const rows = shape.array(header.payload[1], 1, MAX_FOLLOWERS, "list");
    const listed = new BytesSet(
      rows.map((row) => shape.octets(shape.array(row, 2, 2, "list")[0], [16], "person")),
    );
    for (const person of [...this.admissions.keys()].filter((person) => !listed.has(person))) {
      this.admissions.delete(person);
      this.removals.set(person, header.seq);
    }
    const before = this.epochs.at(-1)?.dropped ?? [];
    const numbers = shape.array(header.payload[2], 0, 2 ** 16, "dropped");
    const dropped = numbers.map((number) => shape.uint(number, header.epoch, "dropped"));
    this.epochs.push({
      seq: header.seq,
      dropped: [...before, ...dropped].sort((a, b) => a - b),
    });
  }

  #indexWithdrawal(header: Header): void {
    const seq = targetOf(header.payload);
    const erase = header.payload[1] === 1;
    this.withdrawals.set(seq, header.seq);
    const target = this.targets.get(seq);
    if (target === undefined) return;
    this.targets.set(seq, { ...target, withdrawn: true, erased: target.erased || erase });
    if (erase) this.#erase(seq);
  }

  #erase(seq: number): void {
    const entry = this.entries[seq];
    if (entry !== undefined && entry.body.length + entry.salt.length > 0) {
      this.entries[seq] = { ...entry, body: NOTHING, salt: NOTHING };
      this.unsaved.add(seq);
    }
    this.words.delete(seq);
  }

  /** Return whether the words of a post are gone for good. */
  isErased(seq: number): boolean {
    return this.targets.get(seq)?.erased === true;
  }

  /** Return person and role of exactly those to whom the next post will be sealed. */
  recipients(directory: Directory): Members {
    const lost = this.losses(directory);
    return this.stream.members.filter(([person]) => !lost.has(person));
  }

  /** Return who is listed, but lost by the directory as it now stands. */
  losses(directory: Directory): BytesSet {
    return new BytesSet(this.stream.losses(directory, directory.head?.seq ?? 0));
  }

  // The content verdict

  /** Take an epoch's secret from the box made for me; return whether there is one in it. */
  openBox(
    epoch: number,
    box: Uint8Array,
    person: Uint8Array,
    readingSecrets: readonly Uint8Array[],
  ): boolean {
    const commitment = this.stream.commitments[epoch];
    if (commitment === undefined) return false;
    for (const secret of [...readingSecrets].reverse()) {
      const reading = [secret, boxKey(secret)] as const;
      try {
        this.secrets.set(epoch, openEpoch(box, reading, this.log, epoch, person, commitment));
        return true;
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
      }
    }
    return false;
  }

  /** Open what can be opened: bundles from the newest epoch down, then bodies not read yet. */
  read(): void {
    for (let epoch = this.epochs.length - 1; epoch >= 0; epoch--) {
      if (!SETTLED.has(this.histories.get(epoch) ?? "")) {
        this.histories.set(epoch, this.#readHistory(epoch));
      }
    }
    for (let seq = 0; seq < this.nextSeq; seq++) {
      const sort = this.words.get(seq)?.sort ?? "waiting";
      if (sort === "waiting" || sort === "withheld") this.#readWords(seq);
    }
  }

  #readHistory(epoch: number): "good" | Unread {
    const place = this.epochs[epoch];
    const entry = place && this.entries[place.seq];
    if (place === undefined || entry === undefined) return "waiting";
    const commitments = this.stream.commitments.slice(0, epoch + 1);
    try {
      const items = openWith(entry, this.secrets.get(epoch));
      const found = readHistory(items, this.log, commitments, place.dropped);
      for (const [number, secret] of found) this.secrets.set(number, secret);
      return "good";
    } catch (error) {
      return whyUnread(error);
    }
  }

  #readWords(seq: number): void {
    const entry = this.entries[seq];
    if (entry === undefined || this.isErased(seq)) return;
    const words = readWords(entry, this.secrets.get(entry.header.epoch));
    if (words !== null) this.words.set(seq, words);
  }

  /** Return the seqs whose bodies the server did not give, to be fetched again. */
  withheld(): number[] {
    const seqs = new Set<number>();
    for (const [epoch, why] of this.histories) {
      const place = this.epochs[epoch];
      if (why === "withheld" && place !== undefined) seqs.add(place.seq);
    }
    for (const [seq, { sort }] of this.words) if (sort === "withheld") seqs.add(seq);
    return [...seqs].sort((a, b) => a - b);
  }

  /** Return whom the stream is about: the newest description that opens. */
  about(): About | null {
    for (const seq of [...this.abouts].reverse()) {
      const words = this.words.get(seq);
      if (words?.sort === "about") return words.about;
    }
    return null;
  }

  /** Return the reason in a grant or withdrawal; empty if it cannot be read. */
  why(seq: number): string {
    const words = this.words.get(seq);
    return words?.sort === "why" ? words.why : "";
  }

  /** Return whether nobody has handed me the newest epoch's secret yet. */
  isWaiting(): boolean {
    return !this.secrets.has(this.stream.epoch);
  }

  /**
   * Return the epochs, newest first, that may hold a box for a person and are still shut.
   *
   * A bundle opens whatever is older, so only those newer than the newest open one are worth asking.
   */
  epochsToOpen(person: Uint8Array): number[] {
    const admission = this.admissions.get(person);
    const admitted = admission === undefined ? undefined : this.entries[admission];
    if (admitted === undefined) return [];
    const least = Math.max(admitted.header.epoch, ...[...this.secrets.keys()].map((e) => e + 1));
    const count = Math.max(0, this.stream.epoch - least + 1);
    return Array.from({ length: count }, (_, index) => this.stream.epoch - index);
  }

  /** Return the secrets that the next epoch's bundle carries, as far as they are held. */
  history(): Map<number, Uint8Array> {
    const { dropped, epoch } = this.stream;
    return new Map(
      [...this.secrets].filter(([number]) => number <= epoch && !dropped.includes(number)),
    );
  }

  /**
   * Return whether the next entry must be an epoch, or mine has to be one before I post.
   *
   * So it is after a loss, and when the newest bundle is void. Who lacks a secret that belongs in it could only make
   * another void one: they go on under it, so that no insider shuts the log, and whoever holds the secrets mends it.
   */
  needsEpoch(directory: Directory): boolean {
    if (this.losses(directory).size > 0) return true;
    const whole = this.history().size === this.stream.epoch + 1 - this.stream.dropped.length;
    return this.histories.get(this.stream.epoch) === "void" && whole;
  }

  /** Drop every secret and every word: the lock forgets. */
  forget(): void {
    for (const secret of this.secrets.values()) secret.fill(0);
    this.secrets.clear();
    this.words.clear();
  }
}

/**
 * Return a feed from what this client verified and sealed itself; null if it is not whole.
 *
 * No signature is verified again: see `memory`.
 */
export function restore(
  stream: Stream,
  rawEntries: Iterable<Uint8Array>,
  secrets: ReadonlyMap<number, Uint8Array>,
): Feed | null {
  const feed = new Feed(stream.log, stream, secrets);
  for (const raw of rawEntries) feed.index(decodeEntry(raw));
  const last = feed.entries.at(-1);
  if (last === undefined || stream.head?.seq !== feed.nextSeq - 1) return null;
  return equalBytes(stream.head.id, last.id) ? feed : null;
}

function withoutFalseBody(entry: Entry): Entry {
  try {
    checkBody(entry);
    return entry;
  } catch (error) {
    if (error instanceof Unreadable) return { ...entry, body: NOTHING, salt: NOTHING };
    throw error;
  }
}
