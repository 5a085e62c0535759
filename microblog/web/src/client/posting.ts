// Posting, and taking a post back.

import { decodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, BytesSet, equalBytes } from "../protocol/builtins.ts";
import { NotAllowed } from "../protocol/errors.ts";
import { encodePost, type Post } from "../protocol/post.ts";
import { ERASE_WITHIN_MS } from "../protocol/stream.ts";
import { bring } from "./checking.ts";
import type { Feed } from "./feed.ts";
import { askIfUnvouched, maySendUnvouched, unvouched } from "./freshness.ts";
import type { Ask, Sent } from "./messages.ts";
import { addDueEpoch, send, type Batch } from "./sending.ts";
import { feedOf, writerOf, type Session } from "./session.ts";
import { showPerson } from "./showing.ts";
import type { Draft } from "./shown.ts";
import { Unreachable } from "./transport.ts";
import * as writing from "./writing.ts";

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
export function termsOf({ shown, allTheSame = false }: Ask<"post"> | Ask<"moveToRightChild">): Terms {
  return { seen: new BytesSet(shown.map(decodeBase64url)), allTheSame };
}

/**
 * Post, if everyone who will be able to read it was on the screen; else say who is new.
 *
 * Nor if nobody has vouched for the server lately: a removal may be hidden from me. With `allTheSame` it is posted
 * nevertheless, if the practice lets its authors.
 *
 * The same draft, posted again after an answer was lost, is not posted twice.
 *
 * @throws {Malformed} a field is too long, or not what it should be; nothing was sent.
 * @throws as `send`.
 */
export async function post(
  session: Session,
  log: string,
  draft: Draft,
  terms: Terms,
): Promise<Sent> {
  const to = decodeBase64url(log);
  const doubt = session.doubts.get(to);
  const same = JSON.stringify(draft);
  const doubted = doubt?.draft === same;
  const words = wordsOf(draft, doubted ? doubt.written : session.world.clock());
  // Refuse what cannot be said before anything is asked of the server.
  encodePost(words);
  try {
    const sent = await postWords(session, to, words, draft.nudge, terms, doubted);
    if (sent.sent) session.doubts.delete(to);
    return sent;
  } catch (error) {
    if (error instanceof Unreachable) {
      session.doubts.set(to, { draft: same, written: words.written });
    }
    throw error;
  }
}

/**
 * Take a post back, saying why; with erase its words go at once, everywhere.
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
  const isDone = ({ targets }: Feed): boolean => {
    const target = targets.get(seq);
    return target !== undefined && (target.erased || (target.withdrawn && !erase));
  };
  const write = (batch: Batch): void => {
    addDueEpoch(batch);
    const { place, secret } = batch;
    const writer = writerOf(session);
    batch.add(writing.withdraw(writer, place, batch.fresh(), secret, [seq, erase], why));
  };
  await send(session, from, write, isDone);
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
  const copy = { ...words.post, refers: [], how: "" };
  const nudge = feed.entries[seq]?.header.payload[0] === 1;
  const sent = await postWords(session, right, copy, nudge, terms, true);
  if (sent.sent) await withdraw(session, log, seq, true, why);
  return sent;
}

async function postWords(
  session: Session,
  log: Uint8Array,
  words: Post,
  nudge: boolean,
  terms: Terms,
  doubted: boolean,
): Promise<Sent> {
  const { person } = session.keys;
  const write = (batch: Batch): void => {
    checkVouched(session, batch, terms);
    const listed = batch.feed.recipients(session.directory).map(([one]) => one);
    const newcomers = listed.filter((one) => !terms.seen.has(one) && !equalBytes(one, person));
    if (newcomers.length > 0) throw new Newcomers(newcomers);
    addDueEpoch(batch);
    const { place, secret } = batch;
    batch.add(writing.post(writerOf(session), place, batch.fresh(), secret, words, nudge));
  };
  // What I said before may be among the posts that were not opened yet.
  if (doubted) await bring(session, new BytesMap([[log, feedOf(session, log).posts]]));
  const isDone = (feed: Feed): boolean => doubted && isThere(session, feed, words);
  await askIfUnvouched(session, feedOf(session, log));
  try {
    await send(session, log, write, isDone);
  } catch (error) {
    if (error instanceof Unvouched) return { sent: false, newcomers: [], unvouched: error.since };
    if (!(error instanceof Newcomers)) throw error;
    const newcomers = error.persons.map((person) => showPerson(session.directory, person));
    return { sent: false, newcomers, unvouched: 0 };
  }
  return { sent: true, newcomers: [], unvouched: 0 };
}

function checkVouched(session: Session, { feed }: Batch, { allTheSame }: Terms): void {
  const since = unvouched(session, feed);
  if (since > 0 && !(allTheSame && maySendUnvouched(session))) throw new Unvouched(since);
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
