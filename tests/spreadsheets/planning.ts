// Say what becomes of the tables that come on standard input, row by row, on standard output.

import { readFileSync } from "node:fs";

import { readRows, type Row } from "../../microblog/web/src/client/importing.ts";
import { readList } from "../../microblog/web/src/client/listing.ts";
import type { Table } from "../../microblog/web/src/client/shown-rows.ts";
import { today } from "../../microblog/web/src/client/when.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";

interface Asked {
  readonly now: number;
  readonly source: string;
  readonly table: Table;
}

await ready;
const asked = JSON.parse(readFileSync(0, "utf8")) as Asked[];
process.stdout.write(JSON.stringify(await Promise.all(asked.map(plan))));

async function plan({ now, source, table }: Asked): Promise<unknown> {
  const { columns, good, bad, needs } = await readRows(table, undefined, { now, source, name: "Sample A" });
  const list = readList(table, undefined, today(now));
  return { columns, good: good.map(plain), bad, needs, list };
}

function plain({ row, hash, id, parts, answers }: Row): unknown {
  const said = parts.map(({ row: _, refers: __, newer: ___, ...part }) => part);
  return { row, hash: Buffer.from(hash).toString("hex"), id, parts: said, answers: answers.map((one) => one.row) };
}
