// Whether anything is new: one question that costs next to nothing, and the whole look only where that is worth it.
//
// The question is whether the list of streams is still the one that all was last compared with. A server that says so
// says that list again, and so hides no more by it than by serving that list: nothing is taken off what was checked, nor
// counts as newer. It could say so for ever. So after three minutes by our own clock everything is looked at, whatever it
// says, witnesses' heads before all else: long before their word is too old to post on (LATE_MS, fifteen minutes).

import { ask } from "./login.ts";
import type { Session } from "./session.ts";
import { isDue } from "./tending.ts";
import { withheld } from "./opening.ts";
import { Unreachable } from "./transport.ts";

export const WHOLE_EVERY_MS = 3 * 60_000;
const MOST_REST_MS = 5 * 60_000;

export class News {
  #tag = ""; // the server's own name for the list that all was compared with
  #wholeAt = -Infinity;
  #restUntil = -Infinity;

  /** Look at everything, by `work`, and note whether the next question can be the small one. */
  async look(session: Session, work: () => Promise<void>): Promise<void> {
    const before = session.transport.tag ?? "";
    this.#tag = "";
    await this.#heed(session, work);
    if (!isSettled(session)) return;
    // Of before: if the list changed while we looked, what was looked at until then may be older than it.
    this.#tag = before;
    this.#wholeAt = session.world.clock();
  }

  /**
   * Return whether the server says that nothing is new, and that is enough.
   *
   * @throws {Unreachable} it did not answer, or asked to be left alone for a while.
   */
  async isQuiet(session: Session): Promise<boolean> {
    const { transport, world } = session;
    const now = world.clock();
    const rest = this.#restUntil - now;
    // A clock that was put back must not make it longer.
    if (rest > 0 && rest <= MOST_REST_MS) throw new Unreachable("the server asked to be left alone");
    const age = now - this.#wholeAt;
    if (transport.isNew === undefined || this.#tag === "" || this.#tag !== transport.tag) return false;
    if (age < 0 || age >= WHOLE_EVERY_MS || !isSettled(session)) return false;
    const asked = transport.isNew.bind(transport);
    return !(await this.#heed(session, () => ask(session, asked)));
  }

  // Note that nobody answered, and for how long the server wants to be left alone, if it said so.
  async #heed<T>(session: Session, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Unreachable) {
        session.online = false;
        const rest = Math.min(error.retryMs, MOST_REST_MS);
        if (rest > 0) this.#restUntil = session.world.clock() + rest;
      }
      throw error;
    }
  }
}

/** Return whether nothing is in trouble, awaited or due: the server's list says nothing of any of these. */
function isSettled(session: Session): boolean {
  if (session.trouble !== null || session.restoring || session.full || !session.online) return false;
  return [...session.feeds.values()].every(
    (feed) =>
      feed.trouble === null &&
      !feed.isWaiting() &&
      feed.unchecked.size === 0 &&
      withheld(feed).length === 0 &&
      !isDue(session, feed),
  );
}
