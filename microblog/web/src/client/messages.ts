// What the page may ask of the Worker, and what comes back. Keys never cross.

import type { Conference } from "./shown-conference.ts";
import type { Caution, Filter, Found, NewIn, NewPosts, Notices, PasskeyRow, Reached } from "./shown-hand.ts";
import type { Picture, Supervised } from "./shown-picture.ts";
import type { MailStates, RoundUp, RoundUpChoice } from "./shown-rounds.ts";
import type {
  Brought,
  ChildrenPlan,
  Chronology,
  ChronologyRow,
  Column,
  ImportPlan,
  Proposed,
  Table,
} from "./shown-rows.ts";
import type {
  Agency,
  Child,
  DeviceRow,
  Draft,
  Invite,
  Member,
  Overview,
  Person,
  PhoneNumber,
  Post,
  RetentionRow,
} from "./shown.ts";

export interface Start {
  missing: string[]; // of "webassembly", "storage"; empty: all is there
  stored: boolean; // a vault is kept on this device
  founded: boolean; // the practice exists
  reachable: boolean; // both asked of the server only where no vault is kept
  unsent: number; // posts in the outbox that is kept here: they go once it is unlocked
  // What a passkey is asked for, to open the vault that is kept here.
  passkeys: { id: string; salt: Uint8Array }[];
}

export interface Invitation {
  practice: string;
  name: string;
  job: string;
  agency: string;
  role: Person["role"];
  inviter: Person;
  expiry: number;
}

export interface Opened {
  passphrase: string;
  device: string; // what this device is called
  keep: boolean; // false on a shared computer: keys stay in memory only
}

export interface NewChild {
  name: string;
  knownAs: string[];
  birth: Child["birth"];
  school: string;
  sort?: "child" | "household"; // a child unless it says so
  households?: string[]; // logs of households that I follow; from today
}

// A child or household as its keeper describes it: all of it, for it replaces what was said before.
export interface AboutDraft {
  name: string;
  knownAs: string[];
  birth: Child["birth"]; // not born yet: "due"
  school: string;
  relatives: Child["relatives"];
  households: { log: string; from: string; to: string }[]; // the past ones too; open: `to` is empty
  protectedAddress: boolean;
  closed: boolean;
}

// What became of one stream in an act on many. Done: it is so now, whether by this act or before.
export interface Handed {
  log: string;
  done: boolean;
  error: string; // the name of what went wrong; empty: nothing did
  code: string; // as beside an error
}

// What still hangs on someone, as far as I can see it.
export interface Hanging {
  streams: { log: string; name: string; closed: boolean }[]; // that I follow and they are listed in
  soleKeeper: { log: string; name: string; closed: boolean }[]; // of those, where nobody else is keeper
  invites: Invite[]; // open ones that they issued
  supervises: Person[]; // who work here and name them as supervisor or deputy
}

export interface Issued {
  link: string;
  letters: string; // in two fours
  expiry: number;
}

// `newcomers`: people on the team who were not on the screen; nothing was sent.
// `unvouched`: since when no witness vouched for the server, in ms; nothing was sent. 0: that is not why.
export interface Sent {
  sent: boolean;
  newcomers: Person[];
  unvouched: number;
}

export interface Page {
  posts: Post[]; // newest first, in the order posted
  next: string; // empty: that is all
}

// Whom a follow slip lets me ask; if I follow the stream already, there is nothing to ask.
export interface Slip {
  log: string;
  following: boolean;
  keepers: Person[];
}

// What someone chose on this device.
export interface Preferences {
  lockMinutes: number; // untouched; 1 to 60
  awayMinutes: number; // out of sight; 1 to 60
  hideOnLeaving: boolean; // empty the page when another window comes to the front; on a phone it always does
}

// How far linking this device has come. `practice` and `name`: who lets it in, and where; empty while waiting.
export interface Linked {
  state: "waiting" | "welcomed" | "done" | "over";
  practice: string;
  name: string;
}

