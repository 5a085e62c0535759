// The pattern of a stream, or of all I follow, counted from the posts that are checked; and what a supervisor looks at.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { accountOf, byOf, fold, RECORDS, type Account, type Said } from "./account.ts";
import { attemptsIn, concernIn, isFailed, seenIn, tellersIn } from "./facts.ts";
import { glanceAt } from "./glance.ts";
import type { Ask } from "./messages.ts";
import { compareText } from "./order.ts";
import { allPosts, viewerOf } from "./reading.ts";
import { firstMonday, quietIn, weeksOf } from "./rhythm.ts";
import { feedOf, type Session } from "./session.ts";
import { showAgencies, showMembers, showPeople } from "./showing.ts";
import type { Lane, Mark, Picture, Supervised, Thickness } from "./shown-picture.ts";
import type { Agency, Person } from "./shown.ts";
import { compareWhen, today as dayOf } from "./when.ts";

/**
 * Return what a picture is drawn from. Its figures are of the stream alone, and `with` only gets thick beside it: that a
 * sibling was seen says nothing of a child. So, too, nobody was seen, or tried to be, of all I follow taken together.
 */
export function picture(session: Session, { log, with: others }: Ask<"picture">): Picture {
  const today = dayOf(session.world.clock());
  const { posts, unchecked } = allPosts(session, log === "" ? [] : [log]);
  const account = accountOf(posts, today);
  const agencies = showAgencies(session.directory);
  const marks = marksOf(account.said, agencies);
  const seen = log === "" ? null : seenIn(account);
  return {
    log,
    today,
    marks,
    lanes: lanesOf(marks, agencies),
    thickness: thicknessOf(session, log, account, others),
    seen,
    attempts: log === "" ? [] : attemptsIn(account, seen),
    tellers: tellersIn(account),
    agencies: new Set(marks.flatMap(({ agencyId }) => (agencyId === "" ? [] : [agencyId]))).size,
    quiet: quietIn(account.shown, today),
    concern: log === "" ? null : concernIn(account),
    unchecked,
    unreadable: account.unreadable,
  };
}

/** Return the children that those whom I supervise work with; a supervisor of nobody is shown all they follow. */
export function supervision(session: Session): Supervised[] {
  const { directory, keys } = session;
  const me = encodeBase64url(keys.person);
  const people = showPeople(directory);
  const isMine = (one: Person) => !one.left && (one.supervisor === me || one.deputies.includes(me));
  const hasTeam = people.some(isMine);
  const isSupervisor = people.some(({ id, role }) => id === me && role === "supervisor");
  const found = [...session.feeds.values()].flatMap((feed): Supervised[] => {
    if (!feed.stream.roles.has(keys.person)) return [];
    const workers = showMembers(feed, directory).map(({ person }) => person).filter(isMine);
    if (workers.length === 0 && (hasTeam || !isSupervisor)) return [];
    const { seen, attempts, quiet, nudged, due } = glanceAt(feed, viewerOf(session, feed));
    const log = encodeBase64url(feed.log);
    return [{ log, name: feed.about()?.name ?? "", workers, seen, attempts, quiet, nudged, due }];
  });
  return found.sort((a, b) => compareText(a.name, b.name) || compareText(a.log, b.log));
}

/** Return a mark for each post, in order of when it happened. */
export function marksOf(said: readonly Said[], agencies: readonly Agency[]): Mark[] {
  const known = new Map(agencies.map((agency) => [fold(agency.name), agency]));
  const marks = said.map((one): Mark => {
    const { post, when, corrected, differs } = one;
    const { log, seq, kind, outcome, scale, side, author, row } = post;
    const lane = row === "" ? author : laneOf(known.get(fold(byOf(post).agency)));
    const { agencyId, agency } = lane;
    const brought = row !== "";
    const failed = isFailed(post);
    return { log, seq, when, agencyId, lane: agency, kind, outcome, failed, scale, side, differs, corrected, brought };
  });
  return marks.sort((a, b) => compareWhen(a.when, b.when));
}

function laneOf(agency: Agency | undefined): { agencyId: string; agency: string } {
  return { agencyId: agency?.id ?? "", agency: agency?.name ?? RECORDS };
}

/** Return the lanes that marks stand in, by name. */
export function lanesOf(marks: readonly Mark[], agencies: readonly Agency[]): Lane[] {
  const sorts = new Map(agencies.map(({ id, sort }) => [id, sort]));
  const lanes = new Map<string, Lane>();
  for (const { agencyId, lane: name } of marks) {
    const lane = lanes.get(agencyId) ?? { agencyId, name, sort: sorts.get(agencyId) ?? "", posts: 0 };
    lane.posts += 1;
    lanes.set(agencyId, lane);
  }
  return [...lanes.values()].sort((a, b) => compareText(a.name, b.name) || compareText(a.agencyId, b.agencyId));
}

// All in step: they begin with the first week of any of them.
function thicknessOf(
  session: Session,
  log: string,
  { said, today }: Account,
  others: readonly string[],
): Thickness[] {
  const beside = [...new Set(others)].filter((other) => other !== log).map((other) => {
    const { posts } = allPosts(session, [other]);
    return { log: other, name: nameOf(session, other), said: accountOf(posts, today).said };
  });
  beside.sort((a, b) => compareText(a.name, b.name) || compareText(a.log, b.log));
  const rows = [{ log, name: log === "" ? "" : nameOf(session, log), said }, ...beside];
  const start = rows.map((row) => firstMonday(row.said, today)).sort()[0] ?? today;
  return rows.map((row) => ({ log: row.log, name: row.name, weeks: weeksOf(row.said, start, today) }));
}

function nameOf(session: Session, log: string): string {
  return feedOf(session, decodeBase64url(log)).about()?.name ?? "";
}
