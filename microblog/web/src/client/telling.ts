// Telling a team that its posts are taken out: before there is a file.

import { decodeBase64url } from "../protocol/base64url.ts";
import { Malformed } from "../protocol/errors.ts";
import { encodeExport, type Export } from "../protocol/export.ts";
import type { Feed } from "./feed.ts";
import type { Ask } from "./messages.ts";
import { addDueEpoch, send, type Batch } from "./sending.ts";
import { feedOf, writerOf, type Session } from "./session.ts";
import * as writing from "./writing.ts";

const FORMATS = ["csv", "xlsx", "print"]; // of a chronology

/**
 * Tell each team that its posts are taken out, in which format, between which dates and why.
 *
 * @throws {Malformed} a date is none, the format is none of a chronology's, or the reason too long; nothing was sent.
 * @throws as `send`: those before it were told.
 */
export async function tellTakenOut(
  session: Session,
  { logs, format, from, to, why }: Ask<"tellTakenOut">,
): Promise<void> {
  const told = { format, start: from, end: to, why: writing.nfc(why) };
  if (!FORMATS.includes(format)) throw new Malformed("a chronology has no such format");
  checkTold(told);
  const feeds = streamsOf(session, logs);
  for (const [done, feed] of feeds.entries()) {
    session.world.progress("hand", done, feeds.length);
    await tellTeam(session, feed.log, told);
  }
  session.world.progress("hand", 1, 1);
}

/**
 * Check what a team is to be told.
 *
 * @throws {Malformed} a date is none, the first is later than the last, or the reason is too long.
 */
export function checkTold(told: Export): void {
  encodeExport(told);
  checkDates(told.start, told.end);
}

/** Append to a stream that it is taken out; throws as `send`. */
export async function tellTeam(session: Session, log: Uint8Array, told: Export): Promise<void> {
  const write = (batch: Batch): void => {
    addDueEpoch(batch);
    const { place, secret } = batch;
    batch.add(writing.tellExport(writerOf(session), place, batch.fresh(), secret, told));
  };
  await send(session, log, write);
}

/** Check that two days, as far as they are given, are not the wrong way round; throw Malformed if they are. */
export function checkDates(from: string, to: string): void {
  if (from !== "" && to !== "" && from.slice(0, to.length) > to) {
    throw new Malformed("the first date is later than the last");
  }
}

/**
 * Return some streams, once each; none: those whose team I am on.
 *
 * @throws {NotFollowed} one of them is none of mine.
 */
export function streamsOf(session: Session, logs: readonly string[]): Feed[] {
  if (logs.length > 0) return [...new Set(logs)].map((log) => feedOf(session, decodeBase64url(log)));
  return [...session.feeds.values()].filter((feed) => feed.stream.roles.has(session.keys.person));
}
