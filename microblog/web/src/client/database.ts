// Where bytes are kept: in this browser's one IndexedDB database, or, on a shared computer, only in the Worker.

import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";

const NAME = "microblog";
const PROBE = "probe";
const VAULT = "vault";
const PASSKEYS = "passkeys"; // beside the vault, so that one change is of both
const MANY = 2 ** 32;
const NONE: Uint8Array = new Uint8Array();

/** The browser has no room, or keeps nothing (a private window): nothing was stored. */
export class StorageFull extends Error {
  override readonly name = "StorageFull";
}

/** A record's key is a log's id, which is random, and a counter: neither says anything legible. */
export type RecordKey = readonly [log: string, counter: number];

/** Makes records of those that are there, null where there is none; null removes one. */
export type Make = (kept: readonly (Uint8Array | null)[]) => readonly (Uint8Array | null)[];

/** The sealed vault, and the passkeys that open it; empty: none. */
export interface Kept {
  readonly vault: Uint8Array;
  readonly passkeys: Uint8Array;
}

/** Records by key; what is put together is there together, or, when StorageFull is thrown, not at all. */
export interface Database {
  /** Whether it outlives the Worker. */
  readonly stored: boolean;
  loadVault(): Promise<Uint8Array | null>;
  /** Empty where there are none. */
  loadPasskeys(): Promise<Uint8Array>;
  /** Put a vault in the place of whatever was, which no passkey opens. */
  storeVault(vault: Uint8Array): Promise<void>;
  /** Put in the place of the vault and its passkeys, if there is one, what is made of them; nobody writes in between. */
  changeVault(make: (kept: Kept) => Kept): Promise<void>;
  /** All records' keys. */
  keys(): Promise<RecordKey[]>;
  /** The records of a log from a counter on, in order. */
  range(log: string, from: number): Promise<(readonly [counter: number, value: Uint8Array])[]>;
  get(key: RecordKey): Promise<Uint8Array | null>;
  /**
   * Put what is made of the records that are there; nobody, in no other tab, writes in between.
   *
   * `durable`: it has reached the disk when this returns, and outlives a power cut.
   */
  change(keys: readonly RecordKey[], make: Make, durable?: boolean): Promise<void>;
  clear(): Promise<void>;
  /** Remove it all, vault included. */
  forget(): Promise<void>;
}

interface Schema extends DBSchema {
  vault: { key: string; value: Uint8Array };
  records: { key: [log: string, counter: number]; value: Uint8Array };
}

/** In this browser. Opened for each use, so that another tab can forget it at any time. */
export class StoredDatabase implements Database {
  readonly stored = true;

  async loadVault(): Promise<Uint8Array | null> {
    return this.#use(async (database) => (await database.get("vault", VAULT)) ?? null);
  }

