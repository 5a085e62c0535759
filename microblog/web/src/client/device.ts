// The keys on this device: kept in its vault, in memory while unlocked, gone when locked or forgotten.

import { encodeBase64url } from "../protocol/base64url.ts";
import type { Entry } from "../protocol/entry.ts";
import { BadInvitation, BadLetters, LinkOver } from "../protocol/errors.ts";
import type { Keys } from "../protocol/vault.ts";
import { checkRest } from "./checking.ts";
import { StorageFull, UnstoredDatabase, type Database } from "./database.ts";
import { refresh } from "./following.ts";
import * as joining from "./joining.ts";
import * as linking from "./linking.ts";
import { Memory } from "./memory.ts";
import type { Answer, Ask, Invitation, Linked, Message, Opened, Recovery, Start } from "./messages.ts";
import { checkPassphrase } from "./passphrase.ts";
import { loadDismissed } from "./proposals.ts";
import * as recovering from "./recovering.ts";
import { freshenVault, keysWithPins, openKeys, sealKeys, type Unsealed } from "./sealing.ts";
import { openSession } from "./keeping.ts";
import { signIn } from "./login.ts";
import { lock, Locked, type Session, type World } from "./session.ts";
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
}

export class Device {
  readonly #around: Surroundings;
  readonly #world: World;
  #unstored = new UnstoredDatabase();
  #session: Session | null = null;
  #guest: joining.Guest | null = null;
  #newcomer: linking.Newcomer | null = null;
  #found: recovering.Found | null = null;
  // Keys that were sent to join or found with, without an answer: perhaps the server knows them.
  #doubted: { readonly keys: Keys; readonly entries: readonly Entry[] } | null = null;
  #locks = 0;
  #checking: Session | null = null;
  #sealedPins = ""; // how far the vault says each log was seen

  constructor(around: Surroundings, world: World) {
    this.#around = around;
    this.#world = world;
  }

  // Before there are keys

