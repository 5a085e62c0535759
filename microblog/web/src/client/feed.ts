// One stream as this client knows it: its copy of the entries, the epochs' secrets, and what is wrong with it.
//
// The public verdict of PROTOCOL.md 9 is given here. `take` it adds what continues the log, stops
// at the first entry that does not, and keeps what it had; a later `take` of a valid continuation heals it, but
// never a log that went back, nor one of which a witness has seen another. The content verdict is given in `opening`.
//
// A log that is taken lean comes without the words of its posts, and their signatures are verified later, newest first:
// until then they are `unchecked` and shown nowhere. One that does not fit takes the log back to the last good entry.

import { BytesSet, equalBytes } from "../protocol/builtins.ts";
import type { Directory } from "../protocol/directory.ts";
import { checkBody, decodeEntry, verifyEntry, type Entry } from "../protocol/entry.ts";
import { DirectoryBehind, ProtocolError, RolledBack, Unreadable } from "../protocol/errors.ts";
import { checkPin, type Head } from "../protocol/log.ts";
import { Stream } from "../protocol/stream.ts";
import { Copy } from "./copy.ts";
import type { Glanced } from "./glance.ts";
import { Ledger } from "./ledger.ts";
import type { Trouble } from "./shown.ts";
import type { Unread } from "./words.ts";
import { NOTHING, type Members } from "./writing.ts";

/** A stream in a client's hands; `histories` are the verdicts on the epochs' bundles ("good" or a reason). */
export class Feed extends Copy {
  stream: Stream;
  readonly secrets: Map<number, Uint8Array>;
  readonly histories = new Map<number, "good" | Unread>();
  trouble: Trouble | null = null;
  glanced: Glanced | null = null;
  patience = { missing: 0, pauseMs: 0, untilMs: 0 }; // with a server that keeps bodies back
  #isSuspect = false; // a signature was false: nothing is taken on trust any more

  constructor(log: Uint8Array, stream: Stream, secrets: ReadonlyMap<number, Uint8Array> = new Map()) {
    super(log);
    this.stream = stream;
    this.secrets = new Map(secrets);
  }

  // The public verdict

  /**
   * Add the entries that continue the log, and name the first that does not as its trouble.
   *
   * An entry that is here already must be the same one; its body is taken if it was withheld. `lean`: posts come
   * without words, and are left to be verified later.
   *
   * @throws {DirectoryBehind} fetch the directory and call again with the same entries.
   */
  take(rawEntries: Iterable<Uint8Array>, directory: Directory, lean = false): void {
    for (const raw of rawEntries) {
      if (this.isRolledBack()) return;
      try {
        this.#take(decodeEntry(raw), directory, lean);
      } catch (error) {
        if (error instanceof DirectoryBehind || !(error instanceof ProtocolError)) throw error;
        this.stop(error);
        return;
      }
    }
  }

