// Notices on this device: that something is new, and never what. The server sends them, so the server keeps when.

import { ask } from "./login.ts";
import type { Ask } from "./messages.ts";
import type { Session } from "./session.ts";
import type { Notices } from "./shown-hand.ts";

/** Return whether, and when, this device is told that something is new. */
export async function notices(session: Session): Promise<Notices> {
  return ask(session, () => session.transport.push());
}

/** Have this device told, where its browser can be reached. */
export async function setNotices(session: Session, wanted: Ask<"setNotices">): Promise<void> {
  await ask(session, () => session.transport.putPush(wanted));
}

/** Have this device told nothing any more. */
export async function endNotices(session: Session): Promise<void> {
  await ask(session, () => session.transport.deletePush());
}

/** Have this device told once, to see whether it comes. */
export async function tryNotice(session: Session): Promise<void> {
  await ask(session, () => session.transport.tryPush());
}
