// A post in one line of at most 160 characters: what sort, when, whose job, and as many of its words as there is room for.
//
// Never the scale: it is not said without its words, for which there is no room.

import { HOWS, KINDS, OUTCOMES, SIDES } from "./columns.ts";
import type { Post, PostState } from "./shown.ts";
import { daysBetween, localTime, mondayOf, whenOf } from "./when.ts";

export const MOST = 160;

const MOST_JOB = 40;
const NEAR = 20; // a word that begins so near the end is left out rather than cut
const DAY = "2026-01-01".length;
const WEEK = 7;
const SPACES = /[ \t\n\v\f\r\u0085\u00a0\u2028\u2029]+/g;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS = [
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

const STATES: Partial<Record<PostState, string>> = {
  withdrawn: "withdrawn",
  erased: "erased, it was on the wrong child",
  destroyed: "destroyed for good",
  void: "cannot be read",
  withheld: "withheld by the server",
  waiting: "its key has not come yet",
};

/** Return a post as one line, its sort before the first " · "; `now` (ms) is when it is read. */
export function lineOf(post: Post, now: number): string {
  const head = `${saySort(post, now)} · ${sayTime(post.time, now)} · ${sayWho(post)}`;
  const text = post.state === "shown" ? fold(post.text) : "";
  return cut(text === "" ? head : `${head}: ${text}`, MOST);
}

function saySort(post: Post, now: number): string {
  const { state, kind, how, outcome, side } = post;
  const gone = STATES[state];
  if (gone !== undefined) return `Post, ${gone}`;
  const kindly = KINDS.get(kind) ?? fold(kind);
  const own = how === "" ? kindly : (HOWS.get(how) ?? fold(how));
  const more = [
    ...(how === "correction" || how === "different" ? [kindly] : []),
    ...(outcome === "" ? [] : [OUTCOMES.get(outcome) ?? fold(outcome)]),
    ...(side === "" ? [] : [SIDES.get(side) ?? fold(side)]),
  ];
  return [own + sayHappened(post, now), ...more.map(lower)].join(", ");
}

// On which day it happened, where that was not the day it was posted.
function sayHappened(post: Post, now: number): string {
  const { at, posted } = whenOf(post);
  if (posted || at === "" || at.slice(0, DAY) === localTime(post.time).slice(0, DAY)) return "";
  return ` of ${sayDate(at.slice(0, DAY), now)}`;
}

function sayWho({ mine, author }: Post): string {
  if (mine) return "you";
  return cut(fold(author.job) || fold(author.agency) || "someone", MOST_JOB);
}

function sayTime(time: number, now: number): string {
  const at = localTime(time);
  const [day, clock] = [at.slice(0, DAY), at.slice(DAY + 1)];
  const days = daysBetween(day, localTime(now).slice(0, DAY));
  if (days === 0) return clock;
  const near = days > 0 && days < WEEK;
  return `${near ? DAYS[daysBetween(mondayOf(day), day)] : sayDate(day, now)} ${clock}`;
}

// "3 Nov", "Nov 2025", "2025": the year where it is another than now's, or where no day is known.
function sayDate(date: string, now: number): string {
  const [year = "", month = "", day = ""] = date.split("-");
  if (month === "") return year;
  const name = MONTHS[Number(month) - 1] ?? month;
  if (day === "") return `${name} ${year}`;
  return `${Number(day)} ${name}${localTime(now).startsWith(year) ? "" : ` ${year}`}`;
}

// The words of others on one line.
function fold(text: string): string {
  return text.replace(SPACES, " ").replace(/^ | $/g, "");
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

// Cut at a word, where there is one near enough to the end.
function cut(text: string, most: number): string {
  const points = [...text];
  if (points.length <= most) return text;
  const space = points.lastIndexOf(" ", most - 1);
  const end = space >= most - NEAR ? space : most - 1;
  return `${points.slice(0, end).join("").replace(/ +$/, "")}…`;
}
