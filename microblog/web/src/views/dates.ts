// Times and ages in words, in British English and the reader's own time zone.

import type { Child } from "../client/shown.ts";

export const DAY_MS = 86_400_000;
const clockFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
});
const dateFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
});
const monthFormat = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric" });

export function clock(ms: number): string {
  return clockFormat.format(ms);
}

export function date(ms: number): string {
  return dateFormat.format(ms);
}

/** "Today", "Yesterday", "Tuesday 6 October". */
export function day(ms: number, now = Date.now()): string {
  const ago = daysBetween(ms, now);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  return new Date(ms).getFullYear() === new Date(now).getFullYear()
    ? dayFormat.format(ms)
    : date(ms);
}

/** "today at 08:52", "19 days ago". */
export function ago(ms: number, now = Date.now()): string {
  const days = daysBetween(ms, now);
  if (days <= 0) return `today at ${clock(ms)}`;
  return days === 1 ? `yesterday at ${clock(ms)}` : `${days} days ago`;
}

/** When something will end: "17:00 today", "02:00 tomorrow", "09:00 on 3 May 2026". */
export function by(ms: number, now = Date.now()): string {
  const days = daysBetween(now, ms);
  if (days === 0) return `${clock(ms)} today`;
  return days === 1 ? `${clock(ms)} tomorrow` : `${clock(ms)} on ${date(ms)}`;
}

/** From when something has lasted: "16:40", "yesterday, 16:40", "3 May 2026, 16:40". */
export function since(ms: number, now = Date.now()): string {
  const days = daysBetween(ms, now);
  if (days <= 0) return clock(ms);
  return days === 1 ? `yesterday, ${clock(ms)}` : `${date(ms)}, ${clock(ms)}`;
}

/** A stored moment: a year, a month, a date, or a date and time. */
export function moment(text: string): string {
  const [whole = "", time] = text.split("T");
  const [year = 0, month, number] = whole.split("-").map(Number);
  if (!month) return whole;
  if (!number) return monthFormat.format(new Date(year, month - 1));
  const words = dateFormat.format(new Date(year, month - 1, number));
  return time ? `${words}, ${time}` : words;
}

/** When a stored moment was, for "how many days ago"; the start of a year or month. */
export function momentMs(text: string): number {
  const [whole = "", time = "00:00"] = text.split("T");
  const [year = 0, month = 1, number = 1] = whole.split("-").map(Number);
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return new Date(year, month - 1, number, hours, minutes).getTime();
}

/** "6 years", "14 months", "3 weeks", "due 3 December 2026"; empty where unknown. */
export function age(birth: Child["birth"], now = new Date()): string {
  if (birth.how === "unknown" || !birth.date) return "";
  if (birth.how === "due") return `due ${moment(birth.date)}`;
  const [year = 0, month, number] = birth.date.split("-").map(Number);
  if (!month) return `born ${year}`;
  let months = (now.getFullYear() - year) * 12 + now.getMonth() + 1 - month;
  if (number && now.getDate() < number) months -= 1;
  if (months >= 24) return plural(Math.floor(months / 12), "year");
  if (months >= 3 || !number) return plural(Math.max(months, 0), "month");
  const days = daysBetween(new Date(year, month - 1, number).getTime(), now.getTime());
  return plural(Math.max(Math.floor(days / 7), 0), "week");
}

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

function daysBetween(earlier: number, later: number): number {
  const noon = (ms: number) => new Date(ms).setHours(12, 0, 0, 0);
  return Math.round((noon(later) - noon(earlier)) / DAY_MS);
}