  /** Return what is here to begin with, before anyone unlocks. */
  async start(): Promise<Start> {
    const { database, ready, transport } = this.#around;
    const [loads, stores, founded] = await Promise.all([
      typeof WebAssembly === "undefined" ? false : succeeds(ready()),
      database.works(),
      transport.practice().catch(() => null),
    ]);
    const kept = (stores && (await database.loadVault())) || (await this.#unstored.loadVault());
    return {
      missing: [...(loads ? [] : ["webassembly"]), ...(stores ? [] : ["storage"])],
      stored: Boolean(kept),
      founded: founded === true,
      reachable: founded !== null,
    };
  }

  /** Read an invitation, which `join` then takes. */
  async readInvitation({ fragment, letters }: Ask<"readInvitation">): Promise<Invitation> {
    const { transport } = this.#around;
    const [guest, invitation] = await joining.readInvitation(
      transport,
      fragment,
      letters,
      this.#world,
    );
    this.#guest = guest;
    this.#doubted = null;
    return invitation;
  }

  /** Make new keys, keep them, and join with the invitation that was read. */
  async join(ask: Opened): Promise<void> {
    const guest = this.#guest;
    if (guest === null) throw new BadInvitation("no invitation was read");
    const keys = this.#doubted?.keys ?? joining.newKeys(guest, this.#world);
    await this.#settle(ask, keys, [], () => joining.join(guest, keys, ask.device, this.#world));
    this.#guest = null;
  }

  /** Make a steward's keys, keep them, and found the practice. */
  async found(ask: Ask<"found">): Promise<void> {
    const { transport } = this.#around;
    const { keys, entries } =
      this.#doubted ?? joining.draftFounding(ask, transport.origin, this.#world);
    await this.#settle(ask, keys, entries, () => joining.found(transport, ask.token, entries));
  }

  /** Show a code by which a device that has my keys lets this one in. */
  async beginLink({ device }: Ask<"beginLink">): Promise<Answer<"beginLink">> {
    await this.#checkNoKeys();
    const newcomer = await linking.beginLink(this.#around.transport, device, this.#world);
    this.#newcomer = newcomer;
    this.#doubted = null;
    return { letters: newcomer.letters, link: `${this.#around.transport.origin}/link#${newcomer.letters}` };
  }

  /** Go on with linking this device as far as the other has. */
  async linked(): Promise<Linked> {
    if (this.#newcomer === null) return { state: "over", practice: "", name: "" };
    return linking.proceed(this.#newcomer);
  }

  /** Keep the keys of this device, which was let in. */
  async finishLink(ask: Opened): Promise<void> {
    const keys = this.#newcomer?.keys ?? null;
    if (keys === null) throw new LinkOver("this device was not let in");
    await this.#settle(ask, keys, [], async () => undefined);
    this.#newcomer = null;
  }

  /** Read a recovery sheet, which `recover` then uses. */
  async readSheet({ fragment, letters }: Ask<"readSheet">): Promise<Recovery> {
    const { transport } = this.#around;
    this.#found = fragment
      ? await recovering.readLink(transport, fragment, this.#world)
      : await recovering.readLetters(transport, letters ?? "", this.#world);
    this.#doubted = null;
    return this.#found.shown;
  }

  /** Make new keys, keep them, and have the sheet let them in and shut out what is lost. */
  async recover(ask: Ask<"recover">): Promise<void> {
    const found = this.#found;
    if (found === null) throw new BadLetters("no sheet was read");
    const keys = this.#doubted?.keys ?? recovering.newKeys(found);
    await this.#settle(ask, keys, [], () => recovering.recover(found, keys, ask.device, ask.lost));
    this.#found = null;
    lock(found.session);
  }

  // Keep new keys, then send them; without an answer they stay kept, and the next attempt is made with the same.
  async #settle(
    { passphrase, keep }: Opened,
    keys: Keys,
    entries: readonly Entry[],
    send: () => Promise<void>,
  ): Promise<void> {
    const locks = this.#locks;
    checkPassphrase(passphrase);
    const doubted = this.#doubted !== null;
    if (!doubted) await this.#checkNoKeys();
    const database = this.#databaseFor(keep);
    const { vault, vaultKey } = sealKeys(keys, passphrase, this.#world);
    await database.clear();
    await new Vault(database).store(vault);
    const session = await this.#sessionOf({ keys, vaultKey }, database);
    try {
      if (!doubted || !(await isKnown(session))) await send();
    } catch (error) {
      if (error instanceof Unreachable) this.#doubted = { keys, entries };
      else await database.forget();
      throw error;
    }
    this.#doubted = null;
    // The server still knows this browser as the invitation or the founding link, which may do nothing more.
    await signIn(session).catch(() => null);
    this.#enter(session, locks);
  }

  /** Open the keys that are kept on this device. */
  async unlock({ passphrase }: Ask<"unlock">): Promise<void> {
    const { database, vault } = await this.#kept();
    await this.#openWith(openKeys(vault, passphrase, this.#world), database);
  }

  /** Open a key file, and keep it if asked to. */
  async openKeyFile({ file, passphrase, keep }: Ask<"openKeyFile">): Promise<void> {
    if (keep) await this.#checkNoKeys();
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

  async #checkNoKeys(): Promise<void> {
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

  // With keys

  #enter(session: Session, locks: number): void {
    if (locks !== this.#locks) {
      lock(session);
      throw new Locked("the app was locked meanwhile");
    }
    if (this.#session !== null) lock(this.#session);
    this.#session = session;
    this.#sealedPins = "";
    this.#tellChanged();
    this.#checkRest(session);
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
      await refresh(session);
      await this.#freshen(session);
      if (session.full) throw new StorageFull("what was read cannot be kept on this device");
      this.#checkRest(session);
    });
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
    await new Vault(database).change((vault) => freshenVault(session, vault));
    this.#sealedPins = pins;
  }

  /** Seal the keys under another passphrase. */
  async changePassphrase({ passphrase, next }: Ask<"changePassphrase">): Promise<void> {
    const session = this.open();
    const { database, vault } = await this.#kept();
    checkPassphrase(next);
    openKeys(vault, passphrase, this.#world);
    const sealed = sealKeys(keysWithPins(session), next, this.#world);
    await new Vault(database).store(sealed.vault);
    session.vaultKey?.key.fill(0);
    session.vaultKey = sealed.vaultKey;
  }

  /** Have the keys leave memory before this returns; the server forgets the session in its own time. */
  lock(): void {
    const session = this.#session;
    this.#session = null;
    this.#guest = null;
    this.#newcomer = null;
    this.#found = null;
    this.#doubted = null;
    this.#locks += 1;
    this.#around.tell({ event: "locked" });
    if (session === null) return;
    lock(session);
    void session.transport.signOut().catch(() => null);
  }

  /** Lock, and remove keys and everything kept from this device. */
  async forget(): Promise<void> {
    this.lock();
    await new Vault(this.#unstored).forget();
    await new Vault(this.#around.database).forget();
  }

  #tellChanged(): void {
    if (this.#session !== null) this.#around.tell({ event: "changed" });
  }
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

// What, if it is another than before, means that there is something new to show.
function markOf(session: Session): string {
  if (session.locked) return "";
  const feeds = [...session.feeds.values()].map((feed) => [
    feed.nextSeq,
    feed.secrets.size,
    feed.trouble,
    session.notes.get(feed.log)?.read,
    [...feed.words.values()].filter(({ sort }) => sort === "withheld" || sort === "waiting").length,
  ]);
  const { directory, dismissed, trouble, online, restoring, full } = session;
  const asks = session.asks.map(({ boxesHash }) => encodeBase64url(boxesHash));
  const vouched = [...session.vouched].map(([, { time, seq }]) => [time, seq]);
  const rest = [directory.ids.length, dismissed.size, asks, vouched, trouble, online, restoring, full];
  return JSON.stringify([rest, feeds]);
}
