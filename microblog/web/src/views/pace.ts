// How long to wait before news is asked for again: longer and longer while the server cannot be reached.

export const NEWS_EVERY_MS = 20_000;
const AT_MOST_MS = 5 * 60_000;

/**
 * Return the pause after so many attempts in a row that reached nobody; `chance` is from 0 to below 1.
 *
 * Up to a quarter is taken off by chance, so that not everyone comes back in the same second.
 */
export function pauseMs(failures: number, chance: number): number {
  if (failures === 0) return NEWS_EVERY_MS;
  const longest = Math.min(NEWS_EVERY_MS * 2 ** (failures - 1), AT_MOST_MS);
  return Math.round(longest * (1 - chance / 4));
}
