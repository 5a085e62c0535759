// Texts as a search compares them: small letters without accents, one space between words.
//
// A word is found where a word begins with it, a phrase in quotation marks only as whole words; in a script that is
// written without spaces, or puts the article before the word, anywhere. Nothing here hangs on the Unicode version
// of the machine more than its letters do.

// What needs no more than small letters, and what has no letters with accents.
const PLAIN = /^(?:[!-~]+(?: [!-~]+)*)?$/;
const UNACCENTED = /^[\n -~\u2010-\u2026]*$/;
// Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic.
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g;
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
// Not the one plain space that most words are apart by.
const SPACES = / *[\t-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000][\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*| {2,}/g;
const OTHER = /[ßæœøłđðþħıς‘’ʼ“”„«»‐‑–—…]/g;
const OTHERS: Readonly<Record<string, string>> = {
  ...{ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ħ: "h", ı: "i", ς: "σ" },
  ...{ "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"' },
  ...{ "‐": "-", "‑": "-", "–": "-", "—": "-", "…": "..." },
};
// Letters that stand in words with spaces between them.
const SPACED = /[0-9a-z\u00df-\u052f]/;
const ASKED = /"([^"]*)"?|[^\s"]+/g;

/** Something that is looked for, folded; `whole`: it has to end where a word ends. */
export interface Term {
  readonly text: string;
  readonly whole: boolean;
}

/** Return a text as it is compared. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return foldLetters(text).replace(SPACES, " ").trim();
}

function foldLetters(text: string): string {
  const small = text.toLowerCase();
  const letters = UNACCENTED.test(small) ? small : small.normalize("NFD").replace(ACCENTS, "").replace(UNSEEN, "");
  return letters.replace(OTHER, (letter) => OTHERS[letter] ?? letter);
}

/** Return what is looked for: every word, and what stands in quotation marks as one. */
export function termsOf(words: string): Term[] {
  const terms = [...fold(words).matchAll(ASKED)].map(([all, phrase]) => {
    return { text: (phrase ?? all).trim(), whole: phrase !== undefined };
  });
  return terms.filter(({ text }) => text !== "");
}

/** Return whether a folded text has a term in it. */
export function occurs(folded: string, term: Term): boolean {
  return placeOf(folded, term, 0) >= 0;
}

// Where a term next stands from a place on; below 0: nowhere.
function placeOf(folded: string, { text, whole }: Term, from: number): number {
  for (let at = folded.indexOf(text, from); at >= 0; at = folded.indexOf(text, at + 1)) {
    const end = at + text.length;
    if (isInside(folded, at)) continue;
    if (!whole || !isInside(folded, end)) return at;
  }
  return -1;
}

// Is a place between two letters of one word?
function isInside(folded: string, at: number): boolean {
  return SPACED.test(folded[at - 1] ?? "") && SPACED.test(folded[at] ?? "");
}

/** Return what in a text was looked for, as it stands there. */
export function findIn(text: string, terms: readonly Term[]): string[] {
  const { folded, places } = foldWithPlaces(text);
  const found = new Set<string>();
  for (const term of terms) {
    for (let at = placeOf(folded, term, 0); at >= 0; at = placeOf(folded, term, at + 1)) {
      found.add(text.slice(places[at]!.start, places[at + term.text.length - 1]!.end));
    }
  }
  return [...found];
}

// Letter by letter, so that it is known where each came from.
function foldWithPlaces(text: string): { folded: string; places: { start: number; end: number }[] } {
  let folded = "";
  const places: { start: number; end: number }[] = [];
  let start = 0;
  for (const letter of text) {
    const end = start + letter.length;
    const letters = foldLetters(letter).replace(SPACES, " ");
    const isSecond = letters === " " && (folded === "" || folded.endsWith(" "));
    for (let at = 0; at < letters.length && !isSecond; at++) places.push({ start, end });
    if (!isSecond) folded += letters;
    // An accent that stands by itself belongs to the letter before it.
    const last = places.at(-1);
    if (letters === "" && last !== undefined) last.end = end;
    start = end;
  }
  return { folded, places };
}
