// Finding posts by words and by marks, over all that this device holds, in memory only: nothing of it is asked of the
// server, and nothing is kept.
//
// What is compared is kept folded for as long as the words themselves are in memory: it hangs on them, and goes with
// them when a post is erased or the app locks.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { BytesSet, compareBytes, equalBytes } from "../protocol/builtins.ts";
import type { Entry } from "../protocol/entry.ts";
import { OUTCOMES, splitOriginal } from "./columns.ts";
import type { Feed } from "./feed.ts";
import { findIn, fold, occurs, termsOf, type Term } from "./folding.ts";
import type { Ask } from "./messages.ts";
import { isPart, wholePosts } from "./parts.ts";
import { isUnread, showPosts } from "./posts.ts";
import { viewerOf } from "./reading.ts";
import { isQuiet } from "./runs.ts";
import { feedOf, type Session } from "./session.ts";
import type { Filter, Found } from "./shown-hand.ts";
import type { Post } from "./shown.ts";
import type { Viewer } from "./showing.ts";
import { addDays } from "./when.ts";
import type { Words } from "./words.ts";

// A post, or the parts that read as one, by the seqs of its entries; `time` is what it is ordered by.
interface Place {
  readonly feed: Feed;
  readonly entry: Entry;
  readonly seqs: number[];
  time: number;
}

const folded = new WeakMap<Words, { parts: number; text: string }>();

/**
 * Return a page of the posts in which every word occurs and that fit a filter, newest first, in the order posted.
 *
 * `before` is what the page before gave as `next`; empty for the first. Rows brought in stand each by itself. Of a page
 * of no posts nothing is looked for: all is made ready, so that the first letter that is typed need not wait.
 */
export function find(session: Session, { words, filter, before, count }: Ask<"find">): Found {
  const feeds = feedsOf(session, filter.logs);
  const terms = termsOf(words);
  const names = namesOf(session, feeds, terms);
  const last = before === "" ? null : decodeBase64url(before);
  const found: Place[][] = [];
  let after: Place | null = null;
  for (const feed of feeds) {
    const fits = filterOf(session, feed, filter);
    const places = placesOf(feed, session.world.clock());
    if (count === 0) for (const place of places) foldedOf(place);
    if (last !== null) after = places.find((place) => isAt(place, last)) ?? after;
    found.push(places.filter((place) => fits(place) && hasAll(place, names)));
  }
  // Of a page that nobody gave nothing comes after.
  const rest = last !== null && after === null ? [] : newestOf(found, after, count + 1);
  const page = rest.slice(0, count);
  const posts = showPlaces(session, page);
  return {
    posts,
    next: rest.length > page.length ? nextAfter(page) : "",
    total: found.reduce((sum, { length }) => sum + length, 0),
    unchecked: feeds.reduce((sum, { left }) => sum + left, 0),
    marked: markedIn(posts, terms, session),
  };
}

// A walk down all streams at once, each of which is in order already, as far as the page reaches.
function newestOf(found: readonly (readonly Place[])[], after: Place | null, count: number): Place[] {
  const tops = found.map((places) => {
    let at = places.length - 1;
    while (after !== null && at >= 0 && newestFirst(places[at]!, after) <= 0) at -= 1;
    return at;
  });
  const page: Place[] = [];
  while (page.length < count) {
    let first = -1;
    let newest: Place | undefined;
    for (const [of, at] of tops.entries()) {
      const place = found[of]![at];
      if (place === undefined || (newest !== undefined && newestFirst(newest, place) < 0)) continue;
      [first, newest] = [of, place];
    }
    if (newest === undefined) break;
    page.push(newest);
    tops[first] = tops[first]! - 1;
  }
  return page;
}

function nextAfter(page: readonly Place[]): string {
  const last = page.at(-1);
  return last === undefined ? "" : encodeBase64url(last.entry.id);
}

