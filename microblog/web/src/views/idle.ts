// The blind hides, the lock forgets: when each happens by itself.

import { effect, signal } from "@preact/signals";

import type { Preferences } from "../client/messages.ts";
import { ask } from "./bridge.ts";
import { sending } from "./form.ts";
import { isPhone, watchLeaving } from "./leaving.ts";
import { route } from "./route.ts";
import { NEWS_EVERY_MS, pauseMs } from "./pace.ts";
import { hidden, lock, refresh, stage, unreached } from "./state.ts";

const MINUTE_MS = 60_000;
const HIDDEN_MINUTES = 5;
const LOOK_EVERY_MS = 5_000;
const REFRESH_AT_MOST_MS = 2_000;

const USUAL: Preferences = { lockMinutes: 15, awayMinutes: 5, hideOnLeaving: false };

/** When it locks, and whether it hides on leaving. What was chosen is known once the Worker has opened it. */
export const locking = signal(USUAL);
/** True in the last minute before the lock. */
export const lockSoon = signal(false);

// Two clocks: one may be set back, the other may stand still while the device sleeps.
interface Moment {
  wall: number;
  steady: number;
}

let touched = now();
let hiddenSince: Moment | null = null;
let awaySince: Moment | null = null; // out of sight, and hidden for that
let refreshed = 0;
let asking: "" | "news" | "whole" = "";
let wholeOwed = false; // it was wanted while the small question was under way
let quiet = 0; // looks in a row that found nothing
let live = false; // the server tells by itself
let owed = false; // it has told, and was not asked since
let pause = NEWS_EVERY_MS;

/** Watch for hands on the device, the Escape key, and the page going out of sight. */
export function watchIdle(): void {
  for (const sort of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    addEventListener(sort, touch, { passive: true, capture: true });
  }
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || stage.value !== "open") return;
    hidden.value = true;
  });
  watchLeaving(leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || stage.value !== "open") return;
    lookAgain();
    comeBack();
  });
  addEventListener("focus", comeBack);
  addEventListener("online", lookAgain);
  // A page brought back whole by the browser's Back would show what stood on it.
  addEventListener("pageshow", (event) => void (event.persisted && location.reload()));
  effect(() => {
    hiddenSince = hidden.value ? now() : null;
    if (!hidden.value) awaySince = null;
  });
  effect(() => {
    locking.value = USUAL;
    if (stage.value !== "open") return;
    touched = now();
    void ask("preferences").then(
      (chosen) => (locking.value = chosen),
      () => {},
    );
  });
  effect(() => choosePause(unreached.value));
  // Whoever goes to another page wants to see what is new there.
  effect(() => {
    if (route.value && unreached.peek() === 0) catchUp(REFRESH_AT_MOST_MS, true);
  });
  // By the clock, not by counting: a sleeping device runs no timers.
  setInterval(tick, LOOK_EVERY_MS);
}

// A hand on the device, perhaps another's, after it slept for longer than the lock allows: it finds it locked.
function touch(): void {
  if (minutesSince(touched) > locking.value.lockMinutes) tick();
  touched = now();
  // Somebody is there again: what is new is worth more to them.
  if (quiet > 0) beginAnew();
}

function beginAnew(): void {
  quiet = 0;
  choosePause();
}

function choosePause(failures = unreached.peek()): void {
  pause = pauseMs({ failures, quiet, live }, Math.random());
}

/** Ask: the server says that something is new. That may be false, so how often it says so is bounded by the Worker. */
export function hearNews(): void {
  owed = true;
  if (document.visibilityState === "visible") catchUp(REFRESH_AT_MOST_MS, false);
}

/** Ask seldom while the server tells by itself. */
export function hearLive(on: boolean): void {
  live = on;
  choosePause();
}

function leave(): void {
  if (stage.value !== "open" || hidden.value) return;
  if (!isPhone() && !locking.value.hideOnLeaving) return;
  hidden.value = true;
  awaySince = now();
}

function comeBack(): void {
  tick();
  if (awaySince === null) return;
  // The blind is still down: its own five minutes begin.
  awaySince = null;
  hiddenSince = now();
}

function tick(): void {
  lockInTime();
  if (stage.value !== "open") return;
  if (document.visibilityState === "visible") catchUp(owed ? REFRESH_AT_MOST_MS : pause, false);
}

function lockInTime(): void {
  lockSoon.value = false;
  if (stage.value !== "open") return;
  if (isOver() && sending.value === 0) return void lock();
  lockSoon.value = minutesSince(touched) > locking.value.lockMinutes - 1;
}

function isOver(): boolean {
  const { lockMinutes, awayMinutes } = locking.value;
  if (minutesSince(touched) > lockMinutes) return true;
  if (awaySince !== null) return minutesSince(awaySince) > awayMinutes;
  return hiddenSince !== null && minutesSince(hiddenSince) > HIDDEN_MINUTES;
}

function now(): Moment {
  return { wall: Date.now(), steady: performance.now() };
}

function minutesSince({ wall, steady }: Moment): number {
  return Math.max(Date.now() - wall, performance.now() - steady) / MINUTE_MS;
}

/** Ask at once: the line may be there again, or someone looks at the page again. */
function lookAgain(): void {
  unreached.value = 0;
  beginAnew();
  lockInTime();
  catchUp(REFRESH_AT_MOST_MS, true);
}

/** Ask for news, or look at the whole, unless it was asked for a moment ago, or still is. */
function catchUp(atMostMs: number, whole: boolean): void {
  if (stage.peek() !== "open" || Date.now() - refreshed < atMostMs) return;
  if (asking) {
    wholeOwed ||= whole && asking === "news";
    return;
  }
  asking = whole ? "whole" : "news";
  owed = false;
  wholeOwed = false;
  const done = refresh(whole).then((isNew) => {
    quiet = isNew ? 0 : quiet + 1;
  });
  void done.finally(() => {
    asking = "";
    refreshed = Date.now();
    choosePause();
    if (wholeOwed) catchUp(0, true);
  });
}

/** Choose when it locks or hides, from now on and on this device's next visits. */
export async function chooseLocking(chosen: Partial<Preferences>): Promise<void> {
  locking.value = { ...locking.value, ...chosen };
  await ask("setPreferences", locking.value).catch(() => {});
}
