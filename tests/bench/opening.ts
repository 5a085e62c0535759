// How fast the browser's client opens posts, beside bare Ed25519 verifications by the same library in the same place.

import load from "libsodium-sumo";

import { Feed } from "../../microblog/web/src/client/feed.ts";
import { read } from "../../microblog/web/src/client/opening.ts";
import { decodeArray, type Value } from "../../microblog/web/src/protocol/encoding.ts";
import { decodeEntry } from "../../microblog/web/src/protocol/entry.ts";
import { Directory } from "../../microblog/web/src/protocol/directory.ts";
import { Stream } from "../../microblog/web/src/protocol/stream.ts";

interface Rates {
  readonly open: number;
  readonly verify: number;
}

async function opening(rounds: number): Promise<Rates[]> {
  const text = await (await fetch("/posts")).text();
  const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const [directoryEntries, beginning, raw, log, secret, key] = decodeArray(data);
  let directory = new Directory();
  for (const entry of list(directoryEntries)) directory = directory.apply(decodeEntry(entry));
  const posts = list(raw);
  const bare = await verifier(bytes(key), posts);
  const found: Rates[] = [];
  for (let round = 0; round < rounds; round++) {
    const verify = posts.length / seconds(bare);
    const feed = new Feed(bytes(log), new Stream(bytes(log)), new Map([[0, bytes(secret)]]));
    feed.take(list(beginning), directory);
    const open = posts.length / seconds(() => {
      feed.take(posts, directory);
      read(feed);
    });
    if (feed.trouble !== null || [...feed.words.values()].filter(({ sort }) => sort === "post").length !== posts.length) {
      throw new Error("not all was opened");
    }
    found.push({ open, verify });
  }
  return found;
}

// Everything lies in the library's memory before the clock starts.
async function verifier(key: Uint8Array, posts: readonly Uint8Array[]): Promise<() => void> {
  const sodium = await load({ getRandomValue: () => 0 });
  sodium._sodium_init();
  const label = new TextEncoder().encode("msb/1/entry\0");
  const place = (data: Uint8Array): number => {
    const at = sodium._malloc(data.length);
    sodium.HEAPU8.set(data, at);
    return at;
  };
  const by = place(key);
  const signed = posts.map((post) => {
    const { rawHeader, signature } = decodeEntry(post);
    const message = new Uint8Array(label.length + rawHeader.length);
    message.set(label);
    message.set(rawHeader, label.length);
    return { signature: place(signature), message: place(message), length: message.length };
  });
  return () => {
    for (const { signature, message, length } of signed) {
      if (sodium._crypto_sign_verify_detached(signature, message, length, 0, by) !== 0) throw new Error("false");
    }
  };
}

function seconds(work: () => void): number {
  const begun = performance.now();
  work();
  return (performance.now() - begun) / 1000;
}

function list(value: Value | undefined): readonly Uint8Array[] {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return (value as readonly Value[]).map(bytes);
}

function bytes(value: Value | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError("not bytes");
  return value;
}

Object.assign(globalThis, { opening });
