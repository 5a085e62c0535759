// Round-ups: when they come by mail, and the day as this device tells it.

import type { DueDecision } from "./shown-picture.ts";
import type { PostState } from "./shown.ts";

// When someone wants their round-up. The server keeps it, because the server mails.
export interface RoundUpChoice {
  every: "off" | "daily" | "weekly";
  at: string; // HH:MM, by the practice's clock
  weekday: number; // of a weekly one; 0: Monday
  nudges: boolean; // at once
  quiet: number[]; // weekdays on which nothing comes
  mails: boolean; // does this server send mail at all
  zone: string; // the practice's clock
}

// What the mail server said last about a person's round-ups.
export interface MailState {
  person: string; // id
  state: "sent" | "waiting" | "refused";
  time: number; // ms
  tries: number;
  code: number; // of SMTP; 0: the server could not be reached
}

// Everyone's newest mail, for a steward.
export interface MailStates {
  looked: number; // ms: when the server last looked after round-ups at all; 0: never
  states: MailState[];
}

// One post in at most 160 characters.
export interface RoundUpLine {
  log: string;
  seq: number;
  id: string;
  state: PostState;
  line: string;
  kind: string;
  outcome: string;
  how: string;
  nudge: boolean;
  unread: boolean;
  mine: boolean;
  answered: boolean; // I have said that I see this too
}

export interface RoundUpChild {
  log: string;
  name: string;
  words: string; // the two words of the stream's id, as in the mail
  lines: RoundUpLine[]; // oldest first
}

export interface RoundUp {
  since: string; // YYYY-MM-DD; empty: all that is unread
  children: RoundUpChild[]; // by name
  posts: number; // of others, as the mail counts them
  nudges: number; // among those
  due: DueDecision[]; // by date
  unchecked: number; // posts that are not checked yet, and so not in it
}
