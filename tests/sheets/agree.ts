// Read and write the spreadsheets that come on standard input, as the Worker does, and say how each ended.

import { readFileSync } from "node:fs";

import type { Columns, Format, SheetsAsk } from "../../microblog/web/src/sheets/messages.ts";
import { answer } from "../../microblog/web/src/sheets/tables.ts";

type Given = { read: string } | { write: Format; columns: Columns; rows: string[][] };

const given = JSON.parse(readFileSync(0, "utf8")) as Given[];
process.stdout.write(JSON.stringify(given.map((one) => shown(answer(asked(one))))));

function asked(one: Given): SheetsAsk {
  return "read" in one ? { read: new Uint8Array(Buffer.from(one.read, "base64")) } : one;
}

function shown(answered: ReturnType<typeof answer>): unknown {
  if (!("written" in answered)) return answered;
  return { written: Buffer.from(answered.written).toString("base64") };
}
