// What a device can do and what it is given, for whoever wants to know before joining: no key is made that is kept.

import { deleteDB, openDB } from "idb";

import { ready, sign, signingKey, verifySignature } from "../protocol/primitives.ts";
import type { Checkup, ServedFiles } from "./messages.ts";

const PROBE = "checkup";
const LABEL = "microblog checkup";
const ROUNDS = 20;
const SEED_BYTES = 32;
const LIST = "/static/hashes.json";
// The server's clock is told in whole seconds, cut off.
const HALF_SECOND_MS = 500;

interface Row {
  path: string;
  sha256: string;
}

/** Try all that the app needs of the Worker's own side, and compare the clock with the server's. */
export async function checkUp(random: (size: number) => Uint8Array): Promise<Checkup> {
  const [sealingMs, kept, clock] = await Promise.all([seal(random), keep(random), compareClocks()]);
  return { sealingMs, kept, ...clock };
}

/** Fetch every file that the server gives, and name those that are not what its own list says. */
export async function checkServed(): Promise<ServedFiles> {
  const list = await fetchBytes(LIST);
  const { served } = JSON.parse(new TextDecoder().decode(list)) as { served: Row[] };
  const strange: string[] = [];
  for (const { path, sha256 } of served) {
    const data = await fetchBytes(path).catch(() => null);
    if (data === null || (await hash(data)) !== sha256) strange.push(path);
  }
  return { list: await hash(list), files: served.length, strange };
}

/** Sign and verify a few times; return how many milliseconds one took, 0: it cannot be done. */
async function seal(random: (size: number) => Uint8Array): Promise<number> {
  try {
    await ready;
    const seed = random(SEED_BYTES);
    const key = signingKey(seed);
    const began = performance.now();
    for (let round = 0; round < ROUNDS; round += 1) {
      const data = new Uint8Array([round]);
      verifySignature(key, LABEL, data, sign(seed, LABEL, data));
    }
    return Math.max((performance.now() - began) / ROUNDS, Number.MIN_VALUE);
  } catch {
    return 0;
  }
}

/** Write something to this device's storage, open it anew, and read it again. */
async function keep(random: (size: number) => Uint8Array): Promise<boolean> {
  try {
    const value = random(SEED_BYTES);
    const open = () => openDB(PROBE, 1, { upgrade: (database) => void database.createObjectStore(PROBE) });
    const first = await open();
    const written = first.transaction(PROBE, "readwrite", { durability: "strict" });
    await written.store.put(value, PROBE);
    await written.done;
    first.close();
    const second = await open();
    const read = (await second.get(PROBE, PROBE)) as Uint8Array | undefined;
    second.close();
    await deleteDB(PROBE);
    return read?.join() === value.join();
  } catch {
    return false;
  }
}

async function compareClocks(): Promise<Pick<Checkup, "reachable" | "aheadMs">> {
  try {
    const before = Date.now();
    const response = await fetch("/api/practice", { cache: "no-store" });
    const here = (before + Date.now()) / 2;
    const there = Date.parse(response.headers.get("Date") ?? "") + HALF_SECOND_MS;
    return { reachable: response.ok, aheadMs: Number.isNaN(there) ? null : here - there };
  } catch {
    return { reachable: false, aheadMs: null };
  }
}

/** Fetch a file past the browser's keeping and the service worker's: it leaves alone what has a question mark. */
async function fetchBytes(path: string): Promise<ArrayBuffer> {
  const response = await fetch(`${path}?checked`, { cache: "no-store", credentials: "omit", redirect: "error" });
  if (!response.ok) throw new TypeError("it is not served");
  return response.arrayBuffer();
}

async function hash(data: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
