// What someone chose on this device, sealed like all else that it keeps.

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

function bounded(minutes: number): number {
  const whole = Number.isFinite(minutes) ? Math.round(minutes) : USUAL_LOCK_MINUTES;
  return Math.min(Math.max(whole, 1), MOST_LOCK_MINUTES);
}
