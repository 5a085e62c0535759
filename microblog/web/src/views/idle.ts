// The blind hides, the lock forgets: when each happens by itself.

import { effect, signal } from "@preact/signals";

import { ask } from "./bridge.ts";
import { sending } from "./form.ts";
import { route } from "./route.ts";
import { NEWS_EVERY_MS, pauseMs } from "./pace.ts";
import { hidden, lock, refresh, stage, unreached } from "./state.ts";

const MINUTE_MS = 60_000;
const HIDDEN_MINUTES = 5;
const LOOK_EVERY_MS = 5_000;
const REFRESH_AT_MOST_MS = 2_000;

const USUAL_LOCK_MINUTES = 15;

/** Untouched for so long, the app locks. What was chosen is known once the Worker has opened it. */
export const lockMinutes = signal(USUAL_LOCK_MINUTES);
/** True in the last minute before the lock. */
export const lockSoon = signal(false);

let touched = Date.now();
let hiddenSince = 0;
let refreshed = 0;
let asking = false;
let pause = NEWS_EVERY_MS;

/** Watch for hands on the device, the Escape key, and the page going out of sight. */
export function watchIdle(): void {
  for (const sort of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    addEventListener(sort, () => void (touched = Date.now()), { passive: true, capture: true });
  }
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || stage.value !== "open") return;
    hidden.value = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (stage.value !== "open") return;
    if (document.visibilityState === "hidden" && isPhone()) hidden.value = true;
    if (document.visibilityState === "visible") lookAgain();
  });
  addEventListener("online", lookAgain);
  // A page brought back whole by the browser's Back would show what stood on it.
  addEventListener("pageshow", (event) => void (event.persisted && location.reload()));
  effect(() => {
    hiddenSince = hidden.value ? Date.now() : 0;
  });
  effect(() => {
    lockMinutes.value = USUAL_LOCK_MINUTES;
    if (stage.value !== "open") return;
    touched = Date.now();
    void ask("preferences").then(
      (chosen) => (lockMinutes.value = chosen.lockMinutes),
      () => {},
    );
  });
  effect(() => {
    pause = pauseMs(unreached.value, Math.random());
  });
  // Whoever goes to another page wants to see what is new there.
  effect(() => {
    if (route.value && unreached.peek() === 0) catchUp(REFRESH_AT_MOST_MS);
  });
  // By the clock, not by counting: a sleeping device runs no timers.
  setInterval(tick, LOOK_EVERY_MS);
}

function tick(): void {
  lockSoon.value = false;
  if (stage.value !== "open") return;
  const now = Date.now();
  const idle = now - touched;
  const most = lockMinutes.value * MINUTE_MS;
  const blind = hiddenSince > 0 && now - hiddenSince > HIDDEN_MINUTES * MINUTE_MS;
  if ((idle > most || blind) && sending.value === 0) return void lock();
  lockSoon.value = idle > most - MINUTE_MS;
  if (document.visibilityState === "visible") catchUp(pause);
}

/** Ask at once: the line may be there again, or someone looks at the page again. */
function lookAgain(): void {
  unreached.value = 0;
  tick();
  catchUp(REFRESH_AT_MOST_MS);
}

/** Ask for news, unless it was asked for a moment ago, or still is. */
function catchUp(atMostMs: number): void {
  if (asking || stage.peek() !== "open" || Date.now() - refreshed < atMostMs) return;
  asking = true;
  void refresh().finally(() => {
    asking = false;
    refreshed = Date.now();
  });
}

/** Lock when untouched for so long, from now on and on this device's next visits. */
export async function chooseLockMinutes(minutes: number): Promise<void> {
  lockMinutes.value = minutes;
  await ask("setPreferences", { lockMinutes: minutes }).catch(() => {});
}

function isPhone(): boolean {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}
