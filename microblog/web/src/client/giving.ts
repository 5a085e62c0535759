// Giving back what a server that is being restored lacks (PROTOCOL.md 9).
//
// What is given are entries that this client has verified, or has still to, by whomever, as they were signed; the server
// verifies each of them itself. Nothing of what this client knows changes by it: a server that says it is being restored, and is not, gets what it had, and every pin stays.

import { BytesMap } from "../protocol/builtins.ts";
import { DIRECTORY, encodeEntry, MAX_APPEND } from "../protocol/entry.ts";
import type { Feed } from "./feed.ts";
import { Refused, StaleHead, type Listed, type Transport } from "./transport.ts";

/** Give back the directory; nobody needs to be signed in for that. */
export async function giveBackDirectory(
  transport: Transport,
  rawEntries: readonly Uint8Array[],
): Promise<void> {
  await give(transport, DIRECTORY, rawEntries.length, (first, end) => rawEntries.slice(first, end));
}

/** Give back what streams hold beyond what is listed, and the words that the server lacks. */
export async function giveBackStreams(
  transport: Transport,
  feeds: BytesMap<Feed>,
  listed: readonly Listed[],
): Promise<void> {
  const rows = new BytesMap(listed.map((row) => [row.log, row] as const));
  for (const [log, feed] of feeds) {
    const row = rows.get(log);
    const read = (first: number, end: number) => feed.entries.slice(first, end).map(encodeEntry);
    if (row === undefined || row.head.seq + 1 < feed.nextSeq) {
      await give(transport, log, feed.nextSeq, read);
    }
    for (const seq of row?.lacking ?? []) {
      if (feed.entries[seq]?.body.length) await quietly(transport.giveBack(log, read(seq, seq + 1)));
    }
  }
}

// Give back a log from where the server's ends; how far that is its first refusal says.
async function give(
  transport: Transport,
  log: Uint8Array,
  count: number,
  read: (first: number, end: number) => Uint8Array[],
): Promise<void> {
  let first = Math.max(count - 1, 0);
  let told = false;
  while (first < count) {
    const some = read(first, Math.min(first + MAX_APPEND, count));
    try {
      await transport.giveBack(log, some);
      first += some.length;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Others may bring what it needs first, or it has another log: seen when that is fetched.
      if (!(error instanceof StaleHead)) return;
      const begin = error.head === null ? 0 : error.head.seq + 1;
      if (told || begin >= first) return;
      first = begin;
      told = true;
    }
  }
}

async function quietly(attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}
