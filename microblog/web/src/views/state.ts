// What the page knows at this moment. Locking empties all of it.

import { computed, effect, type Signal, signal } from "@preact/signals";

import type { Start } from "../client/messages.ts";
import type { Child, Overview } from "../client/shown.ts";
import { ask, type Event } from "./bridge.ts";
import { type Failure, failureOf } from "./sentences.ts";

/** `door`: an invitation or the founding link brought us. */
export type Stage = "starting" | "missing" | "welcome" | "door" | "locked" | "open";

export const stage = signal<Stage>("starting");
export const start = signal<Start | null>(null);
/** What this browser lacks, and cannot do without. */
export const missing = signal<string[]>([]);
export const overview = signal<Overview | null>(null);
/** Goes up whenever there may be something new to show. */
export const version = signal(0);
export const hidden = signal(false);
/** The Worker did not start, or died. */
export const stopped = signal(false);
type Progress = Extract<Event, { event: "progress" }>;
/** How far what the person waits for has got. */
export const progress = signal<Progress | null>(null);
/** How far the checking of what came in has got, behind everything else. */
export const checking = signal<Progress | null>(null);
/** Why the newest refresh did not work, where it is more than being offline. */
export const refused = signal<Failure | null>(null);
/** How many attempts in a row to fetch what is new reached nobody. */
export const unreached = signal(0);
/** The fragment of a follow slip that was opened, until it has been dealt with; over an unlock too. */
export const opened = signal("");
/** The letters of a new device, out of the code that was opened, until they have been dealt with. */
export const linking = signal("");
/** Said once on the unlock screen: what locking took with it. */
export const farewell = signal("");

export const practice = computed(() => overview.value?.practice || "microblog");

export function childOf(log: string): Child | undefined {
  return overview.value?.children.find((child) => child.log === log);
}

/** The households that I follow and may post to. */
export function households(): Child[] {
  const mine = overview.value?.children ?? [];
  return mine.filter((one) => one.sort === "household" && one.myRole && one.name && !one.closed);
}

/** Fetch what is new and show it; being offline is not an error here, the header says it. */
export async function refresh(): Promise<void> {
  try {
    await ask("refresh");
    refused.value = null;
  } catch (error) {
    refused.value = failureOf(error);
  }
  unreached.value = refused.value?.error === "Unreachable" ? unreached.value + 1 : 0;
  await look();
}

/** Show what the Worker has now. */
export async function look(): Promise<void> {
  if (stage.value !== "open") return;
  const seen = await ask("overview").catch(() => null);
  // A lock may have come between.
  if (seen === null || (stage.value as Stage) !== "open") return;
  overview.value = seen;
  version.value += 1;
}

/** Enter: show at once what is kept on the device, then what is new. */
export async function enter(): Promise<void> {
  bringBack(await ask("draft").catch(() => ""));
  stage.value = "open";
  hidden.value = false;
  farewell.value = "";
  await look();
  await refresh();
}

// What was being typed. It outlives a page and the blind; a post that was begun, sealed by the Worker, the lock too.

const KEEP_AFTER_MS = 1000;
const POSTS = "post:";
const drafts = new Map<string, Signal<unknown>>();
let keptDraft = ""; // what the Worker has, or was asked to keep
let keeping: ReturnType<typeof setTimeout> | undefined;

export function draft<T>(key: string, first: T): Signal<T> {
  const kept = drafts.get(key) ?? signal<unknown>(first);
  if (!drafts.has(key)) {
    drafts.set(key, kept);
    if (key.startsWith(POSTS)) effect(() => void (kept.value, keepSoon()));
  }
  return kept as Signal<T>;
}

/** The posts that were begun and not sent, as they are kept; empty if there is none. */
function unsent(): string {
  const begun = [...drafts]
    .filter(([key]) => key.startsWith(POSTS))
    .map(([key, kept]) => [key, kept.peek()] as const)
    .filter(([, value]) => Boolean((value as { text?: string }).text));
  return begun.length > 0 ? JSON.stringify(begun) : "";
}

// What was sent or emptied is forgotten at once.
function keepSoon(): void {
  clearTimeout(keeping);
  if (unsent() === "") void keepNow();
  else keeping = setTimeout(() => void keepNow(), KEEP_AFTER_MS);
}

async function keepNow(): Promise<void> {
  clearTimeout(keeping);
  const begun = unsent();
  if (begun === keptDraft || stage.peek() !== "open") return;
  keptDraft = begun;
  await ask("keepDraft", { draft: begun }).catch(() => (keptDraft = ""));
}

function bringBack(begun: string): void {
  keptDraft = begun;
  if (begun === "") return;
  for (const [key, value] of JSON.parse(begun) as [string, unknown][]) draft(key, value);
}

/** Throw away the drafts whose key starts so. */
export function dropDrafts(prefix: string): void {
  for (const key of drafts.keys()) if (key.startsWith(prefix)) drafts.delete(key);
}

/** The words of the posts that were begun and not sent. */
export function unsentTexts(): string[] {
  const begun = JSON.parse(unsent() || "[]") as [string, { text: string }][];
  return begun.map(([, { text }]) => text);
}

/** Is there a post that was begun and not sent? */
export function hasUnsent(): boolean {
  return unsent() !== "";
}

/** Empty the page of everything. The Worker has forgotten, or is about to forget, the keys. */
export function emptyPage(): void {
  // Said once: the Worker's own word that it has locked comes after.
  if (hasUnsent()) farewell.value = `A post that you had begun was not sent. ${whereKept()}`;
  clearTimeout(keeping);
  drafts.clear();
  keptDraft = "";
  overview.value = null;
  progress.value = null;
  checking.value = null;
  refused.value = null;
  hidden.value = false;
  if (stage.value === "open") stage.value = "locked";
}

function whereKept(): string {
  if (keptDraft !== unsent()) return "It was cleared when the app locked.";
  return overview.value?.stored
    ? "It is kept on this device, sealed, and comes back when you unlock."
    : "It is kept, sealed, until you close this page, and comes back when you unlock.";
}

/** Lock; what was begun is kept, sealed, for the next time. */
export async function lock(): Promise<void> {
  // The Worker hears of it before it hears of the lock.
  void keepNow();
  emptyPage();
  await ask("lock").catch(() => {});
}

/** Lock, and throw away the posts that were begun. */
export async function throwAwayAndLock(): Promise<void> {
  dropDrafts(POSTS);
  farewell.value = "A post that you had begun was not sent, and was thrown away.";
  await lock();
}
