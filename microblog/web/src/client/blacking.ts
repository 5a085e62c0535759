// What someone may want to black out of a chronology before it leaves: proposed, never decided.

import { encodeBase64url } from "../protocol/base64url.ts";
import { COLUMNS } from "./columns.ts";
import type { Session } from "./session.ts";
import type { ChronologyRow, Proposed } from "./shown-rows.ts";
import { eitherOf, HOUSE_IN_STREET, MAILBOX, PHONE, POSTCODE, TITLED } from "./telltales.ts";

// Where people write freely. The writers and their agencies stand in columns of their own.
const FREE = new Set(["text", "source", "reason", "remarks"]);

type Search = readonly [why: Proposed["why"], pattern: RegExp];

const SEARCHES: readonly Search[] = [
  ["phone", PHONE],
  ["address", HOUSE_IN_STREET],
  ["address", POSTCODE],
  ["address", MAILBOX],
  ["name", TITLED],
];

/** People's and households' names that may be blacked out, and those whom the chronology is about. */
export interface Names {
  readonly people: readonly string[];
  readonly households: readonly string[];
  readonly own: readonly string[];
}

/** Return what a person may want to black out of some rows, in the order in which it stands there. */
export function proposeBlacking(rows: readonly ChronologyRow[], names: Names): Proposed[] {
  const searches = [...SEARCHES, ...searchesFor(names)];
  const columns = COLUMNS.flatMap(({ field }, column) => (FREE.has(field) ? [column] : []));
  return rows.flatMap(({ cells }, row) =>
    columns.flatMap((column) =>
      spansIn(cells[column] ?? "", searches).map((span) => ({ row, column, ...span })),
    ),
  );
}

/** Return the names that I hold: of who works here, of children and households and their people. */
export function namesHeld({ directory, feeds }: Session, logs: readonly string[]): Names {
  const people = [...directory.persons.values()].map(({ name }) => name);
  const [households, own]: string[][] = [[], []];
  for (const feed of feeds.values()) {
    const about = feed.about();
    if (about === null) continue;
    const isOwn = logs.includes(encodeBase64url(feed.log)) && about.sort === "child";
    const whose = isOwn ? own : about.sort === "child" ? people : households;
    whose?.push(about.name, ...about.knownAs);
    people.push(...about.people.map(([name]) => name));
  }
  return { people, households: households ?? [], own: own ?? [] };
}

// Whole names however they are spelt, and each word of a person's that begins with a capital, as it is spelt.
function searchesFor({ people, households, own }: Names): Search[] {
  const kept = new Set(own.flatMap((name) => [name, ...wordsOf(name)]));
  const whole = [...people, ...households].filter((name) => name.includes(" ") && !kept.has(name));
  const words = people.flatMap(wordsOf).filter((word) => !kept.has(word));
  return [...searchFor(whole, "giu"), ...searchFor(words, "gu")];
}

function searchFor(words: readonly string[], flags: string): Search[] {
  const found = eitherOf(words, flags);
  return found === null ? [] : [["name", found]];
}

function wordsOf(name: string): string[] {
  return name.split(/[ ,]+/).filter((word) => /^\p{Lu}.{2}/u.test(word));
}

type Span = Pick<Proposed, "start" | "end" | "why">;

// In the order in which they stand, and none in another; two that overlap are one.
function spansIn(text: string, searches: readonly Search[]): Span[] {
  const found = searches.flatMap(([why, pattern]) =>
    [...text.matchAll(pattern)].map(({ 0: { length }, index }) => ({ why, start: index, end: index + length })),
  );
  const spans: Span[] = [];
  for (const span of found.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = spans.at(-1);
    if (last === undefined || span.start >= last.end) spans.push(span);
    else last.end = Math.max(last.end, span.end);
  }
  return spans;
}
