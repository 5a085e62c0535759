// The end of a build: its name, which is made of all that is served, and the service worker that keeps all of it.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Stands in worker.js for the name until there is one. As long as a name, so that nothing after it moves. */
export const NAMELESS = "the-name-of-this-build-which-is-made-of-all-that-is-served-in-it";

const PAGE = ["/", "index.html"];
const MANIFEST = ["/manifest.webmanifest", "manifest.webmanifest"];
// The policies and types that are kept along with the bytes.
const SERVING = ["headers.py", "shell.py"];
const WORKER = "worker.js";

/**
 * Return the files of a build under its name, with the service worker that keeps them.
 *
 * `files`: [name, bytes] pairs of static/; `web`: the folder of what is served from beside it; `bundleWorker` bundles the
 * service worker with a build's name and its files, [path, SHA-256] pairs.
 */
export async function nameBuild(files, web, bundleWorker) {
  const served = files.filter(([name]) => !name.endsWith(".map"));
  const nameless = served.filter(([, bytes]) => Buffer.from(bytes).includes(NAMELESS)).map(([name]) => name);
  // A file that is named by its content, with something put into it afterwards, would not be what it is named.
  if (String(nameless) !== WORKER) throw new Error(`the name of the build belongs in ${WORKER}, and is in: ${nameless}`);
  const beside = [PAGE, MANIFEST].map(([path, name]) => [path, readFileSync(join(web, name))]);
  const build = sha256(
    [
      ...served,
      ...beside,
      ...SERVING.map((name) => [name, readFileSync(join(web, name))]),
      ...(await bundleWorker(NAMELESS, [])).filter(([name]) => !name.endsWith(".map")),
    ]
      .map(([name, bytes]) => `${sha256(bytes)} ${name}\n`)
      .sort()
      .join(""),
  );
  const named = files.map(([name, bytes]) => [name, name === WORKER ? putName(bytes, build) : bytes]);
  const kept = named
    .filter(([name]) => !name.endsWith(".map"))
    .map(([name, bytes]) => [`/static/${name}`, bytes])
    .concat(beside)
    .map(([path, bytes]) => [path, sha256(bytes)]);
  return [...named, ...(await bundleWorker(build, kept.sort())), ["build.txt", Buffer.from(`${build}\n`)]];
}

function putName(bytes, build) {
  return Buffer.from(Buffer.from(bytes).toString("utf8").replaceAll(NAMELESS, build));
}

function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}
