// Bundle the browser's end: microblog/web/src to microblog/web/static, byte for byte the same from
// the same sources, whatever the folder, the clock or the machine.
//
//   node microblog/web/build.mjs
//
// The Worker is the only bundle with libsodium in it. Source maps stand beside the scripts and are
// not named in them: nothing that a page loads mentions them. What was built before is replaced
// only once everything has been built.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const sources = join(here, "src");
const icons = join(here, "icons");
const target = join(here, "static");

const entries = ["app.tsx", "worker.ts", "app.css"];
const libsodium = /node_modules\/libsodium/;

/** Build all bundles in memory and return [name, bytes] pairs, icons too; fail on one that breaks a rule. */
async function bundle() {
  const result = await build({
    absWorkingDir: root,
    bundle: true,
    charset: "utf8",
    entryPoints: entries.map((name) => join(sources, name)),
    // A page's script is a module; the Worker is started as one too, and neither pollutes the
    // other's globals.
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    loader: { ".svg": "file" },
    logLevel: "warning",
    metafile: true,
    minify: true,
    outdir: target,
    platform: "browser",
    sourcemap: "external",
    sourcesContent: true,
    target: ["es2022", "chrome109", "firefox115", "safari16.4"],
    tsconfig: join(root, "tsconfig.json"),
    write: false,
  });
  checkLibsodiumStaysInTheWorker(result.metafile);
  return [
    ...result.outputFiles.map((file) => [relative(target, file.path), file.contents]),
    ...readdirSync(icons).map((name) => [name, readFileSync(join(icons, name))]),
  ];
}

/** Throw when a bundle other than the Worker's has libsodium in it. */
function checkLibsodiumStaysInTheWorker(metafile) {
  for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
    const culprit = Object.keys(inputs).find((input) => libsodium.test(input));
    if (culprit && !basename(output).startsWith("worker.js")) {
      throw new Error(`${output} would carry libsodium, which belongs in the Worker only`);
    }
  }
}

/** Put the files in place: all of them, or, when one cannot be written, none. */
function replace(files) {
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  for (const [name, contents] of files) {
    mkdirSync(dirname(join(fresh, name)), { recursive: true });
    writeFileSync(join(fresh, name), contents);
  }
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

/** Say what a person on a slow line will have to fetch. */
function report(files) {
  for (const [name, contents] of files) {
    if (!name.endsWith(".map")) {
      const kib = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`;
      console.log(`  ${name}: ${kib(contents.length)}, ${kib(brotliCompressSync(contents).length)} compressed`);
    }
  }
}

const missing = entries.filter((name) => !existsSync(join(sources, name)));
if (missing.length > 0) {
  const names = missing.map((name) => relative(root, join(sources, name))).join(", ");
  console.error(`build.mjs: nothing was bundled, for want of ${names}`);
  process.exit(1);
}
try {
  const files = await bundle();
  replace(files);
  report(files);
} catch (error) {
  // esbuild has already printed what is wrong in which file.
  if (!error.errors) console.error(`build.mjs: ${error.message}`);
  process.exit(1);
}
