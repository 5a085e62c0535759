// A check that is taken out: what a function of a module begins with from now on.

import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

export interface Plant {
  readonly file: string; // of the sources, without its suffix
  readonly function: string;
  readonly begins: string;
}

/** Return the JavaScript of a module in which a function begins otherwise; throw where it has no such function. */
export function planted(url: URL, plant: Plant): string {
  const text = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
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
