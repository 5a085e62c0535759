// What may be shown: every word here was verified, or came out of a verified body. Ids are base64url.

import type { Outgoing } from "./shown-hand.ts";
import type { Concern } from "./shown-picture.ts";

export interface Person {
  id: string;
  name: string; // empty: "name withheld"
  job: string;
  agency: string; // its name
  agencyId: string;
  role: "practitioner" | "supervisor" | "steward";
  left: boolean;
  phone: string;
  email: string;
  supervisor: string; // person id; empty: none named
  deputies: string[];
}

// What holds somebody's keys: a phone, a laptop, a command line; or paper, which is a recovery sheet.
export interface DeviceRow {
  key: string;
  name: string;
  sort: "" | "paper";
  since: number; // ms
  until: number; // ms; 0: no end
  revoked: boolean;
  mine: boolean; // this one
  lastUse: number; // ms: the newest entry that it signed, of those that I hold; 0: none
}

export interface Agency {
  id: string;
  name: string;
  sort: "council" | "health" | "school" | "police" | "housing" | "other";
}

export interface Invite {
  id: string;
  name: string;
  job: string;
  agency: string;
  role: Person["role"];
  expiry: number; // ms
  inviter: string; // person id
  state: "open" | "used" | "revoked" | "expired";
}

export interface PhoneNumber {
  agencyId: string; // empty: for everybody
  label: string;
  number: string;
  hours: string;
}

export interface Member {
  person: Person;
  role: "follower" | "supervisor" | "keeper";
  since: number; // ms
  by: Person; // who let them in
  why: string;
  via: string; // the household through which they came, its log; empty: none
}

// Where a child lives or lived; in a household, who does.
export interface Stay {
  log: string;
  name: string; // empty: a household that I do not follow
  from: string; // YYYY, YYYY-MM, YYYY-MM-DD or empty
  to: string; // empty: still
}

// Why a log cannot be trusted past `head`: the name of a protocol error and the words for a person.
export interface Trouble {
  error: string;
  seq: number; // the entry that failed
}

export interface Child {
  log: string;
  sort: "child" | "household" | ""; // empty: not opened yet
  name: string;
  knownAs: string[];
  birth: { how: "born" | "due" | "unknown"; date: string };
  school: string;
  relatives: { name: string; relation: string }[];
  households: Stay[]; // of a child: all of them, the past ones too
  children: Stay[]; // of a household: the children I follow who live or lived there
  siblings: { log: string; name: string }[]; // of a child: those I follow who live in a household with it now
  described: number; // the seq of what says all this; -1: nothing that opens
  protectedAddress: boolean;
  closed: boolean;
  words: string; // two, made of the id: how a round-up calls it
  weeks: number[]; // posts in each of the last twelve weeks, by when it happened, oldest first
  concern: Concern | null;
  members: Member[]; // exactly those to whom a post is sealed
  agencies: number; // how many agencies they work for
  myRole: Member["role"] | ""; // empty: no longer a follower
  keeper: boolean; // may I add and remove
  checked: number; // how many entries were checked
  posts: number;
  unread: number;
  lastPost: number; // ms; 0: none
  lastSeen: { time: string; by: Person } | null; // newest visit with outcome seen or alone
  waiting: boolean; // nobody has handed me the key yet
  leaving: Person[]; // listed, but lost by the directory: the next entry will be a new epoch
  changing: Person[]; // listed, and lost a device: the next entry will be a new epoch
  removed: { by: Person; time: number } | null;
  vouched: number; // ms: the newest head of this stream that a witness signed and that I hold; 0: none
  mayStillRead: MayStillRead[];
  held: { by: Person; time: number; why: string } | null; // nothing may be destroyed until lifted
  shreds: Shred[]; // newest first
  retention: { cls: string; source: string; due: string }[]; // for how long its classes say to keep it
  exports: Export[]; // newest first
  trouble: Trouble | null;
}

// Taken off the team, but no witness has seen that yet: a server that hides it can still let them read.
export interface MayStillRead {
  person: Person;
  since: number; // ms: when they were taken off
  alarm: boolean; // that was longer ago than a witness takes
}

// Posts that a keeper proposes to destroy for good, or that were destroyed.
export interface Shred {
  id: string;
  seqs: number[];
  by: Person;
  time: number; // ms
  cls: string; // the retention class; empty: none
  why: string;
  ready: number; // ms: from when a supervisor or second keeper may confirm it
  done: { by: Person; time: number } | null;
  goneFromBackups: number; // ms: from when no backup holds it any more; 0: not known
}

