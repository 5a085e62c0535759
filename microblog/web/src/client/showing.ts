// From verified state to what may be shown: pure, and the only place where ids become text.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, compareBytes } from "../protocol/builtins.ts";
import type { Directory } from "../protocol/directory.ts";
import { twoWords } from "../protocol/naming.ts";
import type * as staff from "../protocol/staff.ts";
import { goodWitnesses } from "../protocol/witness.ts";
import { showDestroying } from "./destroyed.ts";
import { showFamily } from "./family.ts";
import type { Feed } from "./feed.ts";
import { glanceAt } from "./glance.ts";
import { isAlarming, type Vouched } from "./heads.ts";
import type { Invitation } from "./messages.ts";
import { byName } from "./order.ts";
import { isUnread } from "./posts.ts";
import { isQuiet } from "./runs.ts";
import type {
  Agency,
  Child,
  Invite,
  MayStillRead,
  Member,
  Person,
  PhoneNumber,
} from "./shown.ts";
import { LAST_MS } from "./when.ts";
import { NOTHING } from "./writing.ts";

export { byName, compareText } from "./order.ts";

/** Who looks: their id, the directory and streams they hold, up to which post they read and what of it `again`, the time. */
export interface Viewer {
  readonly me: Uint8Array;
  readonly directory: Directory;
  readonly feeds: BytesMap<Feed>;
  readonly read: number;
  readonly again: ReadonlySet<number>;
  readonly now: number; // ms
  readonly vouched: Vouched; // what witnesses have said of the stream that is looked at
}

// The directory

/** Return a person; a name that is erased, withheld or not verified yet is empty. */
export function showPerson(directory: Directory, person: Uint8Array): Person {
  const known = directory.persons.get(person);
  return {
    id: encodeBase64url(person),
    name: known?.name ?? "",
    job: known?.job ?? "",
    agency: agencyName(directory, known?.agency ?? NOTHING),
    agencyId: encodeBase64url(known?.agency ?? NOTHING),
    role: staffRole(known?.role ?? ""),
    left: known !== undefined && known.left !== null,
    phone: known?.phone ?? "",
    email: known?.email ?? "",
    supervisor: encodeBase64url(known?.supervisor ?? NOTHING),
    deputies: (known?.deputies ?? []).map(encodeBase64url),
  };
}

/** Return everyone who ever joined, by name. */
export function showPeople(directory: Directory): Person[] {
  const people = [...directory.persons.keys()].map((person) => showPerson(directory, person));
  return people.sort(byName);
}

/** Return the agencies, by name. */
export function showAgencies(directory: Directory): Agency[] {
  const agencies = [...directory.agencies.values()].map(({ id, name, sort }) => ({
    id: encodeBase64url(id),
    name,
    sort: agencySort(sort),
  }));
  return agencies.sort(byName);
}

/** Return the invitations, newest first. */
export function showInvites(directory: Directory, now: number): Invite[] {
  const invites = [...directory.invites.values()].sort((a, b) => b.seq - a.seq);
  return invites.map((invite) => ({
    id: encodeBase64url(invite.id),
    name: invite.name,
    job: invite.job,
    agency: agencyName(directory, invite.agency),
    role: staffRole(invite.role),
    expiry: showTime(invite.expiry),
    inviter: encodeBase64url(invite.inviter),
    state: inviteState(invite, now),
  }));
}

/** Return what an invitation offers to whoever holds it. */
export function showInvitation(directory: Directory, invite: staff.Invite): Invitation {
  return {
    practice: practiceName(directory),
    name: invite.name,
    job: invite.job,
    agency: agencyName(directory, invite.agency),
    role: staffRole(invite.role),
    inviter: showPerson(directory, invite.inviter),
    expiry: showTime(invite.expiry),
  };
}

/** Return the practice's numbers to ring. */
export function showNumbers(directory: Directory): PhoneNumber[] {
  return (directory.policy?.numbers ?? []).map(({ agency, label, number, hours }) => ({
    agencyId: encodeBase64url(agency),
    label,
    number,
    hours,
  }));
}

/** Return the practice's own name. */
export function practiceName(directory: Directory): string {
  return directory.policy?.name ?? "";
}

function agencyName(directory: Directory, agency: Uint8Array): string {
  return directory.agencies.get(agency)?.name ?? "";
}

function inviteState({ spent, expiry }: staff.Invite, now: number): Invite["state"] {
  if (spent !== "") return spent === "revoked" ? "revoked" : "used";
  return expiry < now ? "expired" : "open";
}

function staffRole(role: string): Person["role"] {
  return role === "steward" || role === "supervisor" ? role : "practitioner";
}

function agencySort(sort: string): Agency["sort"] {
  const sorts = ["council", "health", "school", "police", "housing"] as const;
  return sorts.find((known) => known === sort) ?? "other";
}

// A stream

