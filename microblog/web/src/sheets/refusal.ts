// Why a file is not read as a table.

import type { Reason, Refused } from "./messages.ts";

export const MAX_FILE_BYTES = 20 * 2 ** 20;
export const MAX_UNPACKED_BYTES = 200 * 2 ** 20;
export const MAX_ROWS = 20_000;
export const MAX_COLUMNS = 60;
export const MAX_CELL_UNITS = 32_767; // in UTF-16, as spreadsheets count

/** The file cannot be read as a table. Nothing of the file is in the message. */
export class NotATable extends Error {
  override readonly name = "NotATable";
  readonly reason: Reason;
  readonly row: number;

  constructor(reason: Reason, row = 0) {
    super(reason);
    this.reason = reason;
    this.row = row;
  }

  refused(): Refused {
    return { reason: this.reason, row: this.row };
  }
}

/** Throw unless a cell stands within the limits; row and column from 0. */
export function checkPlace(row: number, column: number, text: string): void {
  if (row >= MAX_ROWS) throw new NotATable("too-many-rows");
  if (column >= MAX_COLUMNS) throw new NotATable("too-many-columns", row + 1);
  if (text.length > MAX_CELL_UNITS) throw new NotATable("cell-too-long", row + 1);
}
