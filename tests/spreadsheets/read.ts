// Read the files that standard input names, as the browser does, and say what came of each on standard output.

import { readFileSync } from "node:fs";

import type { SheetsAnswer } from "../../microblog/web/src/sheets/messages.ts";
import { answer } from "../../microblog/web/src/sheets/tables.ts";

const MOST = 2 ** 28;
const TOO_MUCH: SheetsAnswer = { written: new Uint8Array() };

const paths = JSON.parse(readFileSync(0, "utf8")) as string[];
for (const path of paths) {
  const data = new Uint8Array(readFileSync(path));
  const began = performance.now();
  const said = answer({ read: data });
  const took = performance.now() - began;
  process.stdout.write(`${JSON.stringify({ took, said: sizeOf(said) > MOST ? TOO_MUCH : said })}\n`);
}

// What crosses from a Worker to the page is written out, cell by cell.
function sizeOf(said: SheetsAnswer): number {
  if (!("read" in said)) return 0;
  const rows = said.read.sheets.flatMap(({ table }) => table);
  return rows.reduce((sum, row) => sum + row.reduce((length, cell) => length + cell.length, 0), 0);
}
