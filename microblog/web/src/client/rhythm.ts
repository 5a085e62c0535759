// How often something is written: posts in each week, and agencies that write less than they used to. Never a person.

import type { Said } from "./account.ts";
import { compareText } from "./order.ts";
import type { QuietAgency, Week } from "./shown-picture.ts";
import type { Post } from "./shown.ts";
import { addDays, daysBetween, mondayOf, today as dayOf } from "./when.ts";

/** So many weeks are shown at least, the present one among them. */
export const FEW_WEEKS = 12;

const MOST_WEEKS = 520;
const WEEK = 7;

const LEAST_DAYS = 4; // on which an agency posted, before it has a rhythm
const LEAST_QUIET = 21; // days
const TIMES_USUAL = 3;

/** Return the Monday from which weeks are counted: of the first post that has a date, and not too near or far. */
export function firstMonday(said: readonly Said[], today: string): string {
  const monday = mondayOf(today);
  const [near, far] = [FEW_WEEKS, MOST_WEEKS].map((weeks) => addDays(monday, -WEEK * (weeks - 1)));
  let first = near ?? monday;
  for (const { when } of said) if (when.first !== "" && when.first < first) first = when.first;
  return mondayOf(first < (far ?? "") ? (far ?? "") : first);
}

/** Return the posts in each week from a Monday until today, by the first day on which it may have happened. */
export function weeksOf(said: readonly Said[], start: string, today: string): Week[] {
  const weeks: Week[] = [];
  for (let monday = start; monday <= today; monday = addDays(monday, WEEK)) weeks.push({ monday, posts: 0 });
  for (const { when } of said) {
    const week = when.first < start ? undefined : weeks[Math.floor(daysBetween(start, when.first) / WEEK)];
    if (week !== undefined) week.posts += 1;
  }
  return weeks;
}

/** Return the agencies that have posted nothing for longer than is usual for them, by name. */
export function quietIn(shown: readonly Post[], today: string): QuietAgency[] {
  const found: QuietAgency[] = [];
  for (const [agencyId, { name, days }] of postingDays(shown, today)) {
    if (days.length < LEAST_DAYS) continue;
    const usual = median(days.slice(1).map((day, at) => daysBetween(days[at] ?? day, day)));
    const since = daysBetween(days.at(-1) ?? today, today);
    if (since <= Math.max(LEAST_QUIET, TIMES_USUAL * usual)) continue;
    found.push({ agencyId, name, days: since, usual: Math.floor(usual + 0.5) });
  }
  return found.sort((a, b) => compareText(a.name, b.name) || compareText(a.agencyId, b.agencyId));
}

// The days on which each agency wrote something here; what was brought in was written elsewhere.
function postingDays(
  shown: readonly Post[],
  today: string,
): Map<string, { name: string; days: string[] }> {
  const found = new Map<string, { name: string; days: string[] }>();
  for (const { author, row, time } of shown) {
    if (row !== "" || author.agencyId === "") continue;
    const days: string[] = found.get(author.agencyId)?.days ?? [];
    const day = dayOf(time);
    days.push(day < today ? day : today);
    found.set(author.agencyId, { name: author.agency, days });
  }
  for (const one of found.values()) one.days = [...new Set(one.days)].sort();
  return found;
}

function median(numbers: readonly number[]): number {
  const ordered = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(ordered.length / 2);
  const [low = 0, high = 0] = [ordered[Math.ceil(ordered.length / 2) - 1], ordered[half]];
  return (low + high) / 2;
}
