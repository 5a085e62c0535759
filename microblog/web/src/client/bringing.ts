// Bringing in the rows of a spreadsheet: many posts in few requests, each row once, and what broke off can be gone on with.

import { decodeBase64url } from "../protocol/base64url.ts";
import { BytesMap } from "../protocol/builtins.ts";
import { MAX_APPEND, type Entry } from "../protocol/entry.ts";
import { QUIET, type Post } from "../protocol/post.ts";
import { bring } from "./checking.ts";
import type { Feed } from "./feed.ts";
import { askIfUnvouched } from "./freshness.ts";
import { countRows, readRows, type Origin, type Row } from "./importing.ts";
import { Known } from "./known.ts";
import type { Ask } from "./messages.ts";
import { checkReaders, termsOf, whyUnsent, type Terms } from "./posting.ts";
import { addDueEpoch, send, type Batch } from "./sending.ts";
import { feedOf, writerOf, type Session } from "./session.ts";
import type { Brought, ImportPlan, PlannedRow } from "./shown-rows.ts";
import { Refused, Unreachable } from "./transport.ts";
import * as writing from "./writing.ts";

const FEW = 5; // rows in a sample
const AT_ONCE = 256; // posts that are checked at a time

/**
 * Return what would become of a spreadsheet in a stream, as its columns are named or guessed; nothing is sent.
 *
 * @throws {Unreachable} words that were brought in before are missing here, and the server did not answer.
 */
export async function planImport(
  session: Session,
  { log, table, columns, source }: Ask<"planImport">,
): Promise<ImportPlan> {
  const feed = feedOf(session, decodeBase64url(log));
  await bringRows(session, feed);
  const found = await readRows(table, columns, originOf(session, feed, source));
  const known = new Known(feed, session.keys.person);
  const good = found.good.filter((row) => !known.has(row));
  return {
    columns: found.columns,
    rows: countRows(table),
    good: good.length,
    posts: good.reduce((sum, { parts }) => sum + parts.length, 0),
    known: found.good.length - good.length,
    bad: found.bad,
    undated: good.filter(({ whole }) => whole.happened === "").length,
    sample: [...good].sort((a, b) => a.row - b.row).slice(0, FEW).map(showRow),
    needs: found.needs,
  };
}

function showRow({ row, whole, parts }: Row): PlannedRow {
  const { happened, kind, text, source, original } = whole;
  return { row, at: happened, kind, text, source, original, parts: parts.length };
}

/**
 * Bring in the good rows of a spreadsheet that are not here yet, if everyone who will be able to read them was on the
 * screen; asked again, it goes on where it ended.
 *
 * It stops after the request under way when `stopBringing` asks it to, when someone is new on the team, and when the
 * server is not reached or refuses; what is in stays in.
 *
 * @throws {Unreachable | Refused} nothing could be brought in.
 * @throws as `send`.
 */
export async function bringIn(session: Session, ask: Ask<"bringIn">): Promise<Brought> {
  session.stopping = false;
  const feed = feedOf(session, decodeBase64url(ask.log));
  await bringRows(session, feed);
  const { good } = await readRows(ask.table, ask.columns, originOf(session, feed, ask.source));
  const queue = new Queue(new Known(feed, session.keys.person), good);
  const known = good.length - queue.left;
  const result = (): Brought => ({ rows: queue.done, known, left: queue.left, newcomers: [], unvouched: 0 });
  try {
    await sendRows(session, feed, queue, termsOf(ask));
    return result();
  } catch (error) {
    const isCutOff = error instanceof Unreachable || error instanceof Refused;
    if (isCutOff && queue.done > 0) return result();
    const { newcomers, unvouched } = whyUnsent(session, error);
    return { ...result(), newcomers: newcomers.map(({ id, name }) => ({ id, name })), unvouched };
  } finally {
    session.world.progress("bring", 1, 1);
  }
}

async function sendRows(session: Session, feed: Feed, queue: Queue, terms: Terms): Promise<void> {
  const total = queue.left;
  const write = (batch: Batch): void => {
    checkReaders(session, batch, terms);
    addDueEpoch(batch);
    queue.fill(batch);
  };
  while (queue.left > 0 && !session.stopping) {
    session.world.progress("bring", queue.done, total);
    await askIfUnvouched(session, feed);
    await send(session, feed.log, write, () => queue.look() === 0);
    queue.look();
  }
}

/** Have what is being brought in stop after the request under way. */
export function stopBringing(session: Session): void {
  session.stopping = true;
}

function originOf({ world }: Session, feed: Feed, source: string): Origin {
  return { source, name: feed.about()?.name ?? "", now: world.clock() };
}

// What was brought in before is known by its words.
async function bringRows(session: Session, feed: Feed): Promise<void> {
  const rows = feed.posts.filter((seq) => feed.mark(seq) === QUIET && !feed.isReady(seq));
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    await bring(session, new BytesMap([[feed.log, rows.slice(at, at + AT_ONCE)]]));
  }
}

// The rows that are still to be brought in.
class Queue {
  readonly #known: Known;
  readonly #rows: readonly Row[];
  done = 0;

  constructor(known: Known, rows: readonly Row[]) {
    this.#known = known;
    this.#rows = rows.filter((row) => !known.has(row));
  }

  get left(): number {
    return this.#rows.length - this.done;
  }

  /** Look at what has come in, and return how many are left. */
  look(): number {
    this.#known.look();
    while (this.left > 0 && this.#known.has(this.#rows[this.done]!)) this.done += 1;
    return this.left;
  }

  /** Add as many rows as go into a request: one is never cut, unless it alone is too long for any. */
  fill(batch: Batch): void {
    const added = new Map<Row, Uint8Array>();
    for (const row of this.#rows.slice(this.done, this.done + MAX_APPEND)) {
      const missing = this.#known.missing(row);
      const room = MAX_APPEND - batch.entries.length;
      if (missing.length > room && added.size > 0) return;
      const answered = row.answers.map((one) => this.#known.idOf(one) ?? added.get(one));
      const refers = untilMissing(answered);
      for (const part of missing.slice(0, room)) {
        const entry = writePart(batch, part.part < 2 ? { ...part, refers } : part);
        if (!added.has(row)) added.set(row, entry.id);
      }
      if (missing.length > room) return;
    }
  }
}

// Those before the first that is not here: how a row answers is said of the first.
function untilMissing(ids: readonly (Uint8Array | undefined)[]): Uint8Array[] {
  const end = ids.indexOf(undefined);
  return ids.slice(0, end < 0 ? ids.length : end).flatMap((id) => id ?? []);
}

function writePart(batch: Batch, part: Post): Entry {
  const { place, secret, session } = batch;
  const entry = writing.post(writerOf(session), place, batch.fresh(), secret, part, QUIET);
  batch.add(entry);
  return entry;
}
