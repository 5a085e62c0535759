// What the page knows at this moment. Locking empties all of it.

import { computed, effect, type Signal, signal } from "@preact/signals";

import type { Start } from "../client/messages.ts";
import type { Child, Overview, Person } from "../client/shown.ts";
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
/** Has anyone answered, or nobody in time, since the keys were opened? Until then nothing is said of the server. */
export const asked = signal(false);
/** How many attempts in a row to fetch what is new reached nobody. */
export const unreached = signal(0);
/** The fragment of a follow slip that was opened, until it has been dealt with; over an unlock too. */
export const opened = signal("");
/** The letters of a new device, out of the code that was opened, until they have been dealt with. */
export const linking = signal("");
/** What was typed before the keys were open; it is in this page's memory only. */
export const firstWords = signal("");
/** Said once on the unlock screen: what locking took with it. */
export const farewell = signal("");
/** What has left the outbox last, and is acknowledged. */
export const posted = signal<{ id: string; log: string } | null>(null);

/** Does this server send round-ups and nudges by mail? Null: it was not asked yet. */
export const mails = signal<boolean | null>(null);

export const practice = computed(() => overview.value?.practice || "microblog");

export function childOf(log: string): Child | undefined {
  return overview.value?.children.find((child) => child.log === log);
}

/** Does anyone here name me as supervisor or deputy, or is it my role? */
export function supervises(): boolean {
  const { me, people = [] } = overview.value ?? {};
  if (me === undefined) return false;
  const isMine = (one: Person) => !one.left && (one.supervisor === me.id || one.deputies.includes(me.id));
  return me.role === "supervisor" || people.some(isMine);
}

/** The households that I follow and may post to. */
export function households(): Child[] {
  const mine = overview.value?.children ?? [];
  return mine.filter((one) => one.sort === "household" && one.myRole && one.name && !one.closed);
}

/**
 * Fetch what is new and show it; being offline is not an error here, the header says it.
 *
 * Unless the `whole` is looked at, the server is first asked whether there is anything. Return whether there was.
 */
export async function refresh(whole = true): Promise<boolean> {
  let isNew = true;
  try {
    if (whole) await ask("refresh");
    else isNew = await ask("news");
    refused.value = null;
  } catch (error) {
    refused.value = failureOf(error);
  }
  unreached.value = refused.value?.error === "Unreachable" ? unreached.value + 1 : 0;
  if (isNew) await look();
  asked.value = stage.value === "open";
  return isNew && refused.value === null;
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
  takeFirstWords();
  stage.value = "open";
  hidden.value = false;
  farewell.value = "";
  await look();
  await refresh();
  // Only how a nudge is worded hangs on it: without an answer it says less.
  mails.value = await ask("roundUpChoice").then(
    (choice) => choice.mails,
    () => null,
  );
}

// What was being typed. It outlives a page and the blind; a post that was begun, sealed by the Worker, the lock too.

const KEEP_AFTER_MS = 250;
const POSTS = "post:";
const CHOSEN = "chosen";
const drafts = new Map<string, Signal<unknown>>();
let keptDraft = ""; // what the Worker has, or was asked to keep
let keeping: ReturnType<typeof setTimeout> | undefined;

export function draft<T>(key: string, first: T): Signal<T> {
  const kept = drafts.get(key) ?? signal<unknown>(first);
  if (!drafts.has(key)) {
    drafts.set(key, kept);
    if (key.startsWith(POSTS) || key === CHOSEN) effect(() => void (kept.value, keepSoon()));
  }
  return kept as Signal<T>;
}

/** Return a draft, if it was begun. */
export function begunAt<T>(key: string): T | undefined {
  return drafts.get(key)?.peek() as T | undefined;
}

/** Drafts in the place of which the Worker is keeping something else just now. */
const changing = new Map<string, unknown>();

/**
 * Change a draft together with what the Worker does, such as putting it into the outbox: it is told what is begun from then
 * on, and keeps it in the same breath, so that no kill leaves the words in both places, or in none.
 *
 * Where it fails, or `isDone` says no of the answer, the draft stays as it was.
 */
export async function changeDraft<T, Answer>(
  key: string,
  next: T,
  act: (drafts: string) => Promise<Answer>,
  isDone: (answer: Answer) => boolean = () => true,
): Promise<Answer> {
  const before = drafts.get(key)?.peek();
  changing.set(key, next);
  clearTimeout(keeping);
  const begun = toKeep();
  try {
    const answer = await act(begun);
    if (!isDone(answer) || stage.peek() !== "open") return answer;
    keptDraft = begun;
    // What was typed meanwhile stays.
    const kept = draft<T>(key, next);
    if (kept.peek() === before) kept.value = next;
    return answer;
  } finally {
    changing.delete(key);
    keepSoon();
  }
}

