// One tab at a time: what several tabs of a browser would else all try at once.

const WAIT_MS = 30_000;

/** What a browser's lock manager is asked for. */
export interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

/**
 * Return how some work is done while no other tab does such work.
 *
 * It saves attempts that are refused, and nothing hangs on it: where there are no locks, or a tab that was put to sleep
 * holds on to one, the work is done all the same.
 */
export function aloneWith(
  locks: Locks | undefined,
  name: string,
): <T>(work: () => Promise<T>) => Promise<T> {
  return async (work) => {
    if (locks === undefined) return work();
    let begun = false;
    const begin = () => {
      begun = true;
      return work();
    };
    try {
      return await locks.request(name, { signal: AbortSignal.timeout(WAIT_MS) }, begin);
    } catch (error) {
      if (begun) throw error;
      return work();
    }
  };
}
