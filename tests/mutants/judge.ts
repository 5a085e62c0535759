// Say of each mutant on standard input (lines of JSON: module, source) which vector noticed it, one line of JSON an
// answer; "" for none. The twin of judge.py. With --strip, take the types out of the files named instead.

import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";

import type { Case, Ending, Logs } from "../protocol/cases.ts";
import { parse } from "../protocol/typed.ts";

interface Mutant {
  readonly module: string;
  readonly source: string;
  readonly vectors: readonly string[];
}

interface Asked {
  readonly name: string;
  readonly logs: Logs;
  readonly asked: Case;
}

interface Cases {
  readonly run: (asked: Case, logs: Logs) => Ending;
  readonly expected: (asked: Case) => Ending;
}

// The quickest first, as in judge.py.
const FILES = ["shape", "encoding", "primitives", "entry", "epoch", "post", "about", "ask", "directory", "stream"];
const PROTOCOL = "/microblog/web/src/protocol/";

const mutants = new Map<string, Mutant>();

/** Have every module that a mutant's graph imports belong to that graph, with the mutant in it. */
function letMutantsIn(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const mark = new URL(context.parentURL ?? "file:///").search;
      return mark && specifier.startsWith(".") ? { ...found, url: found.url.replace(/\?.*|$/, mark) } : found;
    },
    load(url, context, next) {
      const { pathname, search } = new URL(url);
      const mutant = mutants.get(search);
      if (mutant && pathname.endsWith(`${PROTOCOL}${mutant.module}.ts`)) {
        return { format: "module", source: mutant.source, shortCircuit: true };
      }
      return next(url, context);
    },
  });
}

async function judge(mark: string, cases: readonly Asked[]): Promise<string> {
  try {
    const { ready } = (await import(`../../microblog/web/src/protocol/primitives.ts${mark}`)) as {
      ready: Promise<void>;
    };
    await ready;
    const { run, expected } = (await import(`../protocol/cases.ts${mark}`)) as Cases;
    const found = cases.find(({ asked, logs }) => !isDeepStrictEqual(run(asked, logs), expected(asked)));
    return found?.name ?? "";
  } catch (error) {
    return `crash: ${error instanceof Error ? error.name : "no error"}`;
  }
}

function casesOf(names: readonly string[]): readonly Asked[] {
  const folder = new URL("../vectors/", import.meta.url);
  return names.flatMap((name) => {
    const file = parse(readFileSync(new URL(`${name}.json`, folder))) as { logs: Logs; cases: Case[] };
    return file.cases.map((asked) => ({ name: `${name}: ${asked.name}`, logs: file.logs, asked }));
  });
}

async function main(): Promise<void> {
  letMutantsIn();
  const known = new Map<string, readonly Asked[]>();
  let number = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const mark = `?mutant=${number++}`;
    const mutant = JSON.parse(line) as Mutant;
    const names = mutant.vectors.length > 0 ? mutant.vectors : FILES;
    const cases = known.get(names.join()) ?? casesOf(names);
    mutants.set(mark, mutant);
    const answer = await judge(mark, cases);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    mutants.delete(mark);
    // What noticed one change is likely to notice the next.
    const first = cases.filter(({ name }) => name === answer);
    known.set(names.join(), [...first, ...cases.filter(({ name }) => name !== answer)]);
  }
}

if (process.argv[2] === "--strip") {
  const plain = process.argv.slice(3).map((path) => stripTypeScriptTypes(readFileSync(path, "utf8")));
  process.stdout.write(JSON.stringify(plain));
} else {
  await main();
}
