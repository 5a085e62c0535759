// Whom a stream is about: what a keeper says of a child or household, and where a child lives.
//
// A description replaces the one before as a whole (PROTOCOL.md 7.3). So each is made of the newest there is, and what
// another keeper changed meanwhile stays unless this one changed the same.

import { encodeAbout, MAX_HOUSEHOLDS, type About } from "../protocol/about.ts";
import { decodeBase64url } from "../protocol/base64url.ts";
import { equalBytes } from "../protocol/builtins.ts";
import { encode, type Value } from "../protocol/encoding.ts";
import { Malformed, NotAllowed, TooNew, Unreadable } from "../protocol/errors.ts";
import { aboutAt, described, earlierStays, isOpen, nameStay, oldestEnded } from "./family.ts";
import type { Feed } from "./feed.ts";
import type { AboutDraft } from "./messages.ts";
import { addDueEpoch, send } from "./sending.ts";
import { feedOf, writerOf, type Session } from "./session.ts";
import * as writing from "./writing.ts";

type Stays = About["households"];

/**
 * Say whom a stream is about; `seen` is the seq of the description that its writer had before them.
 *
 * @throws {NotAllowed} I am no keeper, or a household is none.
 * @throws {NotFollowed} I do not follow a household that the child is put into.
 * @throws {Malformed} a field is too long, or not what it should be; or a stay ends before it begins.
 * @throws {TooNew} the newest description holds more than this version knows, which would be lost.
 * @throws {Unreadable} the server withholds a newer description.
 * @throws as `send`.
 */
export async function describe(
  session: Session,
  log: string,
  draft: AboutDraft,
  seen?: number,
): Promise<void> {
  const feed = feedOf(session, decodeBase64url(log));
  const base = aboutAt(feed, seen ?? described(feed)?.seq ?? -1);
  const earlier = new Set(earlierStays(feed).map(nameStay));
  await rewrite(session, feed.log, (newest) => {
    const about = draftedAbout(draft, newest);
    const households = about.households.filter((row) => !earlier.has(nameStay(row)));
    return merge(base, newest, { ...about, households });
  });
}

/**
 * End a child's stay in one household and begin another on a date; either may be empty. The past stays stay.
 *
 * @throws {NotAllowed} I am no keeper, the child is not in the one or is in the other already, or that is no household.
 * @throws as `describe`.
 */
export async function moveChild(
  session: Session,
  log: string,
  from: string,
  to: string,
  date: string,
): Promise<void> {
  const [out, into] = [decodeBase64url(from), decodeBase64url(to)];
  await rewrite(session, decodeBase64url(log), (newest) => {
    if (newest?.sort !== "child") throw new NotAllowed("only a child moves");
    return { ...newest, households: moved(newest.households, out, into, date) };
  });
}

/**
 * Check where a child is put, beside where it was said to live before.
 *
 * @throws {Malformed | NotAllowed | NotFollowed} see `describe`.
 */
export function checkStays(session: Session, about: About, before: Stays): void {
  const open = about.households.filter(isOpen);
  if (about.sort === "household" && about.households.length > 0) {
    throw new Malformed("a household is in no household");
  }
  for (const [log, from, to] of about.households) {
    if (endsEarly(from, to)) throw new Malformed("a stay ends before it begins");
    if (open.filter(([other]) => equalBytes(other, log)).length > 1) {
      throw new NotAllowed("the child is in that household already");
    }
    if (before.some(([known]) => equalBytes(known, log))) continue;
    if (feedOf(session, log).about()?.sort !== "household") {
      throw new NotAllowed("that is no household");
    }
  }
}

