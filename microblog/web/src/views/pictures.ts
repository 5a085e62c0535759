// Where everything in a picture stands: days along, pixels across. Pure; it knows neither the document nor the clock.
//
// A day is a number, counted in whole days since 1970: no clock and no summer time can come between two of them.

import type { Mark, Picture, Thickness, Week } from "../client/shown-picture.ts";

/** From the beginning of one day to the beginning of another. */
export interface Range {
  from: number;
  to: number;
}

export type Step = "week" | "quarter" | "year" | "all";

/** A mark in its place; one whose date is a month or a year has the stretch in which it lies, too. */
export interface Placed {
  mark: Mark;
  x: number;
  stretch: [from: number, to: number] | null;
}

/** One mark; or several that stand too close to be told apart. Of those a visit that failed is never counted with the rest. */
export interface Group {
  x: number;
  failed: Mark[];
  others: Mark[];
}

export interface Bar {
  x: number;
  width: number;
  height: number;
  posts: number;
}

/** How many posts of a week were marked so. */
export interface Sides {
  monday: string;
  well: number;
  worried: number;
}

/** From one visit that saw the child to the next, or to now. `failed`: how many between them did not. */
export interface Unseen {
  from: number;
  to: number;
  failed: number;
}

export interface Tick {
  x: number;
  text: string;
}

/** Half a mark, so that one at either end is whole. */
export const EDGE = 9;
/** Closer than this, from middle to middle, two marks run into each other. */
export const APART = 20;
export const WEEK_DAYS = 7;
/** A date further back is a slip of the pen, and would squeeze all others into one spot. */
const LONGEST_DAYS = 40 * 365;
/** So many posts a week, at least, make a bar of full height: a post now and then is to look like no more than that. */
const CALM = 4;
const TICK_APART = 46;
const DAY_MS = 86_400_000;

// What is signed may be a day that no calendar has, such as 31 February: it counts on from the first of the month.
export function dayNumber(day: string): number {
  const [year = 0, month = 1, number = 1] = day.slice(0, 10).split("-").map(Number);
  return Math.round(Date.UTC(year, month - 1, number) / DAY_MS);
}

