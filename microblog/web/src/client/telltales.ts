// What could tell where someone is, or who: how addresses, numbers and titles are written in the United Kingdom.

export const START = "(?<![\\p{L}\\p{N}])";
export const END = "(?![\\p{L}\\p{N}])";
export const WORD = "[\\p{L}'’-]";
const STREET =
  "(?:Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Close|Drive|Way|Row|Court|Place|Terrace|Gardens|Grove|Crescent|Square" +
  "|Hill|Walk|Rise|Mews|View|Green|House|Parade|Yard|Quay|Wharf|Croft|Mount|Vale|Gate|Villas)";
const LOUD = "(?:road|rd|street|avenue|ave|lane|terrace|gardens|grove|crescent|mews)"; // in small letters, too
const HOUSE = `${START}(?:(?:[Ff]lat|[Uu]nit|[Aa]partment|[Rr]oom) [0-9A-Z]{1,4},? )?[0-9]{1,4}[A-Za-z]?,? `;

// As numbers are written: ten or eleven digits from a 0, or from 44.
export const PHONE = new RegExp(`${START}(?:\\+ ?44|0044|\\(?0)(?:[ ().-]{0,2}[0-9]){9,12}${END}`, "gu");
export const HOUSE_IN_STREET = new RegExp(
  `${HOUSE}(?:(?:\\p{Lu}${WORD}* ){1,3}${STREET}|(?:${WORD}+ ){1,2}${LOUD})${END}`,
  "gu",
);
export const POSTCODE = new RegExp(`${START}(?:GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})${END}`, "giu");
export const MAILBOX =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
export const TITLED = new RegExp(`${START}(?:Mr|Mrs|Ms|Miss|Mx|Dr|PC|Sgt)\\.? \\p{Lu}${WORD}+`, "gu");

/** Return what finds any of some words, whole, the longest first; null if there are none. */
export function eitherOf(words: readonly string[], flags: string): RegExp | null {
  if (words.length === 0) return null;
  const longestFirst = [...new Set(words)].sort((a, b) => b.length - a.length);
  const either = longestFirst.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|");
  return new RegExp(`${START}(?:${either})${END}`, flags);
}
