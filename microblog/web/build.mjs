// Bundle the browser's end: microblog/web/src to microblog/web/static, byte for byte the same from
// the same sources, whatever the folder, the clock or the machine.
//
//   node microblog/web/build.mjs
//
// Each of BUNDLES is built by itself, so that nothing of one is in another: what the page loads has no cryptography
// in it, and what unpacks a stranger's file has no keys. What an entry imports dynamically stands in chunks of its
// own, named by their content. Source maps stand beside the scripts and are not named in them: nothing that a page
// loads mentions them. What was built before is replaced only once everything has been built. How much of it a browser
// fetches is said by `make sizes`.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { pack } from "./pack.mjs";
import { takeOutSodium } from "./sodium.mjs";
import { nameBuild, NAMELESS } from "./sw.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const sources = join(here, "src");
const icons = join(here, "icons");
const target = join(here, "static");

// `parts`: the folder of its chunks; a bundle without one is a single file.
// `only`: which of OUTSIDERS it may hold.
const BUNDLES = [
  { entry: "app.tsx", parts: "parts", only: ["preact", "lean-qr"] },
  { entry: "worker.ts", parts: "worker", only: ["libsodium", "idb"] },
  { entry: "sheets.ts", only: ["fflate"] },
  { entry: "app.css", only: [] },
];
// Bundled last, when there is a name for the build.
const SERVICE_WORKER = "sw.ts";
const OUTSIDERS = {
  libsodium: /node_modules\/libsodium|^sodium:/,
  fflate: /node_modules\/fflate/,
  idb: /node_modules\/idb\//,
  preact: /node_modules\/(@preact|preact)\//,
  "lean-qr": /node_modules\/lean-qr\//,
};
// What is ours and must not reach the page: it may import the types of the messages, and types leave nothing behind.
const NEVER_IN_THE_PAGE = /web\/src\/(client|protocol|sheets)\//;

/** Build all bundles in memory and return [name, bytes] pairs, icons too; fail on one that breaks a rule. */
async function bundleAll() {
  const built = await Promise.all(BUNDLES.map(bundle));
  const drawn = readdirSync(icons).map((name) => [name, readFileSync(join(icons, name))]);
  return nameBuild([...built.flat(), ...drawn], here, bundleServiceWorker);
}

async function bundle({ entry, parts, only }) {
  const alone = await run(entry, parts, []);
  const result = parts ? await run(entry, parts, [sharing(alone, entry)]) : alone;
  checkWhatIsInside(result.metafile, entry, only);
  return result.outputFiles.map((file) => [relative(target, file.path), file.contents]);
}

async function bundleServiceWorker(name, files) {
  const result = await run(SERVICE_WORKER, undefined, [], { BUILD: JSON.stringify(name), FILES: JSON.stringify(files) });
  checkWhatIsInside(result.metafile, SERVICE_WORKER, []);
  return result.outputFiles.map((file) => [relative(target, file.path), file.contents]);
}

function run(entry, parts, plugins, define = { BUILD: JSON.stringify(NAMELESS) }) {
  return build({
    absWorkingDir: root,
    assetNames: parts ? `${parts}/[name]-[hash]` : "[name]",
    bundle: true,
    charset: "utf8",
    define,
    chunkNames: parts ? `${parts}/[name]-[hash]` : "[name]",
    entryPoints: [join(sources, entry)],
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
    plugins: [takeOutSodium(), ...plugins],
    // A folder of libraries that is elsewhere makes no difference.
    preserveSymlinks: true,
    sourcemap: "external",
    sourcesContent: true,
    splitting: Boolean(parts),
    target: ["es2022", "chrome109", "firefox115", "safari16.4"],
    tsconfig: join(root, "tsconfig.json"),
    write: false,
  });
}

/**
 * Have what a bundle loads at its start be one chunk, and what several of its later chunks need another one.
 *
 * By itself esbuild makes a chunk of every set of files that the same chunks need, which is dozens of crumbs. So each
 * file that is imported dynamically is given an import of all that is there at the start, and of all that two share.
 */
function sharing({ metafile: { inputs } }, entry) {
  const first = relative(root, join(sources, entry));
  const later = Object.values(inputs).flatMap((one) => targets(one, "dynamic-import"));
  const reach = [...new Set(later)].map((file) => closure(inputs, file));
  const isShared = (file) => reach.filter((files) => files.has(file)).length > 1;
  const atStart = closure(inputs, first);
  const together = Object.keys(inputs)
    .filter((file) => file !== first && file.startsWith("microblog/"))
    .filter((file) => atStart.has(file) || isShared(file))
    .map((file) => `import "./${file}";`);
  return {
    name: "sharing",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^together$/ }, () => ({ path: "together", namespace: "sharing" }));
      onLoad({ filter: /./, namespace: "sharing" }, () => ({ contents: together.sort().join("\n"), resolveDir: root }));
      onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
        if (!later.includes(relative(root, path))) return null;
        const contents = `${readFileSync(path, "utf8")}import "together";\n`;
        return { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
      });
    },
  };
}

function targets({ imports }, kind) {
  return imports.filter((one) => one.kind === kind && !one.external).map(({ path }) => path);
}

/** Return a file and all that it imports, and they import, at once. */
function closure(inputs, file, found = new Set()) {
  if (!found.has(file)) {
    found.add(file);
    for (const next of targets(inputs[file], "import-statement")) closure(inputs, next, found);
  }
  return found;
}

/** Throw when a bundle has something in it that belongs in another one only. */
function checkWhatIsInside({ inputs }, entry, only) {
  for (const input of Object.keys(inputs)) {
    const outsider = Object.keys(OUTSIDERS).find((name) => OUTSIDERS[name].test(input));
    const isIts = outsider ? only.includes(outsider) : !input.includes("node_modules");
    const isThePages = entry !== "app.tsx" || !NEVER_IN_THE_PAGE.test(input);
    if (!isIts || !isThePages) throw new Error(`${entry} would carry ${input}, which belongs elsewhere`);
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

const entries = [...BUNDLES.map(({ entry }) => entry), SERVICE_WORKER];
const missing = entries.filter((name) => !existsSync(join(sources, name)));
if (missing.length > 0) {
  const names = missing.map((name) => relative(root, join(sources, name))).join(", ");
  console.error(`build.mjs: nothing was bundled, for want of ${names}`);
  process.exit(1);
}
try {
  replace(pack(await bundleAll()));
} catch (error) {
  // esbuild has already printed what is wrong in which file.
  if (!error.errors) console.error(`build.mjs: ${error.message}`);
  process.exit(1);
}
