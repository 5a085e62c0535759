// What the entries of a stream say in the clear: who came and went, what was posted and withdrawn, the epochs.
//
// It is told of entries only after the public verdict on them, in order.

import { BytesMap, BytesSet } from "../protocol/builtins.ts";
import type { Header } from "../protocol/entry.ts";
import { Malformed } from "../protocol/errors.ts";
import * as shape from "../protocol/shape.ts";
import { MAX_FOLLOWERS, targetOf, type Target } from "../protocol/stream.ts";

/** Where an epoch begins, and the epochs dropped so far. */
export interface EpochPlace {
  readonly seq: number;
  readonly dropped: readonly number[];
}

/**
 * `targets` are the posts by seq, `unchecked` those whose signature is still to be verified; `withdrawals` the newest
 * withdrawal of a post; `admissions` and `removals` the entry that let a person in or took them off; `destroyed` the
 * entries whose words were destroyed for good, with the seq that made it so; `shreds` all proposals and secondings;
 * `hold` the newest hold, -1 if there is none.
 */
export class Ledger {
  readonly posts: number[] = []; // of both sorts, ascending
  targets = new Map<number, Target>();
  readonly unchecked = new Map<number, Target>();
  readonly withdrawals = new Map<number, number>();
  readonly admissions = new BytesMap<number>();
  readonly removals = new BytesMap<number>();
  readonly epochs: EpochPlace[] = [];
  readonly abouts: number[] = [];
  readonly destroyed = new Map<number, number>();
  readonly shreds: number[] = [];
  hold = -1;

  /** Note what the next entry says; `checked`: its signature too is verified. */
  add(header: Header, checked: boolean): void {
    const { kind, seq, author, time } = header;
    if (kind === "found") {
      this.admissions.set(author, seq);
      this.epochs.push({ seq, dropped: [] });
    } else if (kind === "grant") {
      const person = shape.octets(header.payload[0], [16], "person");
      if (!this.admissions.has(person)) this.admissions.set(person, seq);
      this.removals.delete(person);
    } else if (kind === "epoch") {
      this.#addEpoch(header);
    } else if (kind === "about") {
      this.abouts.push(seq);
    } else if (kind === "post") {
      this.posts.push(seq);
      const posts = checked ? this.targets : this.unchecked;
      posts.set(seq, { author, time, withdrawn: false, erased: false });
    } else if (kind === "withdraw") {
      this.#addWithdrawal(header);
    } else if (kind === "hold") {
      this.hold = seq;
    } else if (kind === "shred") {
      this.shreds.push(seq);
    }
  }

  /** Note that the words of an entry were destroyed for good, by the entry at `by`. */
  destroy(seq: number, by: number): void {
    this.destroyed.set(seq, by);
    for (const posts of [this.targets, this.unchecked]) {
      const target = posts.get(seq);
      if (target !== undefined) posts.set(seq, { ...target, erased: true });
    }
  }

  #addEpoch({ seq, epoch, payload }: Header): void {
    const rows = shape.array(payload[1], 1, MAX_FOLLOWERS, "list");
    const listed = new BytesSet(
      rows.map((row) => shape.octets(shape.array(row, 2, 2, "list")[0], [16], "person")),
    );
    for (const person of [...this.admissions.keys()].filter((person) => !listed.has(person))) {
      this.admissions.delete(person);
      this.removals.set(person, seq);
    }
    const before = this.epochs.at(-1)?.dropped ?? [];
    const numbers = shape.array(payload[2], 0, 2 ** 16, "dropped");
    const dropped = numbers.map((number) => shape.uint(number, epoch, "dropped"));
    this.epochs.push({ seq, dropped: [...before, ...dropped].sort((a, b) => a - b) });
  }

  #addWithdrawal({ seq: by, payload }: Header): void {
    const seq = targetOf(payload);
    this.withdrawals.set(seq, by);
    for (const posts of [this.targets, this.unchecked]) {
      const target = posts.get(seq);
      if (target === undefined) continue;
      posts.set(seq, { ...target, withdrawn: true, erased: target.erased || payload[1] === 1 });
    }
  }

  /** Return what the public verdict on an entry needs to know of the post that it withdraws. */
  targetOf({ kind, payload }: Header): Target | null {
    if (kind !== "withdraw") return null;
    try {
      return this.post(targetOf(payload));
    } catch (error) {
      // The public verdict says so itself, in its place.
      if (error instanceof Malformed) return null;
      throw error;
    }
  }

  /** Return what has become of a post, checked or not; null if there is none. */
  post(seq: number): Target | null {
    return this.targets.get(seq) ?? this.unchecked.get(seq) ?? null;
  }

  /** Note that a post's signature was verified. */
  pass(seq: number): void {
    const target = this.unchecked.get(seq);
    if (target === undefined) return;
    this.unchecked.delete(seq);
    this.targets.set(seq, target);
    if (this.unchecked.size === 0) {
      this.targets = new Map([...this.targets].sort(([a], [b]) => a - b));
    }
  }
}
