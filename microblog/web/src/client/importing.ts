// A spreadsheet's rows as posts, before anything is sent (PROTOCOL.md 7.6): pure but for taking turns.
//
// Every row but the empty ones becomes a post, or is bad for a reason that names the column: none is lost. A word that a
// column of ours does not know, such as "Telephone call" for a kind, stays as a line of the text.

import { encode } from "../protocol/encoding.ts";
import { SCALES, type Post } from "../protocol/post.ts";
import { hashLabelled } from "../protocol/primitives.ts";
import { Bad, Cells, foldName } from "./cells.ts";
import { HOWS, joinOriginal, joinRemarks, KINDS, OUTCOMES, SIDES, SURES } from "./columns.ts";
import { cutPost } from "./cutting.ts";
import { readClock, readDate } from "./dating.ts";
import { guessColumns, headingOf, isEmptyRow } from "./guessing.ts";
import { Pace } from "./pace.ts";
import type { BadRow, Column, Field, Table } from "./shown-rows.ts";
import { addDays, today } from "./when.ts";
import { NOTHING } from "./writing.ts";

/** A row that can be brought in: what it is recognised by, the posts it becomes, and what it answers. */
export interface Row {
  readonly row: number; // as a spreadsheet counts them, from 1
  readonly hash: Uint8Array;
  readonly whole: Post;
  readonly parts: readonly Post[];
  readonly answers: readonly Row[];
  readonly id: string; // of the post that our own export made it of; empty: none
}

/** A spreadsheet read: every row of it but the empty ones is good or bad. A row comes after those that it answers. */
export interface Rows {
  readonly columns: Column[];
  readonly good: readonly Row[];
  readonly bad: BadRow[];
  readonly needs: Field[];
}

/** From where a spreadsheet comes, where its rows do not say; whom it is brought in about, and when. */
export interface Origin {
  readonly source: string;
  readonly name: string; // of the child or household
  readonly now: number; // ms
}

const WORDS = [
  ["kind", KINDS],
  ["sure", SURES],
  ["side", SIDES],
  ["outcome", OUTCOMES],
  ["how", HOWS],
] as const;
const ABOUT = "About";
const OWN_TITLES = ["Standing", "Brought in by", "Id"];
const ANY_DAY = "9999-12-31";
const DAY = "2026-01-01".length;
const MAX_REFERS = 2;
const HALF_A_PAIR = /\p{Surrogate}/u;

/** Read a spreadsheet by its columns, or, without them, by those that its titles suggest. */
export async function readRows(
  table: Table,
  columns: readonly Column[] | undefined,
  origin: Origin,
): Promise<Rows> {
  const named = [...(columns ?? guessColumns(table))];
  const isNeeded = !named.some(({ field }) => field === "text" || field === "how");
  const read = new Reading(named, origin, othersIn(table, named, origin.name));
  const pace = new Pace();
  for (const [at, cells] of table.entries()) {
    if (at > headingOf(table) && !isEmptyRow(cells) && !isNeeded) read.take(at + 1, cells);
    await pace.rest();
  }
  return { columns: named, good: read.inOrder(), bad: read.bad, needs: isNeeded ? ["text"] : [] };
}

// Of a chronology of several, such as siblings: which rows are about another, and where it says so.
function othersIn(table: Table, columns: readonly Column[], name: string): Others | null {
  const isOwn = OWN_TITLES.every((title) => columns.some((column) => column.title === title));
  const at = columns.findIndex(({ title }) => title === ABOUT);
  if (!isOwn || at < 0) return null;
  const rows = table.slice(headingOf(table) + 1);
  const named = new Set(rows.map((cells) => foldName(cells[at] ?? "")).filter((one) => one !== ""));
  return named.size > 1 ? { at, name } : null;
}

/** Return how many rows of a table name no columns and are not empty. */
export function countRows(table: Table): number {
  return Math.max(0, table.filter((cells) => !isEmptyRow(cells)).length - 1);
}

interface Others {
  readonly at: number;
  readonly name: string;
}

class Reading {
  readonly bad: BadRow[] = [];
  readonly #good: (Row & { answers: Row[] })[] = [];
  readonly #columns: readonly Column[];
  readonly #origin: Origin;
  readonly #others: Others | null;
  readonly #latest: string;
  readonly #seen = new Map<string, number>(); // how many rows said just this before
  readonly #numbers = new Map<string, Row>();
  readonly #answered = new Map<Row, string>();

  constructor(columns: readonly Column[], origin: Origin, others: Others | null) {
    this.#columns = columns;
    this.#origin = origin;
    this.#others = others;
    this.#latest = addDays(today(origin.now), 1);
  }

