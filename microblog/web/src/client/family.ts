// Who lives with whom: from the verified descriptions of what I follow, and from nothing else.
//
// A child's description names its households; a household's own says nothing of children. So who lives in a household
// is put together here, of the children that I follow. A description holds eight stays (PROTOCOL.md 7.3): at the ninth
// the oldest that has ended makes room, and is read from the descriptions before.

import { MAX_HOUSEHOLDS, type About } from "../protocol/about.ts";
import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import type { Feed } from "./feed.ts";
import type { Child, Stay } from "./shown.ts";

export type Family = Pick<
  Child,
  "relatives" | "households" | "children" | "siblings" | "described"
>;

/** The newest description that opens, and where it stands. */
export interface Described {
  readonly seq: number;
  readonly about: About;
}

/** Return the newest description of a stream that opens, null if none does. */
export function described(feed: Feed): Described | null {
  for (const seq of [...feed.abouts].reverse()) {
    const about = aboutAt(feed, seq);
    if (about !== null) return { seq, about };
  }
  return null;
}

/** Return what was said of a stream's child or household at a seq, null if it does not open. */
export function aboutAt(feed: Feed, seq: number): About | null {
  const words = feed.words.get(seq);
  return words?.sort === "about" ? words.about : null;
}

/** Return the stays, oldest first, that had to make room in the newest description. */
export function earlierStays(feed: Feed): About["households"] {
  const earlier = new Map<string, About["households"][number]>();
  let before: About["households"] = [];
  for (const seq of feed.abouts) {
    const about = aboutAt(feed, seq);
    if (about === null) continue;
    const now = new Set(about.households.map(nameStay));
    const full = before.length === MAX_HOUSEHOLDS && about.households.length === MAX_HOUSEHOLDS;
    const oldest = oldestEnded(before);
    if (full && oldest && !now.has(nameStay(oldest))) earlier.set(nameStay(oldest), oldest);
    for (const name of now) earlier.delete(name);
    before = about.households;
  }
  return [...earlier.values()];
}

/** Return a child's or household's people, as one of those whose streams `me` follows sees them. */
export function showFamily(feed: Feed, feeds: BytesMap<Feed>, me: Uint8Array): Family {
  const newest = described(feed);
  const about = newest?.about ?? null;
  const followed = [...feeds.values()].filter(({ stream }) => stream.roles.has(me));
  return {
    relatives: (about?.people ?? []).map(([name, relation]) => ({ name, relation })),
    households: staysOf(feed, about).map((row) => showStay(row, feeds)),
    children: about?.sort === "household" ? residents(feed.log, followed) : [],
    siblings: about?.sort === "child" ? siblings(feed, about, followed) : [],
    described: newest?.seq ?? -1,
  };
}

function staysOf(feed: Feed, about: About | null): About["households"] {
  return about?.sort === "child" ? [...earlierStays(feed), ...about.households] : [];
}

function showStay([log, from, to]: About["households"][number], feeds: BytesMap<Feed>): Stay {
  const household = feeds.get(log)?.about();
  const name = household?.sort === "household" ? household.name : "";
  return { log: encodeBase64url(log), name, from, to };
}

function residents(household: Uint8Array, followed: readonly Feed[]): Stay[] {
  const rows: Stay[] = [];
  for (const feed of followed) {
    const about = feed.about();
    if (about?.sort !== "child") continue;
    for (const [log, from, to] of staysOf(feed, about)) {
      if (!equalBytes(log, household)) continue;
      rows.push({ log: encodeBase64url(feed.log), name: about.name, from, to });
    }
  }
  return rows.sort(byNameThenLog);
}

function siblings(feed: Feed, { households }: About, followed: readonly Feed[]): Child["siblings"] {
  const homes = households.filter(isOpen).map(([log]) => log);
  const rows: Child["siblings"] = [];
  for (const other of followed) {
    const about = other.about();
    if (other === feed || about?.sort !== "child") continue;
    const shared = about.households
      .filter(isOpen)
      .some(([log]) => homes.some((home) => equalBytes(home, log)));
    if (shared) rows.push({ log: encodeBase64url(other.log), name: about.name });
  }
  return rows.sort(byNameThenLog);
}

/** Return whether a child still lives in a household. */
export function isOpen([, , to]: About["households"][number]): boolean {
  return to === "";
}

/** Return what tells a stay from another: the household, and since when. */
export function nameStay([log, from]: About["households"][number]): string {
  return `${encodeBase64url(log)} ${from}`;
}

/** Return the stay that ended first, null if all last. */
export function oldestEnded(rows: About["households"]): About["households"][number] | null {
  const key = ([, from, to]: About["households"][number]) => `${to} ${from}`;
  const ended = rows.filter((row) => !isOpen(row));
  return ended.reduce<(typeof ended)[number] | null>(
    (first, row) => (first === null || key(row) < key(first) ? row : first),
    null,
  );
}

function byNameThenLog(a: { name: string; log: string }, b: { name: string; log: string }): number {
  const key = ({ name, log }: { name: string; log: string }) => [name, log].join("\0");
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