function feedsOf(session: Session, logs: readonly string[]): Feed[] {
  if (logs.length === 0) return [...session.feeds.values()];
  return [...new Set(logs)].map((log) => feedOf(session, decodeBase64url(log)));
}

// Where posts stand, oldest first. A clock may be wrong, or lie: within a stream the log's order stands.
function placesOf(feed: Feed, now: number): Place[] {
  const places: Place[] = [];
  const rows = new Map<string, Place>();
  for (const seq of feed.posts) {
    const entry = feed.entries[seq];
    if (entry === undefined || !feed.isReady(seq)) continue;
    const key = partKey(feed, entry);
    const first = key === "" ? undefined : rows.get(key);
    if (first !== undefined) {
      first.seqs.push(seq);
      continue;
    }
    const place = { feed, entry, seqs: [seq], time: entry.header.time };
    if (key !== "") rows.set(key, place);
    places.push(place);
  }
  let latest = now;
  for (let at = places.length - 1; at >= 0; at--) {
    latest = Math.min(latest, places[at]!.time);
    places[at]!.time = latest;
  }
  return places;
}

// By what the parts of a row are known to belong together; empty: it is a post by itself.
function partKey(feed: Feed, { header: { seq, author } }: Entry): string {
  const words = feed.words.get(seq);
  if (words?.sort !== "post" || words.post.part === 0) return "";
  const { row, part, parts } = words.post;
  const state = feed.targets.get(seq)?.withdrawn ? "withdrawn" : "shown";
  if (!isPart({ state, row: encodeBase64url(row), part })) return "";
  return [author.join(), row.join(), parts, state].join(" ");
}

function isAt({ feed, seqs }: Place, last: Uint8Array): boolean {
  return seqs.some((seq) => equalBytes(feed.entries[seq]!.id, last));
}

function newestFirst(a: Place, b: Place): number {
  return b.time - a.time || b.seqs[0]! - a.seqs[0]! || compareBytes(b.entry.id, a.entry.id);
}

// By marks

function filterOf(session: Session, feed: Feed, filter: Filter): (place: Place) => boolean {
  const viewer = viewerOf(session, feed);
  const { kind, unread, since } = filter;
  const [from, to] = [startOf(filter.from), startOf(filter.to && addDays(filter.to, 1))];
  const isBy = writerOf(session, filter);
  return ({ entry: { header }, seqs }) => {
    // A bound that is no date is none.
    if (header.time < from || header.time >= to) return false;
    if (since > 0 && (header.time <= since || !isNews(feed, header.seq, viewer))) return false;
    if (unread && !seqs.some((seq) => isUnread(feed, seq, viewer))) return false;
    const words = feed.words.get(header.seq);
    if (kind !== "" && (words?.sort !== "post" || words.post.kind !== kind)) return false;
    return isBy === null || isBy(header.author, words);
  };
}

function isNews(feed: Feed, seq: number, { me }: Viewer): boolean {
  return !isQuiet(feed, seq) && !equalBytes(feed.entries[seq]!.header.author, me);
}

function startOf(day: string): number {
  return day === "" ? NaN : new Date(`${day}T00:00`).getTime();
}

// A row brought in is by whoever wrote it first, as far as that is said.
function writerOf(
  { directory }: Session,
  { agencyId, person }: Filter,
): ((author: Uint8Array, words: Words | undefined) => boolean) | null {
  if (agencyId === "" && person === "") return null;
  const one = person === "" ? null : decodeBase64url(person);
  const agency = agencyId === "" ? null : decodeBase64url(agencyId);
  const name = one && fold(directory.persons.get(one)?.name ?? "");
  const body = agency && fold(directory.agencies.get(agency)?.name ?? "");
  return (author, words) => {
    if (words?.sort === "post" && words.post.row.length > 0) {
      const [by, , of] = splitOriginal(words.post.original);
      return (name === null || isSame(name, by)) && (body === null || isSame(body, of));
    }
    const works = directory.persons.get(author)?.agency;
    if (one !== null && !equalBytes(author, one)) return false;
    return agency === null || (works !== undefined && equalBytes(works, agency));
  };
}

