// Make the chronologies, and propose the blacking, that come on standard input, as the Worker does.

import { readFileSync } from "node:fs";

import { proposeBlacking, type Names } from "../../microblog/web/src/client/blacking.ts";
import { chronologyOf } from "../../microblog/web/src/client/chronology.ts";
import {
  joinOriginal,
  joinRemarks,
  splitOriginal,
  splitRemarks,
  wasTakenBack,
} from "../../microblog/web/src/client/columns.ts";
import type { ChronologyRow } from "../../microblog/web/src/client/shown-rows.ts";
import type { Post } from "../../microblog/web/src/client/shown.ts";

type Given =
  | { posts: Post[]; names: [string, string][]; from: string; to: string }
  | { rows: ChronologyRow[]; black: Names }
  | { texts: [string, string, string] };

const given = JSON.parse(readFileSync(0, "utf8")) as Given[];
process.stdout.write(JSON.stringify(given.map(answer)));

function answer(one: Given): unknown {
  if ("posts" in one) return chronologyOf(one.posts, new Map(one.names), one);
  if ("rows" in one) return proposeBlacking(one.rows, one.black);
  const [a, b, c] = one.texts;
  return {
    original: joinOriginal(a, b, c),
    split: splitOriginal(a),
    remarks: joinRemarks(a, b),
    text: splitRemarks(a),
    back: wasTakenBack({ row: "x", text: a }),
  };
}
