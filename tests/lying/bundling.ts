// Bundle Workers from which a check was taken out: reads plants as JSON from standard input, and writes the Worker of
// each, by its number, into the folder that is named.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";

import { type Plant, planted } from "./plant.ts";

const SOURCES = new URL("../../microblog/web/src/", import.meta.url);

const [, , folder = "."] = process.argv;
const plants = JSON.parse(readFileSync(0, "utf8")) as readonly Plant[];
for (const [number, plant] of plants.entries()) {
  const file = new URL(`${plant.file}.ts`, SOURCES);
  await build({
    bundle: true,
    define: { BUILD: JSON.stringify("without a check") },
    entryPoints: [new URL("worker.ts", SOURCES).pathname],
    format: "esm",
    logLevel: "warning",
    outfile: join(folder, `${number}.js`),
    platform: "browser",
    plugins: [
      {
        name: "plant",
        setup: (bundler) =>
          bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            return path === file.pathname ? { contents: planted(file, plant), loader: "js" } : null;
          }),
      },
    ],
    target: "es2022",
  });
}
