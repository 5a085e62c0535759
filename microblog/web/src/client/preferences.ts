// What someone chose on this device, and has begun to write on it, sealed like all else that it keeps.

import { decodeArray, encode, type Value } from "../protocol/encoding.ts";
import { ProtocolError } from "../protocol/errors.ts";
import * as shape from "../protocol/shape.ts";
import type { Preferences } from "./messages.ts";
import type { Session } from "./session.ts";

const USUAL_LOCK_MINUTES = 15;
const USUAL_AWAY_MINUTES = 5;
const MOST_MINUTES = 60;

/** Return what was chosen, or what is usual; of a record from before there was more to choose, what it says. */
export async function preferences({ memory }: Session): Promise<Preferences> {
  try {
    const [lock, away, hide] = decodeArray((await memory.aside("settings")) ?? encode([]));
    return {
      lockMinutes: minutes(lock, USUAL_LOCK_MINUTES),
      awayMinutes: minutes(away, USUAL_AWAY_MINUTES),
      hideOnLeaving: hide === 1,
    };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { lockMinutes: USUAL_LOCK_MINUTES, awayMinutes: USUAL_AWAY_MINUTES, hideOnLeaving: false };
  }
}

/** Keep what was chosen; it locks after at most an hour, whatever was. */
export async function setPreferences({ memory }: Session, chosen: Preferences): Promise<void> {
  const lock = bounded(chosen.lockMinutes, USUAL_LOCK_MINUTES);
  const away = bounded(chosen.awayMinutes, USUAL_AWAY_MINUTES);
  await memory.putAside("settings", encode([lock, away, chosen.hideOnLeaving ? 1 : 0]));
}

/** Return what was being written, empty if nothing was. */
export async function draft({ memory }: Session): Promise<string> {
  return new TextDecoder().decode((await memory.aside("draft")) ?? new Uint8Array());
}

/** Keep what is being written in the place of what was; empty: forget it. */
export async function keepDraft({ memory }: Session, written: string): Promise<void> {
  await memory.putAside("draft", written === "" ? null : new TextEncoder().encode(written));
}

function minutes(kept: Value | undefined, usual: number): number {
  return kept === undefined ? usual : bounded(shape.uint(kept, MOST_MINUTES, "minutes"), usual);
}

function bounded(chosen: number, usual: number): number {
  const whole = Number.isFinite(chosen) ? Math.round(chosen) : usual;
  return Math.min(Math.max(whole, 1), MOST_MINUTES);
}
