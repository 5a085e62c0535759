// Spreadsheets, as they come in and go out. A table is rows of cells; a real date in a cell stands as YYYY-MM-DD or YYYY-MM-DDTHH:MM.

export type Table = string[][];

// What a column of a spreadsheet can be.
export type Field =
  | "date" | "time" | "text" | "kind" | "sure" | "scale" | "side" | "outcome" | "source" | "who" | "job" | "agency"
  | "reason" | "review" | "posted" | "number" | "answers" | "how" | "remarks" | "id"
  | "name" | "first" | "last" | "known-as" | "birth" | "school" | "household" | "sort";

export interface Column {
  title: string; // as its first row calls it
  field: Field | ""; // empty: not brought in
}

// What would become of a row.
export interface PlannedRow {
  row: number; // as a spreadsheet counts them, from 1
  at: string; // as in When; empty: not sure when
  kind: string;
  text: string;
  source: string;
  original: string;
  parts: number; // 1: it fits one post
}

export interface BadRow {
  row: number;
  cells: string[];
  reason: string; // a sentence that names the column
}

export interface ImportPlan {
  columns: Column[];
  rows: number; // but for the first, which names the columns, and empty ones
  good: number;
  posts: number; // that the good rows become: long ones are several
  known: number; // rows that are here already
  bad: BadRow[];
  undated: number; // good rows without a date
  sample: PlannedRow[]; // the first few good ones
  needs: Field[]; // without these nothing can be brought in
}

export interface Brought {
  rows: number; // brought in now
  known: number; // were here already
  left: number; // cancelled, refused or cut off: they can be brought in by asking again
  newcomers: { id: string; name: string }[]; // people on the team who were not on the screen; it stopped there
  unvouched: number; // as in Sent
}

export interface ChildrenPlan {
  columns: Column[];
  rows: number;
  good: { row: number; name: string; birth: string; sort: "child" | "household"; household: string }[];
  known: { row: number; name: string }[]; // I follow a child of that name and birth date, or a household of that name
  bad: BadRow[];
  needs: Field[];
}

export interface ChronologyRow {
  log: string;
  seq: number;
  cells: string[]; // in the order of the columns
}

// A chronology: every post is a row, in order of when it happened; those not sure when come last.
export interface Chronology {
  columns: { title: string; sort: "text" | "date" | "moment" | "number" }[]; // date: YYYY, YYYY-MM or YYYY-MM-DD; moment: with the time
  rows: ChronologyRow[];
  title: string;
  unchecked: number; // posts that are not checked yet: nothing can be taken out before they are
}

// What a person may want to black out of a row: proposed, never decided.
export interface Proposed {
  row: number; // its place in the chronology
  column: number;
  start: number; // in UTF-16 units
  end: number;
  why: "phone" | "address" | "name";
}
