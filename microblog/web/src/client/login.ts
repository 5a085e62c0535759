// Signing in as this device: when the server asks for it, and what is given back to one that was restored.

import { DIRECTORY } from "../protocol/entry.ts";
import type { Head } from "../protocol/log.ts";
import { signLogin } from "../protocol/login.ts";
import { signingKey } from "../protocol/primitives.ts";
import { giveBackDirectory } from "./giving.ts";
import { putNote } from "./keeping.ts";
import { NO_NOTE } from "./memory.ts";
import { checkUnlocked, type Session } from "./session.ts";
import { Refused } from "./transport.ts";

// What signing in as the device mends: nobody is signed in, or the server still knows this browser by an invitation or
// the founding link.
const MENDED_BY_SIGNING_IN = new Set(["signed-out", "not-allowed"]);

/**
 * Begin a session at the server with this device's key (PROTOCOL.md 6).
 *
 * A restore ends all sessions, so here is where its clients hear of it. A device that the backup does not know is let in
 * once the directory is whole again.
 */
export async function signIn(session: Session): Promise<void> {
  const { keys, transport } = session;
  if (await mayShowLess(session)) {
    await giveBackDirectory(transport, await session.memory.entries(DIRECTORY));
    for (const [log, note] of [...session.notes]) {
      // Boxes are no part of what is given back: they are checked, and made, anew.
      await putNote(session, log, { ...note, boxes: NO_NOTE.boxes });
    }
  }
  const challenge = await transport.challenge();
  const signature = signLogin(
    keys.deviceSeed,
    keys.fingerprint,
    transport.origin,
    challenge.challenge,
    challenge.time,
  );
  await transport.signIn("device", signingKey(keys.deviceSeed), challenge, signature);
}

/**
 * Return whether the server is being restored, so that it may show less than was seen: it is asked.
 *
 * A server that lies about it gains nothing: what was seen is remembered, and counts again as soon as it says that it is
 * open.
 */
export async function mayShowLess(session: Session): Promise<boolean> {
  session.restoring ||= await session.transport.restoring();
  return session.restoring;
}

/** Return whether a log of so many entries must contain its pin, or may still be short of it. */
export async function mustHold(session: Session, pin: Head, count: number): Promise<boolean> {
  return pin.seq < count || !(await mayShowLess(session));
}

/**
 * Return the server's answer, signing in as this device where it has to be, and once only.
 *
 * `mended`: codes beyond those by which this call, too, is refused to a session of the wrong sort.
 *
 * @throws {Locked} the keys left memory before, or while the server was asked.
 */
export async function ask<T>(
  session: Session,
  attempt: () => Promise<T>,
  ...mended: readonly string[]
): Promise<T> {
  checkUnlocked(session);
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!MENDED_BY_SIGNING_IN.has(error.code) && !mended.includes(error.code)) throw error;
  } finally {
    checkUnlocked(session);
  }
  await signIn(session);
  checkUnlocked(session);
  try {
    return await attempt();
  } finally {
    checkUnlocked(session);
  }
}