  take(row: number, cells: readonly string[]): void {
    try {
      const found = new Cells(this.#columns, cells);
      this.#checkAbout(cells);
      const post = postOf(found, this.#latest);
      const posted = postedOf(found);
      const hash = this.#hash(post, posted);
      const whole = finish(post, hash, posted, this.#origin);
      const [answers, id]: [Row[], string] = [[], found.of("id").trim()];
      const good = { row, hash, whole, parts: cutPost(whole), answers, id };
      this.#good.push(good);
      this.#numbers.set(found.of("number").trim(), good);
      if (found.of("answers").trim() !== "") this.#answered.set(good, found.of("answers"));
    } catch (error) {
      if (!(error instanceof Bad)) throw error;
      this.bad.push({ row, cells: [...cells], reason: error.message });
    }
  }

  #checkAbout(cells: readonly string[]): void {
    if (this.#others === null) return;
    const { at, name } = this.#others;
    const about = cells[at] ?? "";
    if (foldName(about) === foldName(name)) return;
    throw new Bad(`“${ABOUT}” says “${about.trim()}”: rows of several are in this file, and here only those about “${name}” are brought in.`);
  }

  // What a row says as it stands there: equal ones are told apart by how many came before.
  #hash(post: Post, posted: string): Uint8Array {
    const { happened, kind, sure, scale, side, outcome, text, source, original, reason, review, how } = post;
    const said = [happened, kind, sure, scale, side, outcome, text, source, original, reason, review, how, posted];
    const key = JSON.stringify(said);
    const before = this.#seen.get(key) ?? 0;
    this.#seen.set(key, before + 1);
    return hashLabelled("msb/1/row", encode([...said, before]));
  }

  inOrder(): Row[] {
    for (const row of this.#good) {
      const numbers = this.#answered.get(row)?.split(",") ?? [];
      for (const number of numbers.slice(0, MAX_REFERS)) {
        const answered = number.trim() === "" ? undefined : this.#numbers.get(number.trim());
        // How it answers is said of the first: another must not take that place.
        if (answered === undefined || answered === row) break;
        row.answers.push(answered);
      }
    }
    return sortByAnswers(this.#good);
  }
}

// Throws Bad if it cannot be one.
function postOf(cells: Cells, latest: string): Post {
  const found = { kind: "", sure: "", side: "", outcome: "", how: "" };
  const lines = [cells.of("text")].filter((text) => text !== "");
  for (const [field, labels] of WORDS) {
    const said = cells.of(field).trim();
    found[field] = codeOf(said, labels);
    if (said !== "" && found[field] === "") lines.push(`${cells.title(field).replace(/^“|”$/g, "")}: ${said}`);
  }
  const text = joinRemarks(lines.join("\n"), cells.of("remarks"));
  if (text === "" && found.how === "") throw new Bad(`${cells.title("text")} is empty: there is nothing to bring in.`);
  const scale = cells.of("scale").trim().replace(/(?: ?\/ ?10| of 10|\.0+)$/, "");
  if (scale !== "" && !SCALES.includes(scale)) cells.refuse("scale", "the scale goes from 0 to 10");
  const post = {
    ...found,
    text,
    kind: found.kind || "records",
    scale,
    happened: happenedOf(cells, latest),
    source: cells.of("source"),
    original: joinOriginal(cells.of("who"), cells.of("job"), cells.of("agency")),
    reason: cells.of("reason"),
    review: reviewOf(cells),
  };
  for (const field of ["text", "source", "original", "reason"] as const) {
    const title = cells.title(field === "original" ? "who" : field);
    if (HALF_A_PAIR.test(post[field])) throw new Bad(`${title} has half a character in it, which cannot be kept.`);
  }
  return { ...post, written: 0, refers: [], part: 0, parts: 0, row: NOTHING, newer: false };
}

function codeOf(said: string, labels: ReadonlyMap<string, string>): string {
  const word = said.toLowerCase().replace(/’/g, "'");
  for (const [code, label] of labels) if (word === code || word === label.toLowerCase()) return code;
  return "";
}

function happenedOf(cells: Cells, latest: string): string {
  const { at, wrong } = readDate(cells.of("date"), latest);
  if (wrong !== "") cells.refuse("date", wrong);
  if (cells.of("time").trim() === "") return at;
  const time = readClock(cells.of("time"));
  if (time === "") cells.refuse("time", "that is not a time that can be read");
  if (at.length < DAY) cells.refuse("time", `${cells.title("date")} does not say on which day`);
  const clock = at.slice(DAY + 1);
  // A spreadsheet's day is often midnight.
  if (clock !== "" && clock !== "00:00" && clock !== time) cells.refuse("time", `${cells.title("date")} says another time`);
  return `${at.slice(0, DAY)}T${time}`;
}

function reviewOf(cells: Cells): string {
  const { at, wrong } = readDate(cells.of("review"), ANY_DAY);
  if (wrong !== "") cells.refuse("review", wrong);
  if (at !== "" && at.length < DAY) cells.refuse("review", "that is not a whole date");
  return at.slice(0, DAY);
}

function postedOf(cells: Cells): string {
  const { at, wrong } = readDate(cells.of("posted"), ANY_DAY);
  if (wrong !== "") cells.refuse("posted", wrong);
  return at;
}

// With what does not tell rows apart: where the file comes from, and when it was written.
function finish(post: Post, hash: Uint8Array, posted: string, { source, now }: Origin): Post {
  return {
    ...post,
    text: post.text.normalize("NFC"),
    source: (post.source || source).normalize("NFC"),
    original: post.original.normalize("NFC"),
    reason: post.reason.normalize("NFC"),
    written: posted.length < DAY ? now : momentOf(posted),
    row: hash,
  };
}

// By this device's own clock.
function momentOf(at: string): number {
  const [year = 0, month = 1, day = 1, hours = 0, minutes = 0] = at.split(/[-T:]/).map(Number);
  return Math.max(0, new Date(year, month - 1, day, hours, minutes).getTime());
}

// Each after those that it answers, else as they stood; where rows answer each other, one goes first.
function sortByAnswers(rows: readonly Row[]): Row[] {
  const begun = new Set<Row>();
  const sorted = new Set<Row>();
  for (const row of rows) {
    const waiting = [row];
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      begun.add(top);
      const before = top.answers.filter((one) => !begun.has(one));
      if (before.length > 0) {
        waiting.push(...before);
        continue;
      }
      sorted.add(top);
      waiting.pop();
    }
  }
  return [...sorted];
}