/** Return a child or household; what could not be opened is empty. */
export function showChild(feed: Feed, viewer: Viewer): Child {
  const { me, directory } = viewer;
  const about = feed.about();
  const members = showMembers(feed, directory);
  const targets = [...feed.targets.values()];
  const { weeks, concern, seen } = glanceAt(feed, viewer);
  return {
    log: encodeBase64url(feed.log),
    sort: about === null ? "" : about.sort === "household" ? "household" : "child",
    name: about?.name ?? "",
    knownAs: [...(about?.knownAs ?? [])],
    birth: { how: birthHow(about?.birth[0] ?? ""), date: about?.birth[1] ?? "" },
    school: about?.school ?? "",
    ...showFamily(feed, viewer.feeds, me),
    protectedAddress: about?.protected ?? false,
    closed: about?.closed ?? false,
    words: twoWords(feed.log),
    weeks,
    concern,
    members,
    agencies: new Set(members.map(({ person }) => person.agencyId)).size,
    myRole: teamRole(feed.stream.roles.get(me) ?? ""),
    keeper: feed.stream.keepers().has(me),
    checked: feed.nextSeq - feed.unchecked.size,
    posts: targets.filter(({ withdrawn }) => !withdrawn).length,
    unread: [...feed.targets.keys()].filter((seq) => isUnread(feed, seq, viewer)).length,
    lastPost: showTime(lastPost(feed)),
    lastSeen: seen && { time: seen.when.at, by: seen.by },
    waiting: feed.admissions.has(me) && feed.isWaiting(),
    leaving: showSorted(feed.leavers(directory), directory),
    changing: showSorted(losersOf(feed, directory), directory),
    removed: removedBy(feed, viewer),
    vouched: viewer.vouched.time,
    mayStillRead: mayStillRead(feed, viewer),
    ...showDestroying(feed, directory),
    exports: showExports(feed, directory),
    trouble: feed.trouble,
  };
}

// Bringing rows in is no news.
function lastPost(feed: Feed): number {
  let newest = 0;
  for (const [seq, { time }] of feed.targets) if (time > newest && !isQuiet(feed, seq)) newest = time;
  return newest;
}

// Who is listed, lost a device, and stays: until the next epoch that device may still read.
function losersOf(feed: Feed, directory: Directory): Uint8Array[] {
  const leavers = feed.leavers(directory);
  return [...feed.losses(directory)].filter((person) => !leavers.has(person));
}

function showSorted(persons: Iterable<Uint8Array>, directory: Directory): Person[] {
  return [...persons].sort(compareBytes).map((person) => showPerson(directory, person));
}

// Who took a copy out, the newest first.
function showExports(feed: Feed, directory: Directory): Child["exports"] {
  const found = [...feed.words].flatMap(([seq, words]) => {
    const header = feed.entries[seq]?.header;
    if (words.sort !== "export" || header === undefined) return [];
    const { format, start, end, why } = words.export;
    const by = showPerson(directory, header.author);
    return [[seq, { by, time: showTime(header.time), format, from: start, to: end, why }] as const];
  });
  return found.sort(([a], [b]) => b - a).map(([, row]) => row);
}

/** Return exactly those to whom the next post is sealed, in the order they were let in. */
export function showMembers(feed: Feed, directory: Directory): Member[] {
  const rows: (readonly [seq: number, member: Member])[] = [];
  for (const [person, role] of feed.recipients(directory)) {
    const seq = feed.admissions.get(person) ?? 0;
    const header = feed.entries[seq]?.header;
    rows.push([
      seq,
      {
        person: showPerson(directory, person),
        role: teamRole(role) || "follower",
        since: showTime(header?.time ?? 0),
        by: showPerson(directory, header?.author ?? person),
        why: feed.why(seq),
        via: viaOf(feed, seq),
      },
    ]);
  }
  return rows.sort(([a], [b]) => a - b).map(([, member]) => member);
}

function viaOf(feed: Feed, seq: number): string {
  const words = feed.words.get(seq);
  return words?.sort === "why" ? encodeBase64url(words.via) : "";
}

// Who was taken off the team without a witness having seen that yet.
function mayStillRead(feed: Feed, { directory, me, now, vouched }: Viewer): MayStillRead[] {
  if (!feed.admissions.has(me) || goodWitnesses(directory).length === 0) return [];
  const unseen = [...feed.removals].filter(([, seq]) => seq > vouched.seq);
  return unseen
    .sort(([, a], [, b]) => a - b)
    .map(([who, seq]) => {
      const since = feed.entries[seq]?.header.time ?? 0;
      const alarm = isAlarming(directory, since, now);
      return { person: showPerson(directory, who), since, alarm };
    });
}

function removedBy(feed: Feed, { me, directory }: Viewer): Child["removed"] {
  const seq = feed.removals.get(me);
  const header = seq === undefined ? undefined : feed.entries[seq]?.header;
  return header ? { by: showPerson(directory, header.author), time: showTime(header.time) } : null;
}

function teamRole(role: string): Member["role"] | "" {
  return role === "keeper" || role === "supervisor" || role === "follower" ? role : "";
}

function birthHow(how: string): Child["birth"]["how"] {
  return how === "born" || how === "due" ? how : "unknown";
}

/** Return a time that may be shown: whoever signs an entry writes any, and one beyond the calendar is its end. */
export function showTime(timeMs: number): number {
  return Math.min(timeMs, LAST_MS);
}
