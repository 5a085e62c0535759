// What is shown of the app in the hand: what waits to be sent, what a text gives away, what a search found, the keys
// that open with a touch. As in `shown`, every word here was verified, is the writer's own, or says nothing of anyone.

import type { Draft, Person, Post } from "./shown.ts";

/**
 * A post in this device's sealed outbox, until the server has acknowledged it.
 *
 * undo: it leaves at `leaves`, until when it can be taken back; waiting: there is no network, or no answer; sending: it
 * is under way; asking: its writer has to decide, for the sake of `newcomers` or `unvouched`; refused: `error` says why,
 * and its words stay until their writer throws them away.
 */
export interface Outgoing {
  id: string;
  log: string;
  draft: Draft;
  answers: number; // the seq of the post that it answers; -1: none
  written: number; // ms: the tap
  leaves: number; // ms
  state: "undo" | "waiting" | "sending" | "asking" | "refused";
  tried: boolean; // it may have arrived: it cannot be taken back any more, only thrown away
  newcomers: Person[]; // on the team now, and not on the screen then
  unvouched: number; // ms: since when no witness vouched for the server; 0: that is not why
  error: string; // the name of what went wrong; empty: nothing did
  code: string; // as beside an error
}

/** Something in a draft that could tell more than is meant; `hard`: the address of this family is protected. */
export interface Caution {
  sort: "address" | "phone" | "school" | "child" | "sibling"; // child: another that I follow
  words: string; // as they stand in the draft
  hard: boolean;
}

/** Which posts are asked for; empty, or 0: whichever. */
export interface Filter {
  logs: string[];
  kind: string;
  agencyId: string;
  person: string; // id of the author
  from: string; // YYYY-MM-DD, by when it was posted
  to: string;
  unread: boolean;
  since: number; // ms: posted later, by others
}

/** A page of what was found, newest first; `unchecked` posts are not checked yet, and were not looked at. */
export interface Found {
  posts: Post[];
  next: string; // as in a page of the stream
  total: number; // of all pages
  unchecked: number;
  marked: string[]; // what was looked for, as it stands in these posts
}

/** A passkey that opens the vault of this device. */
export interface PasskeyRow {
  id: string; // the credential's, base64url
  name: string;
  since: number; // ms
}

/** Something in a stream is new: how many posts of others. */
export interface NewIn {
  log: string;
  count: number;
}

/** The oldest of what is new of a stream; `seqs`: each part of each; `left`: how many more there are. */
export interface NewPosts {
  posts: Post[];
  seqs: number[];
  left: number;
}

// Whether this device is told that something is new, and when not. The server keeps it, because the server tells.
export interface Notices {
  on: boolean;
  key: string; // the server's, for the browser; empty: this server tells nobody
  zone: string; // the practice's clock
  begin: string; // HH:MM: quiet from then on, until `end`; the same twice: no quiet hours
  end: string;
  quiet: number[]; // weekdays on which nothing comes; 0: Monday
  looked: number; // ms: when the server last looked whether anything is new; 0: never
  sent: number; // ms: when the push service took the newest notice; 0: none yet
  tries: number; // how often the next one was tried in vain
  tried: number; // ms: when one was asked for, to try it; 0: never
}

// Where this browser can be reached, made for the server's key.
export interface Reached {
  endpoint: string;
  key: string;
}
