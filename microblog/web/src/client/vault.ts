// Where the sealed vault is kept: in this browser, or, on a shared computer, only in the Worker.

import type { Database } from "./database.ts";

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

  /** Put a sealed vault in the place of the one before; throws StorageFull and then keeps that. */
  async store(vault: Uint8Array): Promise<void> {
    await this.#database.storeVault(vault);
  }

  /** Put what is made of the vault in its place; nobody, in no other tab, writes in between. */
  async change(make: (kept: Uint8Array) => Uint8Array): Promise<void> {
    await this.#database.changeVault(make);
  }

  /** Remove the vault, and everything else that is kept. */
  async forget(): Promise<void> {
    await this.#database.forget();
  }
}
