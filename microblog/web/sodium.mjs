// Take libsodium's WebAssembly out of its script, where it stands as text that hardly compresses, into a file of its
// own, with a name by its content; and out of the script the names of seven hundred functions that nobody calls. The rest
// of the script, and every byte of the WebAssembly, stays as it is published.

import { readFileSync } from "node:fs";

const SCRIPT = /node_modules\/libsodium-sumo\/.*\.mjs$/;
const TEXT = /"(AGFzbQ[A-Za-z0-9+/]+={0,2})"/g; // \0asm, and on
const EXPORT = /export default (\w+);\s*$/;
const NAMED = /\w+\.(_\w+)=\w+\.\w+,/g; // a function of the WebAssembly, under its name
const CALLED = new URL("libsodium-sumo.d.ts", import.meta.url);

/** Return a plugin for esbuild. */
export function takeOutSodium() {
  return {
    name: "sodium",
    setup({ onLoad, onResolve }) {
      let bytes;
      onLoad({ filter: SCRIPT }, ({ path }) => {
        const script = readFileSync(path, "utf8");
        const called = readFileSync(CALLED, "utf8").match(/(?<=readonly )_\w+/g);
        const named = [...script.matchAll(NAMED)].map(([, name]) => name);
        const found = [...script.matchAll(TEXT)];
        const load = EXPORT.exec(script)?.[1];
        const isWhole = called.every((name) => named.includes(name)) && script.includes(".instantiateWasm");
        if (found.length !== 1 || !load || !isWhole) {
          throw new Error("libsodium-sumo is not written as it was: see microblog/web/sodium.mjs");
        }
        bytes = Buffer.from(found[0][1], "base64");
        const short = script
          .replace(found[0][0], '""')
          .replace(NAMED, (all, name) => (called.includes(name) ? all : ""))
          .replace(EXPORT, "");
        return { contents: short + fetching(load) };
      });
      onResolve({ filter: /^libsodium\.wasm$/ }, () => ({ path: "libsodium.wasm", namespace: "sodium" }));
      onLoad({ filter: /./, namespace: "sodium" }, () => ({ contents: bytes, loader: "file" }));
    },
  };
}

// A fault in fetching or starting it rejects, as without this.
function fetching(load) {
  return `
import wasm from "libsodium.wasm";
export default async function (options) {
  const module = await WebAssembly.compileStreaming(fetch(new URL(wasm, import.meta.url)));
  return ${load}({
    ...options,
    instantiateWasm(imports, done) {
      done(new WebAssembly.Instance(module, imports));
    },
  });
}
`;
}
