// What the posts of a stream add up to: pure, and nothing but counting. No post is weighed against another, and nothing
// here says what will happen.

import { byOf, type Account, type Said, type Voice } from "./account.ts";
import { compareText } from "./order.ts";
import type { Attempt, Concern, DueDecision, LastSeen, Supervised, When } from "./shown-picture.ts";
import type { Post } from "./shown.ts";
import { addDays, compareWhen, daysBetween, today as dayOf } from "./when.ts";

const SEEN = ["seen", "alone"];
const FAILED = ["not-seen", "not-let-in", "nobody-in", "not-brought"];
const MINUTE = "T00:00".length;

const CONCERN_DAYS = 14;
const VOICES = 3;

/** Return the newest visit that saw the child; what only names a month or a year counts as its first day. */
export function seenIn({ said, today }: Account): LastSeen | null {
  let newest: Said | null = null;
  for (const one of said) {
    const { kind, outcome } = one.post;
    if (kind !== "visit" || !SEEN.includes(outcome) || one.when.first === "") continue;
    // Nobody was seen on a day that has not come.
    if (one.when.first > today) continue;
    if (newest === null || compareWhen(one.when, newest.when) >= 0) newest = one;
  }
  if (newest === null) return null;
  const { post, when } = newest;
  const days = daysBetween(when.first, today);
  return { log: post.log, seq: post.seq, when, days, alone: post.outcome === "alone", by: byOf(post) };
}

/** Return the visits that failed since the child was last seen, the newest first; all of them, if it never was. */
export function attemptsIn({ said }: Account, seen: LastSeen | null): Attempt[] {
  const failed = said.filter(({ post, when }) => isFailed(post) && isSince(seen, post, when));
  const newestFirst = failed.reverse().sort((a, b) => {
    if (a.when.first === "" || b.when.first === "") return compareWhen(a.when, b.when);
    return compareWhen(b.when, a.when);
  });
  return newestFirst.map(({ post, when }) => ({
    log: post.log,
    seq: post.seq,
    when,
    outcome: post.outcome,
    by: byOf(post),
  }));
}

/** Return whether a post is a visit that did not see the child. */
export function isFailed({ kind, outcome }: Post): boolean {
  return kind === "visit" && FAILED.includes(outcome);
}

/** Return how many separate people say something. */
export function tellersIn({ voices }: Account): number {
  return new Set(voices.map(({ who }) => who)).size;
}

/**
 * Return whether three people marked worried within the 14 days up to today, or, within them, see the same.
 *
 * What counts is when they said so here; of a row brought in, when it happened, because bringing in is not saying.
 */
export function concernIn({ voices, today }: Account): Concern | null {
  const start = addDays(today, -CONCERN_DAYS);
  const fresh = voices.filter(({ day }) => day !== "" && day >= start && day <= today);
  const worried = fresh.filter(({ post }) => post.side === "worried");
  if (isEnough(worried)) return concernOf("worried", worried);
  const same = [...byPost(fresh).values()].filter(isEnough).map((some) => concernOf("same", some));
  return same.reduce<Concern | null>((one, next) => (one === null || next.to >= one.to ? next : one), null);
}

/** Return the decisions whose review date has come, and that no later decision answers. */
export function dueIn({ shown, about, said, today }: Account): DueDecision[] {
  const answered = new Map<string, number>(); // the newest answer's seq, by id
  for (const { kind, how, refers, seq } of shown) {
    if (kind !== "decision" || how === "correction") continue;
    for (const id of refers) answered.set(about.get(id) ?? id, seq);
  }
  return said.flatMap(({ post: { log, seq, id, kind, review, text }, post }) => {
    if (kind !== "decision" || review === "" || review > today) return [];
    return (answered.get(id) ?? -1) > seq ? [] : [{ log, seq, id, review, by: byOf(post), text }];
  });
}

/** Return the newest post of the last 14 days that told supervisors at once. */
export function nudgedIn({ shown, today }: Account): Supervised["nudged"] {
  let newest: Supervised["nudged"] = null;
  for (const { nudge, seq, time, author: by } of shown) {
    if (nudge && daysBetween(dayOf(time), today) <= CONCERN_DAYS) newest = { seq, time, by };
  }
  return newest;
}

// Where only the day is known of either, the order in which they stand in the stream decides.
function isSince(seen: LastSeen | null, { seq, log }: Post, when: When): boolean {
  if (seen === null) return true;
  if (when.first === "" || when.first !== seen.when.first) return when.first > seen.when.first;
  const [time, last] = [when.at.slice(-MINUTE), seen.when.at.slice(-MINUTE)];
  const timed = time.startsWith("T") && last.startsWith("T");
  return timed && time !== last ? time > last : log === seen.log && seq > seen.seq;
}

function isEnough(voices: readonly Voice[]): boolean {
  return new Set(voices.map(({ who }) => who)).size >= VOICES;
}

function byPost(voices: readonly Voice[]): Map<string, Voice[]> {
  const found = new Map<string, Voice[]>();
  for (const voice of voices) found.set(voice.to, [...(found.get(voice.to) ?? []), voice]);
  return found;
}

function concernOf(sort: Concern["sort"], voices: readonly Voice[]): Concern {
  const ordered = [...voices].sort((a, b) => compareText(a.day, b.day));
  const people = new Map<string, string>();
  for (const { who, post } of ordered) people.set(who, people.get(who) ?? calledBy(post));
  return {
    sort,
    people: [...people.values()],
    from: ordered[0]?.day ?? "",
    to: ordered.at(-1)?.day ?? "",
    posts: ordered.map(({ post: { log, seq } }) => ({ log, seq })),
  };
}

function calledBy(post: Post): string {
  if (post.kind === "told" && post.source !== "") return post.source;
  const { job, agency, name } = byOf(post);
  return [job, agency].filter((part) => part !== "").join(", ") || name;
}
