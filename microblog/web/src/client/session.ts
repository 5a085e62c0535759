// A person at work: their keys, the server, and all that was verified so far.
//
// A session holds state and nothing else; what a person may do stands in `following` (refresh), `reading`, `posting`,
// `team` and `staff`, and how one begins in `joining`. Clock, randomness and the report of progress are passed in.

import type { Ask as AskToFollow } from "../protocol/ask.ts";
import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import { Directory } from "../protocol/directory.ts";
import { DIRECTORY, encodeEntry, SALT_BYTES } from "../protocol/entry.ts";
import { NotAllowed, RolledBack } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import { signLogin } from "../protocol/login.ts";
import { NONCE_BYTES, signingKey } from "../protocol/primitives.ts";
import { Stream } from "../protocol/stream.ts";
import type { Keys, VaultKey } from "../protocol/vault.ts";
import { StorageFull } from "./database.ts";
import { Feed, restore } from "./feed.ts";
import { giveBackDirectory } from "./giving.ts";
import { encodeNote, type Memory, NO_NOTE, type Note, type Verified } from "./memory.ts";
import { read } from "./opening.ts";
import type { Trouble } from "./shown.ts";
import { decodeDirectory, decodeStream, encodeDirectory, encodeStream } from "./snapshot.ts";
import { Refused, type Transport } from "./transport.ts";
import type { Fresh, Writer } from "./writing.ts";

// What signing in as the device mends: nobody is signed in, or the server still knows this browser by an invitation or
// the founding link.
const MENDED_BY_SIGNING_IN = new Set(["signed-out", "not-allowed"]);

const PORTION = 100; // entries written at a time

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
 * Progress is (what, done, total), where what is one of unlock, fetch, check, hand.
 */
export interface World {
  readonly clock: () => number;
  readonly random: (size: number) => Uint8Array;
  readonly progress: (what: "unlock" | "fetch" | "check" | "hand", done: number, total: number) => void;
}

/** A post that was sent without an answer: perhaps it stands in the log, perhaps it never will. */
export interface Doubt {
  readonly draft: string;
  readonly written: number; // ms
}

/** Keys, server, memory, and the verified logs; `notes` are what the memory holds of each log. */
export interface Session {
  readonly keys: Keys;
  vaultKey: VaultKey | null; // seals the vault anew, for as long as it is unlocked
  readonly transport: Transport;
  readonly memory: Memory;
  readonly world: World;
  directory: Directory;
  trouble: Trouble | null;
  readonly feeds: BytesMap<Feed>;
  readonly notes: BytesMap<Note>;
  readonly doubts: BytesMap<Doubt>;
  asks: AskToFollow[]; // verified requests to follow: mine, and to what I keep
  dismissed: Set<string>; // proposals that I said no to on this device
  online: boolean;
  restoring: boolean; // the server, restored from a backup, is given back what it lacks, and takes nothing new
  full: boolean; // the last attempt to remember something failed
  locked: boolean;
}

/** Return who signs. */
export function writerOf({ keys }: Session): Writer {
  return { person: keys.person, seed: keys.deviceSeed };
}

/** Return a session with all that is remembered; the server is not asked yet. */
export async function openSession(
  keys: Keys,
  transport: Transport,
  memory: Memory,
  world: World,
): Promise<Session> {
  const session: Session = {
    keys,
    vaultKey: null,
    transport,
    memory,
    world,
    directory: new Directory(keys.fingerprint),
    trouble: null,
    feeds: new BytesMap(),
    notes: new BytesMap(),
    doubts: new BytesMap(),
    asks: [],
    dismissed: new Set(),
    online: false,
    restoring: false,
    full: false,
    locked: false,
  };
  for (const log of await memory.logs()) session.notes.set(log, await memory.note(log));
  for (const [log, pin] of keys.pins) {
    const note = noteOf(session, log);
    session.notes.set(log, { ...note, pin: later(note.pin, pin) });
  }
  for (const [log, note] of session.notes) {
    if (equalBytes(log, DIRECTORY)) restoreDirectory(session, note);
    else if (note.pin !== null) session.feeds.set(log, await restoreFeed(session, log, note));
  }
  return session;
}

