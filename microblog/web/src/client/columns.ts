// The columns of a chronology, and the words in them: what is exported is read back by these.

import type { Chronology, Field } from "./shown-rows.ts";

export interface Heading {
  readonly field: Field | ""; // empty: it says again what others say, and is not brought in
  readonly title: string;
  readonly sort: Chronology["columns"][number]["sort"]; // a date or moment is as precise as its cell
}

export const COLUMNS: readonly Heading[] = [
  heading("number", "Number", "number"),
  heading("date", "Date", "moment"),
  heading("posted", "Posted", "moment"), // of a row brought in, when its original was: its `written`
  heading("", "About", "text"),
  heading("agency", "Agency", "text"),
  heading("who", "Who", "text"),
  heading("job", "Job", "text"),
  heading("kind", "Kind", "text"),
  heading("", "Standing", "text"),
  heading("sure", "How sure", "text"),
  heading("scale", "Scale: 0 not safe, 10 safe enough to close", "number"),
  heading("side", "Working well or worried", "text"),
  heading("outcome", "Outcome", "text"),
  heading("text", "Text", "text"),
  heading("source", "Source", "text"),
  heading("reason", "Reason", "text"),
  heading("review", "Review date", "date"),
  heading("answers", "Answers", "text"), // the number of the row that it answers
  heading("how", "How", "text"),
  heading("remarks", "Remarks", "text"),
  heading("", "Brought in by", "text"),
  heading("id", "Id", "text"),
];

// What is stored on the left, what a chronology says on the right.

export const KINDS: ReadonlyMap<string, string> = new Map([
  ["hunch", "Hunch"],
  ["observation", "Observation"],
  ["told", "Told"],
  ["words", "Child's words"],
  ["records", "From records"],
  ["visit", "Visit"],
  ["decision", "Decision"],
]);

export const STANDINGS: ReadonlyMap<string, string> = new Map([
  ["hunch", "Opinion"],
  ["observation", "Seen or heard by the writer"],
  ["told", "Told by someone else"],
  ["words", "The child's own words"],
  ["records", "From a record"],
  ["visit", "A visit or attempt"],
  ["decision", "A decision"],
]);

export const SURES: ReadonlyMap<string, string> = new Map([
  ["niggle", "Niggle"],
  ["fairly", "Fairly sure"],
  ["sure", "Sure"],
]);

export const SIDES: ReadonlyMap<string, string> = new Map([
  ["worried", "Worried"],
  ["well", "Working well"],
]);

export const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ["seen", "Seen"],
  ["alone", "Seen alone"],
  ["not-seen", "Not seen"],
  ["not-let-in", "Not let in"],
  ["nobody-in", "Nobody in"],
  ["not-brought", "Was not brought"],
]);

export const HOWS: ReadonlyMap<string, string> = new Map([
  ["same", "I see this too"],
  ["different", "I see it differently"],
  ["correction", "Correction"],
  ["copied", "Copied to the record"],
]);

// Among the remarks: what became of a post.

export const STATES: ReadonlyMap<string, string> = new Map([
  ["erased", "The words were erased: they had been put on the wrong child"],
  ["destroyed", "The words were destroyed for good"],
  ["void", "An entry that cannot be read"],
  ["withheld", "The server withholds the words"],
  ["waiting", "Sealed: this device has no key for it"],
]);

export const WITHDRAWN = "This post was withdrawn by ";

const DOT = "·";
const REMARKS = "[Remarks: ";
const POINTER = /^(Corrected|Seen differently) by number [0-9]+$/;

/** Return name, job and agency as one text, the `original` of a row brought in; empty if all are. */
export function joinOriginal(name: string, job: string, agency: string): string {
  const pieces = [name, job, agency];
  while (pieces.at(-1) === "") pieces.pop();
  return pieces.map((piece) => piece.replace(/[\\·]/g, "\\$&")).join(` ${DOT} `);
}

/** Return the name, job and agency in an `original`; one that was written otherwise is all name. */
export function splitOriginal(original: string): [name: string, job: string, agency: string] {
  const pieces = [""];
  for (const [token] of original.matchAll(/\\[\\·]| ?· ?|[^]/gu)) {
    if (token.includes(DOT) && !token.startsWith("\\") && pieces.length < 3) pieces.push("");
    else pieces.push(pieces.pop() + (token.length === 2 && token.startsWith("\\") ? token.slice(1) : token));
  }
  const [name = "", job = "", agency = ""] = pieces;
  return [name, job, agency];
}

/** Return a text with the remarks that stood beside it, as a row brought in keeps them. */
export function joinRemarks(text: string, remarks: string): string {
  const kept = lastingRemarks(remarks);
  // A text that ends like one with remarks gets empty ones, so that its own end stays its own.
  if (kept === "" && splitRemarks(text)[0] === text) return text;
  return `${text}${text === "" ? "" : "\n"}${REMARKS}${kept}]`;
}

/** Return a text as it was, and the remarks that stood beside it. */
export function splitRemarks(text: string): [text: string, remarks: string] {
  const line = text.lastIndexOf(`\n${REMARKS}`);
  const start = line >= 0 ? line + 1 : text.startsWith(REMARKS) ? 0 : -1;
  if (start < 0 || !text.endsWith("]")) return [text, ""];
  return [text.slice(0, Math.max(0, start - 1)), text.slice(start + REMARKS.length, -1)];
}

/** Return remarks but for those that point to a row by its number, which is another's in another place. */
export function lastingRemarks(remarks: string): string {
  return remarks.split("; ").filter((remark) => !POINTER.test(remark)).join("; ");
}

/** Return whether a row brought in did not stand any more when it was taken out of the stream that it came from. */
export function wasTakenBack({ row, text }: { row: string; text: string }): boolean {
  const remarks = row === "" ? [] : splitRemarks(text)[1].split("; ");
  const gone = [...STATES.values()];
  return remarks.some((remark) => remark.startsWith(WITHDRAWN) || gone.includes(remark));
}

function heading(field: Heading["field"], title: string, sort: Heading["sort"]): Heading {
  return { field, title, sort };
}
