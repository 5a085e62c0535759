// What the page asks, done in turn. All keys live behind this; what leaves are the types of `shown` and `messages`.
//
// Whatever changes something waits for what was asked before it, so that no two attempts are made on one log at once;
// what only looks is answered from verified memory at once; the lock waits for nothing.

import type { Entry } from "../protocol/entry.ts";
import { BadInvitation, ProtocolError } from "../protocol/errors.ts";
import type { Keys } from "../protocol/vault.ts";
import { StorageFull, UnstoredDatabase, type Database } from "./database.ts";
import { refresh } from "./following.ts";
import * as joining from "./joining.ts";
import { Memory } from "./memory.ts";
import type { Answer, Ask, Call, Message, Name, Opened, Start } from "./messages.ts";
import { checkPassphrase, suggestPassphrase } from "./passphrase.ts";
import { draft, keepDraft, preferences, setPreferences } from "./preferences.ts";
import { moveToRightChild, post, withdraw } from "./posting.ts";
import { markRead, overview, posts } from "./reading.ts";
import { freshenVault, keysWithPins, openKeys, sealKeys, type Unsealed } from "./sealing.ts";
import {
  InTrouble,
  lock,
  Locked,
  NotFollowed,
  openSession,
  signIn,
  Waiting,
  type Session,
  type World,
} from "./session.ts";
import * as staff from "./staff.ts";
import * as team from "./team.ts";
import { Refused, Unreachable, type Transport } from "./transport.ts";
import { Vault } from "./vault.ts";

export { ready } from "../protocol/primitives.ts";

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

type Handlers = { readonly [N in Name]: (ask: Ask<N>) => Answer<N> | Promise<Answer<N>> };

const AT_ONCE = new Set<Name>([
  ...(["start", "suggestPassphrase", "preferences", "setPreferences", "draft", "keepDraft"] as const),
  ...(["overview", "posts", "markRead", "lock", "forget"] as const),
]);
const OUTSIDE = new Set<Name>(["start", "suggestPassphrase", "lock", "forget"]);
const KNOWN = [ProtocolError, Unreachable, StorageFull, Locked, Waiting, KeysKept, NoKeys];

export class Calls {
  readonly #around: Surroundings;
  readonly #world: World;
  readonly #handlers: Handlers;
  #unstored = new UnstoredDatabase();
  #session: Session | null = null;
  #guest: joining.Guest | null = null;
  // Keys that were sent to join or found with, without an answer: perhaps the server knows them.
  #doubted: { readonly keys: Keys; readonly entries: readonly Entry[] } | null = null;
  #locks = 0;
  #sealedPins = ""; // how far the vault says each log was seen
  #queue: Promise<unknown> = Promise.resolve();

  constructor(around: Surroundings) {
    this.#around = around;
    const { clock, random, tell } = around;
    const progress: World["progress"] = (what, done, total) =>
      tell({ event: "progress", what, done, total });
    this.#world = { clock, random, progress };
    this.#handlers = this.#makeHandlers();
  }

  /** Do what a call asks and tell the answer, or the name of what went wrong and no private word. */
  async handle({ id, name, ask }: Call): Promise<void> {
    try {
      this.#around.tell({ id, answer: await this.#answer(name, ask) });
    } catch (error) {
      this.#around.tell({ id, error: nameError(error) });
    }
  }

