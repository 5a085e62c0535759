// The browser's end of notices: where it can be reached, and whether it may show any.

import type { Reached } from "../client/shown-hand.ts";

/**
 * denied: people said no, or have said so before; unanswered: they said neither yes nor no; failed: the browser cannot,
 * such as where its push service is away.
 */
export type Not = "denied" | "unanswered" | "failed";

/** Can this browser be told anything at all? */
export function canBeTold(): boolean {
  return "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;
}

/** Has somebody said no to notices of this app, in this browser? */
export function isDenied(): boolean {
  return canBeTold() && Notification.permission === "denied";
}

/** Return where this browser can be reached already; null: nowhere. */
export async function subscribed(): Promise<Reached | null> {
  if (!canBeTold() || Notification.permission !== "granted") return null;
  const known = await (await pushManager())?.getSubscription();
  return known ? reachedBy(known) : null;
}

/** Ask whoever sits here, and then the browser, where it can be reached under the server's key. Only after a tap. */
export async function subscribe(key: string): Promise<Reached | Not> {
  const said = await Notification.requestPermission();
  if (said !== "granted") return said === "denied" ? "denied" : "unanswered";
  try {
    const manager = await pushManager();
    // What is there may be for another key, or one that its push service has thrown away.
    await (await manager?.getSubscription())?.unsubscribe();
    // A browser takes none that may come without showing anything.
    const made = await manager?.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    return made ? reachedBy(made) : "failed";
  } catch {
    return "failed";
  }
}

/** Have this browser reached no more, whatever the server thinks. */
export async function unsubscribe(): Promise<void> {
  if (!canBeTold()) return;
  await (await (await pushManager())?.getSubscription())?.unsubscribe();
}

async function pushManager(): Promise<PushManager | undefined> {
  return (await navigator.serviceWorker.getRegistration())?.pushManager;
}

function reachedBy({ endpoint, options }: PushSubscription): Reached {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0));
  const letters = btoa(String.fromCharCode(...bytes));
  return { endpoint, key: letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") };
}
