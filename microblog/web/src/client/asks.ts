// Requests to follow, as the server has them: mine, and those to the streams that I keep.
//
// Each is verified when it is fetched, and looked at anew whenever it is shown: what the logs have settled since is no
// request any longer, whatever the server says. They are kept in memory only.

import { decodeAsk, LIFE_MS, openReason, verifyAsk, type Ask } from "../protocol/ask.ts";
import { encodeBase64url } from "../protocol/base64url.ts";
import { equalBytes } from "../protocol/builtins.ts";
import { ProtocolError, Unreadable } from "../protocol/errors.ts";
import { ask } from "./login.ts";
import type { Session } from "./session.ts";
import { compareText, showPerson } from "./showing.ts";
import type { Asked, Person, Request } from "./shown.ts";
import { Refused, Unreachable } from "./transport.ts";

/** Fetch and verify requests; where that fails, those known before stay. */
export async function fetchAsks(session: Session): Promise<void> {
  let served: Uint8Array[];
  try {
    served = await ask(session, () => session.transport.asks());
  } catch (error) {
    if ([Refused, Unreachable, ProtocolError].some((sort) => error instanceof sort)) return;
    throw error;
  }
  session.asks = served.flatMap((data) => verified(session, data));
}

function verified({ directory }: Session, data: Uint8Array): Ask[] {
  try {
    const item = decodeAsk(data);
    verifyAsk(item, directory, item.asker.log);
    return [item];
  } catch (error) {
    if (error instanceof ProtocolError) return []; // not theirs, whatever the server says
    throw error;
  }
}

/** Return who asks to follow a stream that I keep, the oldest first. */
export function requests(session: Session): Request[] {
  const now = session.world.clock();
  return openAsks(session)
    .filter(({ asker }) => keeps(session, asker.log) && !isMine(session, asker.person))
    .map((item) => ({
      log: encodeBase64url(item.asker.log),
      person: showPerson(session.directory, item.asker.person),
      reason: reasonOf(session, item),
      time: Math.min(item.asker.time, now),
    }))
    .sort(
      (a, b) =>
        a.time - b.time || compareText(a.log, b.log) || compareText(a.person.id, b.person.id),
    );
}

/** Return what I asked and is open, the oldest first; I do not know whom it is about. */
export function asked(session: Session): Asked[] {
  return openAsks(session)
    .filter(({ asker }) => isMine(session, asker.person))
    .map(({ asker, boxes }) => ({
      log: encodeBase64url(asker.log),
      keepers: peopleOf(
        session,
        boxes.map(([keeper]) => keeper),
      ),
      time: asker.time,
    }))
    .sort((a, b) => a.time - b.time || compareText(a.log, b.log));
}

/** Return the newest verified request of each person to each stream, if nothing settled it. */
export function openAsks(session: Session): Ask[] {
  const newest = new Map<string, Ask>();
  for (const item of session.asks.toSorted((a, b) => a.asker.time - b.asker.time)) {
    newest.set(keyOf(item.asker.log, item.asker.person), item);
  }
  return [...newest.values()].filter((item) => isOpen(session, item));
}

/** Forget a request here, that the server has forgotten or will. */
export function dropAsk(session: Session, log: Uint8Array, person: Uint8Array): void {
  const key = keyOf(log, person);
  session.asks = session.asks.filter(({ asker }) => keyOf(asker.log, asker.person) !== key);
}

function keyOf(log: Uint8Array, person: Uint8Array): string {
  return `${encodeBase64url(log)}/${encodeBase64url(person)}`;
}

function isOpen(session: Session, { asker }: Ask): boolean {
  const { directory, feeds, world } = session;
  if (!directory.worksHere(asker.person, directory.ids.length - 1)) return false;
  if (asker.time <= world.clock() - LIFE_MS) return false;
  const feed = feeds.get(asker.log);
  if (feed === undefined) return isMine(session, asker.person);
  if (feed.admissions.has(asker.person)) return false;
  // Who was let in for a request, and taken off since, has not asked again.
  const removal = feed.removals.get(asker.person);
  const removed = removal === undefined ? undefined : feed.entries[removal]?.header.time;
  return removed === undefined || removed < asker.time;
}

function isMine({ keys }: Session, person: Uint8Array): boolean {
  return equalBytes(keys.person, person);
}

function keeps({ feeds, keys }: Session, log: Uint8Array): boolean {
  return feeds.get(log)?.stream.keepers().has(keys.person) ?? false;
}

/** Return why someone asks; empty if it was not sealed to me, or does not open. */
export function reasonOf({ keys }: Session, { asker, boxes }: Ask): string {
  const sealed = boxes.find(([keeper]) => equalBytes(keeper, keys.person))?.[1];
  if (sealed === undefined) return "";
  for (const secret of keys.readingSecrets.toReversed()) {
    try {
      return openReason(secret, asker, sealed);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }
  return "";
}

/** Return people by name. */
export function peopleOf(session: Session, ids: Iterable<Uint8Array>): Person[] {
  const shown = [...ids].map((person) => showPerson(session.directory, person));
  return shown.sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id));
}
