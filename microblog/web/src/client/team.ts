// The team around a child: beginning a stream, letting people in, taking them off.

import { encodeAbout, type About } from "../protocol/about.ts";
import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { BytesSet } from "../protocol/builtins.ts";
import { DIRECTORY } from "../protocol/entry.ts";
import { SECRET_BYTES } from "../protocol/epoch.ts";
import { NotAllowed } from "../protocol/errors.ts";
import { Stream } from "../protocol/stream.ts";
import { nameFailure } from "./failures.ts";
import { Feed } from "./feed.ts";
import { readingKeyOf } from "./boxes.ts";
import { refreshDirectory } from "./directory.ts";
import { checkStays } from "./household.ts";
import type { Ask, Handed, NewChild } from "./messages.ts";
import { accept, addDueEpoch, addEpoch, Batch, deliver, send } from "./sending.ts";
import { checkTrusted, Locked, writerOf, type Session } from "./session.ts";
import { localTime } from "./when.ts";
import * as writing from "./writing.ts";

const RANKS = ["follower", "supervisor", "keeper"];

type Grant = Omit<Ask<"grant">, "log">;

/**
 * Begin the stream of a child or household, with me as its keeper, and return its id.
 *
 * @throws {InTrouble} the directory cannot be trusted.
 * @throws {Malformed} a field is too long, or not what it should be.
 * @throws {Refused} the server does not take it.
 * @throws {Unreachable} it is not known whether the server has it.
 */
export async function beginChild(session: Session, child: NewChild): Promise<string> {
  const about = newAbout(child, localTime(session.world.clock()).slice(0, "2026-01-01".length));
  encodeAbout(about);
  checkStays(session, about, []);
  await refreshDirectory(session);
  checkTrusted(session);
  const log = session.world.random(DIRECTORY.length);
  const feed = new Feed(log, new Stream(log));
  const batch = new Batch(session, feed);
  batch.secrets.set(0, session.world.random(SECRET_BYTES));
  const writer = writerOf(session);
  const key = readingKeyOf(session.directory, writer.person);
  batch.add(writing.foundStream(writer, batch.place, batch.fresh(), batch.secret, key));
  batch.add(writing.describe(writer, batch.place, batch.fresh(), batch.secret, about));
  feed.check(batch.entries, session.directory);
  await deliver(session, log, batch.entries);
  session.feeds.set(log, feed);
  await accept(batch);
  return encodeBase64url(log);
}

/**
 * Let someone in, who then reads everything from the beginning, or change their role.
 *
 * @throws {NotAllowed} I am no keeper, or nobody by that id works here.
 * @throws as `send`.
 */
export async function grant(
  session: Session,
  log: string,
  { person, role, why, via = "" }: Grant,
  isDone: (feed: Feed) => boolean = () => false,
): Promise<void> {
  const id = decodeBase64url(person);
  const through = decodeBase64url(via);
  const write = (batch: Batch): void => {
    if (!session.directory.persons.has(id)) throw new NotAllowed("nobody by that id works here");
    const readingKey = readingKeyOf(session.directory, id);
    addDueEpoch(batch, id);
    const admission = { person: id, role, why, via: through, readingKey };
    const { place, secret } = batch;
    batch.add(writing.grant(writerOf(session), place, batch.fresh(), secret, admission));
  };
  await send(session, decodeBase64url(log), write, isDone);
}

/**
 * Let someone into many teams, one after another; one that fails does not stop the others.
 *
 * Where they are already what they shall be, or more, nothing is sent: so it is asked again to finish what broke off,
 * and lowers nobody's role. `via` is the household through which they come, and stands in the reason of all the others.
 */
export async function grantMany(
  session: Session,
  { person, role, why, via, logs }: Ask<"grantMany">,
): Promise<Handed[]> {
  const id = decodeBase64url(person);
  const isDone = (feed: Feed): boolean => {
    if (session.directory.persons.get(id)?.left !== null) return false;
    return RANKS.indexOf(feed.stream.roles.get(id) ?? "") >= RANKS.indexOf(role);
  };
  return handEach(session, logs, (log) => {
    const through = log === via ? "" : via;
    return grant(session, log, { person, role, why, via: through }, isDone);
  });
}

/**
 * Take someone off the team: a new epoch, whose secret they do not get.
 *
 * @throws {NotAllowed} I am no keeper, or they are not on the team.
 * @throws as `send`.
 */
export async function remove(
  session: Session,
  log: string,
  personId: string,
  isDone: (feed: Feed) => boolean = () => false,
): Promise<void> {
  const person = decodeBase64url(personId);
  const write = (batch: Batch): void => {
    if (!batch.feed.stream.roles.has(person)) {
      throw new NotAllowed("nobody by that id is on the team");
    }
    addEpoch(batch, new BytesSet([person]));
  };
  await send(session, decodeBase64url(log), write, isDone);
}

/** Take someone off many teams, one after another; one that fails does not stop the others. */
export async function removeMany(
  session: Session,
  personId: string,
  logs: readonly string[],
): Promise<Handed[]> {
  const person = decodeBase64url(personId);
  const isDone = (feed: Feed): boolean => !feed.stream.roles.has(person);
  return handEach(session, logs, (log) => remove(session, log, personId, isDone));
}

// Where the server is out of reach twice running it is not asked for every one of the rest as well.
async function handEach(
  session: Session,
  logs: readonly string[],
  act: (log: string) => Promise<void>,
): Promise<Handed[]> {
  const handed: Handed[] = [];
  const failed = () => handed.slice(-2).filter(({ error }) => error === "Unreachable").length;
  for (const log of logs) {
    session.world.progress("hand", handed.length, logs.length);
    if (failed() === 2) handed.push({ log, done: false, error: "Unreachable", code: "" });
    else handed.push(await hand(log, act));
    if (session.locked) throw new Locked("the keys have left memory");
  }
  session.world.progress("hand", logs.length, logs.length);
  return handed;
}

async function hand(log: string, act: (log: string) => Promise<void>): Promise<Handed> {
  try {
    await act(log);
    return { log, done: true, error: "", code: "" };
  } catch (error) {
    const { name, code } = nameFailure(error);
    return { log, done: false, error: name, code };
  }
}

function newAbout(child: NewChild, today: string): About {
  return {
    sort: child.sort ?? "child",
    name: child.name,
    knownAs: child.knownAs,
    birth: [child.birth.how, child.birth.date],
    households: (child.households ?? []).map((log) => [decodeBase64url(log), today, ""]),
    people: [],
    school: child.school,
    protected: false,
    closed: false,
    newer: false,
  };
}
