// The outbox: what is written here waits in it, sealed, until the server has acknowledged it; in order, and once.
//
// Each attempt is noted, durably, before it leaves: the id of its entry, and where that would stand. Before the next one the
// log is fetched, and what was noted is looked for in it. Two attempts that are built on the same entry cannot both be
// stored, so however often this is killed, and however many tabs send the same row, it is posted once.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { StorageFull } from "./database.ts";
import type { Feed } from "./feed.ts";
import { nameFailure } from "./failures.ts";
import type { Ask, Message } from "./messages.ts";
import { decodeRow, encodeRow, loadOutbox, showOutgoing, termsOf, type Row } from "./outgoing.ts";
import { checkDraft, postWaiting, type Attempts } from "./posting.ts";
import type { Batch } from "./sending.ts";
import { feedOf, Locked, type Session } from "./session.ts";
import { Pauses } from "./pauses.ts";
import type { Tabs } from "./tabs.ts";

export const UNDO_MS = 5_000;
const FINISH_MS = 2_000; // after a lock
const PLACE_BYTES = 4;

// What its writer has to do something about; anything else may pass, and is tried again.
const FINAL = new Set(["NotAllowed", "UnknownDevice"]);
const PASSING = new Set(["restoring", "wrong-time", "broken", "busy", "stale-head"]);

/** What an outbox stands in: other work of this Worker, other tabs, timers, and the page. */
export interface Around {
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>; // after what was asked before
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>; // while no other tab does such work
  readonly later: (work: () => void, ms: number) => () => void; // returns how to cancel it
  readonly tell: (message: Message) => void;
  readonly tabs: Tabs;
}

// The row was sent by another tab, or taken out.
class Gone extends Error {}

export class Outbox {
  readonly #session: Session;
  readonly #around: Around;
  readonly #pauses: Pauses;
  readonly #mine = new Set<string>(); // written in this tab
  readonly #sent = new Set<string>(); // that could not be taken out: the storage is full
  #running: Promise<void> | null = null;
  #cancel = (): void => undefined;
  #hurried = false; // locked: nobody is looking any more
  #shown = "";
  #closed = false;

