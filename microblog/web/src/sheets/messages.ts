// What the page may ask of the Worker for spreadsheets, and what comes back. It has no keys and reaches no server.

import type { Chronology, Table } from "../client/shown-rows.ts";

export type Reason =
  | "empty" | "too-big" | "too-big-inside" | "too-many-rows" | "too-many-columns" | "cell-too-long" | "locked"
  | "not-a-table" | "damaged" | "open-quote"
  | "gone" | "too-slow" | "stopped"; // of a file on this device, and of the Worker

// Why a file, or a sheet of it, is not read; row from 1, 0: it is not about one.
export interface Refused {
  reason: Reason;
  row: number;
}

// One of the sheets of a file; a CSV has one, without a name. Refused: it has no rows here.
export interface Sheet {
  name: string;
  table: Table;
  refused: Refused | null;
}

export interface Read {
  sheets: Sheet[];
  guessed: boolean; // it is not UTF-8, and was taken for what Windows wrote in western Europe
}

export type Format = "csv" | "xlsx";
export type Columns = Chronology["columns"];

export type SheetsAsk =
  | { read: Uint8Array }
  | { write: Format; columns: Columns; rows: string[][] };

export type SheetsAnswer = { read: Read } | { written: Uint8Array } | { refused: Refused };
