// A chronology on its way out: what of, between which days, why, and what is blacked out of it.
//
// It lives in the page alone, survives the blind, and is emptied by the lock.

import type { Signal } from "@preact/signals";

import type { Chronology, Proposed } from "../client/shown-rows.ts";
import type { Child } from "../client/shown.ts";
import { type Blacked, NOTHING_BLACK } from "./black-out.ts";
import { ask } from "./bridge.ts";
import { type DateParts, isLater, isWhole, NO_DATE, readDate } from "./date-parts.ts";
import { type Mistake, must } from "./form.ts";
import { childOf, draft, overview } from "./state.ts";

export type Format = "xlsx" | "csv" | "print";

export interface Typed {
  format: Format;
  logs: string[];
  from: DateParts;
  to: DateParts;
  why: string;
}

export interface Taking {
  format: Format;
  logs: string[];
  from: string;
  to: string;
  why: string;
  chronology: Chronology;
  proposed: Proposed[];
  blacked: Blacked;
  row: number; // where the walk stands; -1: not walking
  walked: number[]; // rows that were on the screen
  saved: string; // the file's name; of paper, "paper"
}

export const BLANK: Typed = { format: "xlsx", logs: [], from: NO_DATE, to: NO_DATE, why: "" };

/** What is under way for a child, or for all that I follow (empty). */
export function takingOf(log: string): Signal<Taking | null> {
  return draft<Taking | null>(`taking:${log}`, null);
}

/** Fetch what goes out. Nobody is told yet. */
export async function begin({ format, logs, why, ...days }: Typed): Promise<Taking> {
  const [from, to] = [readDate(days.from) ?? "", readDate(days.to) ?? ""];
  const chronology = await ask("chronology", { logs, from, to });
  const proposed = await ask("proposeBlacking", { logs, rows: chronology.rows });
  const rest = { chronology, proposed, blacked: NOTHING_BLACK, row: -1, walked: [] };
  return { format, logs, from, to, why: why.trim(), ...rest, saved: "" };
}

/** The streams that go out with a child's or household's own, if someone wants them. */
export function kinOf({ log, households, siblings, children }: Child): Child[] {
  const homes = households.filter(({ to }) => !to);
  const here = children.filter(({ to }) => !to);
  const logs = new Set([...homes, ...siblings, ...here].map((one) => one.log));
  logs.delete(log);
  return [...logs].map(childOf).filter((one) => one !== undefined).filter(mayTake);
}

/** All that I follow, by name. */
export function allMine(): Child[] {
  return (overview.value?.children ?? []).filter(mayTake);
}

export function mayTake({ myRole, waiting, trouble }: Child): boolean {
  return Boolean(myRole) && !waiting && !trouble;
}

/** How many people are told: each once, although on several teams. */
export function countTold(logs: readonly string[]): number {
  const members = logs.flatMap((log) => childOf(log)?.members ?? []);
  return new Set(members.map(({ person }) => person.id)).size;
}

/** No name in it: what a file is called is seen by whoever looks over a shoulder. */
export function fileName(log: string, format: string, today: string): string {
  return `${log === "" ? "streams" : `stream-${log.slice(0, 8)}`}-${today}.${format}`;
}

export function checkDays({ from, to, why }: Pick<Typed, "from" | "to" | "why">): Mistake[] {
  const [first, last] = [readDate(from), readDate(to)];
  const whole = (day: string | null) => day === "" || (day !== null && isWhole(day));
  return [
    ...must(whole(first), "from", "Enter a whole date, like 31 5 2026, or nothing"),
    ...must(!first || !isLater(first), "from", "Enter a day that has come"),
    ...must(whole(last), "to", "Enter a whole date, like 31 5 2026, or nothing"),
    ...must(!first || !last || first <= last, "to", "Enter a day that is not before the first"),
    ...must(why.trim() !== "", "why", "Say who asked for it and why"),
  ];
}
