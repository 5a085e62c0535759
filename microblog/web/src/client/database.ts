// The one IndexedDB database: who may open it, and what a browser that refuses is called.

import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";

const NAME = "microblog";
const PROBE = "probe";

// The browser has no room, or keeps nothing (a private window): nothing was stored.
export class StorageFull extends Error {
  override readonly name: string = "StorageFull";
}

// A record's key is a log's id, which is random, and a counter: neither says anything legible.
export type RecordKey = [log: string, counter: number];

interface Schema extends DBSchema {
  vault: { key: string; value: Uint8Array };
  records: { key: RecordKey; value: Uint8Array };
}

export type Database = IDBPDatabase<Schema>;

export async function openDatabase(): Promise<Database> {
  const database: Database = await storing(() =>
    openDB<Schema>(NAME, 1, {
      upgrade(fresh) {
        fresh.createObjectStore("vault");
        fresh.createObjectStore("records");
      },
      // Another tab wants the database gone or newer: let go of it.
      blocking() {
        database.close();
      },
    }),
  );
  return database;
}

// Whether something can be stored here at all; some browsers open a database and then refuse to write.
export async function canStore(): Promise<boolean> {
  try {
    const database = await openDatabase();
    try {
      await database.put("vault", new Uint8Array(1), PROBE);
      await database.delete("vault", PROBE);
      return true;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

export async function deleteDatabase(): Promise<void> {
  await storing(() => deleteDB(NAME));
}

// Do something that stores; whatever the browser's reason not to, say StorageFull.
export async function storing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    throw new StorageFull("nothing can be stored on this device");
  }
}
