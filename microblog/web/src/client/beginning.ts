// Beginning the streams of many children and households at once, out of a list.

import { encodeBase64url } from "../protocol/base64url.ts";
import { nameFailure } from "./failures.ts";
import { keyOf, readList, type List, type Listed } from "./listing.ts";
import type { Ask, Handed } from "./messages.ts";
import type { Session } from "./session.ts";
import type { ChildrenPlan } from "./shown-rows.ts";
import { beginChild } from "./team.ts";
import { today } from "./when.ts";

/** Return what would become of a list, as its columns are named or guessed; nothing is sent. */
export function planChildren(session: Session, { table, columns }: Ask<"planChildren">): ChildrenPlan {
  const list = readList(table, columns, today(session.world.clock()));
  const known = followed(session);
  const isKnown = (one: Listed) => known.has(keyOf(one));
  return {
    columns: list.columns,
    rows: list.good.length + list.bad.length,
    good: list.good.filter((one) => !isKnown(one)).map(showListed),
    known: list.good.filter(isKnown).map(({ row, name }) => ({ row, name })),
    bad: list.bad,
    needs: list.needs,
  };
}

function showListed({ row, name, birth, sort, household }: Listed): ChildrenPlan["good"][number] {
  return { row, name, birth: birth.date, sort, household };
}

/**
 * Begin the streams of some rows of a list, with me as their keeper; households first, and those that children live in.
 *
 * Who is followed already is not begun again. It stops when `stopBringing` asks it to, or when the server is not reached:
 * asked again, it goes on.
 */
export async function beginChildren(
  session: Session,
  { table, columns, rows }: Ask<"beginChildren">,
): Promise<Handed[]> {
  session.stopping = false;
  const list = readList(table, columns, today(session.world.clock()));
  const done = new Map<number, Handed>();
  const wanted = inOrder(list, rows);
  try {
    for (const listed of wanted) {
      session.world.progress("bring", done.size, wanted.length);
      if (session.stopping) break;
      const handed = await begin(session, listed);
      done.set(listed.row, handed);
      if (handed.error === "Unreachable") break;
    }
  } finally {
    session.world.progress("bring", 1, 1);
  }
  return rows.map((row) => done.get(row) ?? { log: "", done: false, error: "", code: "" });
}

function inOrder({ good }: List, rows: readonly number[]): Listed[] {
  const wanted = good.filter(({ row }) => rows.includes(row));
  return [...wanted.filter(({ sort }) => sort === "household"), ...wanted.filter(({ sort }) => sort === "child")];
}

async function begin(session: Session, listed: Listed): Promise<Handed> {
  const { name, knownAs, birth, school, sort, household } = listed;
  try {
    const known = followed(session).get(keyOf(listed));
    if (known !== undefined) return { log: known, done: true, error: "", code: "" };
    const households = household === "" ? [] : [await householdOf(session, household)];
    const log = await beginChild(session, { name, knownAs, birth, school, sort, households });
    return { log, done: true, error: "", code: "" };
  } catch (error) {
    const { name: wrong, code } = nameFailure(error);
    return { log: "", done: false, error: wrong, code };
  }
}

// The household of that name that I follow, which is begun if there is none.
async function householdOf(session: Session, name: string): Promise<string> {
  const unknown = { how: "unknown", date: "" } as const;
  const known = followed(session).get(keyOf({ sort: "household", name, birth: unknown }));
  return known ?? beginChild(session, { name, knownAs: [], birth: unknown, school: "", sort: "household" });
}

// Those whose team I am on, by what they are the same by.
function followed(session: Session): Map<string, string> {
  const known = new Map<string, string>();
  for (const feed of session.feeds.values()) {
    const about = feed.about();
    if (about === null || !feed.stream.roles.has(session.keys.person)) continue;
    const { sort, name, birth: [, date = ""] } = about;
    known.set(keyOf({ sort: sort === "household" ? sort : "child", name, birth: { how: "born", date } }), encodeBase64url(feed.log));
  }
  return known;
}
