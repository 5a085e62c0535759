// What stands in words beside a child's name: who is worried, how many tell it, and visits that did not see the child.

import type { Attempt, Concern } from "../client/shown-picture.ts";
import { list, OUTCOMES, say } from "./words.ts";

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const figures = new Intl.NumberFormat("en-GB");

/** "three", "11", "1,200". */
export function number(count: number): string {
  return NUMBERS[count] ?? figures.format(count);
}

const TRIED: Record<string, (which: string, many: boolean) => string> = {
  "not-let-in": (which, many) => `${which} ${many ? "were" : "was"} not let in`,
  "not-seen": (which) => `${which} did not see the child`,
  "nobody-in": (which) => `nobody was in at ${which}`,
  "not-brought": (which, many) => `the child was not brought ${many ? which.replace("visits", "times") : "the last time"}`,
};

/** "the last two visits were not let in"; where they differ, each with how often. */
export function triesWords(attempts: readonly Pick<Attempt, "outcome">[]): string {
  const many = attempts.length > 1;
  const which = many ? `the last ${number(attempts.length)} visits` : "the last visit";
  const counts = new Map<string, number>();
  for (const { outcome } of attempts) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const [[outcome = ""] = []] = [...counts];
  const alike = counts.size === 1 && TRIED[outcome];
  if (alike) return alike(which, many);
  const each = [...counts].map(([one, count]) => `${say(OUTCOMES, one).toLowerCase()} ${times(count)}`);
  return `${which} did not see the child: ${list(each)}`;
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${number(count)} times`;
}

/** "Three people are worried this fortnight". */
export function concernTitle({ sort, people }: Concern): string {
  const what = sort === "worried" ? "are worried" : "see the same";
  return `${capital(number(people.length))} people ${what} this fortnight`;
}

/** How many separate people: three voices through one agency are three. */
export function separate(tellers: number): string {
  return tellers === 1 ? "one person" : `${number(tellers)} separate people`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
