// What the page may ask of the Worker, and what comes back. Keys never cross.

import type { Agency, Child, Draft, Overview, Person, PhoneNumber, Post } from "./shown.ts";

export interface Start {
  missing: string[]; // of "webassembly", "storage"; empty: all is there
  stored: boolean; // a vault is kept on this device
  founded: boolean; // the practice exists
  reachable: boolean;
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
}

export interface Issued {
  link: string;
  letters: string; // in two fours
  expiry: number;
}

// `newcomers`: people on the team who were not on the screen; nothing was sent.
export interface Sent {
  sent: boolean;
  newcomers: Person[];
}

export interface Page {
  posts: Post[]; // newest first, in the order posted
  next: string; // empty: that is all
}

// What someone chose on this device.
export interface Preferences {
  lockMinutes: number; // 1 to 60
}

export interface Requests {
  start(): Start;
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
  openKeyFile(ask: { file: Uint8Array; passphrase: string; keep: boolean }): void;
  keyFile(): Uint8Array;
  changePassphrase(ask: { passphrase: string; next: string }): void;
  lock(): void;
  forget(): void; // remove keys and everything kept from this device
  preferences(): Preferences;
  setPreferences(ask: Preferences): void;
  draft(): string; // what was being written, as the page wrote it; empty: nothing
  keepDraft(ask: { draft: string }): void; // empty: forget it
  refresh(): void;
  overview(): Overview;
  posts(ask: { log: string; before: string; count: number }): Page; // log empty: all I follow
  markRead(ask: { log: string; seq: number }): void;
  beginChild(ask: NewChild): string; // its log
  post(ask: { log: string; draft: Draft; shown: string[] }): Sent;
  moveToRightChild(ask: { log: string; seq: number; to: string; shown: string[]; why: string }): Sent;
  withdraw(ask: { log: string; seq: number; erase: boolean; why: string }): void;
  grant(ask: { log: string; person: string; role: string; why: string }): void;
  remove(ask: { log: string; person: string }): void;
  addAgency(ask: { name: string; sort: Agency["sort"] }): string;
  invite(ask: { name: string; job: string; agency: string; role: Person["role"] }): Issued;
  revokeInvite(ask: { id: string }): void;
  changePerson(ask: { person: string; name: string; job: string; agency: string; role: Person["role"]; left: boolean }): void;
  setProfile(ask: { phone: string; email: string }): void;
  setPolicy(ask: { practice: string; numbers: PhoneNumber[] }): void;
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
  | { event: "progress"; what: "unlock" | "fetch" | "check"; done: number; total: number }
  | { event: "locked" };