function isSame(name: string, other: string): boolean {
  return name !== "" && fold(other) === name;
}

// By words

// What is looked for, and whose names have it in them: names are compared once and not with every post.
interface Names {
  readonly term: Term;
  readonly people: BytesSet;
  readonly children: ReadonlySet<Feed>;
}

function namesOf({ directory }: Session, feeds: readonly Feed[], terms: readonly Term[]): Names[] {
  return terms.map((term) => {
    const people = [...directory.persons.values()].filter(({ name }) => occurs(fold(name), term));
    const about = feeds.filter((feed) => calledIn(feed).some((name) => occurs(fold(name), term)));
    return { term, people: new BytesSet(people.map(({ id }) => id)), children: new Set(about) };
  });
}

function calledIn(feed: Feed): string[] {
  const about = feed.about();
  return about === null ? [] : [about.name, ...about.knownAs];
}

function hasAll(place: Place, names: readonly Names[]): boolean {
  return names.every((looked) => has(place, looked));
}

function has(place: Place, { term, people, children }: Names): boolean {
  const { feed, entry } = place;
  if (children.has(feed) || (people.size > 0 && people.has(entry.header.author))) return true;
  return occurs(foldedOf(place), term);
}

function foldedOf({ feed, seqs }: Place): string {
  const first = feed.words.get(seqs[0]!);
  if (first === undefined) return "";
  const known = folded.get(first);
  if (known?.parts === seqs.length) return known.text;
  const text = seqs.length === 1 ? foldOne(first) : foldParts(feed, seqs);
  folded.set(first, { parts: seqs.length, text });
  return text;
}

function foldOne(words: Words): string {
  if (words.sort !== "post") return "";
  const { text, source, reason, original, outcome } = words.post;
  const rest = [source, reason, original, outcome && (OUTCOMES.get(outcome) ?? outcome)];
  // A line break stands in no phrase: what is in one field is not joined to what is in another.
  return [text, ...rest].filter(Boolean).map(fold).join("\n");
}

// A word may be cut in two where one part ends and the next begins.
function foldParts(feed: Feed, seqs: readonly number[]): string {
  const said = seqs.flatMap((seq) => {
    const words = feed.words.get(seq);
    return words?.sort === "post" ? [words.post] : [];
  });
  said.sort((a, b) => a.part - b.part);
  const join = (field: "text" | "source" | "reason" | "original") => fold(said.map((one) => one[field]).join(""));
  return [join("text"), join("source"), join("reason"), join("original")].join("\n");
}

// What is shown

function showPlaces(session: Session, places: readonly Place[]): Post[] {
  const shown = new Map<string, Post>();
  for (const feed of new Set(places.map((place) => place.feed))) {
    const here = places.filter((place) => place.feed === feed);
    const seqs = here.flatMap((place) => place.seqs).sort((a, b) => a - b);
    // Each stands where the first of its parts stood.
    const wholes = wholePosts(showPosts(feed, seqs, viewerOf(session, feed)));
    for (const [at, place] of [...here].sort((a, b) => a.seqs[0]! - b.seqs[0]!).entries()) {
      shown.set(encodeBase64url(place.entry.id), wholes[at]!);
    }
  }
  return places.flatMap(({ entry }) => shown.get(encodeBase64url(entry.id)) ?? []);
}

function markedIn(posts: readonly Post[], terms: readonly Term[], session: Session): string[] {
  if (terms.length === 0) return [];
  const texts = posts.flatMap(({ log, author, text, source, reason, original, outcome }) => {
    const called = calledIn(feedOf(session, decodeBase64url(log)));
    return [text, source, reason, original, author.name, OUTCOMES.get(outcome) ?? "", ...called];
  });
  return [...new Set([...new Set(texts)].flatMap((text) => findIn(text, terms)))];
}
