// Whom I am asked to let in again: who lost every device, and is back as a new person.
//
// A steward says whom a new person was before, and no act of a steward opens a stream. So each keeper is asked once, by
// name, for all the streams that the former person stood in until they were lost; history comes back because others hold it.

import { encodeBase64url } from "../protocol/base64url.ts";
import { equalBytes } from "../protocol/builtins.ts";
import { isGood } from "../protocol/device.ts";
import type { Person } from "../protocol/staff.ts";
import type { Feed } from "./feed.ts";
import type { Session } from "./session.ts";
import { byName, compareText, showPerson } from "./showing.ts";
import type { Return } from "./shown.ts";

const RANKS = ["", "follower", "supervisor", "keeper"] as const;

type Role = Return["roles"][number];

/** Return what I am asked, by name, without what I have said no to. */
export function returns(session: Session): Return[] {
  const { directory, dismissed } = session;
  const found: Return[] = [];
  for (const person of directory.persons.values()) {
    const former = directory.persons.get(person.formerly);
    if (former === undefined || person.left !== null || !isLost(session, former)) continue;
    const row = returnOf(session, person, former);
    if (row.logs.length > 0 && !dismissed.has(row.key)) found.push(row);
  }
  return found.sort((a, b) => byName(a.person, b.person) || compareText(a.key, b.key));
}

/** Return whether someone has left, or has no device that is good. */
export function isLost({ directory, world }: Session, { id, left }: Person): boolean {
  const now = world.clock();
  return left !== null || !directory.devicesOf(id).some((device) => isGood(device, now));
}

function returnOf(session: Session, person: Person, former: Person): Return {
  const rows: [log: string, role: Role][] = [];
  for (const feed of session.feeds.values()) {
    const role = mayKeep(session, feed) ? roleUntilLoss(feed, former) : "";
    const now = rankOf(feed.stream.roles.get(person.id));
    if (role !== "" && rankOf(role) > now) rows.push([encodeBase64url(feed.log), role]);
  }
  rows.sort(([a], [b]) => compareText(a, b));
  return {
    person: showPerson(session.directory, person.id),
    former: showPerson(session.directory, former.id),
    logs: rows.map(([log]) => log),
    roles: rows.map(([, role]) => role),
    key: `${encodeBase64url(person.id)}<${encodeBase64url(former.id)}`,
  };
}

function mayKeep({ keys }: Session, feed: Feed): boolean {
  if (feed.trouble !== null || feed.isWaiting() || !feed.stream.roles.has(keys.person)) return false;
  return feed.stream.keepers().has(keys.person);
}

// What someone is on a team, or was until an epoch answered their loss. Whom a keeper had taken off before they were lost
// has nothing to come back to.
function roleUntilLoss(feed: Feed, { id, left }: Person): Role | "" {
  const role = feed.stream.roles.get(id);
  if (role !== undefined) return roleOf(role);
  const seq = feed.removals.get(id);
  const header = seq === undefined ? undefined : feed.entries[seq]?.header;
  if (header === undefined || left === null || header.directorySeq < left) return "";
  return roleBefore(feed, id, header.seq);
}

function roleBefore({ entries }: Feed, person: Uint8Array, seq: number): Role | "" {
  for (let at = seq - 1; at >= 0; at--) {
    const header = entries[at]?.header;
    if (header === undefined) continue;
    const [whom, role] = header.payload;
    const isTheirs = whom instanceof Uint8Array && equalBytes(whom, person);
    if (header.kind === "grant" && isTheirs) return roleOf(role);
    if (header.kind === "found" && equalBytes(header.author, person)) return "keeper";
  }
  return "";
}

function roleOf(value: unknown): Role | "" {
  return RANKS.find((role) => role === value) ?? "";
}

function rankOf(role: string | undefined): number {
  return RANKS.findIndex((rank) => rank === (role ?? ""));
}
