// What the columns of a spreadsheet are, guessed from their titles: our own, and those that councils and schools use.

import { COLUMNS } from "./columns.ts";
import type { Column, Field, Table } from "./shown-rows.ts";

type Titles = readonly (readonly [field: Field, titles: string])[];

// As they are compared: in small letters, without signs. The first that fits is taken, and each field once.
const ROWS: Titles = [
  ["date", "date|date of contact|contact date|date of event|event date|date of incident|incident date|date of visit"],
  ["date", "visit date|date of note|note date|case note date|date of call|activity date|date of activity|start date"],
  ["date", "date and time|date time|date occurred|occurred|when|happened|when it happened|day"],
  ["time", "time|time of contact|contact time|time of event|event time|time of visit|visit time|start time"],
  ["text", "text|note|notes|case note|case notes|detail|details|description|narrative|summary|content|what happened"],
  ["text", "comment|comments|observation|observations|concern|concerns|account|information|entry|log entry|record|body"],
  ["kind", "kind|type|contact type|type of contact|event type|type of event|note type|case note type|entry type"],
  ["kind", "category|activity|activity type|method|method of contact|contact method"],
  ["source", "source|source of information|information from|told by|reported by|informant|referrer"],
  ["who", "who|worker|author|recorded by|written by|entered by|created by|completed by|staff|staff member|practitioner"],
  ["who", "professional|social worker|worker name|name of worker|staff name|author name|by"],
  ["job", "job|job title|role|position|profession|designation"],
  ["agency", "agency|team|agency team|organisation|organization|service|department|employer|setting"],
  ["reason", "reason|rationale|reason for decision"],
  ["review", "review date|review|date of review|next review"],
  ["outcome", "outcome|outcome of visit|visit outcome"],
  ["sure", "how sure|certainty"],
  ["scale", "scale|scaling|scaling question|safety scale"],
  ["posted", "posted|date recorded|recorded|recorded on|date entered|entered on|created|created on|date created"],
  ["posted", "date added|entry date|date of entry"],
  ["remarks", "remarks|remark"],
];
const CHILDREN: Titles = [
  ["name", "name|child|childs name|child name|name of child|full name|pupil|pupil name|household name"],
  ["first", "first name|forename|first names|forenames|given name|given names|christian name"],
  ["last", "last name|surname|family name"],
  ["known-as", "known as|also known as|aka|preferred name|other name|other names|alias|nickname"],
  ["birth", "date of birth|dob|d o b|birth date|birth|born|birthday|due date|born or due|date due|edd"],
  ["school", "school|nursery|school or nursery|nursery or school|current school|education setting|setting"],
  ["household", "household|lives in|lives with|household of|family"],
  ["sort", "sort|child or household|type"],
];

/** Return where in a table its titles are: the first row that is not empty; below 0: it is all empty. */
export function headingOf(table: Table): number {
  return table.findIndex((cells) => !isEmptyRow(cells));
}

/** Return whether nothing is in a row. */
export function isEmptyRow(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === "");
}

/** Return the columns of a table of posts. */
export function guessColumns(table: Table): Column[] {
  const own = new Map(COLUMNS.map(({ title, field }) => [plain(title), field]));
  return guess(table, own, ROWS);
}

/** Return the columns of a list of children and households. */
export function guessChildColumns(table: Table): Column[] {
  return guess(table, new Map(), CHILDREN);
}

function guess(table: Table, own: ReadonlyMap<string, Field | "">, known: Titles): Column[] {
  const titles = titlesOf(table);
  const fields: (Field | "")[] = titles.map(() => "");
  const free = new Set<number>();
  const taken = new Set<Field | "">();
  for (const [at, title] of titles.entries()) {
    const field = own.get(plain(title));
    if (field === undefined) free.add(at);
    else if (!taken.has(field)) fields[at] = field;
    if (field !== undefined && field !== "") taken.add(field);
  }
  for (const [field, words] of known) {
    for (const word of words.split("|")) {
      const at = [...free].find((one) => plain(titles[one] ?? "") === word);
      if (at === undefined || taken.has(field)) continue;
      fields[at] = field;
      taken.add(field);
      free.delete(at);
    }
  }
  return titles.map((title, at) => ({ title, field: fields[at] ?? "" }));
}

// As many as the widest row has cells: what stands beyond the titles is a column too.
function titlesOf(table: Table): string[] {
  const heading = headingOf(table);
  if (heading < 0) return [];
  const width = table.reduce((most, cells) => Math.max(most, lengthOf(cells)), 0);
  return Array.from({ length: width }, (_, at) => (table[heading]?.[at] ?? "").trim());
}

function lengthOf(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== "") + 1;
}

function plain(title: string): string {
  return title.toLowerCase().replace(/['’]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
}
