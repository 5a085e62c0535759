// Blacking out what someone marked in a chronology: the words are gone before there is a file or a page of paper.

import type { Chronology, Proposed } from "../client/shown-rows.ts";

/** Its length is always the same, so that nothing is told of what stood there. */
export const BLACK = "█████";
export const BLACK_ROW = "[blacked out]";

/** In UTF-16 units. */
export type Span = readonly [start: number, end: number];

/** What was marked: spans by row and column, both from 0, and rows that are black wholly. */
export interface Blacked {
  spans: Record<string, Span[]>;
  rows: number[];
}

export const NOTHING_BLACK: Blacked = { spans: {}, rows: [] };

/** Return a chronology without what was marked: a black row keeps its number, and that it is there. */
export function blackOut(chronology: Chronology, { spans, rows }: Blacked): Chronology {
  const titles = chronology.columns.map(({ title }) => title);
  const gone = new Set(rows);
  const left = chronology.rows.map((row, at) => ({
    ...row,
    cells: row.cells.map((cell, column) => {
      if (!gone.has(at)) return blackCell(cell, spans[keyOf(at, column)] ?? []);
      if (titles[column] === "Number") return cell;
      return titles[column] === "Text" ? BLACK_ROW : "";
    }),
  }));
  return { ...chronology, rows: left, title: titleOf(chronology, titles.indexOf("About"), spans) };
}

// Somebody whose name was blacked out of a row is not named above all of them either.
function titleOf({ rows, title }: Chronology, about: number, spans: Blacked["spans"]): string {
  const black = rows.filter((_, at) => (spans[keyOf(at, about)] ?? []).length > 0);
  const hidden = new Set(black.map(({ cells }) => cells[about] ?? ""));
  if (hidden.size === 0) return title;
  const names = new Set(rows.map(({ cells }) => cells[about] ?? ""));
  return [...names].map((name) => (hidden.has(name) ? BLACK : name)).join(", ");
}

/** Return a cell as it will stand. */
export function blackCell(cell: string, spans: readonly Span[]): string {
  let shown = "";
  let done = 0;
  for (const [start, end] of [...spans].sort(([a], [b]) => a - b)) {
    // One that begins in the one before it goes on with it.
    if (start >= done) shown += cell.slice(done, start) + BLACK;
    done = Math.max(done, end);
  }
  return shown + cell.slice(done);
}

/** Mark a span, or take the mark off it. */
export function markSpan(blacked: Blacked, key: string, [start, end]: Span, on: boolean): Blacked {
  const others = (blacked.spans[key] ?? []).filter((one) => one[0] !== start || one[1] !== end);
  return { ...blacked, spans: { ...blacked.spans, [key]: on ? [...others, [start, end]] : others } };
}

/** Mark a whole row, or take the mark off it. */
export function markRow(blacked: Blacked, row: number, on: boolean): Blacked {
  const others = blacked.rows.filter((one) => one !== row);
  return { ...blacked, rows: on ? [...others, row] : others };
}

export function isMarked({ spans }: Blacked, key: string, [start, end]: Span): boolean {
  return (spans[key] ?? []).some((one) => one[0] === start && one[1] === end);
}

export function keyOf(row: number, column: number): string {
  return `${row} ${column}`;
}

/** How many rows have something black. */
export function countBlack({ spans, rows }: Blacked): number {
  const marked = Object.entries(spans).filter(([, some]) => some.length > 0);
  return new Set([...rows, ...marked.map(([key]) => Number(key.split(" ")[0]))]).size;
}

/** The next row after one, or before it, of which something is proposed; undefined: none. */
export function nextProposed(proposed: readonly Proposed[], row: number): number | undefined {
  return proposed.find((one) => one.row > row)?.row;
}