  async storeVault(vault: Uint8Array): Promise<void> {
    await this.#use(async (database) => {
      const change = database.transaction("vault", "readwrite", { durability: "strict" });
      await Promise.all([
        change.store.put(vault, VAULT),
        change.store.delete(PASSKEYS),
        change.done,
      ]);
    });
  }

  async loadPasskeys(): Promise<Uint8Array> {
    return this.#use(async (database) => (await database.get("vault", PASSKEYS)) ?? NONE);
  }

  async changeVault(make: (kept: Kept) => Kept): Promise<void> {
    await this.#use(async (database) => {
      const change = database.transaction("vault", "readwrite", { durability: "strict" });
      const vault = await change.store.get(VAULT);
      const kept = vault && { vault, passkeys: (await change.store.get(PASSKEYS)) ?? NONE };
      const made = kept && make(kept);
      if (made && made.vault !== kept.vault) void change.store.put(made.vault, VAULT);
      if (made && made.passkeys !== kept.passkeys) void change.store.put(made.passkeys, PASSKEYS);
      await change.done;
    });
  }

  async keys(): Promise<RecordKey[]> {
    return this.#use((database) => database.getAllKeys("records"));
  }

  async range(log: string, from: number): Promise<(readonly [number, Uint8Array])[]> {
    const range = IDBKeyRange.bound([log, from], [log, MANY]);
    const [keys, values] = await this.#use((database) =>
      Promise.all([database.getAllKeys("records", range), database.getAll("records", range)]),
    );
    return values.map((value, index) => [keys[index]?.[1] ?? MANY, value] as const);
  }

  async get([log, counter]: RecordKey): Promise<Uint8Array | null> {
    return this.#use(async (database) => (await database.get("records", [log, counter])) ?? null);
  }

  async change(keys: readonly RecordKey[], make: Make, durable = false): Promise<void> {
    await this.#use(async (database) => {
      const durability = durable ? "strict" : "default";
      const change = database.transaction("records", "readwrite", { durability });
      const places = keys.map(([log, counter]): [string, number] => [log, counter]);
      const found = await Promise.all(places.map((place) => change.store.get(place)));
      const kept = found.map((value) => value ?? null);
      try {
        const made = make(kept);
        for (const [at, place] of places.entries()) {
          const value = made[at] ?? null;
          if (value === null) void change.store.delete(place);
          else if (value !== kept[at]) void change.store.put(value, place);
        }
      } catch (error) {
        change.abort();
        await change.done.catch(() => null);
        throw error;
      }
      await change.done;
    });
  }

  async clear(): Promise<void> {
    await this.#use((database) => database.clear("records"));
  }

  async forget(): Promise<void> {
    await storing(() => deleteDB(NAME));
  }

  /** Return whether this browser stores anything; some open a database and then refuse to write. */
  async works(): Promise<boolean> {
    try {
      await this.#use(async (database) => {
        await database.put("vault", new Uint8Array(1), PROBE);
        await database.delete("vault", PROBE);
      });
      return true;
    } catch (error) {
      if (error instanceof StorageFull) return false;
      throw error;
    }
  }

  async #use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    return storing(async () => {
      const database = await openDB<Schema>(NAME, 1, {
        upgrade(fresh) {
          fresh.createObjectStore("vault");
          fresh.createObjectStore("records");
        },
      });
      try {
        return await work(database);
      } finally {
        database.close();
      }
    });
  }
}

/** For a shared computer, and for tests: gone with the Worker. */
export class UnstoredDatabase implements Database {
  readonly stored: boolean = false;
  #vault: Uint8Array | null = null;
  #passkeys: Uint8Array = NONE;
  readonly #records = new Map<string, Map<number, Uint8Array>>();

  async loadVault(): Promise<Uint8Array | null> {
    return this.#vault;
  }

  async storeVault(vault: Uint8Array): Promise<void> {
    this.#vault = vault;
    this.#passkeys = NONE;
  }

  async loadPasskeys(): Promise<Uint8Array> {
    return this.#passkeys;
  }

  async changeVault(make: (kept: Kept) => Kept): Promise<void> {
    if (this.#vault === null) return;
    const { vault, passkeys } = make({ vault: this.#vault, passkeys: this.#passkeys });
    this.#vault = vault;
    this.#passkeys = passkeys;
  }

  async keys(): Promise<RecordKey[]> {
    return [...this.#records].flatMap(([log, records]) =>
      [...records.keys()].map((counter): RecordKey => [log, counter]),
    );
  }

  async range(log: string, from: number): Promise<(readonly [number, Uint8Array])[]> {
    const records = [...(this.#records.get(log) ?? [])];
    return records.filter(([counter]) => counter >= from).sort(([a], [b]) => a - b);
  }

  async get([log, counter]: RecordKey): Promise<Uint8Array | null> {
    return this.#records.get(log)?.get(counter) ?? null;
  }

  async change(keys: readonly RecordKey[], make: Make): Promise<void> {
    const made = make(keys.map(([log, counter]) => this.#records.get(log)?.get(counter) ?? null));
    for (const [at, [log, counter]] of keys.entries()) {
      const value = made[at] ?? null;
      const kept = this.#records.get(log) ?? new Map<number, Uint8Array>();
      if (value === null) kept.delete(counter);
      else this.#records.set(log, kept.set(counter, value));
    }
  }

  async clear(): Promise<void> {
    this.#records.clear();
  }

  async forget(): Promise<void> {
    this.#records.clear();
    this.#vault = null;
    this.#passkeys = NONE;
  }
}

// Whatever the browser's reason not to, it is called StorageFull.
async function storing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    throw new StorageFull("nothing can be kept in this browser");
  }
}
