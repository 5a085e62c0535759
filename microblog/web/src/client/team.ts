// The team around a child: beginning a stream, letting people in, taking them off.

import { encodeAbout, type About } from "../protocol/about.ts";
import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { BytesSet } from "../protocol/builtins.ts";
import { DIRECTORY } from "../protocol/entry.ts";
import { SECRET_BYTES } from "../protocol/epoch.ts";
import { NotAllowed } from "../protocol/errors.ts";
import { Stream } from "../protocol/stream.ts";
import { Feed } from "./feed.ts";
import { refreshDirectory } from "./following.ts";
import type { NewChild } from "./messages.ts";
import { accept, addDueEpoch, addEpoch, Batch, deliver, send } from "./sending.ts";
import { checkTrusted, writerOf, type Session } from "./session.ts";
import * as writing from "./writing.ts";

/**
 * Begin the stream of a child, with me as its keeper, and return its id.
 *
 * @throws {InTrouble} the directory cannot be trusted.
 * @throws {Malformed} a field is too long, or not what it should be.
 * @throws {Refused} the server does not take it.
 * @throws {Unreachable} it is not known whether the server has it.
 */
export async function beginChild(session: Session, child: NewChild): Promise<string> {
  const about: About = {
    sort: "child",
    name: child.name,
    knownAs: child.knownAs,
    birth: [child.birth.how, child.birth.date],
    households: [],
    people: [],
    school: child.school,
    protected: false,
    closed: false,
    newer: false,
  };
  encodeAbout(about);
  await refreshDirectory(session);
  checkTrusted(session);
  const log = session.world.random(DIRECTORY.length);
  const feed = new Feed(log, new Stream(log));
  const batch = new Batch(session, feed);
  batch.secrets.set(0, session.world.random(SECRET_BYTES));
  const writer = writerOf(session);
  const key = readingKeyOf(session, writer.person);
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
  personId: string,
  role: string,
  why: string,
): Promise<void> {
  const person = decodeBase64url(personId);
  await send(session, decodeBase64url(log), (batch) => {
    const readingKey = readingKeyOf(session, person);
    addDueEpoch(batch);
    const admission = { person, role, why, readingKey };
    const { place, secret } = batch;
    batch.add(writing.grant(writerOf(session), place, batch.fresh(), secret, admission));
  });
}

/**
 * Take someone off the team: a new epoch, whose secret they do not get.
 *
 * @throws {NotAllowed} I am no keeper, or they are not on the team.
 * @throws as `send`.
 */
export async function remove(session: Session, log: string, personId: string): Promise<void> {
  const person = decodeBase64url(personId);
  await send(session, decodeBase64url(log), (batch) => {
    if (!batch.feed.stream.roles.has(person)) {
      throw new NotAllowed("nobody by that id is on the team");
    }
    addEpoch(batch, new BytesSet([person]));
  });
}

function readingKeyOf({ directory }: Session, person: Uint8Array): Uint8Array {
  const known = directory.persons.get(person);
  if (known === undefined) throw new NotAllowed("nobody by that id works here");
  return known.readingKey;
}
