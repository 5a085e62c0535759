// What a client does by itself once it has caught up: new keys, wherever keys were lost.
//
// After a loss the next entry of a stream must be an epoch (PROTOCOL.md 7.1), and any follower may make it. Every client
// of the team tries; the quickest is enough. Nobody is asked, because nothing that anyone wrote is sent, and nobody comes
// to read who did not before.

import { isGood } from "../protocol/device.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { signingKey } from "../protocol/primitives.ts";
import { checkBoxes } from "./boxes.ts";
import type { Feed } from "./feed.ts";
import { needsEpoch } from "./opening.ts";
import { rekey } from "./rekeying.ts";
import { addDueEpoch, send } from "./sending.ts";
import { InTrouble, NotFollowed, Waiting, type Session } from "./session.ts";
import { Refused, StaleHead } from "./transport.ts";

// Somebody was quicker, or something has changed meanwhile: the next refresh sees to it.
const LATER = [Refused, StaleHead, ProtocolError, InTrouble, NotFollowed, Waiting] as const;

/**
 * Sign my next reading key if mine is stale, and begin the epochs that are due.
 *
 * @throws {Unreachable} the server did not answer.
 */
export async function tend(session: Session): Promise<void> {
  if (session.trouble !== null || session.restoring) return;
  await tendKey(session);
  const due = [...session.feeds.values()].filter((feed) => isDue(session, feed));
  // Each client begins somewhere else, so that they share the work and rarely meet.
  const [dice = 0] = session.world.random(1);
  const start = dice % Math.max(due.length, 1);
  for (const feed of [...due.slice(start), ...due.slice(0, start)]) {
    await orLater(beginEpoch(session, feed));
  }
}

/** Return whether a stream waits for an epoch that this client can make; not before all of it is checked. */
export function isDue(session: Session, feed: Feed): boolean {
  const { directory, keys } = session;
  if (!feed.admissions.has(keys.person) || feed.trouble !== null || feed.isWaiting()) return false;
  return feed.unchecked.size === 0 && needsEpoch(feed, directory);
}

// Sign the next reading key, and make the boxes that wait for it where I hold their secrets.
async function tendKey(session: Session): Promise<void> {
  const { directory, keys, world } = session;
  const device = directory.devices.get(signingKey(keys.deviceSeed));
  if (device === undefined || !directory.isStale(keys.person)) return;
  if (!isGood(device, world.clock())) return;
  await orLater(rekey(session));
  for (const feed of session.feeds.values()) {
    if (feed.unchecked.size === 0) await checkBoxes(session, feed);
  }
}

function beginEpoch(session: Session, feed: Feed): Promise<void> {
  const isDone = (now: Feed) => !needsEpoch(now, session.directory);
  return send(session, feed.log, addDueEpoch, isDone);
}

async function orLater(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!LATER.some((sort) => error instanceof sort)) throw error;
  }
}
