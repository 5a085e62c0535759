// A list of children and households, read out of a spreadsheet: pure.

import { MAX_KNOWN_AS, MAX_NAME } from "../protocol/about.ts";
import { countCodePoints } from "../protocol/builtins.ts";
import { Bad, Cells, foldName } from "./cells.ts";
import { readDate } from "./dating.ts";
import { guessChildColumns, headingOf, isEmptyRow } from "./guessing.ts";
import type { BadRow, Column, Field, Table } from "./shown-rows.ts";
import { addDays } from "./when.ts";

/** A child or household on a list; `household` is the name of where it lives. */
export interface Listed {
  readonly row: number; // as a spreadsheet counts them, from 1
  readonly name: string;
  readonly sort: "child" | "household";
  readonly knownAs: string[];
  readonly birth: { how: "born" | "due" | "unknown"; date: string };
  readonly school: string;
  readonly household: string;
}

export interface List {
  readonly columns: Column[];
  readonly good: readonly Listed[];
  readonly bad: BadRow[];
  readonly needs: Field[];
}

const NAMES: readonly Field[] = ["name", "first", "last"];
const A_YEAR = 366; // days: nobody is due later
const DUE = /^(due|edd)[: ]*/i;
const HOUSEHOLDS = ["household", "family"];
const CHILDREN = ["", "child", "unborn child", "baby"];

/** Read a list by its columns, or, without them, by those that its titles suggest; `day` is today. */
export function readList(table: Table, columns: readonly Column[] | undefined, day: string): List {
  const named = [...(columns ?? guessChildColumns(table))];
  if (!named.some(({ field }) => field !== "" && NAMES.includes(field))) {
    return { columns: named, good: [], bad: [], needs: ["name"] };
  }
  const good: Listed[] = [];
  const bad: BadRow[] = [];
  const first = headingOf(table) + 1;
  const rows = new Map<string, number>();
  for (const [at, cells] of table.slice(first).entries()) {
    const row = first + at + 1;
    if (isEmptyRow(cells)) continue;
    try {
      const listed = listedOf(row, new Cells(named, cells), day);
      const before = rows.get(keyOf(listed));
      if (before !== undefined) throw new Bad(`Row ${before} has the same name and birth date.`);
      rows.set(keyOf(listed), row);
      good.push(listed);
    } catch (error) {
      if (!(error instanceof Bad)) throw error;
      bad.push({ row, cells: [...cells], reason: error.message });
    }
  }
  return { columns: named, good, bad, needs: [] };
}

/** Return by what two on lists are the same: a child by name and birth date, a household by name. */
export function keyOf({ sort, name, birth }: Pick<Listed, "sort" | "name" | "birth">): string {
  return [sort, foldName(name), sort === "child" ? birth.date : ""].join("\n");
}

function listedOf(row: number, cells: Cells, day: string): Listed {
  const name = plain(cells.of("name")) || plain(`${cells.of("first")} ${cells.of("last")}`);
  const named = NAMES.find((one) => cells.hasColumn(one)) ?? "name";
  if (name === "") throw new Bad(`${cells.title(named)} is empty: whom is this row about?`);
  const knownAs = cells.of("known-as").split(/[;,]/).map(plain).filter((other) => other !== "");
  if (knownAs.length > MAX_KNOWN_AS) cells.refuse("known-as", `there is room for ${MAX_KNOWN_AS} names`);
  const [school, household] = [plain(cells.of("school")), plain(cells.of("household"))];
  const said = [[named, [name]], ["known-as", knownAs], ["school", [school]], ["household", [household]]] as const;
  for (const [field, texts] of said) {
    const isLong = texts.some((text) => countCodePoints(text) > MAX_NAME);
    if (isLong) cells.refuse(field, `that is longer than ${MAX_NAME} characters`);
  }
  const sort = sortOf(cells);
  return { row, name, sort, knownAs, birth: birthOf(cells, day), school, household: sort === "child" ? household : "" };
}

function sortOf(cells: Cells): Listed["sort"] {
  const word = foldName(cells.of("sort"));
  if (HOUSEHOLDS.includes(word)) return "household";
  if (!CHILDREN.includes(word)) cells.refuse("sort", "it can be child or household");
  return "child";
}

function birthOf(cells: Cells, day: string): Listed["birth"] {
  const said = plain(cells.of("birth"));
  const { at, wrong } = readDate(said.replace(DUE, ""), addDays(day, A_YEAR));
  if (wrong !== "") cells.refuse("birth", wrong);
  const date = at.slice(0, day.length);
  if (date === "") return { how: "unknown", date };
  return { how: DUE.test(said) || date > day.slice(0, date.length) ? "due" : "born", date };
}

function plain(text: string): string {
  return text.replace(/[ \t\r\n\u00a0]+/g, " ").trim();
}
