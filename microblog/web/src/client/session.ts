// A person at work: their keys, the server, and all that was verified so far.
//
// A session holds state and nothing else; how it is remembered stands in `keeping`, how it signs in in `login`, what a
// person may do in `following` (refresh), `reading`, `posting`, `team` and `staff`, and how one begins in `joining`. Clock,
// randomness and the report of progress are passed in.

import type { Ask as AskToFollow } from "../protocol/ask.ts";
import type { BytesMap } from "../protocol/builtins.ts";
import type { Directory } from "../protocol/directory.ts";
import { SALT_BYTES } from "../protocol/entry.ts";
import { NotAllowed } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import { NONCE_BYTES } from "../protocol/primitives.ts";
import type { Keys, VaultKey } from "../protocol/vault.ts";
import type { Feed } from "./feed.ts";
import type { Vouched } from "./heads.ts";
import { type Memory, NO_NOTE, type Note } from "./memory.ts";
import type { Row } from "./outgoing.ts";
import type { Place } from "./place.ts";
import type { Draft } from "./sheets.ts";
import type { Trouble } from "./shown.ts";
import type { Transport } from "./transport.ts";
import type { Fresh, Writer } from "./writing.ts";

/** A log cannot be trusted past its last good entry: nothing is sent on the strength of it. */
export class InTrouble extends Error {
  override readonly name = "InTrouble";
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.error);
    this.trouble = trouble;
  }
}

/** No stream of that id is among those that I follow. */
export class NotFollowed extends Error {
  override readonly name = "NotFollowed";
}

/** Nobody has handed this device the newest key of the stream yet. */
export class Waiting extends Error {
  override readonly name = "Waiting";
}

/** The keys have left memory: nothing can be done before they are unlocked. */
export class Locked extends Error {
  override readonly name = "Locked";
}

/**
 * What comes from outside: a clock (ms), randomness (bytes), and who hears of progress.
 *
 * Progress is (what, done, total), where what is one of unlock, fetch, check, hand, bring.
 */
export interface World {
  readonly clock: () => number;
  readonly random: (size: number) => Uint8Array;
  readonly progress: (what: "unlock" | "fetch" | "check" | "hand" | "bring", done: number, total: number) => void;
}

/** How far a stream was read before all of it was marked so, and what came of that. */
export interface Undoable {
  readonly read: number;
  readonly ended: readonly number[]; // those that were unread again
  readonly after: Note;
}

/** Keys, server, memory, and the verified logs; `notes` are what the memory holds of each log. */
export interface Session {
  keys: Keys; // complemented when another device of mine made a reading key
  vaultKey: VaultKey | null; // seals the vault anew, for as long as it is unlocked
  readonly transport: Transport;
  readonly memory: Memory;
  readonly world: World;
  directory: Directory;
  trouble: Trouble | null;
  readonly feeds: BytesMap<Feed>;
  readonly notes: BytesMap<Note>;
  asks: AskToFollow[]; // verified requests to follow: mine, and to what I keep
  readonly seen: BytesMap<Set<number>>; // by log, posts that were on the screen, though earlier ones are not read yet
  readonly staying: BytesMap<Set<number>>; // by log, posts not read yet that are to stay so when those before them are
  readonly undoable: BytesMap<Undoable>; // by log, how far it was read before all of it was
  readonly place: Place; // when I was here, and what the note of my own says
  vouched: BytesMap<Vouched>; // by log, what witnesses have said of it
  dismissed: Set<string>; // proposals that I said no to on this device
  online: boolean;
  restoring: boolean; // the server, restored from a backup, is given back what it lacks, and takes nothing new
  outbox: readonly Row[]; // what this device has not sent yet, in the order of its writing
  sending: string; // the id of the one that is under way; empty: none
  sheet: Draft | null; // of a recovery sheet that does not count yet
  stopping: boolean; // what is being brought in out of a spreadsheet is to stop
  full: boolean; // the last attempt to remember something failed
  locked: boolean;
}

/** Return who signs. */
export function writerOf({ keys }: Session): Writer {
  return { person: keys.person, seed: keys.deviceSeed };
}

/** Return the trouble that nothing clears. */
export function rolledBack(seq: number): Trouble {
  return { error: "RolledBack", seq };
}

/** Return the one of two heads of a log that has come further: a pin never goes back. */
export function later(pin: Head | null, head: Head | null): Head | null {
  if (pin === null || head === null) return pin ?? head;
  return head.seq > pin.seq ? head : pin;
}

/**
 * Return the stream of that id.
 *
 * @throws {NotFollowed} it is none of mine.
 */
export function feedOf(session: Session, log: Uint8Array): Feed {
  const feed = session.feeds.get(log);
  if (feed === undefined) throw new NotFollowed("no stream of that id is among those I follow");
  return feed;
}

/**
 * Check that nothing is wrong with the directory, nor with a stream, before anything is sent.
 *
 * @throws {InTrouble} something is.
 */
export function checkTrusted(session: Session, feed: Feed | null = null): void {
  const trouble = session.trouble ?? feed?.trouble ?? null;
  if (trouble !== null) throw new InTrouble(trouble);
}

/** Check that the keys are still in memory; throw Locked if not. */
export function checkUnlocked(session: Session): void {
  if (session.locked) throw new Locked("the keys have left memory");
}

/**
 * Check that all of a stream is checked, that I am on the team, and hold what its next post is sealed with.
 *
 * @throws {InTrouble} the stream or the directory cannot be trusted.
 * @throws {NotAllowed} I am not on the team.
 * @throws {Waiting} I have no key yet, or it was not checked to the end (which `refreshLog` does).
 */
export function checkMayWrite(session: Session, feed: Feed): void {
  checkTrusted(session, feed);
  if (feed.unchecked.size > 0) throw new Waiting("not all of this stream is checked yet");
  if (!feed.admissions.has(session.keys.person)) throw new NotAllowed("you are not on this team");
  if (feed.isWaiting()) {
    throw new Waiting("nobody has handed this device the key of this stream yet");
  }
}

/** Return randomness for one entry of one attempt. */
export function freshOf(world: World): Fresh {
  return { salt: world.random(SALT_BYTES), nonce: world.random(NONCE_BYTES) };
}

/** Return what is noted of a log. */
export function noteOf(session: Session, log: Uint8Array): Note {
  return session.notes.get(log) ?? NO_NOTE;
}

/** Let the keys leave memory: what can be overwritten is, and whatever is still under way is refused. */
export function lock(session: Session): void {
  session.locked = true;
  session.memory.close();
  for (const feed of session.feeds.values()) feed.forget();
  session.asks = [];
  session.outbox = [];
  for (const { secrets } of session.notes.values()) for (const key of secrets.values()) key.fill(0);
  session.vaultKey?.key.fill(0);
  session.sheet?.secret.fill(0);
  session.sheet = null;
  wipe(session.keys);
}

/** Overwrite all that is secret in some keys. */
export function wipe({ deviceSeed, boxSecret, readingSecrets }: Keys): void {
  for (const key of [deviceSeed, boxSecret, ...readingSecrets]) key.fill(0);
}
