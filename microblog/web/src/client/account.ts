// What the posts of some streams say as they now stand: corrected, answered, and who says so.
//
// Only what may be read counts: what was withdrawn, erased or destroyed does not. A post that its author corrected is
// one, and says what the newest correction says; somebody else's correction stands beside it, for nobody changes another's
// words. "I see this too" adds a voice to a post and is none of its own. A row brought in speaks for its original author.

import { splitOriginal, wasTakenBack } from "./columns.ts";
import type { When } from "./shown-picture.ts";
import type { Person, Post } from "./shown.ts";
import { whenOf } from "./when.ts";

/** Where a row brought in stands that does not say who wrote it. */
export const RECORDS = "From records";

const UNREAD = ["void", "withheld", "waiting"];
const SPACES = /[ \t\n\r\u00a0]+/g;
const MINUTE = "T00:00".length;

/** A post as it now stands: corrected, and set against others. */
export interface Said {
  readonly post: Post;
  readonly when: When;
  readonly corrected: boolean;
  readonly differs: boolean;
}

/**
 * Somebody who says so. `who` tells voices apart; `to` is the id of what it is about: its own post, or the
 * one it agrees with.
 *
 * `day` is when it was said here, of a row brought in when it happened; empty: not known.
 */
export interface Voice {
  readonly who: string;
  readonly post: Post;
  readonly to: string;
  readonly day: string;
}

/** All that can be read of some streams, in their order, as it stood on a day. */
export interface Account {
  readonly today: string;
  readonly shown: readonly Post[];
  readonly about: ReadonlyMap<string, string>; // by a post's id, the id of what it is about
  readonly said: readonly Said[];
  readonly voices: readonly Voice[];
  readonly unreadable: number;
}

/** Return what whole posts say. */
export function accountOf(posts: readonly Post[], today: string): Account {
  const shown = posts.filter((post) => post.state === "shown" && !wasTakenBack(post));
  const { stands, about } = linksOf(shown);
  const stand = standing(shown, stands);
  const corrected = targetsOf(shown, about, "correction");
  const differing = targetsOf(shown, about, "different");
  for (const { how, id } of shown) if (how === "different") differing.add(id);
  return {
    today,
    shown,
    about,
    said: stand.filter((post) => !isReply(post)).map((post) => ({
      post,
      when: whenBy(post, today),
      corrected: corrected.has(post.id),
      differs: differing.has(post.id),
    })),
    voices: voicesOf(stand, about, today),
    unreadable: posts.filter(({ state }) => UNREAD.includes(state)).length,
  };
}

/** Return who says what a post says: its author, or, of a row brought in, whoever wrote it first, or else where it stood. */
export function byOf({ author, row, original, source }: Post): Person {
  if (row === "") return author;
  const [named, job, agency] = splitOriginal(original);
  const name = `${named}${job}${agency}` === "" ? source || RECORDS : named;
  const nobody = { id: "", agencyId: "", role: "practitioner", phone: "", email: "", supervisor: "" } as const;
  return { ...nobody, name, job, agency, left: false, deputies: [] };
}

/** Return a text by which names that were typed by hand are compared. */
export function fold(text: string): string {
  return text.replace(SPACES, " ").trim().toLowerCase();
}

// By a post's id: which post it is, itself or the one that it corrects; and which it is about, that or the one it agrees
// with, and so on.
function linksOf(shown: readonly Post[]): { stands: Map<string, string>; about: Map<string, string> } {
  const [stands, about] = [new Map<string, string>(), new Map<string, string>()];
  const known = new Map<string, Post>();
  for (const post of shown) {
    const target = known.get(post.refers[0] ?? "");
    const own = post.how === "correction" && target?.author.id === post.author.id;
    const joins = own || isReply(post);
    stands.set(post.id, (own ? stands.get(target?.id ?? "") : undefined) ?? post.id);
    about.set(post.id, (joins ? about.get(target?.id ?? "") : undefined) ?? post.id);
    known.set(post.id, post);
  }
  return { stands, about };
}

// Every post but an author's own corrections, with what these say.
function standing(shown: readonly Post[], stands: ReadonlyMap<string, string>): Post[] {
  const stand = new Map<string, Post>();
  for (const post of shown) {
    const id = stands.get(post.id) ?? post.id;
    const before = stand.get(id);
    stand.set(id, before === undefined ? post : correct(before, post));
  }
  return [...stand.values()];
}

// The ids of what is answered in one way.
function targetsOf(shown: readonly Post[], about: ReadonlyMap<string, string>, way: string): Set<string> {
  const answers = shown.filter(({ how, refers }) => how === way && refers.length > 0);
  return new Set(answers.map(({ refers: [first = ""] }) => about.get(first) ?? first));
}

function isReply({ how }: Post): boolean {
  return how === "same" || how === "copied";
}

/** Return how a post stands that was corrected: what that leaves open stays, but of what is no visit any more nothing came. */
export function correct(post: Post, correction: Post): Post {
  const { text, kind, sure, scale, side, happened, source, outcome, reason, review } = correction;
  return {
    ...post,
    text: text || post.text,
    kind: kind || post.kind,
    sure: sure || post.sure,
    scale: scale || post.scale,
    side: side || post.side,
    happened: happened || post.happened,
    source: source || post.source,
    outcome: outcome || ((kind || post.kind) === "visit" ? post.outcome : ""),
    reason: reason || post.reason,
    review: review || post.review,
  };
}

// A clock may be wrong, or lie: nothing was posted later than today.
function whenBy(post: Post, today: string): When {
  const when = whenOf(post);
  if (!when.posted || when.first <= today) return when;
  return { ...when, at: today + when.at.slice(-MINUTE), first: today, last: today };
}

// Copying to the record says nothing.
function voicesOf(stand: readonly Post[], about: ReadonlyMap<string, string>, today: string): Voice[] {
  const voices = stand.filter(({ how }) => how !== "copied");
  return voices.map((post) => {
    const { first: day } = whenBy(post.row === "" ? { ...post, happened: "" } : post, today);
    return { who: whoOf(post), post, to: about.get(post.id) ?? post.id, day };
  });
}

function whoOf({ kind, source, row, original, author }: Post): string {
  if (kind === "told" && source !== "") return `told ${fold(source)}`;
  return row !== "" && original !== "" ? `original ${fold(original)}` : `person ${author.id}`;
}