// Make the newest description into another, and send it if it is another.
async function rewrite(
  session: Session,
  log: Uint8Array,
  change: (newest: About | null) => About,
): Promise<void> {
  const next = (feed: Feed): About => {
    const found = described(feed);
    const newest = found?.about ?? null;
    checkNoneWithheld(feed, found?.seq ?? -1);
    if (newest?.newer) throw new TooNew("the description was written with a newer version");
    const about = change(newest);
    checkStays(session, about, newest?.households ?? []);
    return about;
  };
  const isDone = (feed: Feed): boolean => {
    const newest = described(feed)?.about;
    return newest !== undefined && equalBytes(encodeAbout(next(feed)), encodeAbout(newest));
  };
  await send(
    session,
    log,
    (batch) => {
      const about = next(batch.feed);
      addDueEpoch(batch);
      const { place, secret } = batch;
      batch.add(writing.describe(writerOf(session), place, batch.fresh(), secret, about));
    },
    isDone,
  );
}

// What the server keeps back of a newer description would be written over unseen.
function checkNoneWithheld(feed: Feed, seq: number): void {
  const unread = feed.abouts.filter((newer) => newer > seq).map((at) => feed.words.get(at)?.sort);
  if (unread.some((sort) => sort === "withheld" || sort === "waiting")) {
    throw new Unreadable("withheld");
  }
}

function draftedAbout(draft: AboutDraft, newest: About | null): About {
  return {
    sort: newest?.sort ?? "child",
    name: draft.name,
    knownAs: draft.knownAs,
    birth: [draft.birth.how, draft.birth.date],
    households: draft.households.map(({ log, from, to }) => [decodeBase64url(log), from, to]),
    people: draft.relatives.map(({ name, relation }) => [name, relation]),
    school: draft.school,
    protected: draft.protectedAddress,
    closed: draft.closed,
    newer: false,
  };
}

// What the draft does not change is as it was said last, whoever said it.
function merge(base: About | null, newest: About | null, draft: About): About {
  if (base === null || newest === null) return draft;
  const pick = <K extends keyof About>(key: K): About[K] =>
    sameValue(base[key], draft[key]) ? newest[key] : draft[key];
  return {
    sort: newest.sort,
    name: pick("name"),
    knownAs: pick("knownAs"),
    birth: pick("birth"),
    households: pick("households"),
    people: pick("people"),
    school: pick("school"),
    protected: pick("protected"),
    closed: pick("closed"),
    newer: false,
  };
}

function sameValue(a: About[keyof About], b: About[keyof About]): boolean {
  const bytes = (value: About[keyof About]): Uint8Array =>
    encode([typeof value === "boolean" ? Number(value) : (value as Value)]);
  return equalBytes(bytes(a), bytes(b));
}

function moved(stays: Stays, out: Uint8Array, into: Uint8Array, date: string): Stays {
  if (date === "") throw new Malformed("a move has a date");
  if (equalBytes(out, into)) throw new Malformed("a move is from one household to another");
  const left = out.length > 0 ? endStay(stays, out, date) : stays;
  return into.length > 0 ? beginStay(left, into, date) : left;
}

// An attempt whose answer was lost may have ended it, or begun it, already: then nothing is left to do.
function endStay(stays: Stays, household: Uint8Array, date: string): Stays {
  const here = stays.filter(([log]) => equalBytes(log, household));
  if (here.some(isOpen)) {
    return stays.map((row) => {
      const [log, from] = row;
      return equalBytes(log, household) && isOpen(row) ? [log, from, date] : row;
    });
  }
  if (here.some(([, , to]) => to === date)) return stays;
  throw new NotAllowed("the child is not in that household");
}

function beginStay(stays: Stays, household: Uint8Array, date: string): Stays {
  const begun = stays.find((row) => equalBytes(row[0], household) && isOpen(row));
  if (begun === undefined) return [...withRoom(stays), [household, date, ""]];
  if (begun[1] === date) return stays;
  throw new NotAllowed("the child is in that household already");
}

// The oldest stay that has ended makes room; that it was there is read from the descriptions before.
function withRoom(stays: Stays): Stays {
  if (stays.length < MAX_HOUSEHOLDS) return stays;
  const oldest = oldestEnded(stays);
  return stays.filter((row) => row !== oldest);
}

// Dates may be a year or a month only: they are compared as far as both go.
function endsEarly(from: string, to: string): boolean {
  const size = Math.min(from.length, to.length);
  return to.slice(0, size) < from.slice(0, size);
}
