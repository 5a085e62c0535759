// Where the sealed vault is kept: in this browser, or, on a shared computer, only in the Worker.

import type { Database, Kept } from "./database.ts";

export class Vault {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether it outlives the Worker. */
  get stored(): boolean {
    return this.#database.stored;
  }

  /** Return the sealed vault, or null if there is none. */
  async load(): Promise<Uint8Array | null> {
    return this.#database.loadVault();
  }

  /** Return the passkeys that open it, empty if there are none. */
  async passkeys(): Promise<Uint8Array> {
    return this.#database.loadPasskeys();
  }

  /** Put a sealed vault in the place of the one before, which no passkey opens; throws StorageFull and then keeps that. */
  async store(vault: Uint8Array): Promise<void> {
    await this.#database.storeVault(vault);
  }

  /**
   * Put what is made of the vault and its passkeys in their place; nobody, in no other tab, writes in between.
   *
   * What `make` throws is thrown here, and then all stays as it was.
   */
  async change(make: (kept: Kept) => Kept): Promise<void> {
    const failed: unknown[] = [];
    await this.#database.changeVault((kept) => {
      try {
        return make(kept);
      } catch (error) {
        failed.push(error);
        return kept;
      }
    });
    if (failed.length > 0) throw failed[0];
  }

  /** Remove the vault, and everything else that is kept. */
  async forget(): Promise<void> {
    await this.#database.forget();
  }
}
