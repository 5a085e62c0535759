// Room on this device: whether the browser promised to keep what is here, and whether there is enough of it.

import { effect, signal } from "@preact/signals";

import { overview, stage, version } from "./state.ts";

const HOUR_MS = 3_600_000;
const AT_MOST_MS = 60_000;
const LEAST_BYTES = 20 * 2 ** 20;
const MOST_SHARE = 0.9;

/** What is kept and what fits, in bytes; null: the browser does not say. */
export const room = signal<{ used: number; most: number } | null>(null);
/** Has the browser promised to clear nothing by itself? Null: it does not say. */
export const promised = signal<boolean | null>(null);

let measured = 0;

/** Measure at the start, each hour, and when something may have been put in. */
export function watchRoom(): void {
  void measure();
  setInterval(() => void measure(), HOUR_MS);
  effect(() => {
    if (version.value > 0 && Date.now() - measured > AT_MOST_MS) void measure();
  });
  // Once keys are kept, there is something worth a promise.
  effect(() => {
    if (stage.value === "open" && overview.value?.stored) void askForPromise();
  });
}

/** Ask the browser to clear nothing by itself; most decide without a word, some ask. */
export async function askForPromise(): Promise<void> {
  if (promised.peek() !== null) return;
  promised.value = false;
  const { storage } = navigator;
  const kept = await storage?.persisted?.().catch(() => null);
  promised.value = kept === true || ((await storage?.persist?.().catch(() => null)) ?? null);
}

export async function measure(): Promise<void> {
  measured = Date.now();
  const found: StorageEstimate | null = (await navigator.storage?.estimate?.().catch(() => null)) ?? null;
  const { usage, quota } = found ?? {};
  room.value = usage === undefined || !quota ? null : { used: usage, most: quota };
}

/** Is there so little room left that something may soon not fit? */
export function isTight(): boolean {
  if (room.value === null) return false;
  const { used, most } = room.value;
  return used > most * MOST_SHARE || most - used < LEAST_BYTES;
}

/** Say so many bytes. */
export function megabytes(bytes: number): string {
  if (bytes >= 1e9) return `${Math.round(bytes / 1e8) / 10} GB`;
  return bytes < 1e6 ? "less than 1 MB" : `${Math.round(bytes / 1e6)} MB`;
}