function restoreDirectory(session: Session, note: Note): void {
  const directory = decodeDirectory(note.state);
  if (directory?.fingerprint && equalBytes(directory.fingerprint, session.keys.fingerprint)) {
    session.directory = directory;
  }
  if (note.rolledBack) session.trouble = rolledBack(session.directory.ids.length);
}

async function restoreFeed(session: Session, log: Uint8Array, note: Note): Promise<Feed> {
  const stream = decodeStream(note.state);
  let feed: Feed | null = null;
  if (stream?.head) {
    const kept = await session.memory.entries(log);
    feed = restore(stream, kept.slice(0, stream.head.seq + 1), note.secrets);
  }
  feed ??= new Feed(log, new Stream(log), note.secrets);
  read(feed);
  if (note.rolledBack) feed.stop(new RolledBack("the log went back"));
  return feed;
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
 * Begin a session at the server with this device's key (PROTOCOL.md 6).
 *
 * A restore ends all sessions, so here is where its clients hear of it. A device that the backup does not know is let in
 * once the directory is whole again.
 */
export async function signIn(session: Session): Promise<void> {
  const { keys, transport } = session;
  if (await mayShowLess(session)) {
    await giveBackDirectory(transport, await session.memory.entries(DIRECTORY));
    for (const [log, note] of [...session.notes]) {
      // Boxes are no part of what is given back: they are checked, and made, anew.
      await putNote(session, log, { ...note, boxes: NO_NOTE.boxes });
    }
  }
  const challenge = await transport.challenge();
  const signature = signLogin(
    keys.deviceSeed,
    keys.fingerprint,
    transport.origin,
    challenge.challenge,
    challenge.time,
  );
  await transport.signIn("device", signingKey(keys.deviceSeed), challenge, signature);
}

/**
 * Return whether the server is being restored, so that it may show less than was seen: it is asked.
 *
 * A server that lies about it gains nothing: what was seen is remembered, and counts again as soon as it says that it is
 * open.
 */
export async function mayShowLess(session: Session): Promise<boolean> {
  session.restoring ||= await session.transport.restoring();
  return session.restoring;
}

/** Return whether a log of so many entries must contain its pin, or may still be short of it. */
export async function mustHold(session: Session, pin: Head, count: number): Promise<boolean> {
  return pin.seq < count || !(await mayShowLess(session));
}

/**
 * Return the server's answer, signing in as this device where it has to be, and once only.
 *
 * `mended`: codes beyond those by which this call, too, is refused to a session of the wrong sort.
 *
 * @throws {Locked} the keys left memory before, or while the server was asked.
 */
export async function ask<T>(
  session: Session,
  attempt: () => Promise<T>,
  ...mended: readonly string[]
): Promise<T> {
  checkUnlocked(session);
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!MENDED_BY_SIGNING_IN.has(error.code) && !mended.includes(error.code)) throw error;
  } finally {
    checkUnlocked(session);
  }
  await signIn(session);
  checkUnlocked(session);
  try {
    return await attempt();
  } finally {
    checkUnlocked(session);
  }
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

/**
 * Remember what is new of a stream: entries, secrets, public state, and its pin.
 *
 * As long as not all of it is checked nothing is, but that the server went back.
 */
export async function saveFeed(session: Session, feed: Feed): Promise<void> {
  // In portions, so that others have their turn: nothing of it counts before the note that comes with the last.
  while (feed.unchecked.size === 0 && feed.unsaved.size > PORTION) {
    if (!(await saveEntries(session, feed, noteOf(session, feed.log)))) return;
  }
  const note = { ...noteOf(session, feed.log), rolledBack: feed.isRolledBack() };
  const { stream, secrets } = feed;
  const whole = { pin: later(note.pin, stream.head), secrets: new Map(secrets), state: encodeStream(stream) };
  if (feed.unchecked.size > 0) await putNote(session, feed.log, note);
  else await saveEntries(session, feed, { ...note, ...whole });
}

