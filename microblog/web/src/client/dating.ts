// Dates and times as people write them here: the day comes first.

import { addDays } from "./when.ts";

/** What a cell says: `at` as a post says when something happened, or what is `wrong`, as the end of a sentence. */
export interface Dated {
  readonly at: string;
  readonly wrong: string;
}

// A date's year, month and day as they were written, and what stands after it.
type Written = readonly [year: string, month: string, day: string, rest: string];

const MONTHS = [
  ...["january", "february", "march", "april", "may", "june"],
  ...["july", "august", "september", "october", "november", "december"],
];
const EARLIEST = 1900;
const NOBODY_KNOWS = ["", "not sure when", "not known", "unknown"];
const NO_DATE = "that is not a date that can be read";

const WEEKDAY = /^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?[, ]+/;
const YEAR_FIRST = /^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])(.*)$/;
const DAY_FIRST = /^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})(?![0-9])(.*)$/;
const DAY_NAMED = /^([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*(?:of )?([a-z]{3,9})[-/., ]*([0-9]{4}|[0-9]{2})(?![0-9])(.*)$/;
const MONTH_NAMED = /^([a-z]{3,9})[-. ]*([0-9]{1,2})(?:st|nd|rd|th)?[, ]+([0-9]{4})(?![0-9])(.*)$/;
const MONTH_ONLY = /^([a-z]{3,9})[-/., ]*'?([0-9]{4}|[0-9]{2})$/;
const MONTH_NUMBER = /^([0-9]{1,2})[-/.]([0-9]{4})$/;
const YEAR_MONTH = /^([0-9]{4})[-/.]([0-9]{1,2})$/;
const YEAR_ONLY = /^[0-9]{4}$/;

const CLOCK = /^([0-9]{1,2})[:.]([0-9]{2})(?:[:.][0-9]{2}(?:\.[0-9]+)?)? ?(am|pm|hrs|h)?$/;
const HOUR = /^([0-9]{1,2})() ?(am|pm)$/;
const BEFORE_CLOCK = /^(?:t| at |[ ,]+)/;
const FOUR = /^([0-9]{2})([0-9]{2})() ?(?:hrs|h)?$/;

/**
 * Return when a cell says that something was; nothing, if it is empty or says that nobody knows.
 *
 * Nothing may be later than the day `latest`, and of two digits the year is the last such one up to it.
 */
export function readDate(cell: string, latest: string): Dated {
  const text = plain(cell).replace(WEEKDAY, "");
  if (NOBODY_KNOWS.includes(text)) return { at: "", wrong: "" };
  const written = dayIn(text);
  return written === null ? readMonth(text, latest) : readDay(written, latest);
}

/** Return a time of day as HH:MM; empty: it is none. */
export function readClock(cell: string): string {
  const text = plain(cell);
  const found = CLOCK.exec(text) ?? HOUR.exec(text) ?? FOUR.exec(text);
  if (found === null) return "";
  const [, hours = "", minutes = "", half = ""] = found;
  const isTwelve = half === "am" || half === "pm";
  const hour = isTwelve ? (Number(hours) % 12) + (half === "pm" ? 12 : 0) : Number(hours);
  const isHour = isTwelve ? Number(hours) >= 1 && Number(hours) <= 12 : hour < 24;
  return isHour && Number(minutes) < 60 ? `${two(hour)}:${two(Number(minutes))}` : "";
}

function dayIn(text: string): Written | null {
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst !== null) return [yearFirst[1]!, yearFirst[2]!, yearFirst[3]!, yearFirst[4]!];
  const dayFirst = DAY_FIRST.exec(text) ?? DAY_NAMED.exec(text);
  if (dayFirst !== null) return [dayFirst[3]!, dayFirst[2]!, dayFirst[1]!, dayFirst[4]!];
  const monthFirst = MONTH_NAMED.exec(text);
  return monthFirst && [monthFirst[3]!, monthFirst[1]!, monthFirst[2]!, monthFirst[4]!];
}

function readDay([years, months, days, rest]: Written, latest: string): Dated {
  const month = monthOf(months);
  const day = Number(days);
  if (month < 0) return wrong(NO_DATE);
  if (month < 1 || month > 12) return wrong(`day first: there is no month ${month}`);
  const build = (year: number) => `${four(year)}-${two(month)}-${two(day)}`;
  const date = build(yearOf(years, (year) => build(year) <= latest));
  if (day === 0 || addDays(date, 0) !== date) return wrong(`${nameOf(month)} ${date.slice(0, 4)} has no day ${day}`);
  const time = rest.replace(BEFORE_CLOCK, "");
  const clock = readClock(time);
  if (clock === "" && time !== "") return wrong(`“${time}” is not a time that can be read`);
  return bounded(clock === "" ? date : `${date}T${clock}`, latest);
}

function readMonth(text: string, latest: string): Dated {
  if (YEAR_ONLY.test(text)) return bounded(text, latest);
  const yearFirst = YEAR_MONTH.exec(text);
  const found = MONTH_ONLY.exec(text) ?? MONTH_NUMBER.exec(text);
  const years = yearFirst?.[1] ?? found?.[2];
  const month = monthOf(yearFirst?.[2] ?? found?.[1] ?? "");
  if (years === undefined || month < 0) return wrong(NO_DATE);
  if (month < 1 || month > 12) return wrong(`there is no month ${month}`);
  const year = yearOf(years, (one) => `${four(one)}-${two(month)}` <= latest);
  return bounded(`${four(year)}-${two(month)}`, latest);
}

function bounded(at: string, latest: string): Dated {
  if (Number(at.slice(0, 4)) < EARLIEST) return wrong(`the year ${at.slice(0, 4)} is too long ago`);
  const day = at.slice(0, "2026-01-01".length);
  return day > latest.slice(0, day.length) ? wrong("that is still to come") : { at, wrong: "" };
}

function wrong(words: string): Dated {
  return { at: "", wrong: words };
}

// Its number; below 0: it is none.
function monthOf(text: string): number {
  if (/^[0-9]+$/.test(text)) return Number(text);
  if (text === "sept") return 9;
  return MONTHS.findIndex((month) => text.length >= 3 && month.startsWith(text)) + 1 || -1;
}

function yearOf(text: string, isPast: (year: number) => boolean): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return isPast(2000 + year) ? 2000 + year : 1900 + year;
}

function nameOf(month: number): string {
  const name = MONTHS[month - 1] ?? "";
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

// As it is compared: in small letters, with one space between words.
function plain(cell: string): string {
  const text = cell.replace(/[ \t\r\n\u00a0]+/g, " ").replace(/^ | $/g, "");
  return text.toLowerCase().replace(/([ap])\.m\.?/g, "$1m");
}

function four(year: number): string {
  return String(year).padStart(4, "0");
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
