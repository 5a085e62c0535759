// A client's own copy of a stream: its entries, what they say in the clear, and the words that are here.
//
// It is told of entries only after the public verdict on them, in order.

import type { About } from "../protocol/about.ts";
import { equalBytes, type BytesMap } from "../protocol/builtins.ts";
import type { Entry, Header } from "../protocol/entry.ts";
import { PLAIN } from "../protocol/post.ts";
import { readShred, SHREDDED } from "../protocol/shred.ts";
import { targetOf, type Target } from "../protocol/stream.ts";
import { Ledger, type EpochPlace } from "./ledger.ts";
import type { Words } from "./words.ts";
import { NOTHING } from "./writing.ts";

/**
 * The entries of a verified stream; all but `words` follows from them.
 *
 * `awaited` are the posts whose words were not asked for yet, `closed` those whose words are here but were not opened
 * yet, `unsaved` the seqs whose bytes the memory does not hold as they are here. For the rest see `Ledger`.
 */
export class Copy {
  readonly log: Uint8Array;
  readonly entries: Entry[] = [];
  readonly words = new Map<number, Words>();
  readonly awaited = new Set<number>();
  readonly closed = new Set<number>();
  readonly unsaved = new Set<number>();
  protected ledger = new Ledger();

  constructor(log: Uint8Array) {
    this.log = log;
  }

  /** The seq that the next entry will have. */
  get nextSeq(): number {
    return this.entries.length;
  }

  /** Return what the server sees of a post: PLAIN, NUDGE or QUIET. */
  mark(seq: number): number {
    const mark = this.entries[seq]?.header.payload[0];
    return typeof mark === "number" ? mark : PLAIN;
  }

  /** The seqs of all posts, checked or not, ascending. */
  get posts(): readonly number[] {
    return this.ledger.posts;
  }

  /** The posts that are wholly checked. */
  get targets(): ReadonlyMap<number, Target> {
    return this.ledger.targets;
  }

  /** The posts whose signature is still to be verified. */
  get unchecked(): ReadonlyMap<number, Target> {
    return this.ledger.unchecked;
  }

  get withdrawals(): ReadonlyMap<number, number> {
    return this.ledger.withdrawals;
  }

  get admissions(): BytesMap<number> {
    return this.ledger.admissions;
  }

  get removals(): BytesMap<number> {
    return this.ledger.removals;
  }

  get epochs(): readonly EpochPlace[] {
    return this.ledger.epochs;
  }

  get abouts(): readonly number[] {
    return this.ledger.abouts;
  }

  get destroyed(): ReadonlyMap<number, number> {
    return this.ledger.destroyed;
  }

  get shreds(): readonly number[] {
    return this.ledger.shreds;
  }

  get hold(): number {
    return this.ledger.hold;
  }

  /** Note what an entry after the public verdict says in the clear; `checked`: its signature too is verified. */
  index(entry: Entry, checked = true): void {
    const { header } = entry;
    this.entries.push(entry);
    this.ledger.add(header, checked);
    if (header.kind === "withdraw" && header.payload[1] === 1) this.erase(targetOf(header.payload));
    if (header.kind === "shred") this.#destroy(header);
  }

  #destroy({ seq: by, payload }: Header): void {
    const [seqs, seconded] = readShred(payload);
    for (const seq of seconded.length > 0 ? seqs : []) {
      if (!SHREDDED.includes(this.entries[seq]?.header.kind ?? "")) continue;
      this.ledger.destroy(seq, by);
      this.erase(seq);
    }
  }

  /** Let the words of an entry go. */
  protected erase(seq: number): void {
    const entry = this.entries[seq];
    if (entry !== undefined && entry.body.length + entry.salt.length > 0) {
      this.entries[seq] = { ...entry, body: NOTHING, salt: NOTHING };
      this.unsaved.add(seq);
    }
    for (const known of [this.words, this.awaited, this.closed]) known.delete(seq);
  }

  /** Return whether the words of an entry are gone for good. */
  isErased(seq: number): boolean {
    return this.destroyed.has(seq) || this.ledger.post(seq)?.erased === true;
  }

  /** Return whether the words of a post are not here, and should be. */
  protected isBare(seq: number): boolean {
    return this.entries[seq]?.body.length === 0 && !this.isErased(seq);
  }

  /** Return whether a post may be shown: it is wholly checked, and its words were opened, or asked for in vain. */
  isReady(seq: number): boolean {
    return !this.unchecked.has(seq) && !this.awaited.has(seq) && !this.closed.has(seq);
  }

  /** Return of how many posts something is left to do before they may be shown. */
  get left(): number {
    return Math.max(this.unchecked.size, this.awaited.size) + this.closed.size;
  }

  /** Have the words of posts that are neither here nor known to be withheld asked for. */
  awaitBare(): void {
    for (const seq of this.posts) if (this.isBare(seq) && !this.words.has(seq)) this.awaited.add(seq);
  }

  /** Return whether an entry of that id is in the log. */
  contains(entryId: Uint8Array): boolean {
    return this.entries.some(({ id }) => equalBytes(id, entryId));
  }

  /** Return whom the stream is about: the newest description that opens. */
  about(): About | null {
    for (const seq of [...this.abouts].reverse()) {
      const words = this.words.get(seq);
      if (words?.sort === "about") return words.about;
    }
    return null;
  }

  /** Return the reason in a grant, withdrawal, hold or shred; empty if it cannot be read. */
  why(seq: number): string {
    const words = this.words.get(seq);
    if (words?.sort === "reason") return words.reason.why;
    return words?.sort === "why" ? words.why : "";
  }
}
