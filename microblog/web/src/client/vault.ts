// Where the sealed vault is kept: in this browser, or, on a shared computer, nowhere.

import { openDatabase, storing } from "./database.ts";

const KEY = "vault";

export interface VaultPlace {
  load(): Promise<Uint8Array | null>;
  store(vault: Uint8Array): Promise<void>;
  forget(): Promise<void>;
}

export class StoredVault implements VaultPlace {
  async load(): Promise<Uint8Array | null> {
    const database = await openDatabase();
    try {
      return (await database.get("vault", KEY)) ?? null;
    } finally {
      database.close();
    }
  }

  // Raises StorageFull; the vault before this one is then still there.
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

// For a shared computer, and for tests: gone with the Worker.
export class UnstoredVault implements VaultPlace {
  private vault: Uint8Array | null = null;

  async load(): Promise<Uint8Array | null> {
    return this.vault;
  }

  async store(vault: Uint8Array): Promise<void> {
    this.vault = vault;
  }

  async forget(): Promise<void> {
    this.vault = null;
  }
}