// Someone took posts out of the app.
export interface Export {
  by: Person;
  time: number; // ms
  format: string;
  from: string; // YYYY-MM-DD; empty: from the beginning
  to: string; // YYYY-MM-DD; empty: until then
  why: string;
}

// How long posts are kept: so many months from a birth, a closing or the newest post; from a named source.
export interface RetentionRow {
  cls: string;
  months: number;
  from: "birth" | "closed" | "newest";
  source: string;
}

// Is there someone else than the server who says what it should show, and how new is their word?
export interface Vouching {
  named: boolean; // does the directory name a witness
  newest: number; // ms: the newest good head of the directory; 0: none
  state: "none" | "good" | "late" | "old" | "missing"; // late: over 15 minutes; old: over 24 hours
}

// A witness's key, as the directory has it.
export interface Witness {
  key: string;
  since: number; // ms
  ended: boolean;
  accuses: boolean; // it is on its word that the directory, or a stream that I follow, is in trouble
}

export type PostState =
  | "shown" | "withdrawn" | "erased" | "destroyed" | "void" | "withheld" | "waiting";

export interface Post {
  log: string;
  seq: number;
  id: string;
  author: Person;
  time: number; // ms: as posted
  oddTime: boolean; // earlier than the entry before, or in the future
  doubtful: boolean; // signed by a device after it was lost, and before that was known
  nudge: boolean;
  mine: boolean;
  unread: boolean;
  again: boolean; // unread by one's own word
  state: PostState;
  newer: boolean; // some of it was written with a newer version
  text: string; // words and marks are empty unless state is "shown" or "withdrawn"
  kind: string;
  sure: string;
  scale: string;
  side: string;
  happened: string;
  written: number;
  refers: string[];
  how: string;
  source: string;
  original: string;
  outcome: string;
  reason: string;
  review: string;
  part: number; // 0: it is not one of several
  parts: number; // a text in parts is shown as one, the first: then this is how many it has
  row: string; // what an imported row is recognised by; empty: it was written here
  quiet: boolean; // no news: never unread, never in a round-up
  rows: number; // 0, or: this line stands for so many rows brought in by one person, one after another
  withdrawn: { by: Person; time: number; why: string } | null;
  replies: { how: string; author: Person; seq: number; id: string; time: number }[]; // same, different, correction, copied
  stands: Post | null; // how it now stands, where its author corrected it: the newest correction, with what that leaves open
}

// Someone's supervisor is not on the team of children whom both they and I know: keepers are asked once for all of them.
export interface Proposal {
  person: Person;
  supervisor: Person;
  logs: string[];
  key: string;
}

// Someone lost every device and is back as a new person: keepers are asked once, for all the streams that they stood in.
export interface Return {
  person: Person; // new
  former: Person;
  logs: string[]; // that I keep; asked is the role they had
  roles: Member["role"][]; // in those, in the same order
  key: string;
}

// Someone asks to follow a stream that I keep.
export interface Request {
  log: string;
  person: Person;
  reason: string; // empty: it could not be opened
  time: number; // ms
}

// I asked these keepers to let me follow a stream, and nobody has answered yet.
export interface Asked {
  log: string;
  keepers: Person[];
  time: number; // ms
}

export interface Overview {
  practice: string;
  fingerprint: string;
  me: Person;
  people: Person[];
  agencies: Agency[];
  invites: Invite[];
  numbers: PhoneNumber[];
  children: Child[];
  proposals: Proposal[];
  returns: Return[];
  sheets: number; // recovery sheets of mine that are good
  device: { until: number; revoked: boolean } | null; // this one; until: ms, 0: no end
  requests: Request[];
  asked: Asked[];
  witness: Vouching;
  witnesses: Witness[];
  maySendUnvouched: boolean; // the rule for posts while the server is not vouched for
  rules: { name: string; value: number }[]; // the practice's, with what holds where it settled nothing
  retention: RetentionRow[]; // what the practice has confirmed
  trouble: Trouble | null; // of the directory
  online: boolean; // did the last refresh reach the server
  restoring: boolean; // the server is being put back: there is reading, but no posting
  stored: boolean; // are keys kept on this device
  outgoing: Outgoing[]; // what this device has not sent yet, oldest first
  lastHere: number; // ms: when I was last here, on any of my devices, before this visit; 0: never
}

export interface Draft {
  text: string;
  kind: string;
  sure: string;
  scale: string;
  side: string;
  happened: string;
  source: string;
  outcome: string;
  reason: string;
  review: string;
  refers: string[];
  how: string;
  nudge: boolean;
}
