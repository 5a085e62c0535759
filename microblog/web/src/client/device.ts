// The keys on this device: kept in its vault, in memory while unlocked, gone when locked or forgotten.

import type { Keys } from "../protocol/vault.ts";
import type { Arriving } from "./arriving.ts";
import { markOf } from "./change.ts";
import { checkRest } from "./checking.ts";
import { StorageFull, UnstoredDatabase, type Database, type Kept } from "./database.ts";
import { refresh } from "./following.ts";
import { Live } from "./live.ts";
import { countUnsent, Memory } from "./memory.ts";
import type { Ask, Message, Opened, Start } from "./messages.ts";
import { News } from "./news.ts";
import { Outbox, type Around as Office } from "./outbox.ts";
import { openWithPasskey, saltsOf } from "./passkeys.ts";
import { checkPassphrase } from "./passphrase.ts";
import { loadDismissed } from "./proposals.ts";
import { freshenVault, newKey, openKeys, rekeyKept, sealKeys, type Unsealed } from "./sealing.ts";
import { openSession } from "./keeping.ts";
import { signIn } from "./login.ts";
import { carry, parting } from "./note.ts";
import { lock, Locked, wipe, type Session, type World } from "./session.ts";
import { NO_TABS } from "./tabs.ts";
import { Refused, Unreachable, type Transport } from "./transport.ts";
import { Vault } from "./vault.ts";

/** Keys of someone are kept on this device already: they are never overwritten, only removed when asked to. */
export class KeysKept extends Error {
  override readonly name = "KeysKept";
}

/** No keys are kept on this device. */
export class NoKeys extends Error {
  override readonly name = "NoKeys";
}

/** What a Worker stands in: the server, the browser's storage, and whether the cryptography loads. */
export interface Surroundings {
  readonly transport: Transport;
  readonly clock: () => number;
  readonly random: (size: number) => Uint8Array;
  readonly database: Database & { works(): Promise<boolean> };
  readonly ready: () => Promise<void>;
  readonly tell: (message: Message) => void;
  readonly build?: string; // which build of the browser's end this is; a test has none
  // For the outbox: work that no other tab does meanwhile, work later, which it returns how to cancel, and the tabs.
  readonly alone?: Office["alone"];
  readonly later?: Office["later"];
  readonly tabs?: Office["tabs"];
}

export class Device {
  readonly #around: Surroundings;
  readonly #world: World;
  #unstored = new UnstoredDatabase();
  readonly #turn: Office["turn"];
  readonly #live: Live;
  #news = new News();
  #session: Session | null = null;
  #outbox: Outbox | null = null;
  #arriving: Arriving | null = null;
  #locks = 0;
  #checking: Session | null = null;
  #sealedPins = ""; // how far the vault says each log was seen

  /** `turn` has some work wait for what was asked before it. */
  constructor(around: Surroundings, world: World, turn: Office["turn"]) {
    this.#around = around;
    this.#world = world;
    this.#turn = turn;
    const { later = soon, tell } = around;
    this.#live = new Live({ tell, later, chance: Math.random, now: () => performance.now() });
  }

  // Before there are keys

