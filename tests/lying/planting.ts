// Tell lies to clients from which a check was taken out: reads [{scenario, plant}] as JSON from standard input and
// writes what each client made of its lie. A plant is what a function of a module begins with from now on.

import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

import { parse } from "../protocol/typed.ts";

interface Plant {
  readonly file: string;
  readonly function: string;
  readonly begins: string;
}

const planted = new Map<string, Plant>();

// Every module of a client with a plant has the plant's mark in its address, so that it is a client of its own.
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const mark = new URL(context.parentURL ?? "file:///").search;
    return mark && specifier.startsWith(".") ? { ...found, url: found.url.replace(/\?.*|$/, mark) } : found;
  },
  load(url, context, next) {
    const { pathname, search } = new URL(url);
    const plant = planted.get(search);
    if (!plant || !pathname.endsWith(`/microblog/web/src/${plant.file}.ts`)) return next(url, context);
    const text = readFileSync(fileURLToPath(new URL(pathname, url)), "utf8");
    return { format: "module", source: begin(stripTypeScriptTypes(text), plant), shortCircuit: true };
  },
});

/** Return a module's text in which a function begins otherwise; throw where it has no such function. */
function begin(text: string, plant: Plant): string {
  const named = new RegExp(`^\\s*(?:export )?(?:async )?(?:function )?#?${plant.function}\\(`, "gm");
  for (const found of text.matchAll(named)) {
    let at = found.index + found[0].length;
    for (let depth = 1; depth > 0; at++) depth += text[at] === "(" ? 1 : text[at] === ")" ? -1 : 0;
    // After a call there is no body.
    const body = /^\s*\{/.exec(text.slice(at));
    if (body === null) continue;
    const start = at + body[0].length;
    return `${text.slice(0, start)} if (true) { ${plant.begins} } ${text.slice(start)}`;
  }
  throw new Error(`${plant.file}.ts has no function ${plant.function}`);
}

const given = parse(readFileSync(0)) as readonly { scenario: unknown; plant: Plant }[];
const outcomes = [];
for (const [number, { scenario, plant }] of given.entries()) {
  const mark = `?plant=${number}`;
  planted.set(mark, plant);
  const { driveAll } = (await import(`./scripted.ts${mark}`)) as typeof import("./scripted.ts");
  try {
    outcomes.push(...((await driveAll([scenario])) as unknown[]));
  } catch {
    // What breaks a client is noticed, too.
    outcomes.push(null);
  }
}
process.stdout.write(JSON.stringify(outcomes));
