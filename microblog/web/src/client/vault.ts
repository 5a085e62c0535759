// Where the sealed vault is kept: in this browser, or, on a shared computer, nowhere.

import { openDatabase, storing } from "./database.ts";

const KEY = "vault";

export interface Vault {
  /** Return the sealed vault; null if there is none. */
  load(): Promise<Uint8Array | null>;
  /** Put a sealed vault in the place of the one before; throws StorageFull and then keeps that. */
  store(vault: Uint8Array): Promise<void>;
  /** Remove the vault. */
  forget(): Promise<void>;
}

export class StoredVault implements Vault {
  async load(): Promise<Uint8Array | null> {
    const database = await openDatabase();
    try {
      return (await database.get("vault", KEY)) ?? null;
    } finally {
      database.close();
    }
  }

  async store(vault: Uint8Array): Promise<void> {
    const database = await openDatabase();
    try {
      await storing(async () => {
        const change = database.transaction("vault", "readwrite", { durability: "strict" });
        await Promise.all([change.store.put(vault, KEY), change.done]);
      });
    } finally {
      database.close();
    }
  }

  async forget(): Promise<void> {
    const database = await openDatabase();
    try {
      await storing(() => database.delete("vault", KEY));
    } finally {
      database.close();
    }
  }
}

/** For a shared computer, and for tests: gone with the Worker. */
export class UnstoredVault implements Vault {
  #vault: Uint8Array | null = null;

  async load(): Promise<Uint8Array | null> {
    return this.#vault;
  }

  async store(vault: Uint8Array): Promise<void> {
    this.#vault = vault;
  }

  async forget(): Promise<void> {
    this.#vault = null;
  }
}
