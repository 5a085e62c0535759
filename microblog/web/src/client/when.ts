// When something happened, and how far days lie apart: by the calendar and this device's own time, never by hours.
//
// A day is YYYY-MM-DD. A day is not always 24 hours long, so none is ever counted from a difference of times; and its
// number is worked out here, because a signed date may be one that no calendar of the machine's knows (year 0, 31 February).

import { compareText } from "./order.ts";
import type { When } from "./shown-picture.ts";
import type { Post } from "./shown.ts";

/** 9999-12-30, before any time zone ends: no time that is shown is later. */
export const LAST_MS = 253_402_128_000_000;

const DAY = "2026-01-01".length;
const MONTHS = 12;
const WEEK = 7;

/**
 * Return when something happened: as its writer said, or else when it was posted.
 *
 * Of a row brought in that does not say, it is not known, and the time of bringing it in says nothing.
 */
export function whenOf({ happened, row, time }: Pick<Post, "happened" | "row" | "time">): When {
  if (happened !== "") return { at: happened, ...spanOf(happened), posted: false };
  if (row !== "") return { at: "", first: "", last: "", posted: false };
  const at = localTime(time);
  return { at, ...spanOf(at), posted: true };
}

/** Order by the first day on which it may have been, then the last, then the time; what is not known comes last. */
export function compareWhen(a: When, b: When): number {
  if (a.first === "" || b.first === "") return Number(a.first === "") - Number(b.first === "");
  return (
    compareText(a.first, b.first) ||
    compareText(a.last, b.last) ||
    compareText(a.at.slice(DAY), b.at.slice(DAY))
  );
}

/** Return how many days after one day another is; below 0: before. */
export function daysBetween(from: string, to: string): number {
  return numberOf(to) - numberOf(from);
}

/** Return the day so many days later; below 0: earlier. */
export function addDays(day: string, count: number): string {
  return dayOf(numberOf(day) + count);
}

/** Return the Monday of a day's week. */
export function mondayOf(day: string): string {
  const number = numberOf(day);
  const past = number + 3; // day 0 is 1970-01-01, a Thursday
  return dayOf(number - (past - WEEK * Math.floor(past / WEEK)));
}

/** Return the day so many months before; where that month is shorter, its last. */
export function monthsBack(day: string, count: number): string {
  const [year, month, date] = partsOf(day);
  const months = Math.max(0, year * MONTHS + month - 1 - count);
  const [inYear, inMonth] = [Math.floor(months / MONTHS), (months % MONTHS) + 1];
  return textOf(inYear, inMonth, Math.min(date, daysIn(inYear, inMonth)));
}

/** Return the day it is on this device. */
export function today(now: number): string {
  return localTime(now).slice(0, DAY);
}

/** Return a time as posts write when something happened: local, to the minute; one beyond the calendar is its end. */
export function localTime(timeMs: number): string {
  const moment = new Date(Math.min(timeMs, LAST_MS));
  const day = textOf(moment.getFullYear(), moment.getMonth() + 1, moment.getDate());
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

// The days between which it lies; a day that is none, such as 31 February, is the last of its month.
function spanOf(at: string): { first: string; last: string } {
  const [year = 0, month = 0, date = 0] = at.slice(0, DAY).split("-").map(Number);
  if (month === 0) return { first: textOf(year, 1, 1), last: textOf(year, MONTHS, 31) };
  const end = daysIn(year, month);
  if (date === 0) return { first: textOf(year, month, 1), last: textOf(year, month, end) };
  const day = textOf(year, month, Math.min(date, end));
  return { first: day, last: day };
}

// Days since 1970-01-01. Years are counted from March, so that a leap day is a year's last.
function numberOf(day: string): number {
  const [year, month, date] = partsOf(day);
  const years = month <= 2 ? year - 1 : year;
  const era = Math.floor(years / 400);
  const inEra = years - 400 * era;
  const inYear = Math.floor((153 * ((month + 9) % MONTHS) + 2) / 5) + date - 1;
  const leaps = Math.floor(inEra / 4) - Math.floor(inEra / 100);
  return 146_097 * era + 365 * inEra + leaps + inYear - 719_468;
}

function dayOf(number: number): string {
  const days = number + 719_468;
  const era = Math.floor(days / 146_097);
  const inEra = days - 146_097 * era;
  const leaps = Math.floor(inEra / 1_460) - Math.floor(inEra / 36_524) + Math.floor(inEra / 146_096);
  const years = Math.floor((inEra - leaps) / 365);
  const inYear = inEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const march = Math.floor((5 * inYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  const date = inYear - Math.floor((153 * march + 2) / 5) + 1;
  return textOf(years + 400 * era + (month <= 2 ? 1 : 0), month, date);
}

function partsOf(day: string): [year: number, month: number, date: number] {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return [year, month, date];
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 31;
}

function textOf(year: number, month: number, date: number): string {
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
