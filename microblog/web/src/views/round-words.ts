// What is said of round-ups: since when, how many, and what became of a mail.

import type { Notices } from "../client/shown-hand.ts";
import type { MailState, RoundUp } from "../client/shown-rounds.ts";
import { ago, plural } from "./dates.ts";
import type { Word } from "./words.ts";

export const WEEKDAYS: Word[] = [
  ...["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
].map((label, day) => ({ value: String(day), label, hint: "" }));

const MONDAY = 1;
const HOUR_MS = 3_600_000;

interface Since {
  value: string;
  label: string;
  said: string; // after "posted"
  ask: { days: number; unread: boolean };
}

export const UNREAD = "unread";

export const SINCES: Since[] = [
  { value: "1", label: "Yesterday", said: "since yesterday", ask: { days: 1, unread: false } },
  { value: "3", label: "Three days ago", said: "in three days", ask: { days: 3, unread: false } },
  { value: "7", label: "A week ago", said: "in a week", ask: { days: 7, unread: false } },
  { value: UNREAD, label: "All I have not read", said: "that you have not read", ask: { days: 0, unread: true } },
];

/** Yesterday; on a Monday the weekend, too. */
export function usualSince(now = new Date()): string {
  return now.getDay() === MONDAY ? "3" : "1";
}

export function sinceOf(value: string): Since {
  return SINCES.find((one) => one.value === value) ?? SINCES[0]!;
}

/** "4 posts by others on 2 streams, 1 nudge." */
export function sayCounts({ children, posts, nudges }: RoundUp): string {
  const streams = children.filter(({ lines }) => lines.some(({ mine }) => !mine)).length;
  const counted = `${plural(posts, "post")} by others on ${plural(streams, "stream")}`;
  return `${counted}${nudges > 0 ? `, ${plural(nudges, "nudge")}` : ""}.`;
}

/** What became of a mail, what that means and what to do. */
export function sayMail({ state, code, tries, time }: MailState): [what: string, next: string] {
  const said = code === 0 ? "the mail server could not be reached" : `the mail server answered ${code}`;
  const when = `${plural(tries, "try", "tries")}, the last ${ago(time)}`;
  if (state === "waiting") {
    const who = code === 0 ? "Whoever runs the server should look, if it lasts." : "Nobody has to do anything yet.";
    return [`Not sent yet: ${said} (${when}).`, `It is tried again by itself for three days. ${who}`];
  }
  const next =
    code === 0
      ? "Tell whoever runs the server."
      : "Ask them whether their work email is right: they change it under Me. If it is, show this line to whoever looks after the mail.";
  return [`Given up: ${said} (${when}).`, `What was in it is counted in their next one. ${next}`];
}

/** What to say if nobody looks after the mails any more; empty: somebody does. */
export function sayUnlooked(looked: number, now = Date.now()): string {
  if (looked === 0) return "Round-ups have never been sent from this server.";
  return now - looked > HOUR_MS ? `Nothing has been mailed, or tried, since ${ago(looked, now)}.` : "";
}

/** Say how notices on this device fare: in passing, and what is wrong with them. */
export function sayNotices({ looked, tries, sent, tried }: Notices, now = Date.now()): { said: string; trouble: string } {
  const trouble =
    looked === 0 || now - looked > HOUR_MS
      ? `The server ${looked === 0 ? "has never looked" : `last looked ${ago(looked, now)}`} whether anything is new: tell whoever runs it.`
      : tries > 0
        ? `The push service has not taken the newest notice yet (${plural(tries, "attempt")}). It is tried again.`
        : "";
  const said = sent === 0 && tried === 0 && trouble === "" ? "Nothing new has come since." : "";
  return { said, trouble };
}