// What changes while this is being written is written the next time.
async function saveEntries(session: Session, feed: Feed, note: Note): Promise<boolean> {
  const seqs = [...feed.unsaved].slice(0, PORTION);
  const entries = new Map<number, Uint8Array>();
  for (const seq of seqs) {
    feed.unsaved.delete(seq);
    const entry = feed.entries[seq];
    if (entry !== undefined) entries.set(seq, encodeEntry(entry));
  }
  const saved = await putNote(session, feed.log, note, entries);
  if (!saved) for (const seq of seqs) feed.unsaved.add(seq);
  return saved;
}

/** Remember what is new of the directory. */
export async function saveDirectory(
  session: Session,
  entries: ReadonlyMap<number, Uint8Array>,
): Promise<void> {
  const old = noteOf(session, DIRECTORY);
  const note = {
    ...old,
    pin: later(old.pin, session.directory.head),
    rolledBack: session.trouble?.error === "RolledBack",
    state: entries.size > 0 ? encodeDirectory(session.directory) : old.state,
  };
  await putNote(session, DIRECTORY, note, entries);
}

/**
 * Remember a note, and entries by seq, if anything changed; return whether the memory holds them now.
 *
 * A device without room must not make a post that the server has acknowledged look lost: `full` says so instead.
 */
export async function putNote(
  session: Session,
  log: Uint8Array,
  note: Note,
  entries: ReadonlyMap<number, Uint8Array> = new Map(),
): Promise<boolean> {
  checkUnlocked(session);
  const same = equalBytes(encodeNote(note), encodeNote(noteOf(session, log)));
  session.notes.set(log, note);
  if (same && entries.size === 0 && !session.full) return true;
  try {
    const kept = await session.memory.put(log, entries, note, verifiedOf(session, log));
    session.full = false;
    if (!session.locked) adopt(session, log, kept);
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    session.full = true;
  }
  return !session.full;
}

function verifiedOf({ directory, feeds }: Session, log: Uint8Array): Verified {
  const feed = feeds.get(log);
  const seqs = [...(feed?.targets.keys() ?? [])];
  return {
    idAt: (seq) => (equalBytes(log, DIRECTORY) ? directory.ids[seq] : feed?.entries[seq]?.id),
    erased: new Set(seqs.filter((seq) => feed?.isErased(seq))),
  };
}

// Take over what another tab has noted; not its pin, which may be newer than what is being fetched at this moment.
function adopt(session: Session, log: Uint8Array, { read, rolledBack: wentBack }: Note): void {
  const note = noteOf(session, log);
  const rolled = note.rolledBack || wentBack;
  session.notes.set(log, { ...note, read: Math.max(note.read, read), rolledBack: rolled });
  if (!wentBack) return;
  if (equalBytes(log, DIRECTORY)) session.trouble = rolledBack(session.directory.ids.length);
  else session.feeds.get(log)?.stop(new RolledBack("another tab was shown another log"));
}

/** Let the keys leave memory: what can be overwritten is, and whatever is still under way is refused. */
export function lock(session: Session): void {
  session.locked = true;
  session.memory.close();
  for (const feed of session.feeds.values()) feed.forget();
  session.asks = [];
  for (const { secrets } of session.notes.values()) for (const key of secrets.values()) key.fill(0);
  session.vaultKey?.key.fill(0);
  wipe(session.keys);
}

/** Overwrite all that is secret in some keys. */
export function wipe({ deviceSeed, boxSecret, readingSecrets }: Keys): void {
  for (const key of [deviceSeed, boxSecret, ...readingSecrets]) key.fill(0);
}
