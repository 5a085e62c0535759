// What would become of an invented spreadsheet, and what became of it. It reads no dates and knows no rows: that is the
// Worker's business, and tested there.

import type { Requests } from "../../microblog/web/src/client/messages.ts";
import type { BadRow, Column, Field, Table } from "../../microblog/web/src/client/shown-rows.ts";
import { head, me, now, scenario, teacher } from "./invented_people.ts";
import { post } from "./invented_posts.ts";
import { unvouchedSince } from "./invented_trust.ts";
import { Refusal } from "./refusal.ts";

type Answers = {
  [N in keyof Requests]: (ask: Parameters<Requests[N]>[0]) => ReturnType<Requests[N]>;
};

const GUESSES: Record<string, Field> = {
  Date: "date",
  Notes: "text",
  Worker: "who",
  Agency: "agency",
  Name: "name",
  DOB: "birth",
  School: "school",
  Household: "household",
};

let stopped = 0;

export const bringing = {
  planImport: ({ table, columns, source }) => {
    const planned = guessed(table, columns);
    const at = (field: Field) => planned.findIndex((column) => column.field === field);
    const rows = table.slice(1).map((cells, index) => ({ cells, row: index + 2 }));
    const bad = rows.filter(({ cells }) => (cells[at("date")] ?? "").startsWith("31/02"));
    const good = rows.filter((row) => !bad.includes(row));
    const needs: Field[] = at("text") < 0 ? ["text"] : [];
    return {
      columns: planned,
      rows: rows.length,
      good: needs.length > 0 ? 0 : good.length - stopped,
      posts: needs.length > 0 ? 0 : good.length + 1,
      known: stopped,
      bad: bad.map(badRow),
      undated: good.filter(({ cells }) => !cells[at("date")]).length,
      sample: needs.length > 0 ? [] : good.slice(0, 3).map(({ cells, row }) => ({
        row,
        at: cells[at("date")] ? "2025-05-31" : "",
        kind: "records",
        text: cells[at("text")] ?? "",
        source,
        original: ["who", "agency"].map((field) => cells[at(field as Field)]).filter(Boolean).join(" · "),
        parts: (cells[at("text")] ?? "").length > 280 ? 2 : 1,
      })),
      needs,
    };
  },
  bringIn: ({ table, shown, allTheSame }) => {
    const rows = table.length - 2;
    if (scenario === "failing") throw new Refusal("Unreachable");
    const none = { rows: 0, known: 0, left: rows, newcomers: [], unvouched: 0 };
    if (scenario === "newcomers" && !shown.includes("p7")) return { ...none, newcomers: [head] };
    const unvouched = unvouchedSince(allTheSame);
    if (unvouched > 0) return { ...none, unvouched };
    if (scenario !== "halfway" || stopped > 0) return { ...none, rows: rows - stopped, known: stopped, left: 0 };
    stopped = 2;
    return { ...none, rows: 2, left: rows - 2 };
  },
  cancelImport: () => undefined,
  broughtIn: ({ log }) =>
    [0, 1, 2].map((at) =>
      post(teacher, 30, "Late, and hungry by ten.", {
        log,
        kind: at === 1 ? "observation" : "records",
        happened: at === 2 ? "" : `2025-0${at + 3}-11`,
        time: now,
        source: "Invented school notes",
        original: "Invented Uma · teacher · Invented School",
        row: `row-${at}`,
        quiet: true,
      }),
    ),
  planChildren: ({ table, columns }) => {
    const planned = guessed(table, columns);
    const at = (field: Field) => planned.findIndex((column) => column.field === field);
    const rows = table.slice(1).map((cells, index) => ({ cells, row: index + 2 }));
    const bad = rows.filter(({ cells }) => (cells[at("birth")] ?? "").startsWith("31/02"));
    return {
      columns: planned,
      rows: rows.length,
      good: rows
        .filter((row) => !bad.includes(row))
        .map(({ cells, row }) => ({
          row,
          name: cells[at("name")] ?? "",
          birth: at("birth") < 0 ? "" : "2019-05-31",
          sort: "child" as const,
          household: cells[at("household")] ?? "",
        })),
      known: [{ row: rows.length + 2, name: "Sample A" }],
      bad: bad.map(badRow),
      needs: at("name") < 0 ? (["name"] as Field[]) : [],
    };
  },
  beginChildren: ({ rows }) =>
    rows.map((row, at) => {
      const failing = scenario === "halfway" && at === rows.length - 1;
      return { log: `row-${row}`, done: !failing, error: failing ? "Unreachable" : "", code: "" };
    }),
} satisfies Partial<Answers>;

/** One line of a stream. */
export const broughtLine = post(me, 0, "", {
  log: "NNNN",
  kind: "records",
  source: "Invented school notes",
  row: "row-0",
  quiet: true,
  rows: 120,
});

function guessed(table: Table, columns: Column[] | undefined): Column[] {
  return columns ?? (table[0] ?? []).map((title) => ({ title, field: GUESSES[title] ?? "" }));
}

function badRow({ cells, row }: { cells: string[]; row: number }): BadRow {
  return { row, cells, reason: "“Date” has 31/02/2025: February has no day 31." };
}
