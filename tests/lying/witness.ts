// A witness beside the server in memory: what it signs is handed out by the server, which may lie about it.

import { BytesMap, equalBytes } from "../../microblog/web/src/protocol/builtins.ts";
import { DIRECTORY } from "../../microblog/web/src/protocol/entry.ts";
import type { Head } from "../../microblog/web/src/protocol/log.ts";
import { signingKey } from "../../microblog/web/src/protocol/primitives.ts";
import { writeHead } from "../../microblog/web/src/protocol/witness.ts";
import type { HonestServer } from "./server.ts";

/** Looks at all logs when it is told to, and signs what it sees. */
export class Witness {
  readonly server: HonestServer;
  readonly seed: Uint8Array;

  constructor(server: HonestServer, seed = crypto.getRandomValues(new Uint8Array(32))) {
    this.server = server;
    this.seed = seed;
  }

  get key(): Uint8Array {
    return signingKey(this.seed);
  }

  look(time = this.server.clock()): void {
    const { directory, heads, streams } = this.server;
    const seen = new BytesMap<Head | null>([[DIRECTORY, directory.head]]);
    for (const [log, { stream }] of streams) seen.set(log, stream.head);
    const { fingerprint } = directory;
    for (const [log, head] of seen) {
      if (fingerprint === null || head === null) continue;
      heads.set(log, writeHead(this.seed, { fingerprint, log, head, time }));
    }
  }

  /** Sign that something stands, or so far beyond its end, in a log that does not. */
  lie(log: Uint8Array, ahead = 0): void {
    const { clock, directory, heads, streams } = this.server;
    const newest = equalBytes(log, DIRECTORY) ? directory.head : streams.get(log)?.stream.head;
    const { fingerprint } = directory;
    if (fingerprint === null || !newest) throw new Error("there is no such log");
    const head = { seq: newest.seq + ahead, id: new Uint8Array(32) };
    heads.set(log, writeHead(this.seed, { fingerprint, log, head, time: clock() }));
  }
}

/** Return the heads of the directory and of what a person follows. */
export function serveHeads({ heads, streams }: HonestServer, person: Uint8Array): Uint8Array[] {
  const mine = [...heads].filter(
    ([log]) => equalBytes(log, DIRECTORY) || streams.get(log)?.stream.roles.has(person),
  );
  return mine.map(([, head]) => head);
}
