// Opening what the entries of a stream say: the content verdict of PROTOCOL.md 9, body by body. None ever stops a log.

import type { Directory } from "../protocol/directory.ts";
import { openEpoch, readHistory } from "../protocol/epoch.ts";
import { Unreadable } from "../protocol/errors.ts";
import { boxKey } from "../protocol/primitives.ts";
import type { Feed } from "./feed.ts";
import { openWith, readWords, whyUnread, type Unread } from "./words.ts";

const SETTLED = new Set<string>(["good", "void"]);

/** Take an epoch's secret from the box made for me; return whether there is one in it. */
export function openBox(
  feed: Feed,
  epoch: number,
  box: Uint8Array,
  person: Uint8Array,
  readingSecrets: readonly Uint8Array[],
): boolean {
  const commitment = feed.stream.commitments[epoch];
  if (commitment === undefined) return false;
  for (const secret of [...readingSecrets].reverse()) {
    const reading = [secret, boxKey(secret)] as const;
    try {
      feed.secrets.set(epoch, openEpoch(box, reading, feed.log, epoch, person, commitment));
      return true;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }
  return false;
}

/**
 * Return the epochs, newest first, that may hold a box for a person and are still shut.
 *
 * A bundle opens whatever is older, so only those newer than the newest open one are worth asking. For someone removed
 * these are the epochs before the one that left them out.
 */
export function epochsToOpen(feed: Feed, person: Uint8Array): number[] {
  const admitted = epochAt(feed, feed.admissions.get(person));
  const removed = epochAt(feed, feed.removals.get(person));
  if (admitted === null && removed === null) return [];
  const newest = admitted !== null || removed === null ? feed.stream.epoch : removed - 1;
  const least = Math.max(admitted ?? 0, ...[...feed.secrets.keys()].map((epoch) => epoch + 1));
  return Array.from({ length: Math.max(0, newest - least + 1) }, (_, index) => newest - index);
}

function epochAt({ entries }: Feed, seq: number | undefined): number | null {
  return (seq === undefined ? undefined : entries[seq])?.header.epoch ?? null;
}

/** Open what can be opened: bundles from the newest epoch down, then bodies not read yet. */
export function read(feed: Feed): void {
  for (let epoch = feed.epochs.length - 1; epoch >= 0; epoch--) {
    if (!SETTLED.has(feed.histories.get(epoch) ?? "")) {
      feed.histories.set(epoch, readBundle(feed, epoch));
    }
  }
  readBodies(feed, feed.entries.keys());
}

/** Open the words of some posts, those too that were left closed, as far as they are wholly checked. */
export function readPosts(feed: Feed, seqs: readonly number[]): void {
  for (const seq of seqs) if (!feed.unchecked.has(seq)) feed.closed.delete(seq);
  readBodies(feed, seqs);
}

function readBodies(feed: Feed, seqs: Iterable<number>): void {
  for (const seq of seqs) {
    const sort = feed.words.get(seq)?.sort ?? "waiting";
    const entry = feed.entries[seq];
    if (entry === undefined || (sort !== "waiting" && sort !== "withheld")) continue;
    // A post that is not wholly checked says nothing, and the rest is opened when it is wanted.
    if (!feed.isReady(seq) || feed.isErased(seq)) continue;
    const words = readWords(entry, feed.secrets.get(entry.header.epoch));
    if (words !== null) feed.words.set(seq, words);
  }
}

function readBundle(feed: Feed, epoch: number): "good" | Unread {
  const place = feed.epochs[epoch];
  const entry = place && feed.entries[place.seq];
  if (place === undefined || entry === undefined) return "waiting";
  const commitments = feed.stream.commitments.slice(0, epoch + 1);
  try {
    const items = openWith(entry, feed.secrets.get(epoch));
    const found = readHistory(items, feed.log, commitments, place.dropped);
    for (const [number, secret] of found) feed.secrets.set(number, secret);
    return "good";
  } catch (error) {
    return whyUnread(error);
  }
}

/** Return the seqs whose bodies the server did not give, to be fetched again. */
export function withheld({ epochs, histories, words }: Feed): number[] {
  const seqs = new Set<number>();
  for (const [epoch, why] of histories) {
    const place = epochs[epoch];
    if (why === "withheld" && place !== undefined) seqs.add(place.seq);
  }
  for (const [seq, { sort }] of words) if (sort === "withheld") seqs.add(seq);
  return [...seqs].sort((a, b) => a - b);
}

/** Return the secrets that the next epoch's bundle carries, as far as they are held. */
export function history({ secrets, stream }: Feed): Map<number, Uint8Array> {
  const { dropped, epoch } = stream;
  return new Map([...secrets].filter(([number]) => number <= epoch && !dropped.includes(number)));
}

/**
 * Return whether the next entry must be an epoch, or mine has to be one before I post.
 *
 * So it is after a loss, and when the newest bundle is void. Who lacks a secret that belongs in it could only make
 * another void one: they go on under it, so that no insider shuts the log, and whoever holds the secrets mends it.
 */
export function needsEpoch(feed: Feed, directory: Directory): boolean {
  const { histories, stream } = feed;
  if (feed.losses(directory).size > 0) return true;
  const whole = history(feed).size === stream.epoch + 1 - stream.dropped.length;
  return histories.get(stream.epoch) === "void" && whole;
}
