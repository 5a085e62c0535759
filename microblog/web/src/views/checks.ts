// What the app needs of a computer, tried on it: each a verdict, what that means, and what to do.

import type { Checkup } from "../client/messages.ts";
import { ask } from "./bridge.ts";
import { askForPromise, isTight, measure, megabytes, promised, room } from "./room.ts";
import { missing, stopped } from "./state.ts";

/** yes: it works; no: it does not, and is needed; look: it may be better, or nobody can tell. */
export type Verdict = "yes" | "no" | "look";

export interface Line {
  name: string;
  verdict: Verdict;
  words: string;
  todo: string; // empty: nothing
}

const PATIENCE_MS = 15_000;
const SLOW_MS = 5; // a signature made and checked takes a third of a millisecond, and twenty times that without a compiler
const MOST_APART_MS = 60_000; // half of what the server lets pass
const LEAST_QUOTA_BYTES = 300 * 2 ** 20;
const ORDER: readonly Verdict[] = ["no", "look", "yes"];
const IT = "Ask your IT service desk";

/** Try everything; it takes a second or two. */
export async function tryAll(): Promise<Line[]> {
  const [seen, worker, lock, touch] = await Promise.all([fromWorker(), offline(), locks(), passkeys()]);
  await Promise.all([measure(), askForPromise()]);
  const lines = [
    secure(),
    ...(seen === null ? [noWorker()] : [workers(), sealing(seen), storage(seen)]),
    promise(),
    roomLeft(),
    lock,
    ...(seen === null ? [] : [reached(seen), ...clock(seen)]),
    worker,
    ordinary(),
    fields(),
    touch,
    notices(),
  ];
  // What is in the way first.
  return ORDER.flatMap((verdict) => lines.filter((one) => one.verdict === verdict));
}

/** Say it all as plain words, for somebody who helps. */
export function asText(lines: readonly Line[]): string {
  const said = { yes: "works", no: "DOES NOT WORK", look: "look at this" };
  const rows = lines.map(({ name, verdict, words, todo }) => `${said[verdict]}: ${name}. ${words} ${todo}`.trim());
  return [`Check of this computer for ${location.origin}`, navigator.userAgent, ...rows].join("\n");
}

async function fromWorker(): Promise<Checkup | null> {
  if (stopped.value || missing.value.includes("workers")) return null;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  return Promise.race([ask("checkUp").catch(() => null), late]);
}

function line(name: string, works: boolean, words: [yes: string, no: string], todo: string, verdict: Verdict = "no"): Line {
  return { name, verdict: works ? "yes" : verdict, words: works ? words[0] : words[1], todo: works ? "" : todo };
}

const secure = () =>
  line(
    "A secure address",
    isSecureContext,
    [
      location.protocol === "https:"
        ? "The connection is encrypted as far as your browser can tell."
        : "The server runs on this computer, and nothing leaves it.",
      "The connection is not encrypted.",
    ],
    "Open the address that begins with https. If that is not to be had, tell whoever runs the server.",
  );

const noWorker = (): Line => ({
  name: "Web Workers",
  verdict: "no",
  words: "The part that holds your keys does not start here.",
  todo: `${IT} to allow Web Workers and WebAssembly for this address.`,
});

const workers = () => line("Web Workers", true, ["The part that holds your keys runs apart from the page.", ""], "");

function sealing({ sealingMs }: Checkup): Line {
  const name = "WebAssembly, for sealing and opening";
  if (sealingMs === 0) {
    const todo = `${IT} to take this address out of “Enhanced security” and to allow WebAssembly for it.`;
    return { name, verdict: "no", words: "It is switched off. Nothing can be sealed or opened without it.", todo };
  }
  const slow = "It works, and slowly: opening many posts will take long. “Enhanced security” of Edge does that.";
  const todo = `${IT} to take this address out of “Enhanced security”.`;
  return line(name, sealingMs < SLOW_MS, ["It works, at full speed.", slow], todo, "look");
}

const storage = ({ kept }: Checkup) =>
  line(
    "Storage on this device",
    kept,
    ["What was written was there again.", "What was written was not there again, as in some private windows."],
    `Leave the private window. On a work computer: ${IT[0]?.toLowerCase()}${IT.slice(1)} to allow site storage for this address. ` +
      "Without it you can join as on a shared computer, and need your key file each time.",
    "look",
  );

function promise(): Line {
  const name = "Keeping what is stored";
  const no = "The browser may clear it when room is short, and keeps no promise not to.";
  const todo =
    "Save your key file, and make a recovery sheet. On a phone put the app on the home screen. On a work computer: ask that " +
    "site data of this address be kept when the browser closes.";
  return line(name, promised.value === true, ["The browser promises to clear nothing by itself.", no], todo, "look");
}

