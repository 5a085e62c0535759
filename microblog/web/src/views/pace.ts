// How long to wait before news is asked for again: longer and longer while there is none, or nobody answers.

export const NEWS_EVERY_MS = 20_000;
const QUIET_AT_MOST_MS = 2 * 60_000;
const AT_MOST_MS = 5 * 60_000;
const LEAST_MS = 5_000;

/** What came of asking: attempts in a row that reached nobody, or found nothing; whether the server tells by itself. */
export interface Course {
  readonly failures: number;
  readonly quiet: number;
  readonly live: boolean;
}

/**
 * Return the pause; `chance` is from 0 to below 1.
 *
 * Any time up to the longest is as likely, so that not everyone comes back in the same second.
 */
export function pauseMs({ failures, quiet, live }: Course, chance: number): number {
  return Math.max(LEAST_MS, Math.round(longestMs(failures, quiet, live) * (1 - chance)));
}

function longestMs(failures: number, quiet: number, live: boolean): number {
  if (failures > 0) return Math.min(NEWS_EVERY_MS * 2 ** (failures - 1), AT_MOST_MS);
  // What an event stream leaves out is found all the same.
  return live ? AT_MOST_MS : Math.min(NEWS_EVERY_MS * 2 ** quiet, QUIET_AT_MOST_MS);
}
