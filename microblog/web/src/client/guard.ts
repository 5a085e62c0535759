// What in a draft could tell more than is meant: noticed on this device, before anything is sent, and kept nowhere.
//
// It only notices; whoever writes decides. A guard that cries out at every age, time or date is soon tapped away, so
// what looks like one of those is left alone, and so are the names of those whom the stream is about.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { showFamily } from "./family.ts";
import type { Feed } from "./feed.ts";
import { feedOf, type Session } from "./session.ts";
import type { Draft } from "./shown.ts";
import type { Caution } from "./shown-hand.ts";
import { eitherOf, END, HOUSE_IN_STREET, MAILBOX, PHONE, POSTCODE, START, WORD } from "./telltales.ts";

/** Whose names stand where: of whom the stream is about and who is around them, of its siblings, of other children. */
export interface Known {
  readonly own: readonly string[];
  readonly siblings: readonly string[];
  readonly others: readonly string[];
  readonly protected: boolean; // is the address of this family
}

interface Span {
  readonly sort: Caution["sort"];
  readonly start: number;
  readonly end: number;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

export const TITLES = words("mr mrs ms miss mx dr pc sgt auntie aunty aunt uncle nurse officer");
const DATES = words(
  "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august " +
    "september october november december jan feb mar apr jun jul aug sept sep oct nov dec",
);
const COURTS = words("family crown county magistrates high youth supreme");
// Between a number and "road", these make no address: "2 boys in the road", "at 4 crossed the road", "20 minute walk".
const BETWEEN = words(
  "a an the this that these those our your their his her my its same next main busy in on of at to by up down off out " +
    "and or from into onto along across near outside inside past over under with min mins minute minutes hour hours " +
    "day days week weeks month months year years mile miles metre metres boys girls men women kids children people",
);
const NUMBERED = words("year yr class form room ward group stage level bus route age aged bay");
// In small letters after a digit: the 2nd, 3pm, 5yr; no end of a postcode.
const UNITS = /(?:st|nd|rd|th|yr|hr|ft|lb|am|pm)$/;
const INWARD = /[0-9][ABD-HJLNP-UW-Z]{2}$/i;

const CAPITALISED = `\\p{Lu}${WORD}*\\.?`;
const TYPES =
  "(?:Primary|Secondary|Infant|Infants|Junior|Juniors|Nursery|High|Grammar|Community|Special|Academy|School|College)";
const LOW_TYPES = "(?:primary|secondary|infants?|juniors?|nursery|high|grammar|community|special)";
const BARE_TYPES = "(?:primary|infants|juniors|nursery|school|academy|college)";
const SCHOOLS: readonly RegExp[] = [
  new RegExp(
    `${START}(?:${CAPITALISED} )(?:(?:${CAPITALISED}|of|and|the|&) ){0,5}?(?:${TYPES} ){0,3}` +
      `(?:School|Academy|College|Nursery|Primary|Infants|Juniors)${END}`,
    "gu",
  ),
  new RegExp(`${START}(?:${CAPITALISED} ){1,4}(?:${LOW_TYPES}|${TYPES}) school${END}`, "gu"),
  new RegExp(
    `${START}(?:[Ss]t|[Ss]aint)\\.? \\p{L}${WORD}+ (?:(?:${CAPITALISED}|of|and|c) ){0,4}?` +
      `(?:${LOW_TYPES} )?(?:${BARE_TYPES}|${TYPES})${END}`,
    "gu",
  ),
];
// No names of schools, where a sentence begins with them or a type of school follows.
const NO_NAMES = words(
  "a an the her his their my our your this that its new old same local nearest village special sunday summer after " +
    "before when while since until from at to in with for and but or no not both all any every each primary secondary " +
    "infant infants junior juniors nursery high grammar community boarding private state mainstream day school sixth " +
    "form church england catholic roman ce rc c e of & rang rung ringing called calling told asked saw seen met spoke " +
    "visited left likes loves hates misses missed late started starts starting attends attended attending refuses " +
    "refused refusing enjoys enjoying settled moved moving changed changing collected picked dropped excluded today " +
    "yesterday tomorrow mum mums mother dad dads father gran nan grandad parent parents carer child children deputy " +
    "head class year teacher next last first good bad worried concerned unhappy happy out outside near walking home",
);
// Names that are words: alone, they are not taken for a child's.
export const WORDY = words(
  "angel amber april art ash august autumn bay bill bob brook carol chance charity chase chelsea christian clay cliff " +
    "crystal daisy dale dawn dean dolly drew earl eve faith faye forest frank gale gene glen grace guy harmony hazel " +
    "heath heather holly honey hope hunter iris ivy jack jade jasmine jay jean jordan joy june justice king kit " +
    "lane lee lily london lucky mark max may melody mercy miles nick noel ocean olive paris pat patience pearl penny " +
    "piper poppy prince princess rain ray red reed rich river rob robin rocky rose rosemary ruby rusty sage sandy " +
    "sky skye star storm sue summer sunny teddy tom tony trinity van victoria violet wade wednesday will willow wren",
);
const STREET_ALONE = new RegExp(
  `${START}\\p{Lu}${WORD}+ (?:[Rr]oad|Rd|[Ss]treet|[Aa]venue|Ave|[Ll]ane|Ln|Close|Drive|[Tt]errace|[Gg]ardens|[Gg]rove` +
    `|[Cc]rescent|[Mm]ews)${END}`,
  "gu",
);

/** Return what a draft to a stream could tell, in the order in which it stands there, each once. */
export function cautions(session: Session, log: string, draft: Draft): Caution[] {
  const known = knownAround(session, decodeBase64url(log));
  return notice([draft.text, draft.source, draft.reason], known);
}

/** Return what some words could tell. */
export function notice(texts: readonly string[], known: Known): Caution[] {
  const own = new Set(known.own.flatMap(wordsOf));
  const found = texts.flatMap((text) =>
    apart([
      ...phones(text),
      ...addresses(text, known.protected),
      ...schools(text, own),
      ...names(text, known, own),
    ]).map(({ sort, start, end }) => ({
      sort,
      words: text.slice(start, end),
      hard: known.protected && sort !== "child" && sort !== "sibling",
    })),
  );
  return found.filter(({ words }, at) => found.findIndex((one) => one.words === words) === at);
}

/** Return the names that I hold, as they stand to a stream. */
export function knownAround(session: Session, log: Uint8Array): Known {
  const { feeds, keys, directory } = session;
  const feed = feedOf(session, log);
  const family = showFamily(feed, feeds, keys.person);
  const homes = family.households.filter(({ to }) => to === "").map((stay) => stay.log);
  const here = family.children.filter(({ to }) => to === "").map((stay) => stay.log);
  const siblings = new Set(family.siblings.map((one) => one.log));
  const close = new Set([encodeBase64url(log), ...homes, ...family.children.map((stay) => stay.log)]);
  const kin = new Set([encodeBase64url(log), ...homes, ...here, ...siblings]);
  const [own, others, brothers]: [string[], string[], string[]] = [[], [], []];
  own.push(...[...feed.stream.roles.keys()].map((person) => directory.persons.get(person)?.name ?? ""));
  let isProtected = false;
  for (const other of feeds.values()) {
    const about = other.about();
    if (about === null) continue;
    const id = encodeBase64url(other.log);
    isProtected ||= about.protected && kin.has(id);
    if (close.has(id)) own.push(...about.people.map(([name]) => name));
    if (close.has(id)) own.push(...namesOf(other));
    else if (about.sort === "child") (siblings.has(id) ? brothers : others).push(...namesOf(other));
  }
  return { own, siblings: brothers, others, protected: isProtected };
}

function namesOf(feed: Feed): string[] {
  const about = feed.about();
  return about === null ? [] : [about.name, ...about.knownAs];
}

function phones(text: string): Span[] {
  return spans(text, PHONE, "phone").filter(({ start, end }) => {
    const number = text.slice(start, end);
    const [, day = "", , month = ""] = /^([0-9]{1,2})([ .-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})(?![0-9])/.exec(number) ?? [];
    const isDate = Number(day) > 0 && Number(day) <= 31 && Number(month) > 0 && Number(month) <= 12;
    return !isDate && /[0-9]{3}/.test(number);
  });
}

function addresses(text: string, isProtected: boolean): Span[] {
  const postcodes = spans(text, POSTCODE, "address").filter(({ start, end }) => {
    const code = text.slice(start, end);
    return INWARD.test(code) && !UNITS.test(code);
  });
  const houses = spans(text, HOUSE_IN_STREET, "address").filter(({ start, end }) =>
    isAddress(text.slice(start, end), text.slice(0, start)),
  );
  const streets = isProtected ? spans(text, STREET_ALONE, "address").filter(({ start, end }) => {
    const [first = ""] = wordsOf(text.slice(start, end));
    return !BETWEEN.has(first) && first !== "high";
  }) : [];
  return [...houses, ...postcodes, ...spans(text, MAILBOX, "address"), ...streets];
}

function isAddress(found: string, before: string): boolean {
  if (NUMBERED.has(wordsOf(before).at(-1) ?? "")) return false;
  const named = wordsOf(found.replace(/^.*?[0-9]+[A-Za-z]?,? (?![0-9])/u, ""));
  const between = named.slice(0, -1);
  if (TITLES.has(between[0] ?? "") || DATES.has(between[0] ?? "")) return false;
  if (named.at(-1) === "court" && COURTS.has(between.at(-1) ?? "")) return false;
  return !between.some((word) => BETWEEN.has(word));
}

function schools(text: string, own: ReadonlySet<string>): Span[] {
  const found = SCHOOLS.flatMap((pattern) => spans(text, pattern, "school"));
  return found.flatMap((span) => {
    const said = text.slice(span.start, span.end);
    const parts = [...said.matchAll(/[^ ]+/g)];
    const from = parts.findIndex(([part]) => !isNoName(part, own));
    const first = parts[from];
    // The last word says what sort of place it is, not which.
    if (first === undefined || from >= parts.length - 1) return [];
    if (/ school$/.test(said) && from === parts.length - 3 && begins(text, span.start)) return [];
    return [{ ...span, start: span.start + first.index }];
  });
}

function isNoName(word: string, own: ReadonlySet<string>): boolean {
  const plain = word.toLowerCase().replace(/['’]s$|[.]$/, "");
  return NO_NAMES.has(plain) || own.has(plain) || DATES.has(plain);
}

function names(text: string, known: Known, own: ReadonlySet<string>): Span[] {
  const ownNames = new Set(known.own.map((name) => name.toLowerCase()));
  const find = (all: readonly string[], sort: "child" | "sibling"): Span[] => {
    const others = all.filter((name) => !ownNames.has(name.toLowerCase()));
    const whole = eitherOf(others.filter((name) => name.includes(" ")), "giu");
    const firsts = others.map((name) => name.split(" ")[0] ?? "").filter((name) => isTelling(name, own));
    const alone = eitherOf(firsts, "gu");
    return [
      ...(whole === null ? [] : spans(text, whole, sort)),
      ...(alone === null ? [] : spans(text, alone, sort).filter((span) => standsAlone(text, span))),
    ];
  };
  return [...find(known.siblings, "sibling"), ...find(known.others, "child")];
}

// A first name that is nobody's here, and no word.
function isTelling(name: string, own: ReadonlySet<string>): boolean {
  const plain = name.toLowerCase();
  return /^\p{Lu}.{2}/u.test(name) && !WORDY.has(plain) && !DATES.has(plain) && !own.has(plain);
}

// "Dr Zara", "Zara Elsewhere" and "Zara-Lou" are others.
function standsAlone(text: string, { start, end }: Span): boolean {
  const after = text.slice(end);
  const next = new RegExp(`^ (\\p{Lu}${WORD}+)`, "u").exec(after)?.[1];
  const isLonger = /^[-'’]\p{L}{2}/u.test(after) || (next !== undefined && !DATES.has(next.toLowerCase()));
  return !isLonger && !TITLES.has(wordsOf(text.slice(0, start)).at(-1) ?? "");
}

function begins(text: string, at: number): boolean {
  return /(?:^|[.!?:;\n])\s*$/.test(text.slice(0, at));
}

function wordsOf(text: string): string[] {
  return [...text.toLowerCase().matchAll(/[\p{L}\p{N}'’-]+/gu)].map(([word]) => word);
}

function spans(text: string, pattern: RegExp, sort: Caution["sort"]): Span[] {
  return [...text.matchAll(pattern)].map(({ 0: { length }, index }) => ({ sort, start: index, end: index + length }));
}

// In the order in which they stand, the longest first; none in another.
function apart(found: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span);
  }
  return kept;
}
