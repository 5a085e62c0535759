// Destroying words for good, which takes two people and fourteen days, and keeping them from it by a hold.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { equalBytes } from "../protocol/builtins.ts";
import { NotAllowed } from "../protocol/errors.ts";
import { encodeReason, readShred, SHREDDED, type Reason } from "../protocol/shred.ts";
import { encodeWhy } from "../protocol/why.ts";
import type { Feed } from "./feed.ts";
import type { Ask } from "./messages.ts";
import { addDueEpoch, send, type Batch } from "./sending.ts";
import { writerOf, type Session } from "./session.ts";
import { nfc, NOTHING, sealed, type Said } from "./writing.ts";

const AT_ONCE = 3000; // seqs in one proposal: the payload of an entry holds no more

/**
 * Keep a stream from being destroyed, or no longer; what was proposed is taken back by it.
 *
 * @throws {NotAllowed} I am neither keeper nor supervisor of it.
 * @throws as `send`.
 */
export async function hold(session: Session, { log, on, why }: Ask<"hold">): Promise<void> {
  const body = encodeWhy(nfc(why), NOTHING);
  const write = (batch: Batch): void => {
    addDueEpoch(batch);
    say(batch, ["hold", [on ? 1 : 0], body]);
  };
  await send(session, decodeBase64url(log), write, ({ stream }) => stream.held === on);
}

/**
 * Propose to destroy the words of some entries; of none: of all that the stream holds until now.
 *
 * @throws {NotAllowed} I am no keeper, it is held, or there is nothing left to destroy.
 * @throws as `send`.
 */
export async function proposeShred(
  session: Session,
  { log, seqs, cls, why }: Ask<"proposeShred">,
): Promise<void> {
  const body = encodeReason({ sort: nfc(cls), why: nfc(why) });
  const write = (batch: Batch): void => {
    const named = toDestroy(batch.feed, seqs);
    if (named.length === 0) throw new NotAllowed("there is nothing left to destroy");
    addDueEpoch(batch);
    for (let first = 0; first < named.length; first += AT_ONCE) {
      say(batch, ["shred", [named.slice(first, first + AT_ONCE), NOTHING], body]);
    }
  };
  const isDone = (feed: Feed): boolean => {
    const named = JSON.stringify(toDestroy(feed, seqs).slice(0, AT_ONCE));
    return openProposals(feed).some(
      (seq) => isMine(session, feed, seq) && JSON.stringify(shredAt(feed, seq)[0]) === named,
    );
  };
  await send(session, decodeBase64url(log), write, isDone);
}

/**
 * Second what another has proposed, which destroys it.
 *
 * @throws {NotAllowed} it is not open or my own, too new, or held; or I am neither keeper nor supervisor.
 * @throws as `send`.
 */
export async function confirmShred(
  session: Session,
  { log, id }: Ask<"confirmShred">,
): Promise<void> {
  const proposal = decodeBase64url(id);
  const write = (batch: Batch): void => {
    const { feed } = batch;
    const seq = feed.shreds.find((at) => equalBytes(feed.entries[at]!.id, proposal));
    if (seq === undefined) throw new NotAllowed("no such proposal is there");
    const words = feed.words.get(seq);
    const reason: Reason = words?.sort === "reason" ? words.reason : { sort: "", why: "" };
    addDueEpoch(batch);
    say(batch, ["shred", [shredAt(feed, seq)[0], proposal], encodeReason(reason)]);
  };
  const isDone = (feed: Feed): boolean =>
    feed.shreds.some((seq) => equalBytes(shredAt(feed, seq)[1], proposal));
  await send(session, decodeBase64url(log), write, isDone);
}

/** Return what the entry at `seq`, a shred, says: the seqs, and which proposal it seconds. */
export function shredAt(feed: Feed, seq: number): readonly [seqs: readonly number[], proposal: Uint8Array] {
  const entry = feed.entries[seq];
  if (entry === undefined) throw new RangeError("no entry is there");
  return readShred(entry.header.payload);
}

/** Return the seqs of the proposals that were neither seconded nor taken back. */
export function openProposals(feed: Feed): number[] {
  const open = new Set(feed.stream.proposals.map(({ id }) => encodeBase64url(id)));
  return feed.shreds.filter((seq) => open.has(encodeBase64url(feed.entries[seq]!.id)));
}

function isMine(session: Session, feed: Feed, seq: number): boolean {
  return equalBytes(feed.entries[seq]!.header.author, session.keys.person);
}

function toDestroy(feed: Feed, seqs: readonly number[]): number[] {
  const named = seqs.length > 0 ? [...new Set(seqs)].sort((a, b) => a - b) : [...feed.entries.keys()];
  return named.filter((seq) => {
    const kind = feed.entries[seq]?.header.kind ?? "";
    return SHREDDED.includes(kind) && !feed.isErased(seq);
  });
}

function say(batch: Batch, said: Said): void {
  const { place, secret, session } = batch;
  batch.add(sealed(writerOf(session), place, batch.fresh(), secret, said));
}
