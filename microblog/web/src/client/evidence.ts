// A stream in one file, for a reviewer: its team is told before the file is there.

import { decodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import {
  decodeBundle,
  DESCRIPTION,
  stripDirectory,
  stripEntry,
  writeBundle,
  type Bundle,
} from "../protocol/bundle.ts";
import { DIRECTORY, encodeEntry, type Entry } from "../protocol/entry.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { verifyBundle } from "../protocol/evidence.ts";
import { EXPORT } from "../protocol/export.ts";
import { checkPin } from "../protocol/log.ts";
import { signingKey } from "../protocol/primitives.ts";
import { decodeHead, findWitness, goodWitnesses, MAX_HEADS } from "../protocol/witness.ts";
import { bring } from "./checking.ts";
import type { Feed } from "./feed.ts";
import { ask } from "./login.ts";
import type { Ask } from "./messages.ts";
import { feedOf, type Session } from "./session.ts";
import { localTime } from "./when.ts";
import { checkTold, tellTeam } from "./telling.ts";
import { Refused, Unreachable } from "./transport.ts";
import * as writing from "./writing.ts";

const FORMAT = "bundle";
const DAY = "2026-01-01".length;

/**
 * Tell the team, and then return a stream as a signed file.
 *
 * What can be opened are the epochs that anything between the two dates stands in; empty: from the beginning, until now.
 *
 * @throws {Malformed} as `checkTold`; nothing was sent.
 * @throws as `send`.
 */
export async function exportBundle(
  session: Session,
  { log, from: start, to: end, why }: Ask<"exportBundle">,
): Promise<Uint8Array> {
  const told = { format: FORMAT, start, end, why: writing.nfc(why) };
  checkTold(told);
  const of = decodeBase64url(log);
  await tellTeam(session, of, told);
  const feed = feedOf(session, of);
  // Words that were not asked for yet belong in it as well.
  await bring(session, new BytesMap([[of, feed.posts]]));
  const bundle = await bundleOf(session, feed, chosen(feed, start, end));
  const data = writeBundle(bundle, session.keys.deviceSeed);
  // Nothing leaves that a reviewer would refuse.
  verifyBundle(decodeBundle(data));
  return data;
}

async function bundleOf(
  session: Session,
  feed: Feed,
  secrets: ReadonlyMap<number, Uint8Array>,
): Promise<Bundle> {
  const device = signingKey(session.keys.deviceSeed);
  const newest = feed.entries.findLastIndex(
    ({ header }) => header.kind === EXPORT && equalBytes(header.device, device),
  );
  const entries = feed.entries.slice(0, newest + 1);
  return {
    description: DESCRIPTION,
    fingerprint: session.keys.fingerprint,
    exporter: session.keys.person,
    device,
    time: Math.max(session.world.clock(), entries.at(-1)?.header.time ?? 0),
    directory: (await session.memory.entries(DIRECTORY)).map(stripDirectory),
    log: feed.log,
    entries: entries.map((entry) => stripEntry(encodeEntry(entry), secrets)),
    secrets: [...secrets].sort(([a], [b]) => a - b),
    heads: await headsOf(session, feed.log, entries),
  };
}

// The heads that vouch for what is in the bundle; a server may have none to give.
async function headsOf(
  session: Session,
  log: Uint8Array,
  entries: readonly Entry[],
): Promise<readonly Uint8Array[]> {
  const { directory } = session;
  if (goodWitnesses(directory).length === 0) return [];
  const ids = new BytesMap([
    [DIRECTORY, directory.ids],
    [log, entries.map(({ id }) => id)],
  ]);
  const good = (raw: Uint8Array): boolean => {
    try {
      const head = decodeHead(raw);
      findWitness(head, directory);
      checkPin(head.sighting.head, ids.get(head.sighting.log) ?? []);
      return true;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return false;
    }
  };
  try {
    const served = await ask(session, () => session.transport.heads());
    return served.filter(good).slice(0, MAX_HEADS);
  } catch (error) {
    if (error instanceof Unreachable || error instanceof Refused) return [];
    throw error;
  }
}

// The secrets of the epochs that anything between two dates stands in.
function chosen(feed: Feed, start: string, end: string): ReadonlyMap<number, Uint8Array> {
  const secrets = new Map<number, Uint8Array>();
  for (const { header } of feed.entries) {
    const day = localTime(header.time).slice(0, DAY);
    const secret = feed.secrets.get(header.epoch);
    const early = day.slice(0, start.length) < start;
    const late = end !== "" && day.slice(0, end.length) > end;
    if (secret !== undefined && !early && !late) secrets.set(header.epoch, secret);
  }
  return secrets;
}
