// Asking to follow, with a follow slip, and answering those who ask.
//
// Who asks holds nothing of the stream, so who its keepers are is the server's word: the client shows them by name, and
// seals the reason to their keys in the verified directory, before anything is sent.

import {
  decodeAsk,
  decodeSlip,
  encodeSlip,
  MAX_REASON,
  sealReason,
  writeAsk,
} from "../protocol/ask.ts";
import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { BytesSet, equalBytes } from "../protocol/builtins.ts";
import { NotAllowed } from "../protocol/errors.ts";
import { signingKey } from "../protocol/primitives.ts";
import * as shape from "../protocol/shape.ts";
import { dropAsk, openAsks, peopleOf, reasonOf, requests } from "./asks.ts";
import { readingKeyOf } from "./boxes.ts";
import { refreshDirectory } from "./directory.ts";
import type { Answer, Ask, Slip } from "./messages.ts";
import { ask } from "./login.ts";
import { checkTrusted, feedOf, type Session } from "./session.ts";
import { grant } from "./team.ts";
import { Refused } from "./transport.ts";

const SEED_BYTES = 32;

/**
 * Return the link of a follow slip: it names the stream by its id, and opens nothing.
 *
 * @throws {NotFollowed} the stream is none of mine.
 * @throws {NotAllowed} I am not on its team.
 */
export function slip(session: Session, log: string): string {
  const { keys } = session;
  const feed = feedOf(session, decodeBase64url(log));
  if (!feed.admissions.has(keys.person)) throw new NotAllowed("you are not on this team");
  return `${keys.origin}/ask#${encodeSlip(feed.log, keys.fingerprint)}`;
}

/**
 * Return whom a slip lets me ask: by the server's word, unless I follow the stream already.
 *
 * @throws {InTrouble} the directory cannot be trusted.
 * @throws {Malformed} a part of the link is missing or mistyped.
 * @throws {WrongLog} it is a slip of another practice.
 * @throws {Refused} not-found, there is no such stream.
 * @throws {Unreachable} the server did not answer.
 */
export async function readSlip(session: Session, fragment: string): Promise<Slip> {
  const log = decodeSlip(fragment, session.keys.fingerprint);
  await refreshDirectory(session);
  checkTrusted(session);
  const feed = session.feeds.get(log);
  const following = feed?.admissions.has(session.keys.person) ?? false;
  const ids = feed && following ? feed.stream.keepers() : await keepersOf(session, log);
  const keepers = [...ids].filter((person) => canRead(session, person));
  return { log: encodeBase64url(log), following, keepers: peopleOf(session, keepers) };
}

/**
 * Ask the keepers to let me in, for a reason that only they can open.
 *
 * If they are others than those `shown` on the screen, nothing is sent, and they are returned.
 *
 * @throws {Malformed} the reason is missing or too long.
 * @throws {NotAllowed} I am on the team already, or nobody is there who could let me in.
 * @throws as `readSlip`.
 */
export async function askToFollow(
  session: Session,
  { fragment, reason, shown }: Ask<"askToFollow">,
): Promise<Answer<"askToFollow">> {
  const why = shape.text(reason.trim().normalize("NFC"), 1, MAX_REASON, "reason");
  const { log, following, keepers } = await readSlip(session, fragment);
  if (following) throw new NotAllowed("you are on this team already");
  if (keepers.length === 0) throw new NotAllowed("nobody is there who could let you in");
  const onScreen = new Set(shown);
  if (keepers.length !== onScreen.size || keepers.some(({ id }) => !onScreen.has(id))) {
    return { sent: false, keepers };
  }
  const ids = keepers.map(({ id }) => decodeBase64url(id));
  const data = write(session, decodeBase64url(log), ids, why);
  await ask(session, () => session.transport.putAsk(decodeBase64url(log), data));
  dropAsk(session, decodeBase64url(log), session.keys.person);
  session.asks.push(decodeAsk(data));
  return { sent: true, keepers };
}

function write(
  { directory, keys, world }: Session,
  log: Uint8Array,
  keepers: readonly Uint8Array[],
  reason: string,
): Uint8Array {
  const { deviceSeed, fingerprint, person } = keys;
  const device = signingKey(deviceSeed);
  const asker = { fingerprint, log, person, device, time: world.clock() };
  const boxes = keepers.map((keeper) => {
    const readingKey = readingKeyOf(directory, keeper);
    if (readingKey === null) throw new NotAllowed("nobody who could open this works here by that id");
    return [keeper, sealReason(world.random(SEED_BYTES), asker, readingKey, reason)] as const;
  });
  return writeAsk(deviceSeed, asker, boxes);
}

/**
 * Let someone in who asks, as a follower, for the reason that they gave.
 *
 * The server forgets the request with the grant. Who was let in meanwhile stays what they are.
 *
 * @throws {NotAllowed} nobody by that id asks to follow it.
 * @throws as `grant`.
 */
export async function approve(session: Session, log: string, person: string): Promise<void> {
  const id = decodeBase64url(person);
  const feed = decodeBase64url(log);
  const item = openAsks(session).find(
    ({ asker }) => equalBytes(asker.log, feed) && equalBytes(asker.person, id),
  );
  const asks = requests(session).some((row) => row.log === log && row.person.id === person);
  if (!asks || item === undefined) throw new NotAllowed("nobody by that id asks to follow this");
  const why = reasonOf(session, item);
  await grant(session, log, { person, role: "follower", why }, ({ admissions }) =>
    admissions.has(id),
  );
  dropAsk(session, feed, id);
}

/**
 * Have the server forget a request to a stream that I keep; who asked may ask again.
 *
 * @throws {Unreachable} the server did not answer.
 */
export async function decline(session: Session, log: string, person: string): Promise<void> {
  const [feed, id] = [decodeBase64url(log), decodeBase64url(person)];
  try {
    await ask(session, () => session.transport.deleteAsk(feed, id));
  } catch (error) {
    if (!(error instanceof Refused && error.code === "not-found")) throw error;
  }
  dropAsk(session, feed, id);
}

/**
 * Have the server forget what I asked.
 *
 * @throws {Unreachable} the server did not answer.
 */
export async function takeBack(session: Session, log: string): Promise<void> {
  await decline(session, log, encodeBase64url(session.keys.person));
}

async function keepersOf(session: Session, log: Uint8Array): Promise<Uint8Array[]> {
  const ids = new BytesSet(await ask(session, () => session.transport.keepers(log)));
  return [...ids].filter((person) => !equalBytes(person, session.keys.person));
}

function canRead({ directory }: Session, person: Uint8Array): boolean {
  const here = directory.worksHere(person, directory.ids.length - 1);
  return here && readingKeyOf(directory, person) !== null;
}
