// Posting, and taking a post back.

import { decodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import { MAX_APPEND } from "../protocol/entry.ts";
import { NotAllowed } from "../protocol/errors.ts";
import { encodePost, NUDGE, PLAIN, type Post } from "../protocol/post.ts";
import { ERASE_WITHIN_MS } from "../protocol/stream.ts";
import { bring } from "./checking.ts";
import type { Feed } from "./feed.ts";
import { askIfUnvouched, maySendUnvouched, unvouched } from "./freshness.ts";
import type { Ask, Sent } from "./messages.ts";
import { addDueEpoch, send, type Batch } from "./sending.ts";
import { feedOf, writerOf, type Session } from "./session.ts";
import { showPerson } from "./showing.ts";
import type { Draft } from "./shown.ts";
import * as writing from "./writing.ts";

const AT_ONCE = MAX_APPEND - 1; // withdrawals in one request, beside a new epoch

class Unvouched extends Error {
  readonly since: number;

  constructor(since: number) {
    super("nobody has vouched for the server lately");
    this.since = since;
  }
}

class Newcomers extends Error {
  readonly persons: readonly Uint8Array[];

  constructor(persons: readonly Uint8Array[]) {
    super("someone is new on the team");
    this.persons = persons;
  }
}

/** On which terms something is posted: who was on the screen, and whether also while nobody vouches for the server. */
export interface Terms {
  readonly seen: BytesSet;
  readonly allTheSame: boolean;
}

/** Return the terms of what the page asks. */
export function termsOf({
  shown,
  allTheSame = false,
}: Ask<"moveToRightChild"> | Ask<"bringIn">): Terms {
  return { seen: new BytesSet(shown.map(decodeBase64url)), allTheSame };
}

/** What is known of earlier attempts at a post, and is told of the next one before it leaves. */
export interface Attempts {
  readonly arrived: (feed: Feed) => Promise<boolean>;
  readonly begin: (batch: Batch) => Promise<void>;
}

/**
 * Post what waited since it was written, if everyone who will be able to read it was on the screen; else say who is new.
 * Once, whatever became of earlier attempts.
 *
 * Nor if nobody has vouched for the server lately: a removal may be hidden from me. With `allTheSame` it is posted
 * nevertheless, if the practice lets its authors.
 *
 * @throws as `send`.
 */
export async function postWaiting(
  session: Session,
  { log, draft, written }: { log: string; draft: Draft; written: number },
  terms: Terms,
  attempts: Attempts,
): Promise<Sent> {
  const to = decodeBase64url(log);
  const write = writeWords(session, wordsOf(draft, written), draft.nudge ? NUDGE : PLAIN, terms);
  await askIfUnvouched(session, feedOf(session, to));
  try {
    await send(session, to, write, attempts.arrived, attempts.begin);
  } catch (error) {
    return whyUnsent(session, error);
  }
  return { sent: true, newcomers: [], unvouched: 0 };
}

/**
 * Take a post back, saying why, and with it the other parts of its row; with erase its words go at once, everywhere.
 *
 * @throws as `send`.
 */
export async function withdraw(
  session: Session,
  log: string,
  seq: number,
  erase: boolean,
  why: string,
): Promise<void> {
  const from = decodeBase64url(log);
  const seqs = partsWith(feedOf(session, from), seq);
  for (let at = 0; at < seqs.length; at += AT_ONCE) {
    await withdrawSome(session, from, seqs.slice(at, at + AT_ONCE), erase, why);
  }
}

async function withdrawSome(
  session: Session,
  log: Uint8Array,
  seqs: readonly number[],
  erase: boolean,
  why: string,
): Promise<void> {
  const isGone = ({ targets }: Feed, seq: number): boolean => {
    const target = targets.get(seq);
    return target !== undefined && (target.erased || (target.withdrawn && !erase));
  };
  const write = (batch: Batch): void => {
    addDueEpoch(batch);
    const writer = writerOf(session);
    for (const seq of seqs) {
      if (seqs.length > 1 && isGone(batch.feed, seq)) continue;
      const { place, secret } = batch;
      batch.add(writing.withdraw(writer, place, batch.fresh(), secret, [seq, erase], why));
    }
  };
  await send(session, log, write, (feed) => seqs.every((seq) => isGone(feed, seq)));
}

// A post, and the other parts of what it is a part of.
function partsWith(feed: Feed, seq: number): number[] {
  const words = feed.words.get(seq);
  const author = feed.targets.get(seq)?.author;
  if (words?.sort !== "post" || words.post.part === 0 || words.post.row.length === 0 || !author) return [seq];
  const { row, parts } = words.post;
  const isWithIt = (other: number): boolean => {
    const said = feed.words.get(other);
    const target = feed.targets.get(other);
    if (said?.sort !== "post" || said.post.part === 0 || said.post.parts !== parts) return false;
    return equalBytes(said.post.row, row) && target !== undefined && equalBytes(target.author, author);
  };
  return [...feed.targets.keys()].filter((other) => other === seq || isWithIt(other));
}

/**
 * Post the same on the right child, then erase it from the wrong one; only its writer may.
 *
 * Done again after it broke off half way, it posts nothing twice.
 *
 * @throws {NotAllowed} it is not mine, or too old to be erased, or has no words.
 * @throws as `send`.
 */
export async function moveToRightChild(
  session: Session,
  log: string,
  seq: number,
  to: string,
  terms: Terms,
  why: string,
): Promise<Sent> {
  const feed = feedOf(session, decodeBase64url(log));
  const right = decodeBase64url(to);
  const words = feed.words.get(seq);
  const target = feed.targets.get(seq);
  if (words?.sort !== "post" || !target || !equalBytes(target.author, session.keys.person)) {
    throw new NotAllowed("only the writer of a post can move it to another child");
  }
  if (target.erased || session.world.clock() - target.time > ERASE_WITHIN_MS) {
    throw new NotAllowed("a post can be erased within seven days only");
  }
  if (words.post.text === "") {
    throw new NotAllowed("a reply without words belongs to what it answers");
  }
  if (words.post.parts > 0) throw new NotAllowed("a row in several parts is brought in anew");
  const copy = { ...words.post, refers: [], how: "" };
  const sent = await postWords(session, right, copy, feed.mark(seq), terms);
  if (sent.sent) await withdraw(session, log, seq, true, why);
  return sent;
}

// Once: what was said before it broke off half way is looked for.
async function postWords(
  session: Session,
  log: Uint8Array,
  words: Post,
  mark: number,
  terms: Terms,
): Promise<Sent> {
  const write = writeWords(session, words, mark, terms);
  // It may be among the posts that were not opened yet.
  await bring(session, new BytesMap([[log, feedOf(session, log).posts]]));
  const isDone = (feed: Feed): boolean => isThere(session, feed, words);
  await askIfUnvouched(session, feedOf(session, log));
  try {
    await send(session, log, write, isDone);
  } catch (error) {
    return whyUnsent(session, error);
  }
  return { sent: true, newcomers: [], unvouched: 0 };
}

function writeWords(session: Session, words: Post, mark: number, terms: Terms): (batch: Batch) => void {
  return (batch) => {
    checkReaders(session, batch, terms);
    addDueEpoch(batch);
    const { place, secret } = batch;
    batch.add(writing.post(writerOf(session), place, batch.fresh(), secret, words, mark));
  };
}

/** Check, before anything is sealed, that on these terms it may be sent; `whyUnsent` says why not. */
export function checkReaders(session: Session, { feed }: Batch, { seen, allTheSame }: Terms): void {
  const since = unvouched(session, feed);
  if (since > 0 && !(allTheSame && maySendUnvouched(session))) throw new Unvouched(since);
  const listed = feed.recipients(session.directory).map(([one]) => one);
  const newcomers = listed.filter((one) => !seen.has(one) && !equalBytes(one, session.keys.person));
  if (newcomers.length > 0) throw new Newcomers(newcomers);
}

/** Return what `checkReaders` stopped at; whatever else went wrong is thrown again. */
export function whyUnsent(session: Session, error: unknown): Sent {
  if (error instanceof Unvouched) return { sent: false, newcomers: [], unvouched: error.since };
  if (!(error instanceof Newcomers)) throw error;
  const newcomers = error.persons.map((person) => showPerson(session.directory, person));
  return { sent: false, newcomers, unvouched: 0 };
}

/**
 * Check that a draft can be said.
 *
 * @throws {Malformed} a field is too long, or not what it should be.
 */
export function checkDraft(draft: Draft): void {
  encodePost(wordsOf(draft, 0));
}

function wordsOf(draft: Draft, written: number): Post {
  const { nudge: _, refers, ...marks } = draft;
  return {
    ...marks,
    refers: refers.map(decodeBase64url),
    written,
    original: "",
    part: 0,
    parts: 0,
    row: writing.NOTHING,
    newer: false,
  };
}

// Whether I said just this in a stream: the time of typing is part of what is said.
function isThere(session: Session, feed: Feed, words: Post): boolean {
  const said = encodePost(writing.composePost(words));
  for (const [seq, { author, withdrawn }] of feed.targets) {
    const there = feed.words.get(seq);
    if (withdrawn || there?.sort !== "post" || there.post.newer) continue;
    if (!equalBytes(author, session.keys.person)) continue;
    if (equalBytes(encodePost(there.post), said)) return true;
  }
  return false;
}
