// What was posted about one or several, a row each, in order of when it happened: never fewer rows out than posts in.

import {
  COLUMNS,
  HOWS,
  KINDS,
  lastingRemarks,
  OUTCOMES,
  SIDES,
  splitOriginal,
  splitRemarks,
  STANDINGS,
  STATES,
  SURES,
  wasTakenBack,
  WITHDRAWN,
} from "./columns.ts";
import { compareText } from "./order.ts";
import type { When } from "./shown-picture.ts";
import type { Chronology } from "./shown-rows.ts";
import type { Person, Post } from "./shown.ts";
import { compareWhen, localTime, whenOf } from "./when.ts";

const DAY = "2026-01-01".length;
const MONTHS = "January February March April May June July August September October November December".split(" ");
const NOT_HERE = "a post that is not in this chronology";

// A whole post, and its number in the chronology; 0: it is outside the dates.
interface Line {
  readonly post: Post;
  readonly when: When;
  readonly posted: string; // of a row brought in, when its original was
  number: number;
}

// What stands around a line: all there are by id, and those that answer a post, by its id.
interface Around {
  readonly names: ReadonlyMap<string, string>;
  readonly lines: ReadonlyMap<string, Line>;
  readonly answers: ReadonlyMap<string, readonly Line[]>;
}

/**
 * Return the chronology of whole posts, of streams named by log.
 *
 * Empty dates: from the beginning, until now. What nobody is sure when it happened is always in it, last; what is only
 * known to a month or a year, if it may lie between them.
 */
export function chronologyOf(
  posts: readonly Post[],
  names: ReadonlyMap<string, string>,
  { from, to }: { from: string; to: string },
): Chronology {
  const lines = posts.map(lineOf).sort(compareLines);
  const shown = lines.filter(({ when }) => isBetween(when, from, to));
  for (const [at, line] of shown.entries()) line.number = at + 1;
  const around = { names, lines: new Map(lines.map((line) => [line.post.id, line])), answers: answersIn(lines) };
  return {
    columns: COLUMNS.map(({ title, sort }) => ({ title, sort })),
    rows: shown.map((line) => ({
      log: line.post.log,
      seq: line.post.seq,
      cells: cellsOf(line, around),
    })),
    title: [...new Set(names.values())].join(", "),
    unchecked: 0,
  };
}

function lineOf(post: Post): Line {
  const posted = localTime(isBrought(post) ? post.written : post.time);
  return { post, when: whenOf(post), posted, number: 0 };
}

// By what its cells say first, so that rows that went out and come in again stand in the same order.
function compareLines(a: Line, b: Line): number {
  return (
    compareWhen(a.when, b.when) ||
    compareText(a.posted, b.posted) ||
    compareText(a.post.log, b.post.log) ||
    a.post.seq - b.post.seq
  );
}

function isBetween({ first, last }: When, from: string, to: string): boolean {
  if (first === "") return true;
  const early = last.slice(0, from.length) < from;
  const late = to !== "" && first.slice(0, to.length) > to;
  return !early && !late;
}

function answersIn(lines: readonly Line[]): Map<string, Line[]> {
  const found = new Map<string, Line[]>();
  for (const line of lines) {
    const { how, refers, state } = line.post;
    const [first] = refers;
    if (how === "" || first === undefined || state !== "shown" || wasTakenBack(line.post)) continue;
    found.set(first, [...(found.get(first) ?? []), line]);
  }
  return found;
}