  /** Return what is here to begin with, before anyone unlocks. */
  async start(): Promise<Start> {
    const { database, ready, transport } = this.#around;
    const [loads, stores] = await Promise.all([
      typeof WebAssembly === "undefined" ? false : succeeds(ready()),
      database.works(),
    ]);
    const kept = stores && (await database.loadVault()) !== null;
    const unstored = (await this.#unstored.loadVault()) !== null;
    const stored = kept || unstored;
    // Whoever has keys here is not kept waiting by a line that is dead.
    const founded = stored || (await transport.practice().catch(() => null));
    return {
      missing: [...(loads ? [] : ["webassembly"]), ...(stores ? [] : ["storage"])],
      stored,
      founded: founded === true,
      reachable: founded !== null,
      passkeys: kept && !unstored ? saltsOf(await database.loadPasskeys()) : [],
      unsent: await this.#countUnsent(stores),
    };
  }

  async #countUnsent(stores: boolean): Promise<number> {
    const kept = stores ? await countUnsent(this.#around.database) : 0;
    return kept + (await countUnsent(this.#unstored));
  }

  /**
   * Keep new keys, send them, and go in with them; `doubted`: they were sent before, and no answer came.
   *
   * Without an answer they stay kept, for the next attempt is made with the same.
   */
  async settle(
    { passphrase, keep }: Opened,
    keys: Keys,
    doubted: boolean,
    send: () => Promise<void>,
  ): Promise<void> {
    const locks = this.#locks;
    checkPassphrase(passphrase);
    if (!doubted) await this.checkNoKeys();
    const database = this.#databaseFor(keep);
    const { vault, vaultKey } = sealKeys(keys, passphrase, this.#world);
    await database.clear();
    await new Vault(database).store(vault);
    const session = await this.#sessionOf({ keys, vaultKey }, database);
    try {
      if (!doubted || !(await isKnown(session))) await send();
    } catch (error) {
      if (!(error instanceof Unreachable)) await database.forget();
      throw error;
    }
    // The server still knows this browser as the invitation or the founding link, which may do nothing more.
    await signIn(session).catch(() => null);
    this.#enter(session, locks);
  }

  /** Open the keys that are kept on this device. */
  async unlock({ passphrase }: Ask<"unlock">): Promise<void> {
    const { database, vault } = await this.#kept();
    await this.#openWith(openKeys(vault, passphrase, this.#world), database);
  }

  /** Open the keys that are kept on this device by what a passkey of it has answered. */
  async unlockWithPasskey(ask: Ask<"unlockWithPasskey">): Promise<void> {
    try {
      const { database, vault } = await this.#kept();
      const passkeys = await new Vault(database).passkeys();
      await this.#openWith(openWithPasskey({ vault, passkeys }, ask), database);
    } finally {
      ask.prf.fill(0);
    }
  }

  /** Open a key file, and keep it if asked to. */
  async openKeyFile({ file, passphrase, keep }: Ask<"openKeyFile">): Promise<void> {
    if (keep) await this.checkNoKeys();
    const unsealed = openKeys(file, passphrase, this.#world);
    const database = this.#databaseFor(keep);
    // What is remembered of this device stays; of another, nothing.
    if ((await this.#memory(database, unsealed.keys).logs()).length === 0) await database.clear();
    await new Vault(database).store(file);
    await this.#openWith(unsealed, database);
  }

  async #openWith(unsealed: Unsealed, database: Database): Promise<void> {
    const locks = this.#locks;
    this.#enter(await this.#sessionOf(unsealed, database), locks);
  }

  async #sessionOf({ keys, vaultKey }: Unsealed, database: Database): Promise<Session> {
    const memory = this.#memory(database, keys);
    const session = await openSession(keys, this.#around.transport, memory, this.#world);
    session.vaultKey = vaultKey;
    session.dismissed = await loadDismissed(memory);
    return session;
  }

  #memory(database: Database, keys: Keys): Memory {
    return new Memory(database, keys.deviceSeed, this.#world.random);
  }

  #databaseFor(keep: boolean): Database {
    return keep ? this.#around.database : this.#unstored;
  }

  /** Throw `KeysKept` where someone's keys are kept. */
  async checkNoKeys(): Promise<void> {
    const { database } = this.#around;
    const kept = (await database.works()) && (await database.loadVault()) !== null;
    if (kept) throw new KeysKept("keys are kept on this device already");
  }

  async #kept(): Promise<{ database: Database; vault: Uint8Array }> {
    for (const database of [this.#unstored, this.#around.database]) {
      const vault = await database.loadVault();
      if (vault !== null) return { database, vault };
    }
    throw new NoKeys("no keys are kept on this device");
  }

  /** Return how new keys come to this device, until it is locked; whoever asks brings what that takes. */
  arriving(sort: typeof Arriving): Arriving {
    return (this.#arriving ??= new sort(this, this.#around.transport, this.#world));
  }

  // With keys

  #enter(session: Session, locks: number): void {
    if (locks !== this.#locks) {
      lock(session);
      throw new Locked("the app was locked meanwhile");
    }
    if (this.#session !== null) lock(this.#session);
    this.#session = session;
    this.#sealedPins = "";
    this.#openOutbox(session);
    this.#tellChanged();
    this.#checkRest(session);
  }

  // What was not sent when it was locked goes now.
  #openOutbox(session: Session): void {
    const { alone = (work) => work(), later = soon, tell, tabs = NO_TABS } = this.#around;
    this.#news = new News();
    this.#outbox?.close();
    this.#outbox = new Outbox(session, { turn: this.#turn, alone, later, tell, tabs });
    void this.#outbox.flush().catch(() => null);
  }

  /** Return what is sent from here once it is unlocked. */
  outbox(): Outbox {
    if (this.#outbox === null) throw new Locked("the keys are not in memory");
    return this.#outbox;
  }

  /** Return the session of the unlocked keys. */
  open(): Session {
    if (this.#session === null) throw new Locked("the keys are not in memory");
    return this.#session;
  }

  /** Do something with the session, and tell the page if there is something new to show. */
  async change<T>(work: (session: Session) => T | Promise<T>): Promise<T> {
    const session = this.open();
    const before = markOf(session);
    try {
      return await work(session);
    } finally {
      if (markOf(session) !== before) this.#tellChanged();
    }
  }

  /** Fetch and check what is new, and have the vault know of it. */
  async refresh(): Promise<void> {
    await this.change(async (session) => {
      await this.#news.look(session, () => refresh(session));
      this.#live.begin(session);
      await this.#freshen(session);
      if (session.full) throw new StorageFull("what was read cannot be kept on this device");
      this.#checkRest(session);
      void this.carry(session).catch(() => null);
    });
    void this.#outbox?.goOn().catch(() => null);
  }

  /** Ask whether anything is new, and fetch it; return whether there was. */
  async news(): Promise<boolean> {
    const isQuiet = await this.change((session) => this.#news.isQuiet(session));
    this.#live.found(!isQuiet);
    if (!isQuiet) await this.refresh();
    else void this.#outbox?.goOn().catch(() => null);
    return !isQuiet;
  }

  /** Have my other devices know how far I have read, and learn it from them; nothing waits for it. */
  async carry(session = this.open(), now = false): Promise<void> {
    const before = markOf(session);
    await carry(session, now);
    if (!session.locked && markOf(session) !== before) this.#tellChanged();
  }

  // In the background, and once at a time: whatever is asked meanwhile is answered.
  #checkRest(session: Session): void {
    if (this.#checking === session) return;
    this.#checking = session;
    const changed = () => this.#tellChanged();
    const done = checkRest(session, changed).then(() => this.#freshen(session));
    // Without an answer, or locked meanwhile: the next refresh goes on where this ended.
    void done.catch(() => null).finally(() => {
      if (this.#checking === session) this.#checking = null;
    });
  }

  /** Return the vault that is kept, with the pins of now where it is unlocked. */
  async keyFile(): Promise<Uint8Array> {
    const { vault } = await this.#kept();
    return this.#session === null ? vault : freshenVault(this.#session, vault);
  }

  // Have the vault say how far each log was seen, and hold the newest reading key, should all else that is kept be lost.
  async #freshen(session: Session): Promise<void> {
    const seqs = [...session.notes.values()].map(({ pin }) => pin?.seq);
    const pins = [session.keys.readingSecrets.length, ...seqs].join();
    if (pins === this.#sealedPins) return;
    const { database } = await this.#kept();
    await new Vault(database).change(({ vault, ...rest }) => ({ ...rest, vault: freshenVault(session, vault) }));
    this.#sealedPins = pins;
  }

  /** Seal the keys under another passphrase. */
  async changePassphrase({ passphrase, next }: Ask<"changePassphrase">): Promise<void> {
    const session = this.open();
    const { database, vault } = await this.#kept();
    checkPassphrase(next);
    const { vaultKey, keys } = openKeys(vault, passphrase, this.#world);
    wipe(keys);
    const fresh = newKey(next, this.#world);
    await new Vault(database).change((kept) => rekeyKept(session, kept, vaultKey, fresh));
    session.vaultKey?.key.fill(0);
    session.vaultKey = fresh;
  }

  /** Return the passkeys that open the vault of this device, as they are kept. */
  async passkeys(): Promise<Uint8Array> {
    return new Vault((await this.#kept()).database).passkeys();
  }

  /** Put what is made of the vault and its passkeys in their place. */
  async changeKept(make: (kept: Kept) => Kept): Promise<void> {
    await new Vault((await this.#kept()).database).change(make);
  }

  /**
   * Have the keys leave memory before this returns; the server forgets the session in its own time.
   *
   * What is under way, or could still be taken back, has two seconds to be sent; nothing is shown meanwhile.
   */
  async lock(): Promise<void> {
    const [session, outbox] = [this.#session, this.#outbox];
    this.#leave();
    const rest = outbox?.finish() ?? null;
    if (rest !== null) await rest.catch(() => null);
    outbox?.close();
    if (session !== null) end(session);
  }

  // From here on nothing is answered.
  #leave(): void {
    this.#session = null;
    this.#outbox = null;
    this.#arriving = null;
    this.#live.end();
    this.#locks += 1;
    this.#around.tell({ event: "locked" });
  }

  /** Lock, and remove keys and everything kept from this device. */
  async forget(): Promise<void> {
    this.#outbox?.close();
    const session = this.#session;
    this.#leave();
    if (session !== null) end(session);
    await new Vault(this.#unstored).forget();
    await new Vault(this.#around.database).forget();
  }

  #tellChanged(): void {
    if (this.#session !== null) this.#around.tell({ event: "changed" });
  }
}

function end(session: Session): void {
  const { transport } = session;
  const left = parting(session);
  lock(session);
  const told = left === null ? Promise.resolve() : transport.putOwnNote(left);
  void told.catch(() => null).then(() => transport.signOut()).catch(() => null);
}

function soon(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}

// Whether the server knows a device: the join or founding of it was stored, though no answer came.
async function isKnown(session: Session): Promise<boolean> {
  try {
    await signIn(session);
    return true;
  } catch (error) {
    if (error instanceof Refused && error.code === "signed-out") return false;
    throw error;
  }
}

async function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
