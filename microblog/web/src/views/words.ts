// The words for the marks of a post: what is stored on the left, what is said on the right.

import type { Child, DeviceRow, Member, Person, Shred } from "../client/shown.ts";

export interface Word {
  value: string;
  label: string;
  hint: string;
}

export const KINDS: Word[] = [
  word("hunch", "Hunch", "A feeling; I can’t point to it yet. Opinion"),
  word("observation", "Observation", "I saw or heard it myself"),
  word("told", "Told", "Someone told me"),
  word("words", "Child’s words", "Word for word, as the child said it"),
  word("records", "From records", "Written down or verified elsewhere"),
  word("visit", "Visit", "A visit, call or attempt"),
  word("decision", "Decision", "A supervisor’s or keeper’s decision"),
];

export const SURES: Word[] = [
  word("niggle", "Niggle"),
  word("fairly", "Fairly sure"),
  word("sure", "Sure"),
];

export const SIDES: Word[] = [word("worried", "Worried"), word("well", "Working well")];

export const OUTCOMES: Word[] = [
  word("seen", "Seen"),
  word("alone", "Seen alone"),
  word("not-seen", "Not seen"),
  word("not-let-in", "Not let in"),
  word("nobody-in", "Nobody in"),
  word("not-brought", "Was not brought"),
];

/** The outcomes after which the child was not seen. */
export const FAILED = ["not-seen", "not-let-in", "nobody-in", "not-brought"];

export const HOWS: Word[] = [
  word("same", "I see this too"),
  word("different", "I see it differently"),
  word("correction", "Correction"),
  word("copied", "Copied to the record"),
];

export const TEAM_ROLES: Word[] = [
  word("follower", "Follower", "reads and posts"),
  word("supervisor", "Supervisor", "reads, posts and records decisions"),
  word("keeper", "Keeper", "also adds and removes people"),
];

export const ROLES: Word[] = [
  word("practitioner", "Practitioner", "posts, follows children, reads"),
  word("supervisor", "Supervisor", "also follows the children of the people they supervise"),
  word("steward", "Steward", "also lets staff in, and takes lost access away"),
];

export const SORTS: Word[] = [
  word("council", "Council"),
  word("health", "Health"),
  word("school", "School"),
  word("police", "Police"),
  word("housing", "Housing"),
  word("other", "Other"),
];

/** Whose a device is on which keys arrive. */
export const WHOSE: Word[] = [
  word("own", "Only I use it", "Keys are kept here, sealed under your passphrase"),
  word(
    "shared",
    "It is a shared computer",
    "Keys stay in memory only and are gone when you close the page. You open your key file each time",
  ),
];

/** Return what is said for a stored word; a word of a newer version stands for itself. */
export function say(words: Word[], value: string): string {
  return words.find((one) => one.value === value)?.label ?? value;
}

/** "0 of 10: not safe": never the figure alone. */
export function sayScale(scale: string): string {
  const ends: Record<string, string> = { "0": "not safe", "10": "safe enough to close" };
  return ends[scale] ?? "0 is not safe, 10 is safe enough to close";
}

export function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}

export function agencies(count: number): string {
  return count === 1 ? "1 agency" : `${count} agencies`;
}

/** "Asha, Ben and Cara". */
export function list(names: string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** People by the agency they work for, both by name. */
export function byAgency(people: Person[]): [string, Person[]][] {
  const found = new Map<string, Person[]>();
  for (const person of [...people].sort((a, b) => a.name.localeCompare(b.name))) {
    const agency = person.agency || "Agency withheld";
    found.set(agency, [...(found.get(agency) ?? []), person]);
  }
  return [...found].sort(([a], [b]) => a.localeCompare(b));
}

/** Is a device neither shut out nor past its end? */
export function isGood(device: Pick<DeviceRow, "revoked" | "until">, now = Date.now()): boolean {
  const { revoked, until } = device;
  return !revoked && (until === 0 || until > now);
}

/** May I bring rows into a stream, or show it to others? Any follower may, where a post could be sent. */
export function mayBringIn({ myRole, waiting, trouble }: Child): boolean {
  return Boolean(myRole) && !waiting && !trouble;
}

/** May I record decisions about a child? */
export function mayDecide({ myRole }: { myRole: string }): boolean {
  return myRole === "keeper" || myRole === "supervisor";
}

/** Those listed as keeper; if there are none the supervisors; if there are none, all. */
export function keepers(members: Member[]): Member[] {
  for (const role of ["keeper", "supervisor"]) {
    const found = members.filter((member) => member.role === role);
    if (found.length > 0) return found;
  }
  return members;
}

/** Text as the reader counts it: an emoji is one. */
export function codePoints(text: string): number {
  return [...text].length;
}

/** What a child or household is called, where nothing of it has been opened, or is left, too. */
export function called({ name, shreds = [] }: { name: string; shreds?: Shred[] }): string {
  if (name) return name;
  return shreds.some(({ done }) => done) ? "Name destroyed" : "Not opened yet";
}

/** A name, or what stands for one that was erased or cannot be read. */
export function nameOf(person: { name: string }): string {
  return person.name || "name withheld";
}

function word(value: string, label: string, hint = ""): Word {
  return { value, label, hint };
}

/** "4,950 rows". */
export function many(count: number, noun: string, some = `${noun}s`): string {
  return `${thousands(count)} ${count === 1 ? noun : some}`;
}

export function thousands(count: number): string {
  return count.toLocaleString("en-GB");
}