// In the order of COLUMNS.
function cellsOf(line: Line, around: Around): string[] {
  const { post, when, posted, number } = line;
  const [who, job, agency] = writerOf(post);
  const [text] = isBrought(post) ? splitRemarks(post.text) : [post.text];
  // A row brought in without any words never had a kind: reading it back gave it one.
  const kind = isBrought(post) && text === "" && post.how === "" ? "" : post.kind;
  return [
    String(number),
    when.at,
    posted,
    around.names.get(post.log) ?? "",
    agency,
    who,
    job,
    KINDS.get(kind) ?? kind,
    STANDINGS.get(kind) ?? "",
    SURES.get(post.sure) ?? post.sure,
    post.scale,
    SIDES.get(post.side) ?? post.side,
    OUTCOMES.get(post.outcome) ?? post.outcome,
    text,
    post.source,
    post.reason,
    post.review,
    numbersOf(line, around).filter((one) => one > 0).join(", "),
    HOWS.get(post.how) ?? post.how,
    remarksOf(line, around),
    isBrought(post) ? `${personIn(post.author)}, ${sayDay(localTime(post.time))}` : "",
    post.id,
  ];
}

function numbersOf({ post }: Line, { lines }: Around): number[] {
  return post.refers.map((id) => lines.get(id)?.number ?? 0);
}

// What the words and marks do not say: what became of the post, and who answers it.
function remarksOf(line: Line, around: Around): string {
  const { post } = line;
  const [, kept] = isBrought(post) ? splitRemarks(post.text) : ["", ""];
  const lasting = lastingRemarks(kept);
  const known = new Set(lasting.split("; "));
  const own = [...becameOf(post), ...copiesOf(line, around)].filter((one) => !known.has(one));
  if (numbersOf(line, around).includes(0)) own.push(`Answers ${NOT_HERE}`);
  return [lasting, ...own, ...pointersOf(line, around)].filter((one) => one !== "").join("; ");
}

function becameOf(post: Post): string[] {
  const { withdrawn } = post;
  const why = withdrawn?.why ? `: ${onOneLine(withdrawn.why)}` : "";
  return [
    STATES.get(post.state) ?? "",
    withdrawn ? `${WITHDRAWN}${nameOf(withdrawn.by)} on ${sayDay(localTime(withdrawn.time))}${why}` : "",
    post.nudge ? "Supervisors were told" : "",
    post.doubtful ? "Signed by a device after it was lost" : "",
    post.oddTime ? "The time of posting looks wrong" : "",
    post.newer ? "Written with a newer version" : "",
  ].filter((one) => one !== "");
}

function copiesOf({ post }: Line, { answers }: Around): string[] {
  const copies = (answers.get(post.id) ?? []).filter((line) => line.post.how === "copied");
  return copies.map((line) => {
    const day = line.when.at === "" ? "" : ` on ${sayDay(line.when.at)}`;
    return `Copied to the record by ${onOneLine(writerOf(line.post)[0])}${day}`;
  });
}

function pointersOf({ post }: Line, { answers }: Around): string[] {
  return (answers.get(post.id) ?? []).flatMap(({ post: { how }, number }) => {
    const by = number > 0 ? `number ${number}` : NOT_HERE;
    if (how === "correction") return [`Corrected by ${by}`];
    return how === "different" ? [`Seen differently by ${by}`] : [];
  });
}

/** Return the name, job and agency of whoever first wrote a post: of a row brought in never who brought it. */
function writerOf(post: Post): [name: string, job: string, agency: string] {
  if (isBrought(post)) return splitOriginal(post.original);
  return [nameOf(post.author), post.author.job, post.author.agency];
}

function isBrought({ row }: Post): boolean {
  return row !== "";
}

function personIn(person: Person): string {
  return [nameOf(person), person.job, person.agency].filter((one) => one !== "").join(", ");
}

function nameOf({ name }: Person): string {
  return name || "name withheld";
}

// Remarks are one line: what is told apart by its first words must not begin one of its own.
function onOneLine(text: string): string {
  return text.replace(/[ \t\r\n]+/gu, " ");
}

/** "3 May 2026"; as much of it as a date has. */
export function sayDay(at: string): string {
  const [year = "", month, day] = at.slice(0, DAY).split("-");
  const named = month === undefined ? "" : `${MONTHS[Number(month) - 1] ?? month} `;
  return `${day === undefined ? "" : `${Number(day)} `}${named}${year}`;
}