export function dayOf(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** Return the same day so many months earlier, or the last of that month if it is shorter. */
export function monthsBefore(day: number, months: number): number {
  const [year = 0, month = 0, number = 0] = dayOf(day).split("-").map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return Math.round(Date.UTC(year, month - 1 - months, Math.min(number, last)) / DAY_MS);
}

/** Return all the time that a picture is of: to the end of today, and not further back than forty years. */
export function wholeOf({ marks, thickness, today }: Picture): Range {
  const to = dayNumber(today) + 1;
  const firsts = [
    ...marks.map(({ when: { first } }) => first),
    ...thickness.map(({ weeks: [first] }) => first?.monday ?? ""),
  ];
  const known = firsts.filter(Boolean).map(dayNumber).filter((day) => day > to - LONGEST_DAYS);
  return { from: Math.min(to - WEEK_DAYS, ...known), to };
}

/** Return the newest week, three months or year; or all. */
export function rangeOf(step: Step, whole: Range): Range {
  const { to } = whole;
  switch (step) {
    case "week":
      return { from: to - WEEK_DAYS, to };
    case "quarter":
      return { from: monthsBefore(to, 3), to };
    case "year":
      return { from: monthsBefore(to, 12), to };
    case "all":
      return whole;
  }
}

/** Return the range made longer or shorter by a factor about a place in it, 0 to 1; never shorter than a week. */
export function zoomed(range: Range, factor: number, about: number, whole: Range): Range {
  const span = range.to - range.from;
  const longest = Math.max(whole.to - whole.from, span);
  const next = Math.min(Math.max(span * factor, WEEK_DAYS), longest);
  const from = range.from + (span - next) * about;
  return kept({ from, to: from + next }, whole);
}

/** Return the range before or after; half of it stays in sight. */
export function moved(range: Range, way: -1 | 1, whole: Range): Range {
  const by = (way * (range.to - range.from)) / 2;
  return kept({ from: range.from + by, to: range.to + by }, whole);
}

// Never past today; never before the first, but by a range that is longer than all there is.
function kept({ from, to }: Range, whole: Range): Range {
  const span = to - from;
  const start = Math.max(Math.min(from, whole.to - span), Math.min(whole.from, whole.to - span));
  return { from: start, to: start + span };
}

/** Return where a moment in days stands on a plot of so many pixels. */
export function across({ from, to }: Range, width: number): (day: number) => number {
  return (day) => EDGE + ((day - from) / (to - from)) * (width - 2 * EDGE);
}

/** Return the marks of which some lies in the range, in their places. Those not sure when have none. */
export function placed(marks: readonly Mark[], range: Range, width: number, today: number): Placed[] {
  const x = across(range, width);
  return marks.flatMap((mark): Placed[] => {
    const { first, last, at } = mark.when;
    if (!first) return [];
    const start = dayNumber(first);
    // What is said to have been this year was not after today.
    const end = Math.max(Math.min(dayNumber(last), today), start) + 1;
    if (end <= range.from || start >= range.to) return [];
    if (first === last) return [{ mark, x: x(start + timeOf(at)), stretch: null }];
    const [from, to] = [Math.max(start, range.from), Math.min(end, range.to)];
    return [{ mark, x: x((from + to) / 2), stretch: [x(from), x(to)] }];
  });
}

/** Return the part of a day that a moment is at; the middle where nobody said. */
function timeOf(at: string): number {
  const [hours, minutes] = (at.split("T")[1] ?? "12:00").split(":").map(Number);
  return ((hours ?? 12) * 60 + (minutes ?? 0)) / (24 * 60);
}

/** Return the groups of a lane: no two stand closer than marks can be told apart. */
export function groupsOf(inLane: readonly Placed[], apart = APART): Group[] {
  const groups: Group[] = [];
  const ordered = [...inLane].sort((a, b) => a.x - b.x);
  for (const { mark, x } of ordered) {
    let last: Group = { x, failed: mark.failed ? [mark] : [], others: mark.failed ? [] : [mark] };
    // A group that takes one in moves, and may come too close to the one before.
    for (let before = groups.at(-1); before && last.x - before.x < apart; before = groups.at(-1)) {
      groups.pop();
      last = joined(before, last);
    }
    groups.push(last);
  }
  return groups;
}

function joined(a: Group, b: Group): Group {
  const [inA, inB] = [sizeOf(a), sizeOf(b)];
  return {
    x: (a.x * inA + b.x * inB) / (inA + inB),
    failed: [...a.failed, ...b.failed],
    others: [...a.others, ...b.others],
  };
}

export function sizeOf({ failed, others }: Group): number {
  return failed.length + others.length;
}

/** Return the marks that have no place on the line: a date that is not known, or that lies beyond it. */
export function offLine(marks: readonly Mark[], whole: Range): { undated: Mark[]; beyond: Mark[] } {
  const beyond = ({ when: { first, last } }: Mark) =>
    first !== "" && (dayNumber(last) < whole.from || dayNumber(first) >= whole.to);
  return { undated: marks.filter(({ when }) => !when.first), beyond: marks.filter(beyond) };
}

/** Return the stretches to be drawn, each once. */
export function stretchesOf(inLane: readonly Placed[]): [number, number][] {
  const found = new Map<string, [number, number]>();
  for (const { stretch } of inLane) if (stretch) found.set(stretch.join(), stretch);
  return [...found.values()];
}

/** Return the most posts in a week that lies in the range: all rows are drawn to it, so that they can be compared. */
export function mostIn(thickness: readonly Thickness[], range: Range): number {
  const shown = thickness.flatMap(({ weeks }) => weeksIn(weeks, range));
  return Math.max(0, ...shown.map(({ posts }) => posts));
}

export function weeksIn(weeks: readonly Week[], range: Range): Week[] {
  return weeks.filter(({ monday }) => {
    const start = dayNumber(monday);
    return start + WEEK_DAYS > range.from && start < range.to;
  });
}

/** Return the bars of the weeks in the range; one of `most` posts has all the height, unless they are few. */
export function barsOf(
  weeks: readonly Week[],
  range: Range,
  [width, height]: [number, number],
  most: number,
): Bar[] {
  const x = across(range, width);
  return weeksIn(weeks, range).map(({ monday, posts }) => {
    const start = Math.max(dayNumber(monday), range.from);
    const end = Math.min(dayNumber(monday) + WEEK_DAYS, range.to);
    const wide = x(end) - x(start);
    const gap = wide > 5 ? 1.5 : 0;
    return {
      x: x(start) + gap / 2,
      width: wide - gap,
      height: (posts / Math.max(most, CALM)) * height,
      posts,
    };
  });
}

/** Return the weeks in the range of which some post is marked working well or worried. */
export function sidesIn(marks: readonly Mark[], range: Range): Sides[] {
  const weeks = new Map<string, Sides>();
  for (const { side, when } of marks) {
    if (!when.first || (side !== "well" && side !== "worried")) continue;
    const monday = mondayOf(dayNumber(when.first));
    if (monday + WEEK_DAYS <= range.from || monday >= range.to) continue;
    const week = weeks.get(dayOf(monday)) ?? { monday: dayOf(monday), well: 0, worried: 0 };
    week[side] += 1;
    weeks.set(week.monday, week);
  }
  return [...weeks.values()].sort((a, b) => a.monday.localeCompare(b.monday));
}

function mondayOf(day: number): number {
  const past = (day + 3) % WEEK_DAYS; // day 0 is a Thursday
  return day - (past < 0 ? past + WEEK_DAYS : past);
}

/**
 * Return the stretches in which the child was not seen although somebody tried, and the one that lasts until today.
 *
 * What only names a month or year is not set between others.
 */
export function unseenIn(marks: readonly Mark[], today: number): Unseen[] {
  const visits = marks.filter(({ kind, when: { first, last } }) => kind === "visit" && first && first === last);
  const found: Unseen[] = [];
  let open: Unseen | null = null;
  for (const { outcome, failed, when } of visits) {
    const day = dayNumber(when.first);
    if (failed && open) open.failed += 1;
    if (!SEEN.includes(outcome)) continue;
    if (open && open.failed > 0) found.push({ ...open, to: day });
    open = { from: day, to: today, failed: 0 };
  }
  return open ? [...found, open] : found;
}

/** The outcomes of a visit that saw the child. */
export const SEEN = ["seen", "alone"];

/** Return what stands along the foot: days, Mondays, months, quarters or years, as many as can be read. */
export function ticksOf(range: Range, width: number): Tick[] {
  const x = across(range, width);
  const dayWide = (width - 2 * EDGE) / (range.to - range.from);
  const [, kind] = KINDS_OF_TICK.find(([days]) => days * dayWide >= TICK_APART) ?? KINDS_OF_TICK.at(-1)!;
  const found: Tick[] = [];
  for (let day = Math.ceil(range.from); day < range.to; day++) {
    const text = kind(new Date(day * DAY_MS));
    // One that would run over the edge is left out, and not cut.
    if (text && x(day) <= width - TICK_APART / 2) found.push({ x: x(day), text });
  }
  return found;
}

const format = (options: Intl.DateTimeFormatOptions) => {
  const made = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  return (date: Date) => made.format(date);
};
const weekday = format({ weekday: "short", day: "numeric" });
const monday = format({ day: "numeric", month: "short" });
const month = format({ month: "short" });

/** The year in place of its first month: it says both. */
function everyMonths(count: number): (date: Date) => string {
  return (date) => {
    if (date.getUTCDate() !== 1 || date.getUTCMonth() % count !== 0) return "";
    return date.getUTCMonth() === 0 ? String(date.getUTCFullYear()) : month(date);
  };
}

function everyYears(count: number): (date: Date) => string {
  return (date) => (date.getUTCFullYear() % count === 0 ? everyMonths(12)(date) : "");
}

const KINDS_OF_TICK: [days: number, text: (date: Date) => string][] = [
  [1, weekday],
  [7, (date) => (date.getUTCDay() === 1 ? monday(date) : "")],
  [28, everyMonths(1)],
  [90, everyMonths(3)],
  [365, everyYears(1)],
  [1826, everyYears(5)],
  [3652, everyYears(10)],
];

/** Return the height of a point on the scale: 0, not safe, is the bottom line. Null: it is no number of the scale. */
export function scaleY(scale: string, height: number): number | null {
  if (!/^([0-9]|10)$/.test(scale)) return null;
  return height - (Number(scale) / 10) * height;
}