function roomLeft(): Line {
  const found = room.value;
  const left = found === null ? "The browser does not say how much there is." : `${megabytes(found.most - found.used)} are free.`;
  return line("Room on this device", !isTight(), [left, left], "Delete other things: the app needs some 20 MB.");
}

async function locks(): Promise<Line> {
  const works = await Promise.race([
    navigator.locks?.request("checkup", () => true) ?? false,
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1000)),
  ]).catch(() => false);
  const words: [string, string] = ["Two tabs of the app do not get in each other’s way.", "Two tabs could get in each other’s way."];
  return line("Locks between tabs", works, words, "Bring the browser up to date, and use one tab only until then.", "look");
}

const reached = ({ reachable }: Checkup) =>
  line(
    "The server",
    reachable,
    ["It answers.", "It does not answer."],
    "Look whether other pages open. If they do, tell whoever runs the server.",
  );

function clock({ aheadMs }: Checkup): Line[] {
  if (aheadMs === null) return [];
  const apart = Math.round(Math.abs(aheadMs) / 60_000);
  const words = `This computer’s clock is ${apart} minutes ${aheadMs > 0 ? "ahead of" : "behind"} the server’s. Posts may be refused.`;
  const todo = "Set the clock to be right by itself, in the settings. If it is right already, tell whoever runs the server.";
  return [line("The clock", Math.abs(aheadMs) < MOST_APART_MS, ["It agrees with the server’s.", words], todo)];
}

async function offline(): Promise<Line> {
  const found = await navigator.serviceWorker?.getRegistration("/").catch(() => undefined);
  const no = "The app does not open without a network here, as in some private windows.";
  const words: [string, string] = ["The app opens without a network too.", no];
  const todo = "Open this page again in a minute. If it still says so, the app works all the same, with a network.";
  return line("Without a network", found !== undefined, words, todo, "look");
}

/** No browser tells a page whether its window is private: little room, and no promise, are all that there is to see. */
function ordinary(): Line {
  const name = "An ordinary window";
  const small = room.value !== null && room.value.most < LEAST_QUOTA_BYTES;
  const no = "This may be a private window, or one that is wiped when it closes. A page cannot tell for certain.";
  const todo =
    "Use an ordinary window. If your keys are gone after the browser was closed, your computer wipes it: keep your key file " +
    "where it is not wiped, and choose “this is a shared computer”.";
  const yes = "It looks like one. A page cannot tell for certain: if your keys are gone tomorrow, it is wiped when it closes.";
  return line(name, !small, [yes, no], todo, "look");
}

/** Make a field as the app makes those for private words, and look what the browser makes of it. */
function fields(): Line {
  const field = document.createElement("textarea");
  field.setAttribute("spellcheck", "false");
  field.setAttribute("autocomplete", "off");
  field.setAttribute("writingsuggestions", "false");
  const knows = !field.spellcheck && field.autocomplete === "off" && document.documentElement.translate === false;
  const words: [string, string] = [
    "Fields for private words ask the browser not to check spelling, suggest or translate. Extensions need not listen.",
    "The browser does not heed that fields for private words are not to be checked or translated.",
  ];
  return line("What is typed stays here", knows, words, `${IT} to switch off spell checking over the internet, and translation.`, "look");
}

async function passkeys(): Promise<Line> {
  const name = "Unlocking by touch (not needed)";
  const kinds = globalThis.PublicKeyCredential as unknown as
    | { getClientCapabilities?(): Promise<Record<string, boolean>>; isUserVerifyingPlatformAuthenticatorAvailable?(): Promise<boolean> }
    | undefined;
  const has = await kinds?.isUserVerifyingPlatformAuthenticatorAvailable?.().catch(() => false);
  const able = await kinds?.getClientCapabilities?.().catch(() => null);
  // Older ones do not say; it is found out when a passkey is added.
  const works = has === true && able?.["extension:prf"] !== false;
  const words: [string, string] = ["This device can unlock the app by finger, face or PIN.", "This device cannot unlock the app by touch."];
  return line(name, works, words, "Nothing: the passphrase always works.", "look");
}

function notices(): Line {
  const name = "Notices (not needed)";
  const can = "Notification" in globalThis && "PushManager" in globalThis && Notification.permission !== "denied";
  const words: [string, string] = ["They can be switched on under Me.", "The browser shows none, or they were refused for this address."];
  return line(name, can, words, "Only if you want them: allow them for this address in the browser’s settings.", "look");
}
