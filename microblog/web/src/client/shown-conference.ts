// What is shown where others look on: initials, ages and words that were gone over. No name is in any of it.

import type { Picture, When } from "./shown-picture.ts";

/** Somebody by their initials, and what they are: a relation, or a job and the sort of agency. */
export interface Initialled {
  initials: string;
  who: string;
}

/** A post as it now stands. */
export interface ConferencePost {
  seq: number;
  when: When;
  who: string; // job and the sort of agency
  kind: string;
  sure: string;
  scale: string;
  side: string;
  outcome: string;
  text: string;
  source: string;
  reason: string;
  review: string; // YYYY-MM-DD
  differs: boolean;
  corrected: boolean;
}

export interface Conference {
  log: string;
  words: string; // two, made of the id
  sort: "child" | "household" | "";
  initials: string;
  age: { count: number; unit: "year" | "month" | "week" } | null; // null: not known, or not born
  due: boolean; // not born yet
  people: Initialled[];
  children: string[]; // initials: of a child its siblings, of a household who lives there, of those that I follow
  team: Initialled[];
  picture: Picture; // lanes and people by sort of agency and job
  posts: ConferencePost[]; // oldest first, by when it happened; those not sure when come last
  outside: number; // posts outside the dates
}