  constructor(session: Session, around: Around) {
    this.#session = session;
    this.#around = around;
    this.#pauses = new Pauses(session.world.clock);
    // Another tab was acknowledged: it may be this page that its writer looks at.
    around.tabs.hear(({ id, log }) => {
      if (!this.#closed && this.#mine.has(id)) this.#sayPosted(id, log);
    });
  }

  // What its writer does

  /**
   * Keep a post, durably, to be sent once it can no longer be taken back; return its id.
   *
   * @throws {Malformed} a field is too long, or not what it should be.
   * @throws {NotFollowed} the stream is none of mine.
   * @throws {StorageFull} nothing was kept.
   */
  async queue({ log, draft, shown, allTheSame = false, drafts }: Ask<"queue">): Promise<string> {
    const { memory, outbox, world } = this.#session;
    feedOf(this.#session, decodeBase64url(log));
    checkDraft(draft);
    const now = world.clock();
    const order = Math.max(now, (outbox.at(-1)?.order ?? 0) + 1);
    const fresh = { state: "undo", newcomers: [], unvouched: 0, error: "", code: "", tried: [] } as const;
    const said = { order, log, draft, written: now, leaves: now + UNDO_MS, seen: shown, allTheSame };
    for (;;) {
      const place = new DataView(world.random(PLACE_BYTES).slice().buffer).getUint32(0);
      const row: Row = { id: String(place), ...said, ...fresh };
      if (place === 0 || !(await memory.addRow(place, encodeRow(row), bytesOf(drafts)))) continue;
      this.#mine.add(row.id);
      this.#show([...this.#session.outbox, row]);
      this.#schedule();
      return row.id;
    }
  }

  /** Take a post out; return false, and leave it, if it may have arrived. */
  async undo({ id, drafts }: Ask<"undo">): Promise<boolean> {
    let taken = false;
    const take = (row: Row): Row | null => {
      taken = row.tried.length === 0;
      return taken ? null : row;
    };
    await this.#change(id, take, drafts);
    return taken;
  }

  /** Send a post without waiting until it can no longer be taken back. */
  async sendNow({ id }: Ask<"sendNow">): Promise<void> {
    await this.#change(id, (row) => ({ ...row, state: row.state === "undo" ? "waiting" : row.state }));
    this.#pauses.end(id);
    void this.run();
  }

  /**
   * Send a post after its writer was asked, or it was refused; to another child, it answers nothing there.
   *
   * @throws {Malformed} without what it answers it says nothing.
   */
  async sendAgain({ id, log, shown, allTheSame = false }: Ask<"sendAgain">): Promise<void> {
    const row = this.#session.outbox.find((one) => one.id === id);
    const moved = log !== undefined && log !== row?.log;
    if (row && moved) checkDraft({ ...row.draft, refers: [], how: "" });
    await this.#change(id, (kept) => ({
      ...kept,
      ...(moved && { log, draft: { ...kept.draft, refers: [], how: "" }, tried: [] }),
      ...{ seen: shown, allTheSame, state: "waiting", newcomers: [], unvouched: 0, error: "", code: "" },
    }));
    this.#pauses.end(id);
    void this.run();
  }

  /** Let the words of a post go; if it has arrived after all, it stands in the stream. */
  async throwAway({ id, drafts }: Ask<"throwAway">): Promise<void> {
    await this.#change(id, () => null, drafts);
  }

  // Its way out

  /** Send whatever waits now, as far as it goes; what can still be taken back is left until its time. */
  async flush(): Promise<void> {
    this.#pauses.endAll();
    await this.reload();
    await this.run();
  }

  /** Go on, for the server answers. */
  async goOn(): Promise<void> {
    this.#pauses.endLine();
    await this.reload();
    await this.run();
  }

  /** Look at what other tabs have put into it, and taken out. */
  async reload(): Promise<void> {
    const rows = await loadOutbox(this.#session.memory);
    this.#show(rows.filter(({ id }) => !this.#sent.has(id)));
    this.#schedule();
  }

  /** Send what is due, one after the other. */
  run(): Promise<void> {
    this.#running ??= this.#sendDue().finally(() => {
      this.#running = null;
      this.#schedule();
    });
    return this.#running;
  }

  /**
   * Send, in the time that a lock leaves for it, also what could still be taken back, and then nothing more; null: there
   * is nothing that could be sent.
   */
  finish(): Promise<void> | null {
    this.#hurried = true;
    if (this.#next() === undefined && this.#running === null) return null;
    const over = new Promise<void>((done) => void this.#around.later(done, FINISH_MS));
    return Promise.race([this.run(), over]).finally(() => this.close());
  }

  /** Send nothing more. */
  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  async #sendDue(): Promise<void> {
    for (let row = this.#next(); row !== undefined; row = this.#next()) {
      const { id } = row;
      const { alone, turn } = this.#around;
      try {
        await alone(() => turn(() => this.#send(id)));
      } catch (error) {
        // The storage does not answer, or the keys are gone: it stays where it is.
        this.#pauses.begin(id, false);
        if (!(error instanceof StorageFull || error instanceof Locked)) throw error;
      }
    }
  }

  // The first that is due, of a log of which none before it is still to be sent.
  #next(): Row | undefined {
    const before = new Set<string>();
    if (this.#closed || this.#session.locked) return undefined;
    for (const row of this.#session.outbox.filter(isOnItsWay)) {
      if (!before.has(row.log) && this.#waitMs(row) === 0) return row;
      before.add(row.log);
    }
    return undefined;
  }

  #waitMs({ id, state, leaves }: Row): number {
    const undoMs = state === "undo" && !this.#hurried ? leaves - this.#session.world.clock() : 0;
    // A clock that was put back must not make it wait.
    return Math.max(undoMs > UNDO_MS ? 0 : undoMs, this.#pauses.leftMs(id), 0);
  }

  #schedule(): void {
    this.#cancel();
    const waits = this.#session.outbox.filter(isOnItsWay).map((row) => this.#waitMs(row));
    if (waits.length === 0 || this.#closed || this.#running !== null) return;
    this.#cancel = this.#around.later(() => void this.run(), Math.min(...waits));
  }

  async #send(id: string): Promise<void> {
    const session = this.#session;
    // Another tab may have sent it meanwhile, or someone taken it out.
    const row = await this.#change(id, (kept) => kept);
    if (row === null || !isOnItsWay(row) || session.locked) return;
    session.sending = id;
    this.#tellChanged();
    try {
      await this.#attempt(row);
    } catch (error) {
      if (!(error instanceof Gone)) await this.#fail(row, error);
    } finally {
      session.sending = "";
      this.#tellChanged();
    }
  }

  async #attempt(row: Row): Promise<void> {
    const { id } = row;
    const attempts: Attempts = {
      arrived: async (feed) => arrived(feed, await this.#standing(id)),
      begin: async ({ entries }) => void (await this.#standing(id, (kept) => noted(kept, entries))),
    };
    const { sent, newcomers, unvouched } = await postWaiting(this.#session, row, termsOf(row), attempts);
    if (sent) return this.#acknowledge(row);
    const asked = { state: "asking", newcomers: newcomers.map((one) => one.id), unvouched } as const;
    await this.#change(id, (kept) => ({ ...kept, ...asked, error: "", code: "" }));
  }

  async #acknowledge({ id, log }: Row): Promise<void> {
    this.#pauses.end(id);
    this.#pauses.endLine();
    this.#sayPosted(id, log);
    this.#around.tabs.tell({ id, log });
    await this.#change(id, () => null).catch(ignoreFull);
  }

  #sayPosted(id: string, log: string): void {
    this.#mine.delete(id);
    // Where it cannot be taken out it stays, as tried: it will be found in the log.
    this.#sent.add(id);
    this.#show(this.#session.outbox.filter((one) => one.id !== id));
    if (!this.#hurried) this.#around.tell({ event: "posted", id, log });
  }

  async #fail({ id }: Row, error: unknown): Promise<void> {
    if (this.#session.locked) return;
    const { name, code } = nameFailure(error);
    const isFinal = FINAL.has(name) || (name === "Refused" && !PASSING.has(code));
    this.#pauses.begin(id, name === "Unreachable");
    const state = isFinal ? "refused" : "waiting";
    // Whoever sends it although nobody vouches for the server says so of this attempt; the next one is warned anew.
    const fail = (row: Row): Row => {
      const isSame = row.state === state && row.error === name && row.code === code && !row.allTheSame;
      return isSame ? row : { ...row, state, error: name, code, allTheSame: false };
    };
    await this.#change(id, fail).catch(ignoreFull);
  }

  // The row as it is kept, changed if it is to be.
  async #standing(id: string, make: (row: Row) => Row = (row) => row): Promise<Row> {
    const row = await this.#change(id, make);
    if (row === null) throw new Gone();
    return row;
  }

  // Put in the place of a row what is made of it, and return that; null: it is gone.
  async #change(id: string, make: (row: Row) => Row | null, drafts?: string): Promise<Row | null> {
    let made: Row | null = null;
    const change = (data: Uint8Array): Uint8Array | null => {
      const row = decodeRow(data);
      made = make(row);
      return made === row ? data : made && encodeRow(made);
    };
    await this.#session.memory.changeRow(Number(id), change, bytesOf(drafts));
    const { outbox } = this.#session;
    this.#show(made === null ? outbox.filter((one) => one.id !== id) : outbox.map((one) => (one.id === id ? made! : one)));
    return made;
  }

  #show(rows: readonly Row[]): void {
    if (this.#session.locked) return;
    this.#session.outbox = rows;
    this.#tellChanged();
  }

  // The page is told, if it would show anything else than before.
  #tellChanged(): void {
    if (this.#session.locked || this.#hurried) return;
    const shown = JSON.stringify(showOutgoing(this.#session));
    if (shown !== this.#shown) this.#around.tell({ event: "changed" });
    this.#shown = shown;
  }
}

function isOnItsWay({ state }: Row): boolean {
  return state === "undo" || state === "waiting";
}

function arrived(feed: Feed, { tried }: Row): boolean {
  return tried.some(([, id]) => feed.contains(decodeBase64url(id)));
}

// An attempt that would stand before these entries can no longer arrive: something else stands there.
function noted(row: Row, entries: Batch["entries"]): Row {
  const [first, last] = [entries[0]!, entries.at(-1)!];
  const open = row.tried.filter(([seq]) => seq >= first.header.seq);
  return { ...row, state: "waiting", tried: [...open, [last.header.seq, encodeBase64url(last.id)]] };
}

function bytesOf(drafts: string | undefined): Uint8Array | null | undefined {
  return drafts === undefined ? undefined : drafts === "" ? null : new TextEncoder().encode(drafts);
}

function ignoreFull(error: unknown): null {
  if (!(error instanceof StorageFull)) throw error;
  return null;
}
