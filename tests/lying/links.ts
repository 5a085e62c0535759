// Messages between devices being linked, as the honest server in memory keeps them. The twin of links.py.

import { Refused } from "../../microblog/web/src/client/transport.ts";
import { encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { equalBytes } from "../../microblog/web/src/protocol/builtins.ts";
import type { Directory } from "../../microblog/web/src/protocol/directory.ts";
import { LIFE_MS, OFFER } from "../../microblog/web/src/protocol/link.ts";
import { RoundConnection } from "./rounds.ts";

/** What lies under which tag, and since when; a liar changes `messages`. */
export class LinkStore {
  readonly #practice: { readonly clock: () => number };
  readonly messages = new Map<string, Uint8Array>();
  readonly began = new Map<string, number>();

  constructor(practice: { readonly clock: () => number }) {
    this.#practice = practice;
  }

  put(tag: Uint8Array, slot: number, message: Uint8Array): void {
    const name = encodeBase64url(tag);
    if (slot === OFFER && !this.began.has(name)) this.began.set(name, this.#practice.clock());
    if (!this.#isOpen(name)) throw new Refused("not-found", "");
    const there = this.messages.get(`${name}/${slot}`) ?? message;
    if (!equalBytes(there, message)) throw new Refused("taken", "");
    this.messages.set(`${name}/${slot}`, message);
  }

  read(tag: Uint8Array, slot: number): Uint8Array | null {
    const name = encodeBase64url(tag);
    return (this.#isOpen(name) && this.messages.get(`${name}/${slot}`)) || null;
  }

  #isOpen(name: string): boolean {
    const began = this.began.get(name);
    return began !== undefined && this.#practice.clock() < began + LIFE_MS;
  }
}

/** What of a transport needs nobody to be signed in; nothing is being restored. */
export abstract class LinkConnection extends RoundConnection {
  abstract readonly server: { readonly links: LinkStore; readonly directory: Directory };

  async restoring(): Promise<boolean> {
    return false;
  }

  async giveBack(): Promise<never> {
    throw new Refused("not-restoring", "");
  }

  async givenBack(): Promise<void> {
    throw new Refused("not-restoring", "");
  }

  async fingerprint(): Promise<Uint8Array | null> {
    return this.server.directory.fingerprint;
  }

  async putLink(tag: Uint8Array, slot: number, message: Uint8Array): Promise<void> {
    this.server.links.put(tag, slot, message);
  }

  async link(tag: Uint8Array, slot: number): Promise<Uint8Array | null> {
    return this.server.links.read(tag, slot);
  }
}