  async #answer(name: Name, ask: unknown): Promise<unknown> {
    // The page is built with this Worker: what it asks has the shape that `messages` says.
    const handler = this.#handlers[name] as (ask: unknown) => unknown;
    if (!OUTSIDE.has(name)) await this.#around.ready();
    if (AT_ONCE.has(name)) return handler(ask);
    const turn = this.#queue.then(() => handler(ask));
    this.#queue = turn.catch(() => null);
    return turn;
  }

  #makeHandlers(): Handlers {
    return {
      start: () => this.#start(),
      suggestPassphrase: () => suggestPassphrase(this.#world.random),
      readInvitation: (ask) => this.#readInvitation(ask),
      join: (ask) => this.#join(ask),
      found: (ask) => this.#found(ask),
      unlock: (ask) => this.#unlock(ask),
      openKeyFile: (ask) => this.#openKeyFile(ask),
      keyFile: () => this.#keyFile(),
      changePassphrase: (ask) => this.#changePassphrase(ask),
      lock: () => this.#lock(),
      forget: () => this.#forget(),
      preferences: () => preferences(this.#open()),
      setPreferences: (ask) => setPreferences(this.#open(), ask),
      draft: () => draft(this.#open()),
      keepDraft: (ask) => keepDraft(this.#open(), ask.draft),
      refresh: () => this.#refresh(),
      overview: () => overview(this.#open()),
      posts: ({ log, before, count }) => posts(this.#open(), log, before, count),
      markRead: ({ log, seq }) => this.#change((session) => markRead(session, log, seq)),
      beginChild: (ask) => this.#change((session) => team.beginChild(session, ask)),
      post: (ask) =>
        this.#change((session) => post(session, ask.log, ask.draft, ask.shown)),
      moveToRightChild: ({ log, seq, to, shown, why }) =>
        this.#change((session) => moveToRightChild(session, log, seq, to, shown, why)),
      withdraw: ({ log, seq, erase, why }) =>
        this.#change((session) => withdraw(session, log, seq, erase, why)),
      grant: ({ log, person, role, why }) =>
        this.#change((session) => team.grant(session, log, person, role, why)),
      remove: ({ log, person }) => this.#change((session) => team.remove(session, log, person)),
      addAgency: ({ name, sort }) =>
        this.#change((session) => staff.addAgency(session, name, sort)),
      invite: ({ name, job, agency, role }) =>
        this.#change((session) => staff.invite(session, name, job, agency, role)),
      revokeInvite: ({ id }) => this.#change((session) => staff.revokeInvite(session, id)),
      changePerson: (ask) => this.#change((session) => staff.changePerson(session, ask)),
      setProfile: ({ phone, email }) =>
        this.#change((session) => staff.setProfile(session, phone, email)),
      setPolicy: ({ practice, numbers }) =>
        this.#change((session) => staff.setPolicy(session, practice, numbers)),
    };
  }

  // Before there are keys

  async #start(): Promise<Start> {
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

  async #readInvitation({ fragment, letters }: Ask<"readInvitation">) {
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

  async #join(ask: Opened): Promise<void> {
    const guest = this.#guest;
    if (guest === null) throw new BadInvitation("no invitation was read");
    const keys = this.#doubted?.keys ?? joining.newKeys(guest, this.#world);
    await this.#settle(ask, keys, [], () => joining.join(guest, keys, ask.device, this.#world));
    this.#guest = null;
  }

  async #found(ask: Ask<"found">): Promise<void> {
    const { transport } = this.#around;
    const { keys, entries } =
      this.#doubted ?? joining.draftFounding(ask, transport.origin, this.#world);
    await this.#settle(ask, keys, entries, () => joining.found(transport, ask.token, entries));
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

  async #unlock({ passphrase }: Ask<"unlock">): Promise<void> {
    const { database, vault } = await this.#kept();
    await this.#openWith(openKeys(vault, passphrase, this.#world), database);
  }

  async #openKeyFile({ file, passphrase, keep }: Ask<"openKeyFile">): Promise<void> {
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
  }

  #open(): Session {
    if (this.#session === null) throw new Locked("the keys are not in memory");
    return this.#session;
  }

  async #change<T>(work: (session: Session) => T | Promise<T>): Promise<T> {
    const session = this.#open();
    const before = markOf(session);
    try {
      return await work(session);
    } finally {
      if (markOf(session) !== before) this.#tellChanged();
    }
  }

  async #refresh(): Promise<void> {
    await this.#change(async (session) => {
      await refresh(session);
      await this.#freshen(session);
      if (session.full) throw new StorageFull("what was read cannot be kept on this device");
    });
  }

  async #keyFile(): Promise<Uint8Array> {
    const { vault } = await this.#kept();
    return this.#session === null ? vault : freshenVault(this.#session, vault);
  }

  // Have the vault say how far each log was seen, should all else that is kept be lost.
  async #freshen(session: Session): Promise<void> {
    const pins = [...session.notes.values()].map(({ pin }) => pin?.seq).join();
    if (pins === this.#sealedPins) return;
    const { database } = await this.#kept();
    await new Vault(database).change((vault) => freshenVault(session, vault));
    this.#sealedPins = pins;
  }

  async #changePassphrase({ passphrase, next }: Ask<"changePassphrase">): Promise<void> {
    const session = this.#open();
    const { database, vault } = await this.#kept();
    checkPassphrase(next);
    openKeys(vault, passphrase, this.#world);
    const sealed = sealKeys(keysWithPins(session), next, this.#world);
    await new Vault(database).store(sealed.vault);
    session.vaultKey?.key.fill(0);
    session.vaultKey = sealed.vaultKey;
  }

  // The keys leave memory before this returns; the server is told to forget the session in its own time.
  #lock(): void {
    const session = this.#session;
    this.#session = null;
    this.#guest = null;
    this.#doubted = null;
    this.#locks += 1;
    this.#around.tell({ event: "locked" });
    if (session === null) return;
    lock(session);
    void session.transport.signOut().catch(() => null);
  }

  async #forget(): Promise<void> {
    this.#lock();
    await new Vault(this.#unstored).forget();
    await new Vault(this.#around.database).forget();
  }

  #tellChanged(): void {
    if (this.#session !== null) this.#around.tell({ event: "changed" });
  }
}

// What the page may hear of an error: a name and a code, and nothing of what it was about.
function nameError(error: unknown): { name: string; code: string } {
  if (error instanceof Refused) return { name: "Refused", code: error.code };
  if (error instanceof NotFollowed) return { name: "Refused", code: "not-found" };
  if (error instanceof InTrouble) return { name: error.trouble.error, code: "in-trouble" };
  const known = KNOWN.some((sort) => error instanceof sort);
  return { name: known && error instanceof Error ? error.name : "Unexpected", code: "" };
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
  const { directory, trouble, online, full } = session;
  return JSON.stringify([directory.ids.length, trouble, online, full, feeds]);
}
