// When I was here, on any of my devices, and what this one knows of the note that carries it: see `note`.

import { decodeArray, encode } from "../protocol/encoding.ts";
import { ProtocolError } from "../protocol/errors.ts";
import * as notes from "../protocol/note.ts";
import type { OwnNote, Visit } from "../protocol/note.ts";
import { StorageFull } from "./database.ts";
import type { Memory } from "./memory.ts";

export const EVERY_MS = 60 * 1000;
export const EMPTY: OwnNote = { visits: [], rows: [] };

/**
 * When I was here; what the server's note said last, as far as it is believed or handed on; its number there; that of the
 * reading key that sealed it (-1: none of mine); and when it was last asked for (never: before any time).
 */
export interface Place {
  visits: readonly Visit[];
  carried: OwnNote;
  number: number;
  asOf: number;
  lookedMs: number;
}

/** Return what is remembered of it. */
export async function loadPlace(memory: Memory): Promise<Place> {
  const visits = decodeVisits(await memory.aside("visits"));
  return { visits, carried: EMPTY, number: 0, asOf: -1, lookedMs: -Infinity };
}

function decodeVisits(kept: Uint8Array | null): readonly Visit[] {
  try {
    return kept === null ? [] : notes.readVisits(decodeArray(kept));
  } catch (error) {
    if (error instanceof ProtocolError) return [];
    throw error;
  }
}

/** Return when my visit before the one at this time ended; 0: there was none. */
export function lastHere({ visits }: Place, time: number): number {
  return notes.lastHere(visits, time);
}

/** Note that I am here, and remember it if it says more than was remembered. */
export async function beHere(place: Place, memory: Memory, time: number): Promise<void> {
  const before = place.visits.at(-1)?.[1] ?? 0;
  place.visits = notes.mergeVisits(place.visits, [[time, time]]);
  if (Math.abs(time - before) < EVERY_MS) return;
  try {
    await memory.putAside("visits", encode(place.visits));
  } catch (error) {
    // It is only remembered for less long.
    if (!(error instanceof StorageFull)) throw error;
  }
}
