// A newer build of this app: heard of, fetched whole by the service worker, and taken over when it disturbs nobody.

import { effect, signal, untracked } from "@preact/signals";

import { ask, serviceWorkerUrl } from "./bridge.ts";
import { sending } from "./form.ts";
import { farewell, isKept, linking, opened, overview, refused, stage } from "./state.ts";

const HOUR_MS = 3_600_000;
const REFUSED_AT_MOST_MS = 60_000;
const SETTLED_MS = 5000;
const PATIENCE_MS = 10_000; // for the newer build to take over
const OUTBOX = "outbox";

/** ready: it is here, and one tap away; missed: the server has it, and it has not come to this device. */
export const newer = signal<"" | "ready" | "missed">("");
/** It was not taken over, for what is begun could not be kept. */
export const unkept = signal(false);

interface Syncing extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
}

let registration: Syncing | undefined;
let registered: Promise<void> | undefined;
let updating = false;
let looked = 0;
/** Keys in this page's memory only would be gone with it. */
let inMemory = false;

/** Have the app kept for when there is no network, and look for a newer build now, each hour, and when looked at. */
export function watchForNewer(): void {
  effect(() => void (inMemory ||= overview.value?.stored === false));
  registered = register();
  void lookForNewer();
  addEventListener("online", () => void lookForNewer());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void lookForNewer();
  });
  setInterval(() => void lookForNewer(), HOUR_MS);
  // What an old page asks may be refused for its age.
  effect(() => {
    const isNoAnswer = refused.value === null || refused.value.error === "Unreachable";
    if (!isNoAnswer && Date.now() - looked > REFUSED_AT_MOST_MS) void lookForNewer();
  });
  effect(() => {
    if (newer.value === "ready") untracked(goOnQuietly);
  });
  // And a while after a lock, which sends what it can first.
  effect(() => {
    if (stage.value === "locked") setTimeout(goOnQuietly, SETTLED_MS);
  });
  effect(() => {
    if (overview.value?.outgoing.length) void registration?.sync?.register(OUTBOX).catch(() => null);
  });
}

async function register(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  let controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    // The first one ever is of this page's own build.
    if (controlled) takenOver();
    controlled = true;
  });
  serviceWorker.addEventListener("message", ({ data }: MessageEvent<{ flush?: true }>) => {
    if (data.flush && stage.value === "open") void ask("flush").catch(() => null);
  });
  const options = { scope: "/", updateViaCache: "none" } as const;
  registration = await serviceWorker.register(serviceWorkerUrl(), options).catch(() => undefined);
  registration?.addEventListener("updatefound", () => follow(registration?.installing ?? null));
  follow(registration?.installing ?? null);
  if (registration?.waiting && controlled) newer.value = "ready";
}

function follow(coming: ServiceWorker | null): void {
  let isWhole = false;
  coming?.addEventListener("statechange", () => {
    // The first one ever is of this page's own build.
    if (!navigator.serviceWorker.controller) return;
    if (coming.state === "installed") {
      isWhole = true;
      newer.value = "ready";
    }
    // A file of it could not be had, or there is no room.
    if (coming.state === "redundant" && !isWhole) void compare();
  });
}

/** Fetch a newer build, if the server has one. */
export async function lookForNewer(): Promise<void> {
  looked = Date.now();
  await registered;
  await registration?.update().catch(() => null);
  if (!registration?.installing && !registration?.waiting) await compare();
}

/** Say so if the server has another build, and nothing of it is coming. */
async function compare(): Promise<void> {
  const { mine, served } = await ask("builds").catch(() => ({ mine: "", served: "" }));
  if (served === "" || mine === "" || newer.value === "ready") return;
  // Without a service worker the page itself is fetched anew each time.
  const other = registration ? "missed" : "ready";
  newer.value = served === mine ? "" : other;
}

/** Take the newer build over; what is begun is kept first, or nothing happens. */
export async function update(): Promise<void> {
  if (!(await isKept())) {
    unkept.value = true;
    return;
  }
  updating = true;
  const waiting = registration?.waiting;
  if (!waiting) return location.reload();
  waiting.postMessage({ takeOver: true });
  setTimeout(() => (newer.value = "missed"), PATIENCE_MS);
}

/** Another tab, or this one, has had the newer build take over: this page is of an old one now. */
function takenOver(): void {
  if (updating || isQuiet()) location.reload();
  else newer.value = "ready";
}

// Only what is here already: a reload by itself that brings the same page again would never end.
function goOnQuietly(): void {
  if (newer.value === "ready" && registration?.waiting && isQuiet()) void update();
}

/** Is nobody in, and nothing begun that a reload would take away? */
function isQuiet(): boolean {
  const isOutside = stage.value === "locked" || stage.value === "welcome";
  const isCarrying = Boolean(farewell.value || opened.value || linking.value);
  return isOutside && !inMemory && !isCarrying && sending.value === 0 && isNothingTyped();
}

function isNothingTyped(): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")];
  return fields.every((one) => ("checked" in one && /radio|checkbox/.test(one.type) ? !one.checked : one.value === ""));
}
