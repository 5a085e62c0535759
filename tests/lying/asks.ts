// Requests to follow as the honest server in memory keeps them; a liar overrides `serve`. The twin of asks.py.

import { Refused } from "../../microblog/web/src/client/transport.ts";
import { decodeAsk, verifyAsk } from "../../microblog/web/src/protocol/ask.ts";
import { type BytesMap, compareBytes, equalBytes } from "../../microblog/web/src/protocol/builtins.ts";
import type { Directory } from "../../microblog/web/src/protocol/directory.ts";
import type { Stream } from "../../microblog/web/src/protocol/stream.ts";

interface Practice {
  readonly streams: BytesMap<{ readonly stream: Stream }>;
  readonly directory: Directory;
}

/** What a server answers about keepers and requests. */
export class AskStore {
  readonly #practice: Practice;
  kept: { log: Uint8Array; person: Uint8Array; data: Uint8Array }[] = [];

  constructor(practice: Practice) {
    this.#practice = practice;
  }

  keepers(log: Uint8Array): Uint8Array[] {
    return [...this.#find(log).keepers()].sort(compareBytes);
  }

  serve(by: Uint8Array): Uint8Array[] {
    return this.kept
      .filter(({ log, person }) => equalBytes(person, by) || this.#find(log).keepers().has(by))
      .map(({ data }) => data);
  }

  take(log: Uint8Array, person: Uint8Array, data: Uint8Array): void {
    const { asker, boxes } = decodeAsk(data);
    const stream = this.#find(log);
    verifyAsk(decodeAsk(data), this.#practice.directory, log);
    const keepers = stream.keepers();
    if (!equalBytes(asker.person, person) || boxes.some(([to]) => !keepers.has(to))) {
      throw new Refused("not-allowed", "");
    }
    if (stream.roles.has(person)) throw new Refused("following", "");
    this.#remove(log, person);
    this.kept.push({ log, person, data });
  }

  drop(log: Uint8Array, person: Uint8Array, by: Uint8Array): void {
    const may = equalBytes(by, person) || this.#find(log).keepers().has(by);
    if (!may || !this.#remove(log, person)) throw new Refused("not-found", "");
  }

  /** Forget the requests of who is on a list. */
  end(log: Uint8Array): void {
    for (const person of this.#find(log).roles.keys()) this.#remove(log, person);
  }

  #remove(log: Uint8Array, person: Uint8Array): boolean {
    const before = this.kept.length;
    this.kept = this.kept.filter(
      (row) => !equalBytes(row.log, log) || !equalBytes(row.person, person),
    );
    return this.kept.length < before;
  }

  #find(log: Uint8Array): Stream {
    const kept = this.#practice.streams.get(log);
    if (kept === undefined) throw new Refused("not-found", "");
    return kept.stream;
  }
}
