// Carry out the cases that come on standard input, and say on standard output how each ended.

import { readFileSync } from "node:fs";

import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { type Case, type Ending, type Logs, run } from "./cases.ts";
import { parse } from "./typed.ts";

await ready;
const { logs, cases } = parse(readFileSync(0)) as { logs: Logs; cases: readonly Case[] };
process.stdout.write(JSON.stringify(cases.map((asked) => end(asked))));

/** How a case ended; what is thrown beside the protocol's refusals is an ending too, a wrong one. */
function end(asked: Case): Ending {
  try {
    return run(asked, logs);
  } catch (error) {
    return { error: "crash", message: String(error), out: null };
  }
}