/** The children that were written about last, the newest first; kept like what is begun. */
export function chosen(): Signal<string[]> {
  return draft<string[]>(CHOSEN, []);
}

type Begun = [key: string, value: { text?: string }];

/** The posts that were begun and not sent. */
function unsent(): Begun[] {
  const now = [...drafts].map(([key, kept]) => [key, kept.peek()] as Begun);
  return [...new Map([...now, ...(changing as Map<string, Begun[1]>)])]
    .filter(([key]) => key.startsWith(POSTS))
    .filter(([, value]) => Boolean(value.text));
}

/** What is kept, as the Worker gets it; empty if there is nothing. */
function toKeep(): string {
  const last = (drafts.get(CHOSEN)?.peek() ?? []) as string[];
  const kept = [...unsent(), ...(last.length > 0 ? [[CHOSEN, last]] : [])];
  return kept.length > 0 ? JSON.stringify(kept) : "";
}

// What was sent or emptied is forgotten at once.
function keepSoon(): void {
  clearTimeout(keeping);
  if (unsent().length === 0) void keepNow();
  else keeping = setTimeout(() => void keepNow(), KEEP_AFTER_MS);
}

/** Keep what is begun at once, where the page may be gone in a moment. */
export function keepOnLeaving(): void {
  document.addEventListener("visibilitychange", () => void keepNow());
  addEventListener("pagehide", () => void keepNow());
  effect(() => void (hidden.value && keepNow()));
}

async function keepNow(): Promise<void> {
  clearTimeout(keeping);
  if (stage.peek() !== "open") return;
  const begun = toKeep();
  if (begun === keptDraft) return;
  keptDraft = begun;
  await ask("keepDraft", { draft: begun }).catch(() => (keptDraft = ""));
}

/** Keep what is begun, and return whether it is: nothing of it is lost with this page. */
export async function isKept(): Promise<boolean> {
  // What is typed meanwhile is kept too.
  for (let tries = 0; tries < 3; tries++) {
    await keepNow();
    if (stage.peek() !== "open" || keptDraft === toKeep()) return true;
  }
  return false;
}

/** Load the page anew; what was begun is kept, sealed, where keys are kept. */
export async function reload(): Promise<void> {
  await keepNow();
  location.reload();
}

function bringBack(begun: string): void {
  keptDraft = begun;
  if (begun === "") return;
  for (const [key, value] of JSON.parse(begun) as [string, unknown][]) draft(key, value);
}

/** What was typed on the unlock screen goes where a post is begun; it comes after what was kept there. */
function takeFirstWords(): void {
  const typed = firstWords.peek().trim();
  firstWords.value = "";
  if (typed === "") return;
  const begun = draft<{ text: string }>(`${POSTS}stream`, { text: "" });
  const { text } = begun.peek();
  begun.value = { ...begun.peek(), text: text ? `${text}\n${typed}` : typed };
}

/** Throw away the drafts whose key starts so. */
export function dropDrafts(prefix: string): void {
  for (const key of drafts.keys()) if (key.startsWith(prefix)) drafts.delete(key);
}

/** The words of the posts that were begun, or wait in the outbox. */
export function unsentTexts(): string[] {
  const waiting = (overview.value?.outgoing ?? []).map((row) => row.draft.text).filter(Boolean);
  return [...waiting, ...unsent().map(([, { text = "" }]) => text)];
}

/** Is there a post that was begun and not sent? */
export function hasUnsent(): boolean {
  return unsent().length > 0;
}

/** Empty the page of everything. The Worker has forgotten, or is about to forget, the keys. */
export function emptyPage(): void {
  // Said once: the Worker's own word that it has locked comes after.
  if (hasUnsent()) farewell.value = `A post that you had begun was not sent. ${whereKept()}`;
  // First of all, so that the page is empty at once.
  if (stage.value === "open") stage.value = "locked";
  clearTimeout(keeping);
  drafts.clear();
  keptDraft = "";
  overview.value = null;
  mails.value = null;
  progress.value = null;
  checking.value = null;
  asked.value = false;
  refused.value = null;
  hidden.value = false;
  posted.value = null;
}

function whereKept(): string {
  if (keptDraft !== toKeep()) return "It was cleared when the app locked.";
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
  // What could be sent before the keys were gone has been.
  start.value = await ask("start").catch(() => start.value);
}
