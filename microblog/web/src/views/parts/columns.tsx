// What each column of a spreadsheet is taken for, with a cell or two of it, and changing that.

import type { Column, Field, Table } from "../../client/shown-rows.ts";
import { examples } from "../sheet-words.ts";
import type { Word } from "../words.ts";

interface Props {
  table: Table;
  columns: Column[];
  words: Word[];
  /** Something is missing, or is not guessed: they stand open. */
  open: boolean;
  onInput: (columns: Column[]) => void;
}

export function Columns({ table, columns, words, open, onInput }: Props) {
  const taken = columns.filter(({ field }) => field !== "").length;
  return (
    <details class="card fold" open={open}>
      <summary>
        Columns: {taken} of {columns.length} are brought in
      </summary>
      <ul class="plain columns-list">
        {columns.map((column, at) => (
          <li key={at}>
            <label for={`column-${at}`}>
              <bdi>{column.title || `Column ${at + 1}, which has no title`}</bdi>
            </label>
            <p class="small" id={`column-${at}-examples`} dir="auto">
              {examples(table, at).join(" · ") || "empty"}
            </p>
            <select
              id={`column-${at}`}
              class="input"
              aria-describedby={`column-${at}-examples`}
              value={column.field}
              onChange={(event) => {
                const field = event.currentTarget.value as Field | "";
                onInput(columns.map((one, place) => (place === at ? { ...one, field } : one)));
              }}
            >
              <option value="">Not brought in</option>
              {words.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
    </details>
  );
}
