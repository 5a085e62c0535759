// What someone chose on this device, and has begun to write on it, sealed like all else that it keeps.

import { decodeArray, encode } from "../protocol/encoding.ts";
import { ProtocolError } from "../protocol/errors.ts";
import * as shape from "../protocol/shape.ts";
import type { Preferences } from "./messages.ts";
import type { Session } from "./session.ts";

const USUAL_LOCK_MINUTES = 15;
const MOST_LOCK_MINUTES = 60;

/** Return what was chosen, or what is usual. */
export async function preferences({ memory }: Session): Promise<Preferences> {
  try {
    const [minutes] = decodeArray((await memory.aside("settings")) ?? encode([]));
    return { lockMinutes: bounded(shape.uint(minutes, MOST_LOCK_MINUTES, "lock minutes")) };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { lockMinutes: USUAL_LOCK_MINUTES };
  }
}

/** Keep what was chosen; it locks after at most an hour, whatever was. */
export async function setPreferences(
  { memory }: Session,
  { lockMinutes }: Preferences,
): Promise<void> {
  await memory.putAside("settings", encode([bounded(lockMinutes)]));
}

/** Return what was being written, empty if nothing was. */
export async function draft({ memory }: Session): Promise<string> {
  return new TextDecoder().decode((await memory.aside("draft")) ?? new Uint8Array());
}

/** Keep what is being written in the place of what was; empty: forget it. */
export async function keepDraft({ memory }: Session, written: string): Promise<void> {
  await memory.putAside("draft", written === "" ? null : new TextEncoder().encode(written));
}

function bounded(minutes: number): number {
  const whole = Number.isFinite(minutes) ? Math.round(minutes) : USUAL_LOCK_MINUTES;
  return Math.min(Math.max(whole, 1), MOST_LOCK_MINUTES);
}
