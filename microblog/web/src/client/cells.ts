// The cells of a row by what their columns are, and why they make the row bad.

import type { Column, Field } from "./shown-rows.ts";

const SAID = 60; // characters of a cell that a reason repeats

/** Why a row cannot be brought in: a sentence. */
export class Bad extends Error {}

/** A row's cells by what their columns are. */
export class Cells {
  readonly #columns: readonly Column[];
  readonly #cells: readonly string[];

  constructor(columns: readonly Column[], cells: readonly string[]) {
    this.#columns = columns;
    this.#cells = cells;
  }

  /** What stands there; of several columns the first that is not empty, but of texts all. */
  of(field: Field): string {
    const found = this.#columns.flatMap((column, at) => (column.field === field ? [this.#cells[at] ?? ""] : []));
    const filled = found.filter((cell) => cell.trim() !== "");
    return field === "text" ? filled.join("\n") : (filled[0] ?? "");
  }

  /** What the first column of a field that says something is called. */
  title(field: Field): string {
    const at = this.#columns.findIndex((column, one) => column.field === field && (this.#cells[one] ?? "").trim() !== "");
    const known = at < 0 ? this.#columns.findIndex((column) => column.field === field) : at;
    return titleOf(this.#columns, known);
  }

  hasColumn(field: Field): boolean {
    return this.#columns.some((column) => column.field === field);
  }

  /** Say why a cell makes the row bad. */
  refuse(field: Field, why: string): never {
    const said = Array.from(this.of(field).trim());
    const words = said.length > SAID ? `${said.slice(0, SAID).join("")}…` : said.join("");
    throw new Bad(`${this.title(field)} says “${words}”: ${why}.`);
  }
}

/** Return how a sentence names a column: by its title, or by its letter. */
export function titleOf(columns: readonly Column[], at: number): string {
  const title = columns[at]?.title ?? "";
  if (title !== "") return `“${title}”`;
  let letters = "";
  for (let left = at + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return `Column ${letters}`;
}

/** Return a name as names are compared. */
export function foldName(name: string): string {
  return name.replace(/[ \t\r\n\u00a0]+/g, " ").trim().toLowerCase();
}
