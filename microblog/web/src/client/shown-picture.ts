// What a picture of the pattern is drawn from, and what is said beside it. All of it was counted from verified posts.

import type { Person } from "./shown.ts";

/**
 * When something happened: as precisely as its writer knew, in this device's own time.
 *
 * `at` is YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH:MM, empty for "not sure when"; `first` and `last` are the days between
 * which it lies, YYYY-MM-DD, empty likewise. `posted`: nobody said when, so it is the time of posting.
 */
export interface When {
  at: string;
  first: string;
  last: string;
  posted: boolean;
}

// One post in the picture; a text in parts is one.
export interface Mark {
  log: string;
  seq: number;
  when: When;
  agencyId: string; // whose lane; of what was brought in, that of its original author where it is one here, else empty
  lane: string; // its name: an agency's, or "From records" where no agency here wrote it
  kind: string;
  outcome: string; // of a visit
  failed: boolean; // a visit that did not see the child: not seen, not let in, nobody in, was not brought
  scale: string;
  side: string;
  differs: boolean; // a reply that sees it differently, or a post that has one
  corrected: boolean; // a correction stands beside it
  brought: boolean; // out of a spreadsheet
}

export interface Lane {
  agencyId: string;
  name: string;
  sort: string; // of the agency; empty: none
  posts: number;
}

// Posts in a week, by when it happened; weeks begin on Monday.
export interface Week {
  monday: string; // YYYY-MM-DD
  posts: number;
}

export interface Thickness {
  log: string;
  name: string;
  weeks: Week[]; // without a gap from the first to now
}

// A try to see the child that failed, since the child was last seen.
export interface Attempt {
  log: string;
  seq: number;
  when: When;
  outcome: string;
  by: Person;
}

// An agency, never a person, that has posted nothing for longer than is usual for it.
export interface QuietAgency {
  agencyId: string;
  name: string;
  days: number; // since its last post
  usual: number; // days between its posts, the median
}

/**
 * Three people marked worried within 14 days, or see the same.
 *
 * `days` are the first and last day of it; `posts` those that make it so.
 */
export interface Concern {
  sort: "worried" | "same";
  people: string[]; // who says so: job and agency, or who told; never ordered by anything but when
  from: string;
  to: string;
  posts: { log: string; seq: number }[];
}

export interface LastSeen {
  log: string;
  seq: number;
  when: When;
  days: number; // until now, by the calendar
  alone: boolean;
  by: Person;
}

// A decision whose review date has come, and that no later decision answers.
export interface DueDecision {
  log: string;
  seq: number;
  id: string;
  review: string; // YYYY-MM-DD
  by: Person;
  text: string;
}

export interface Picture {
  log: string; // empty: all I follow
  today: string; // YYYY-MM-DD
  marks: Mark[]; // in order of when; those not sure when come last
  lanes: Lane[]; // by name
  thickness: Thickness[]; // the child first, then siblings by name
  seen: LastSeen | null;
  attempts: Attempt[]; // since then, newest first
  tellers: number; // separate people: three voices through one agency are three
  agencies: number;
  quiet: QuietAgency[]; // by name
  concern: Concern | null;
  unchecked: number; // posts that are not checked yet, and so not in it
  unreadable: number; // posts that are there, and whose words are not
}

// A child, or a household, as its supervisor looks at it. Ordered by name: nothing here is a rank.
export interface Supervised {
  log: string;
  name: string;
  workers: Person[]; // whom I supervise, and who are on its team
  seen: LastSeen | null;
  attempts: number;
  quiet: QuietAgency[];
  nudged: { seq: number; time: number; by: Person } | null; // the newest within 14 days
  due: DueDecision[];
}

// What is seen of a stream at a glance: for a line in a list, and for its supervisor.
export interface Glance {
  weeks: number[]; // as in Child
  concern: Concern | null;
  seen: LastSeen | null;
  attempts: number;
  quiet: QuietAgency[];
  nudged: Supervised["nudged"];
  due: DueDecision[];
}
