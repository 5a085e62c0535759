// Tell lies to clients from which a check was taken out: reads [{scenario, plant}] as JSON from standard input and
// writes what each client made of its lie.

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

import { parse } from "../protocol/typed.ts";
import { type Plant, planted } from "./plant.ts";

const plants = new Map<string, Plant>();

// Every module of a client with a plant has the plant's mark in its address, so that it is a client of its own.
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const mark = new URL(context.parentURL ?? "file:///").search;
    return mark && specifier.startsWith(".") ? { ...found, url: found.url.replace(/\?.*|$/, mark) } : found;
  },
  load(url, context, next) {
    const { pathname, search } = new URL(url);
    const plant = plants.get(search);
    if (!plant || !pathname.endsWith(`/microblog/web/src/${plant.file}.ts`)) return next(url, context);
    return { format: "module", source: planted(new URL(pathname, url), plant), shortCircuit: true };
  },
});

const given = parse(readFileSync(0)) as readonly { scenario: unknown; plant: Plant }[];
const outcomes = [];
for (const [number, { scenario, plant }] of given.entries()) {
  const mark = `?plant=${number}`;
  plants.set(mark, plant);
  const { driveAll } = (await import(`./scripted.ts${mark}`)) as typeof import("./scripted.ts");
  try {
    outcomes.push(...((await driveAll([scenario])) as unknown[]));
  } catch {
    // What breaks a client is noticed, too.
    outcomes.push(null);
  }
}
process.stdout.write(JSON.stringify(outcomes));