  #take(entry: Entry, directory: Directory, lean: boolean): void {
    const { header } = entry;
    const known = equalBytes(header.log, this.log) ? this.entries[header.seq] : undefined;
    if (known !== undefined) {
      this.#takeAgain(known, entry, directory);
      return;
    }
    const target = this.ledger.targetOf(header);
    const deferred = lean && header.kind === "post" && !this.#isSuspect;
    this.stream = deferred
      ? this.stream.applyDeferred(entry, directory, target)
      : this.stream.apply(entry, directory, target);
    this.settle();
    // Boxes belong to nobody's log, and a body that does not hash is as good as none.
    this.index(withoutBoxes(withoutFalseBody(entry)), !deferred);
    if (lean && header.kind === "post") {
      const known = entry.body.length === 0 ? this.awaited : this.closed;
      known.add(header.seq);
    }
    this.unsaved.add(header.seq);
  }

  #takeAgain(known: Entry, entry: Entry, directory: Directory): void {
    if (!equalBytes(known.id, entry.id)) {
      // Was what I have ever good? If not, it is the entry that is false, and not the server that went back.
      throw this.verify(this.posts, directory) ?? new RolledBack("the log is not the one seen before");
    }
    this.#takeBody(entry);
  }

  #takeBody(entry: Entry): void {
    const { seq } = entry.header;
    const fresh = withoutBoxes(withoutFalseBody(entry));
    if (!this.isBare(seq) || fresh.body.length === 0) return;
    this.entries[seq] = fresh;
    this.words.delete(seq);
    this.unsaved.add(seq);
  }

  /**
   * Verify the signatures of posts taken lean. The first that does not fit is the log's trouble, ends the log before
   * it, and is returned: nothing that was built on it counts.
   */
  verify(seqs: Iterable<number>, directory: Directory): ProtocolError | null {
    for (const seq of seqs) {
      const entry = this.entries[seq];
      if (entry === undefined || !this.unchecked.has(seq)) continue;
      try {
        verifyEntry(entry);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        this.#cutBack(seq, directory);
        this.stop(error);
        return error;
      }
      this.ledger.pass(seq);
    }
    return null;
  }

  // Take the log back to before an entry, and all that follows from it and from what came after.
  #cutBack(seq: number, directory: Directory): void {
    const unchecked = new Set(this.unchecked.keys());
    const kept = this.entries.splice(0).slice(0, seq);
    this.#isSuspect = true;
    this.ledger = new Ledger();
    this.stream = new Stream(this.log);
    for (const entry of kept) {
      this.stream = this.stream.applyDeferred(entry, directory, this.ledger.targetOf(entry.header));
      this.index(entry, !unchecked.has(entry.header.seq));
    }
    const { epoch } = this.stream;
    for (const number of [...this.secrets.keys()]) if (number > epoch) this.secrets.delete(number);
    for (const number of [...this.histories.keys()]) if (number > epoch) this.histories.delete(number);
    for (const known of [this.words, this.awaited, this.closed, this.unsaved]) {
      for (const at of [...known.keys()]) if (at >= seq) known.delete(at);
    }
    this.awaitBare(); // what was erased by a withdrawal that is not in the log any more
  }

  /**
   * Name what is wrong after the last good entry; having gone back is never named away.
   *
   * Nor is it, by anything less, that a witness has seen another log.
   */
  stop(error: ProtocolError): void {
    if (this.isRolledBack() || (this.isForked() && !(error instanceof RolledBack))) return;
    this.trouble = { error: error.name, seq: this.nextSeq };
  }

  /** Forget a trouble that the server no longer serves; what it did is not forgotten. */
  settle(): void {
    if (!this.isRolledBack() && !this.isForked()) this.trouble = null;
  }

  /** Forget that a witness has seen another log: it was ended. */
  rejoin(): void {
    if (this.isForked()) this.trouble = null;
  }

  /** Return whether a witness has seen another log than this one. */
  isForked(): boolean {
    return this.trouble?.error === "ForkedLog";
  }

  /** Return whether the server showed less of this log, or another, than it did before. */
  isRolledBack(): boolean {
    return this.trouble?.error === "RolledBack";
  }

  /** Stop if the log does not contain what was seen of it before. */
  checkPin(pin: Head, directory: Directory): void {
    try {
      checkPin(
        pin,
        this.entries.map(({ id }) => id),
      );
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
      // An entry that is false is not another log.
      if (this.verify(this.posts, directory) === null) this.stop(error);
    }
  }

  /**
   * Check entries of mine before they are sent, as everyone else will.
   *
   * @throws {ProtocolError} everyone would refuse one of them.
   */
  check(entries: Iterable<Entry>, directory: Directory): void {
    let { stream } = this;
    for (const entry of entries) {
      stream = stream.apply(entry, directory, this.ledger.targetOf(entry.header));
    }
  }

  /**
   * Return person and role of exactly those to whom the next post will be sealed.
   *
   * Who lost a device, and has no new reading key yet, gets the box of it with that key.
   */
  recipients(directory: Directory): Members {
    const left = this.leavers(directory);
    return this.stream.members.filter(([person]) => !left.has(person));
  }

  /** Return who is listed and has left, as the directory now stands. */
  leavers(directory: Directory): BytesSet {
    return new BytesSet(this.stream.leavers(directory, directory.head?.seq ?? 0));
  }

  /** Return who is listed and lost, as the directory now stands: an epoch is due. */
  losses(directory: Directory): BytesSet {
    return new BytesSet(this.stream.losses(directory, directory.head?.seq ?? 0));
  }

  // Bodies, and what was read of them: see `opening`

  /**
   * Take the words of posts that were asked for, by seq; what is not the very entry that is here gives none.
   *
   * It never stops the log, unless the server shows another log than the one that is checked.
   */
  takeBodies(asked: readonly number[], rawEntries: Iterable<Uint8Array>): void {
    for (const raw of rawEntries) this.#takeBodyOf(raw);
    for (const seq of asked) if (this.awaited.delete(seq)) this.closed.add(seq);
  }

  #takeBodyOf(raw: Uint8Array): void {
    try {
      const entry = decodeEntry(raw);
      const { seq, log } = entry.header;
      const known = equalBytes(log, this.log) ? this.entries[seq] : undefined;
      if (known !== undefined && equalBytes(known.id, entry.id)) this.#takeBody(entry);
      else if (known !== undefined && !this.unchecked.has(seq)) {
        this.stop(new RolledBack("the log is not the one seen before"));
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  /** Return whether nobody has handed me the newest epoch's secret yet. */
  isWaiting(): boolean {
    return !this.secrets.has(this.stream.epoch);
  }

  /** Drop every secret and every word: the lock forgets. */
  forget(): void {
    for (const secret of this.secrets.values()) secret.fill(0);
    this.secrets.clear();
    this.words.clear();
    this.glanced = null;
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
  feed.awaitBare();
  for (const seq of feed.posts) if (feed.entries[seq]?.body.length) feed.closed.add(seq);
  return equalBytes(stream.head.id, last.id) ? feed : null;
}

// The very entry where it has none: what was checked of it is known.
function withoutBoxes(entry: Entry): Entry {
  return entry.boxes.length === 0 ? entry : { ...entry, boxes: [] };
}

function withoutFalseBody(entry: Entry): Entry {
  if (entry.body.length === 0 && entry.salt.length === 0) return entry;
  try {
    checkBody(entry);
    return entry;
  } catch (error) {
    if (error instanceof Unreadable) return { ...entry, body: NOTHING, salt: NOTHING };
    throw error;
  }
}
