// The event stream: the server says that a log has come to a seq, and then it is asked in the ordinary way.
//
// A word of it is a hint and nothing else. It shows nothing, checks nothing, and takes nothing back; what it says is only
// compared with what is here, to pass over what is known. However many come, true or false, the page is told at most
// every two seconds, and ever more rarely while what comes leads to nothing. Without a stream the page asks now and then.

import { decodeBase64url } from "../protocol/base64url.ts";
import { equalBytes } from "../protocol/builtins.ts";
import { DIRECTORY } from "../protocol/entry.ts";
import { ask } from "./login.ts";
import type { Session } from "./session.ts";
import type { Message } from "./messages.ts";
import { Refused, Unreachable } from "./transport.ts";

const SILENT_MS = 45_000; // three beats: then nobody is there
const FIRST_MS = 5_000;
const LAST_MS = 10 * 60_000;
const HINT_EVERY_MS = 2_000;
const SPREAD_MS = 1_000;
const HINT_AT_MOST_MS = 60_000;
const DIRECTORY_MS = 20_000; // it is everyone's: not all ask at once
const MAX_LINE = 256;
const EVENT = /^data: ([A-Za-z0-9_-]{22}) (0|[1-9][0-9]{0,15})$/;

interface Around {
  readonly tell: (message: Message) => void;
  readonly chance: () => number; // from 0 to below 1
  readonly now: () => number; // milliseconds, of a clock that is never set
  readonly later: (work: () => void, ms: number) => () => void;
}

export class Live {
  readonly #around: Around;
  readonly #hints: Hints;
  #session: Session | null = null;
  #stop: AbortController | null = null;
  #tries = 0;
  #cancel = () => {};

  constructor(around: Around) {
    this.#around = around;
    this.#hints = new Hints(around);
  }

  /** Listen, where the server has event streams, until `end`. */
  begin(session: Session): void {
    if (this.#session === session || session.transport.live === undefined || !session.transport.hasLive) return;
    this.end();
    this.#session = session;
    void this.#listen(session);
  }

  /** Listen no more. */
  end(): void {
    this.#session = null;
    this.#cancel();
    this.#stop?.abort();
    this.#stop = null;
    this.#hints.end();
    this.#tries = 0;
  }

  /** Say what came of asking: whether anything was new. */
  found(isNew: boolean): void {
    this.#hints.found(isNew);
  }

  // Until the stream ends, by whomever; then again, after a while.
  async #listen(session: Session): Promise<void> {
    const stop = (this.#stop = new AbortController());
    let retryMs = 0;
    let none = false;
    try {
      const { transport } = session;
      const words = await ask(session, async () => transport.live?.(stop.signal));
      if (words !== undefined) await this.#hear(session, words, stop);
    } catch (error) {
      if (error instanceof Unreachable) retryMs = Math.min(error.retryMs, LAST_MS);
      // There is none, whatever was said: it is not asked for soon.
      else if (error instanceof Refused) none = true;
    } finally {
      stop.abort();
    }
    if (this.#session !== session || session.locked) return;
    this.#around.tell({ event: "live", on: false });
    const most = none ? LAST_MS : Math.min(FIRST_MS * 2 ** this.#tries, LAST_MS);
    this.#tries += 1;
    const pause = retryMs + this.#around.chance() * most;
    this.#cancel = this.#around.later(() => {
      if (this.#session === session && !session.locked) void this.#listen(session);
    }, pause);
  }

  async #hear(session: Session, words: ReadableStream<Uint8Array>, stop: AbortController): Promise<void> {
    const { later, now } = this.#around;
    const reader = words.getReader();
    const gone = aborted(stop.signal);
    const decoder = new TextDecoder();
    const begun = now();
    let rest: string | null = null;
    try {
      for (;;) {
        const cancel = later(() => stop.abort(), SILENT_MS);
        const { done, value } = await Promise.race([reader.read(), gone]).finally(cancel);
        if (done || this.#session !== session || session.locked) return;
        if (rest === null) this.#opened();
        const lines: string[] = ((rest ?? "") + decoder.decode(value, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        if (rest.length > MAX_LINE) return;
        for (const line of lines) this.#take(session, line);
      }
    } finally {
      // One that is opened only to be closed is not asked for without end.
      if (now() - begun > SILENT_MS) this.#tries = 0;
      void reader.cancel().catch(() => null);
    }
  }

  // What came before it began was missed.
  #opened(): void {
    this.#around.tell({ event: "live", on: true });
    this.#hints.take();
  }

  #take(session: Session, line: string): void {
    const [, log = "", seq = ""] = EVENT.exec(line) ?? [];
    if (log === "") return;
    const id = decodeBase64url(log);
    if (equalBytes(id, DIRECTORY)) {
      if (session.directory.ids.length <= Number(seq)) this.#hints.take(DIRECTORY_MS);
    } else if ((session.feeds.get(id)?.nextSeq ?? 0) <= Number(seq)) this.#hints.take();
  }
}

/** When the page is told that something may be new: soon, but not all pages at once, and not too often. */
class Hints {
  readonly #around: Around;
  #every = HINT_EVERY_MS;
  #told = -Infinity;
  #due = Infinity; // when the one that waits is told
  #cancel = () => {};

  constructor(around: Around) {
    this.#around = around;
  }

  /** Take one, to be told by chance within so long of its time. */
  take(spreadMs = SPREAD_MS): void {
    const { chance, later, now, tell } = this.#around;
    const at = now();
    const due = Math.max(at, this.#told + this.#every) + chance() * spreadMs;
    // One tells of all: only a sooner one takes its place.
    if (due >= this.#due) return;
    this.#cancel();
    this.#due = due;
    this.#cancel = later(() => {
      this.#due = Infinity;
      this.#told = now();
      tell({ event: "news" });
    }, due - at);
  }

  /** Be slower while what was told leads to nothing. */
  found(isNew: boolean): void {
    this.#every = isNew ? HINT_EVERY_MS : Math.min(2 * this.#every, HINT_AT_MOST_MS);
  }

  /** Tell nothing more. */
  end(): void {
    this.#cancel();
    this.#due = Infinity;
    this.#every = HINT_EVERY_MS;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  const gone = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Unreachable("the stream is over")), { once: true });
  });
  gone.catch(() => null);
  return gone;
}
