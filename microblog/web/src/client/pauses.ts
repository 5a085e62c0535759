// How long a thing that did not work is left alone: ever longer, each on its own, and all of them while nobody answers.

const FIRST_MS = 2_000;
const LAST_MS = 5 * 60_000;
const LINE = "";

interface Pause {
  readonly ms: number;
  readonly untilMs: number;
}

export class Pauses {
  readonly #clock: () => number;
  readonly #pauses = new Map<string, Pause>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Leave something alone, longer than the last time; `line`: all of it, for the server does not answer. */
  begin(id: string, line: boolean): void {
    const key = line ? LINE : id;
    const ms = Math.min(2 * (this.#pauses.get(key)?.ms ?? FIRST_MS / 2), LAST_MS);
    this.#pauses.set(key, { ms, untilMs: this.#clock() + ms });
  }

  /** Return how long something is still to be left alone. */
  leftMs(id: string): number {
    return Math.max(this.#leftOf(id), this.#leftOf(LINE));
  }

  #leftOf(key: string): number {
    const pause = this.#pauses.get(key);
    const left = pause ? pause.untilMs - this.#clock() : 0;
    // A clock that was put back must not make it longer.
    return pause && left <= pause.ms ? Math.max(left, 0) : 0;
  }

  /** Try something again, as if for the first time. */
  end(id: string): void {
    this.#pauses.delete(id);
  }

  /** The server answers. */
  endLine(): void {
    this.#pauses.delete(LINE);
  }

  /** Try everything again. */
  endAll(): void {
    this.#pauses.clear();
  }
}
