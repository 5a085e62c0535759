// A post that this device has not sent yet, as it is kept and as it is shown.

import { BytesSet, equalBytes } from "../protocol/builtins.ts";
import { decodeBase64url } from "../protocol/base64url.ts";
import type { Memory } from "./memory.ts";
import type { Terms } from "./posting.ts";
import type { Session } from "./session.ts";
import { showPerson } from "./showing.ts";
import type { Draft } from "./shown.ts";
import type { Outgoing } from "./shown-hand.ts";

/**
 * A row of the outbox.
 *
 * `seen`: who was on the screen, `tried`: where its entry would stand, and that entry's id, of each attempt that may have
 * arrived. What a newer version adds to a row stays in it.
 */
export interface Row {
  readonly id: string; // its place
  readonly order: number; // ascending
  readonly log: string;
  readonly draft: Draft;
  readonly written: number; // ms: the tap
  readonly leaves: number; // ms
  readonly seen: readonly string[];
  readonly allTheSame: boolean;
  readonly state: "undo" | "waiting" | "asking" | "refused";
  readonly newcomers: readonly string[];
  readonly unvouched: number; // ms
  readonly error: string;
  readonly code: string;
  readonly tried: readonly (readonly [seq: number, id: string])[];
}

/** Return a row as bytes. */
export function encodeRow(row: Row): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(row));
}

/** Return the row in some bytes, which this device sealed itself. */
export function decodeRow(data: Uint8Array): Row {
  return JSON.parse(new TextDecoder().decode(data)) as Row;
}

/** Return what a memory holds of the outbox, in the order of its writing. */
export async function loadOutbox(memory: Memory): Promise<Row[]> {
  const rows = [...(await memory.rows()).values()].map(decodeRow);
  return rows.sort((a, b) => a.order - b.order || Number(a.id) - Number(b.id));
}

/** Return on which terms a row is sent. */
export function termsOf({ seen, allTheSame }: Row): Terms {
  return { seen: new BytesSet(seen.map(decodeBase64url)), allTheSame };
}

/** Return what is shown of the outbox. */
export function showOutgoing(session: Session): Outgoing[] {
  const { directory, outbox, sending } = session;
  return outbox.map((row) => ({
    id: row.id,
    log: row.log,
    draft: row.draft,
    answers: answeredBy(session, row),
    written: row.written,
    leaves: row.leaves,
    state: row.id === sending ? "sending" : row.state,
    tried: row.tried.length > 0,
    newcomers: row.newcomers.map((id) => showPerson(directory, decodeBase64url(id))),
    unvouched: row.unvouched,
    error: row.error,
    code: row.code,
  }));
}

// The seq of the post that a row answers; -1: none, or none that is here.
function answeredBy({ feeds }: Session, { log, draft: { refers } }: Row): number {
  const [first] = refers;
  if (first === undefined) return -1;
  const id = decodeBase64url(first);
  return feeds.get(decodeBase64url(log))?.entries.findIndex((entry) => equalBytes(entry.id, id)) ?? -1;
}
