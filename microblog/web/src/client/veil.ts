// Words gone over before others look on: names become initials; addresses, numbers, schools and birth dates black squares.
//
// It knows the names that this device holds, however they are spelt, and how the rest is usually written. It would
// rather hide a word too many, but a name that is a word, such as Will or Green, is left alone in small letters.

import { notice, TITLES, WORDY } from "./guard.ts";
import { eitherOf, END, MAILBOX, PHONE, START } from "./telltales.ts";

/** As long whatever stood there. */
export const BLACK = "█████";

/** What is held of those whose words are shown, by how sure it is that a word is their name. */
export interface Held {
  readonly family: readonly string[]; // of whom it is about, and of who is around them
  readonly others: readonly string[]; // other children, and who is around those
  readonly staff: readonly string[];
  readonly households: readonly string[];
  readonly schools: readonly string[];
  readonly agencies: ReadonlyMap<string, string>; // by name, what is said instead
  readonly numbers: readonly string[]; // phones and mailboxes
  readonly births: readonly string[]; // YYYY-MM-DD, or less of it
}

/** What hides: by the folded words of names. */
export interface Veil {
  readonly whole: ReadonlyMap<string, string>; // names of several words, and what is said instead
  readonly longest: number; // of those, in words
  readonly any: ReadonlySet<string>; // however it is spelt
  readonly capital: ReadonlySet<string>; // not in small letters
  readonly schools: ReadonlySet<string>; // likewise
  readonly numbers: RegExp | null;
  readonly births: ReadonlySet<string>; // MM-DD
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

// In names, and no names.
const KIN = words(
  "mother father mum mums mummy dad dads daddy parent parents gran granny nan nana nanny grandma grandad grandpa grandmother " +
    "grandfather aunt auntie aunty uncle cousin brother sister sibling son daughter stepfather stepmother stepdad stepmum " +
    "partner husband wife friend neighbour neighbours carer guardian baby unborn child children boy girl twin twins family " +
    "mr mrs ms miss mx dr pc sgt de la le van von der den of the and al bin ibn el da dos di jr junior senior",
);
// Names that are everyday words.
const PLAIN = words(
  "black white brown green gray grey young old long short small little large day night best good wise strong wood woods " +
    "hall field fields hill park bush stone brook bird fox lamb wolf drake cook baker farmer fisher mason smith taylor " +
    "walker driver ward page read reader moon snow frost rice bean rose case cross flood power price love new noble " +
    "savage sharp swift bright dear hunt chance bell church house kitchen garden english french holland north south " +
    "east west may summer winter weeks hope school blood back man boys waters",
);
// In the names of households and schools.
const PLACES = words(
  "household house home flat room unit north south east west upper lower road street avenue lane close drive way row court " +
    "place terrace gardens grove crescent square hill walk rise mews view green parade yard quay wharf croft mount vale " +
    "gate villas st saint school primary secondary infant infants junior juniors nursery high grammar community special " +
    "academy college church catholic roman england rc ce free day sixth form centre trust new old at in",
);
// Beside a name, in what somebody is to a child or to its record.
const RELATIONS = words(
  "maternal paternal great half step foster his her their a an my our next door school teacher head headteacher class social " +
    "worker health visitor gp doctor nurse midwife police housing officer council hospital ward record records log logs " +
    "list register file from brought team manager support council another agency other",
);
const STRANGERS = words("mr mrs mx"); // after these comes a name in small letters, too
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

const TOKEN = /[\p{L}\p{M}\p{Cf}]+(?:['’][\p{L}\p{M}\p{Cf}]+)*/gu;
const BETWEEN = /^[\s,.'’\d–-]{1,6}$/;
const LINK = /(?:https?:\/\/|www\.)\S+|(?<![\p{L}\p{N}])@[\p{L}\p{N}_.]{2,}/giu;
// As records number people: nine digits or more, or a National Insurance number.
const NUMBER = new RegExp(`${START}(?:[A-Z]?[0-9](?: ?[0-9]){8,}|[A-Z]{2} ?(?:[0-9]{2} ?){3}[A-D])${END}`, "giu");
const DATE = new RegExp(
  `${START}(?:([0-9]{4})-([0-9]{2})-([0-9]{2})` +
    `|([0-9]{1,2})(?:st|nd|rd|th)?(?: of |[ ./-])([0-9]{1,2}|(?:${MONTHS.join("|")})[a-z]*)(?:[ ./,-]{1,2}([0-9]{4}|[0-9]{2}))?)${END}`,
  "giu",
);
const BORN = /(?:\bd\.?o\.?b\.?|\bborn|\bbirth(?:day|date)?)[^\p{L}\p{N}]{0,3}(?:(?:is|was|on|of|the|date) ){0,3}$/iu;

/** Return what hides what is held. */
export function veilOf(held: Held): Veil {
  const whole = new Map<string, string>();
  const put = (name: string, instead: string) => {
    const folded = wordsOf(name);
    if (folded.length > 1) whole.set(folded.join(" "), instead);
  };
  for (const name of [...held.staff, ...held.others, ...held.family]) put(name, initialsOf(name));
  for (const name of held.households) put(name.replace(/^the /i, ""), "household");
  for (const name of held.schools) put(name, BLACK);
  for (const [name, label] of held.agencies) put(name, label);
  const [any, capital] = [new Set<string>(), new Set<string>()];
  const add = (word: string, however: boolean) => {
    const isWord = word.length < 3 || WORDY.has(word) || PLAIN.has(word);
    if (word.length > 1 && !KIN.has(word)) (however && !isWord ? any : capital).add(word);
  };
  for (const name of held.family) for (const word of wordsOf(name)) add(word, true);
  for (const name of held.others) wordsOf(name).forEach((word, at) => add(word, at === 0));
  for (const name of held.staff) for (const word of wordsOf(name)) add(word, false);
  for (const word of held.households.flatMap(wordsOf)) if (!PLACES.has(word)) add(word, false);
  const schools = held.schools.flatMap(wordsOf).filter((word) => word.length > 1 && !PLACES.has(word) && !KIN.has(word));
  const longest = Math.max(0, ...[...whole.keys()].map((name) => name.split(" ").length));
  const births = held.births.map((date) => date.slice("2026-".length)).filter((day) => day.length === "01-01".length);
  // Most are found by how they are written: only the rest is looked for one by one.
  const odd = held.numbers.filter((one) => one.length > 3 && one.replace(PHONE, "").replace(MAILBOX, "") !== "");
  const numbers = eitherOf(odd, "giu");
  return { whole, longest, any, capital, schools: new Set(schools), numbers, births: new Set(births) };
}

/**
 * Return a text with what would tell somebody hidden.
 *
 * `strict`: it is no sentence but says who somebody is, so every word with a capital that names no relation is a name.
 */
export function hide(text: string, veil: Veil, strict = false): string {
  let [hidden, at] = ["", 0];
  for (const { start, end } of blackIn(text, veil)) {
    hidden += hideNames(text.slice(at, start), veil, strict) + BLACK;
    at = end;
  }
  return hidden + hideNames(text.slice(at), veil, strict);
}

/** "S. A.": of every word of a name its first letter. */
export function initialsOf(name: string): string {
  return tokensOf(name).map(({ said }) => initialOf(said)).join(" ");
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Token extends Span {
  readonly said: string; // without what makes it a possessive
  readonly folded: string;
  readonly tail: string; // "’s"
}

// What is black, in order, and none in another.
function blackIn(text: string, { numbers, births }: Veil): Span[] {
  // As the guard notices it where an address is protected; whose names those are is none of its business here.
  const noticed = notice([text], { own: [], siblings: [], others: [], protected: true });
  const found = eitherOf(noticed.map((one) => one.words), "gu");
  const patterns = [PHONE, LINK, NUMBER, ...(numbers ? [numbers] : []), ...(found ? [found] : [])];
  const spans = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(spanOf));
  const dates = [...text.matchAll(DATE)].filter((date) => isBirth(date, text, births)).map(spanOf);
  const apart: { start: number; end: number }[] = [];
  for (const span of [...spans, ...dates].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = apart.at(-1);
    if (last === undefined || span.start >= last.end) apart.push({ ...span });
    else last.end = Math.max(last.end, span.end);
  }
  return apart;
}

function spanOf({ 0: { length }, index }: RegExpExecArray): Span {
  return { start: index, end: index + length };
}

// A date that is said to be of a birth, or is one that is held, with or without its year.
function isBirth(found: RegExpExecArray, text: string, births: ReadonlySet<string>): boolean {
  const [, isoYear, isoMonth, isoDay, day = isoDay ?? "", month = isoMonth ?? "", year = isoYear ?? ""] = found;
  if (BORN.test(text.slice(0, found.index))) return true;
  const named = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  // "3/5" may be anything.
  if (year === "" && named === 0) return false;
  const two = (number: number | string) => String(number).padStart(2, "0");
  return births.has(`${two(named || month)}-${two(day)}`);
}

function hideNames(text: string, veil: Veil, strict: boolean): string {
  const tokens = tokensOf(text);
  let [hidden, from] = ["", 0];
  for (let at = 0; at < tokens.length; ) {
    const found = wholeAt(text, tokens, at, veil) ?? oneAt(tokens, at, veil, strict);
    const [first, last] = [tokens[at], tokens[at + (found?.count ?? 1) - 1]];
    if (found && first && last) {
      hidden += text.slice(from, first.start) + found.instead + last.tail;
      from = last.end;
    }
    at += found?.count ?? 1;
  }
  return hidden + text.slice(from);
}

interface Found {
  readonly instead: string;
  readonly count: number; // of tokens
}

function wholeAt(text: string, tokens: readonly Token[], at: number, { whole, longest }: Veil): Found | null {
  for (let count = Math.min(longest, tokens.length - at); count > 1; count--) {
    const some = tokens.slice(at, at + count);
    const instead = whole.get(some.map(({ folded }) => folded).join(" "));
    if (instead === undefined) continue;
    const gaps = some.slice(1).map(({ start }, gap) => text.slice(some[gap]?.end, start));
    if (gaps.every((gap) => BETWEEN.test(gap))) return { instead, count };
  }
  return null;
}

function oneAt(tokens: readonly Token[], at: number, veil: Veil, strict: boolean): Found | null {
  const token = tokens[at];
  if (token === undefined || token.folded.length < 2) return null;
  const { said, folded } = token;
  const instead = initialOf(said);
  const before = tokens[at - 1]?.folded ?? "";
  const isCapital = !/^\p{Ll}/u.test(said);
  if (isCapital && veil.schools.has(folded)) return { instead: BLACK, count: 1 };
  if (STRANGERS.has(before) && folded !== "and") return { instead, count: 1 };
  if (isCapital && TITLES.has(before) && !KIN.has(folded)) return { instead, count: 1 };
  // "The Elsewheres" are no other family.
  const forms = isCapital && folded.length > 4 && folded.endsWith("s") ? [folded, folded.slice(0, -1)] : [folded];
  const isName = forms.some((form) => veil.any.has(form) || (isCapital && veil.capital.has(form)));
  const isStrange = strict && isCapital && !KIN.has(folded) && !RELATIONS.has(folded);
  return isName || isStrange ? { instead, count: 1 } : null;
}

function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(({ 0: word, index }) => {
    const tail = /['’]s$/i.exec(word)?.[0] ?? "";
    const said = word.slice(0, word.length - tail.length);
    return { said, folded: fold(said), tail, start: index, end: index + word.length };
  });
}

function wordsOf(name: string): string[] {
  return tokensOf(name).map(({ folded }) => folded).filter((word) => word !== "");
}

// Without accents, marks and what cannot be seen, for few people type those.
function fold(word: string): string {
  return word.normalize("NFKD").replace(/[\p{M}\p{Cf}'’]/gu, "").toLowerCase();
}

function initialOf(word: string): string {
  const [first = ""] = word.replace(/[\p{M}\p{Cf}]/gu, "");
  return `${first.toUpperCase()}.`;
}