// A recovery sheet as it is drafted: it becomes a device when the groups asked for are typed back.
export interface Sheet {
  letters: string[]; // eight groups, and their check
  link: string; // for the QR
  practice: string;
  name: string;
  fingerprint: string;
  directory: { seq: number; id: string };
  asked: [number, number]; // which groups, from 0
}

// Whose sheet it is, and what else holds their keys.
export interface Recovery {
  practice: string;
  name: string;
  devices: DeviceRow[];
}

// What a device can do, as the Worker finds it. Milliseconds; `sealingMs` for one signature made and checked, 0: not at all;
// `aheadMs`: by which this device's clock is ahead of the server's, null: nobody said.
export interface Checkup {
  sealingMs: number;
  kept: boolean; // what was written to storage was there again
  reachable: boolean;
  aheadMs: number | null;
}

// What the server gives a browser, compared with its own list; `list` is the hash of that, as `make manifest` prints it.
export interface ServedFiles {
  list: string;
  files: number;
  strange: string[]; // paths
}

export interface Requests {
  start(): Start;
  checkUp(): Checkup;
  checkServed(): ServedFiles;
  builds(): { mine: string; served: string }; // of the app: this page's, and the server's; empty: it did not say
  suggestPassphrase(): string;
  readInvitation(ask: { fragment: string; letters: string }): Invitation;
  join(ask: Opened): void;
  found(ask: Opened & {
    token: string;
    practice: string;
    name: string;
    job: string;
    agency: string;
    sort: Agency["sort"];
    numbers: PhoneNumber[];
  }): void;
  unlock(ask: { passphrase: string }): void;
  unlockWithPasskey(ask: { id: string; prf: Uint8Array }): void;
  passkeys(): PasskeyRow[];
  // What a browser needs to make one: random bytes to evaluate, and which it has already.
  newPasskey(): { user: Uint8Array; name: string; salt: Uint8Array; known: string[] };
  addPasskey(ask: { id: string; name: string; salt: Uint8Array; prf: Uint8Array }): void;
  removePasskey(ask: { id: string }): void;
  // On a new device: the letters to type on an old one, and the link for the QR. They are good for ten minutes.
  beginLink(ask: { device: string }): { letters: string; link: string };
  linked(): Linked; // asked every two seconds, it goes on as far as the other device has
  finishLink(ask: Opened): void;
  // On the old device; then wait until the new one is in: LinkOver if it does not answer.
  readLink(ask: { letters: string }): { device: string };
  letIn(ask: { letters: string; until: number }): void; // until: ms; 0: no end
  devices(): DeviceRow[]; // mine
  devicesOf(ask: { person: string }): DeviceRow[];
  revokeDevice(ask: { key: string; since: number }): void; // mine, or, for a steward, anyone's
  draftSheet(): Sheet;
  keepSheet(ask: { typed: [string, string] }): void; // BadLetters: they are not what was asked for
  // What stands after # in a sheet's link, or its letters.
  readSheet(ask: { fragment?: string; letters?: string }): Recovery;
  recover(ask: Opened & { lost: string[] }): void; // the keys of the devices that are lost
  openKeyFile(ask: { file: Uint8Array; passphrase: string; keep: boolean }): void;
  keyFile(): Uint8Array;
  changePassphrase(ask: { passphrase: string; next: string }): void;
  notices(): Notices; // on this device
  setNotices(ask: Reached & Pick<Notices, "begin" | "end" | "quiet">): void;
  endNotices(): void;
  tryNotice(): void; // one, at any hour, within a minute or two
  lock(): void;
  forget(): void; // remove keys and everything kept from this device
  preferences(): Preferences;
  setPreferences(ask: Preferences): void;
  draft(): string; // what was being written, as the page wrote it; empty: nothing
  keepDraft(ask: { draft: string }): void; // empty: forget it
  refresh(): void;
  news(): boolean; // a small question first: whether anything was new
  overview(): Overview;
  // log empty: all I follow; `with`: merged with these, such as a child's siblings
  posts(ask: { log: string; before: string; count: number; with?: string[] }): Page;
  // The numbers of all posts before a moment, but for those that are gone; rows that stand in one line, each part.
  postsBefore(ask: { log: string; end: number }): number[];
  // Up to a post; what was made unread again stays so, but for this one (`alone`, and nothing else) or all up to it.
  markRead(ask: { log: string; seq: number; how?: "alone" | "all" }): void;
  markUnread(ask: { log: string; seq: number; onwards?: boolean }): void; // this post alone, or all from it on
  markSeen(ask: { log: string; seqs: number[] }): void; // they were on the screen: read, as far as no unseen one stands before
  undoRead(ask: { log: string }): boolean; // as it was before the last `all`; false: since then there was another change
  // What is new of the streams I follow: since a time (ms), or, 0, what is not read; oldest first, after a seq (-1: all).
  newIn(ask: { since: number }): NewIn[];
  newPosts(ask: { log: string; since: number; after: number; count: number }): NewPosts;
  keepPlace(): void; // have my other devices know how far I have read, before this one is left
  // A post and, after it, those that answer it, oldest first; nothing: there is no such post.
  thread(ask: { log: string; seq: number }): Post[];
  // Words anywhere in a post, and marks; before: as in `posts`.
  find(ask: { words: string; filter: Filter; before: string; count: number }): Found;
  // Into the sealed outbox, before this returns: its id. `drafts`: what is begun from then on, as in `keepDraft`, kept in
  // the same breath, so that no kill leaves the words in both places, or in none.
  queue(ask: { log: string; draft: Draft; shown: string[]; allTheSame?: boolean; drafts?: string }): string;
  undo(ask: { id: string; drafts?: string }): boolean; // false: it has left already
  sendNow(ask: { id: string }): void; // without waiting for `leaves`
  // After asking, or a refusal: with who is on the screen now, or to another child.
  sendAgain(ask: { id: string; log?: string; shown: string[]; allTheSame?: boolean }): void;
  throwAway(ask: { id: string; drafts?: string }): void; // as in `undo`
  flush(): void; // whatever waits, now
  cautions(ask: { log: string; draft: Draft }): Caution[];
  beginChild(ask: NewChild): string; // its log
  // `seen`: the `described` of what was on the screen; what others changed since then, and this does not, stays.
  describe(ask: { log: string; about: AboutDraft; seen?: number }): void;
  // Out of a household, into one, or both; empty: none.
  moveChild(ask: { log: string; from: string; to: string; date: string }): void;
  // `allTheSame`: although no witness vouches for the server.
  moveToRightChild(ask: {
    log: string;
    seq: number;
    to: string;
    shown: string[];
    why: string;
    allTheSame?: boolean;
  }): Sent;
  withdraw(ask: { log: string; seq: number; erase: boolean; why: string }): void;
  grant(ask: { log: string; person: string; role: string; why: string; via?: string }): void;
  remove(ask: { log: string; person: string }): void;
  // One stream after another. What is done already is skipped, so it can be asked again; nobody's role is lowered.
  grantMany(ask: { person: string; role: Member["role"]; why: string; via: string; logs: string[] }): Handed[];
  removeMany(ask: { person: string; logs: string[] }): Handed[];
  dismissProposal(ask: { key: string }): void;
  slip(ask: { log: string }): string; // its link
  readSlip(ask: { fragment: string }): Slip; // what stands after # in a slip's link
  // Not sent: the keepers are others than those on the screen.
  askToFollow(ask: { fragment: string; reason: string; shown: string[] }): { sent: boolean; keepers: Person[] };
  approve(ask: { log: string; person: string }): void;
  decline(ask: { log: string; person: string }): void;
  takeBack(ask: { log: string }): void;
  hanging(ask: { person: string }): Hanging;
  addAgency(ask: { name: string; sort: Agency["sort"] }): string;
  // `formerly`: whom they were before they lost every device, and come back as a new person.
  invite(ask: {
    name: string;
    job: string;
    agency: string;
    role: Person["role"];
    formerly?: string;
  }): Issued;
  revokeInvite(ask: { id: string }): void;
  changePerson(ask: { person: string; name: string; job: string; agency: string; role: Person["role"]; left: boolean }): void;
  // Without supervisor or deputies these stay as they are; supervisor empty: none.
  setProfile(ask: { phone: string; email: string; supervisor?: string; deputies?: string[] }): void;
  setPolicy(ask: { practice: string; numbers: PhoneNumber[] }): void;
  setRules(ask: { rules: Overview["rules"] }): void; // those not named stay
  addWitness(ask: { key: string }): void;
  endWitness(ask: { key: string }): void;
  hold(ask: { log: string; on: boolean; why: string }): void;
  proposeShred(ask: { log: string; seqs: number[]; cls: string; why: string }): void; // none: all until now
  confirmShred(ask: { log: string; id: string }): void;
  setRetention(ask: { rows: RetentionRow[] }): void;
  retentionExamples(): RetentionRow[];
  // Tells the team before the file leaves the Worker; empty dates: from the beginning, until now.
  exportBundle(ask: { log: string; from: string; to: string; why: string }): Uint8Array;
  // Of a stream, and, in step with it, how thick others get, such as siblings; log empty: all I follow, with no figures
  // that are one child's: nobody seen, no attempts, no concern.
  picture(ask: { log: string; with: string[] }): Picture;
  // A stream to show to others, without a name; empty dates: from the beginning, until now.
  conference(ask: { log: string; from: string; to: string }): Conference;
  supervision(): Supervised[];
  // The rows brought in that one line of the stream stands for.
  broughtIn(ask: { log: string; seq: number }): Post[];
  // What would become of a spreadsheet; without columns they are guessed. `source`: where a row does not say.
  planImport(ask: { log: string; table: Table; columns?: Column[]; source: string }): ImportPlan;
  bringIn(ask: {
    log: string;
    table: Table;
    columns: Column[];
    source: string;
    shown: string[];
    allTheSame?: boolean;
  }): Brought;
  cancelImport(): void; // what is in stays in
  planChildren(ask: { table: Table; columns?: Column[] }): ChildrenPlan;
  beginChildren(ask: { table: Table; columns: Column[]; rows: number[] }): Handed[]; // the rows that were ticked
  // Nobody is told of it: it is only on the screen. Empty dates: from the beginning, until now.
  chronology(ask: { logs: string[]; from: string; to: string }): Chronology;
  proposeBlacking(ask: { logs: string[]; rows: ChronologyRow[] }): Proposed[];
  // Tells the teams; then a file may be written, or printed.
  tellTakenOut(ask: { logs: string[]; format: string; from: string; to: string; why: string }): void;
  roundUp(ask: { days: number; unread: boolean }): RoundUp; // of the last so many days, or all that is unread
  roundUpChoice(): RoundUpChoice;
  setRoundUpChoice(ask: RoundUpChoice): void;
  mailStates(): MailStates; // a steward's: the newest of each person
}

export type Name = keyof Requests;
export type Ask<N extends Name> = Parameters<Requests[N]>[0];
export type Answer<N extends Name> = ReturnType<Requests[N]>;

// Page to Worker.
export interface Call {
  id: number;
  name: Name;
  ask: unknown;
}

// Worker to page. An error is a name (a protocol error, "Unreachable", "Refused" with the server's code, …) and
// no private word; views turn it into a sentence.
export type Message =
  | { id: number; answer: unknown }
  | { id: number; error: { name: string; code: string } }
  | { event: "changed" }
  | { event: "live"; on: boolean } // whether the server says by itself that something is new
  | { event: "news" } // it has said so
  | { event: "posted"; id: string; log: string } // out of the outbox, and acknowledged
  | { event: "progress"; what: "unlock" | "fetch" | "check" | "hand" | "bring"; done: number; total: number }
  | { event: "locked" };
