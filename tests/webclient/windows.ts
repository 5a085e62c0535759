// Tabs of one browser, each of which may be killed at any step, or wait there for as long as chance has it.

import { aloneWith, type Locks } from "../../microblog/web/src/client/alone.ts";
import type { Make, RecordKey } from "../../microblog/web/src/client/database.ts";
import { openSession } from "../../microblog/web/src/client/keeping.ts";
import { Memory } from "../../microblog/web/src/client/memory.ts";
import { Outbox } from "../../microblog/web/src/client/outbox.ts";
import type { Session } from "../../microblog/web/src/client/session.ts";
import { NO_TABS } from "../../microblog/web/src/client/tabs.ts";
import { type Transport, Unreachable } from "../../microblog/web/src/client/transport.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { openVault } from "../../microblog/web/src/protocol/vault.ts";
import type { HonestServer } from "../lying/server.ts";
import { BrowserDatabase, draftOf, PASSPHRASE, Practice } from "./desks.ts";

export const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));

/** A tab's life: whatever it does outside itself is a step, before and after which it may be killed. */
export class Life {
  steps = 0;
  readonly death: Promise<"dead">;
  readonly #last: number;
  readonly #rest: () => Promise<void>;
  #die: (how: "dead") => void = () => undefined;

  constructor(last = Infinity, rest = async () => undefined as void) {
    this.#last = last;
    this.#rest = rest;
    this.death = new Promise((die) => (this.#die = die));
  }

  async step<T>(work: () => Promise<T>): Promise<T> {
    await this.#live();
    const done = await work();
    await this.#live();
    return done;
  }

  async #live(): Promise<void> {
    await this.#rest();
    if (++this.steps <= this.#last) return;
    this.#die("dead");
    await new Promise<never>(() => undefined);
  }
}

/** What a tab sees of the browser's storage: what it writes is a step. */
class Window extends BrowserDatabase {
  readonly #shared: BrowserDatabase;
  readonly #life: Life;

  constructor(shared: BrowserDatabase, life: Life) {
    super();
    this.#shared = shared;
    this.#life = life;
  }

  override keys = () => this.#shared.keys();
  override range = (log: string, from: number) => this.#shared.range(log, from);
  override get = (key: RecordKey) => this.#shared.get(key);
  override change = (keys: readonly RecordKey[], make: Make) => this.#life.step(() => this.#shared.change(keys, make));
}

/** What a tab sees of the server: every call is a step; `loses` says of which answers to an append nothing comes back. */
function lineOf(server: HonestServer, life: Life, loses: () => boolean): Transport {
  const connection = server.connect();
  return new Proxy(connection, {
    get(_, name) {
      const found: unknown = Reflect.get(connection, name, connection);
      if (typeof found !== "function") return found;
      return (...given: unknown[]) =>
        life.step(async () => {
          const answer = await found.apply(connection, given);
          if (name === "append" && loses()) throw new Unreachable("the answer was lost");
          return answer;
        });
    },
  });
}

export interface Way {
  life?: Life;
  loses?: () => boolean;
  locks?: Locks;
  /** A planted fault. */
  memory?: typeof Memory;
}

/** A practice in which one person, Ann, sits before a browser of several tabs. */
export class House {
  readonly practice: Practice;
  readonly log: string;
  readonly #vault: Uint8Array;
  readonly #keys: Session["keys"];
  readonly #me: string;

  constructor(practice: Practice, log: string, me: string, vault: Uint8Array) {
    this.practice = practice;
    this.log = log;
    this.#me = me;
    this.#vault = vault;
    this.#keys = openVault(vault, PASSPHRASE);
  }

  static async build(): Promise<House> {
    const practice = await Practice.found();
    const log = await practice.child("Sample Child");
    return new House(practice, log, await practice.steward.me(), await practice.steward.ask("keyFile"));
  }

  get vault(): Uint8Array {
    return this.#vault;
  }

  /** How many posts the server has. */
  get posts(): number {
    const entries = this.practice.server.streams.get(decodeBase64url(this.log))?.entries ?? [];
    return entries.filter(({ header }) => header.kind === "post").length;
  }

  /** Open a tab, unlocked. */
  async tab({ life = new Life(), loses = () => false, locks, memory: Sort = Memory }: Way = {}): Promise<Tab> {
    const { server, clock, steward } = this.practice;
    const world = { clock: clock.read, random, progress: () => undefined };
    const memory = new Sort(new Window(steward.database, life), this.#keys.deviceSeed, random);
    const session = await openSession({ ...this.#keys }, lineOf(server, life, loses), memory, world);
    const outbox = new Outbox(session, {
      turn: (work) => work(),
      alone: aloneWith(locks, "outbox"),
      later: () => () => undefined,
      tell: () => undefined,
      tabs: NO_TABS,
    });
    life.steps = 0;
    return { session, outbox, life };
  }

  /** Put something into a tab's outbox, and have the time go by in which it could be taken back. */
  async queue({ outbox }: Tab, text: string): Promise<string> {
    const id = await outbox.queue({ log: this.log, draft: draftOf(text), shown: [this.#me] });
    this.practice.clock.now += 10_000;
    return id;
  }
}

export interface Tab {
  session: Session;
  outbox: Outbox;
  life: Life;
}
