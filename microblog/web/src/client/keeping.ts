// What a session remembers from one start to the next: opened from its memory, and saved to it.

import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import { Directory } from "../protocol/directory.ts";
import { DIRECTORY, encodeEntry } from "../protocol/entry.ts";
import { ForkedLog, RolledBack } from "../protocol/errors.ts";
import { Stream } from "../protocol/stream.ts";
import type { Keys } from "../protocol/vault.ts";
import { goodWitnesses } from "../protocol/witness.ts";
import { StorageFull } from "./database.ts";
import { Feed, restore } from "./feed.ts";
import { decodeHeads } from "./heads.ts";
import { completeKeys } from "./keyring.ts";
import { encodeNote, marksOf, type Memory, type Note, type Verified, withMarks } from "./memory.ts";
import { loadPlace } from "./place.ts";
import { read } from "./opening.ts";
import { loadOutbox } from "./outgoing.ts";
import { checkUnlocked, later, noteOf, rolledBack, type Session, type World } from "./session.ts";
import { decodeDirectory, decodeStream, encodeDirectory, encodeStream } from "./snapshot.ts";
import type { Transport } from "./transport.ts";

const PORTION = 100; // entries written at a time

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
    asks: [],
    seen: new BytesMap(),
    staying: new BytesMap(),
    undoable: new BytesMap(),
    place: await loadPlace(memory),
    vouched: decodeHeads(await memory.aside("heads")),
    dismissed: new Set(),
    online: false,
    restoring: false,
    outbox: await loadOutbox(memory),
    sending: "",
    sheet: null,
    stopping: false,
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
  await completeKeys(session);
  restoreForks(session);
  return session;
}

function restoreDirectory(session: Session, note: Note): void {
  const directory = decodeDirectory(note.state);
  if (directory?.fingerprint && equalBytes(directory.fingerprint, session.keys.fingerprint)) {
    session.directory = directory;
  }
  if (note.rolledBack) session.trouble = rolledBack(session.directory.ids.length);
}

// Stop again, before the server is asked, what a witness has seen another of.
function restoreForks(session: Session): void {
  const good = new BytesSet(goodWitnesses(session.directory).map(({ key }) => key));
  for (const [log, { against }] of session.vouched) {
    if (!against.some(({ key }) => good.has(key))) continue;
    const wrong = new ForkedLog("a witness has seen another log than this one");
    session.feeds.get(log)?.stop(wrong);
    if (equalBytes(log, DIRECTORY)) {
      session.trouble ??= { error: wrong.name, seq: session.directory.ids.length };
    }
  }
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
  const seqs = [...(feed?.targets.keys() ?? []), ...(feed?.destroyed.keys() ?? [])];
  return {
    idAt: (seq) => (equalBytes(log, DIRECTORY) ? directory.ids[seq] : feed?.entries[seq]?.id),
    erased: new Set(seqs.filter((seq) => feed?.isErased(seq))),
  };
}

// Take over what another tab has noted; not its pin, which may be newer than what is being fetched at this moment.
function adopt(session: Session, log: Uint8Array, kept: Note): void {
  const { rolledBack: wentBack } = kept;
  const note = withMarks(noteOf(session, log), marksOf(kept));
  session.notes.set(log, { ...note, rolledBack: note.rolledBack || wentBack });
  if (!wentBack) return;
  if (equalBytes(log, DIRECTORY)) session.trouble = rolledBack(session.directory.ids.length);
  else session.feeds.get(log)?.stop(new RolledBack("another tab was shown another log"));
}
