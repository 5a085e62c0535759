// A stream as it may stand on a wall: everybody by initials or by what they are, and words gone over for what tells more.
//
// It is made here, so that no real name comes as far as the page on which it is shown.

import { accountOf, byOf, RECORDS, type Said } from "./account.ts";
import { decodeBase64url } from "../protocol/base64url.ts";
import { splitOriginal } from "./columns.ts";
import { aboutAt, showFamily } from "./family.ts";
import type { Feed } from "./feed.ts";
import { knownAround } from "./guard.ts";
import type { Ask } from "./messages.ts";
import { compareText } from "./order.ts";
import { picture } from "./picture.ts";
import { allPosts } from "./reading.ts";
import { feedOf, type Session } from "./session.ts";
import { showAgencies, showMembers, showPeople } from "./showing.ts";
import type { Conference, ConferencePost } from "./shown-conference.ts";
import type { Picture } from "./shown-picture.ts";
import type { Agency, Child, Member, Person, Post } from "./shown.ts";
import { checkDates } from "./telling.ts";
import { hide, initialsOf, veilOf, type Held, type Veil } from "./veil.ts";
import { compareWhen, daysBetween } from "./when.ts";
import { twoWords } from "../protocol/naming.ts";

const SORTS: Record<Agency["sort"], string> = {
  council: "Council",
  health: "Health",
  school: "School",
  police: "Police",
  housing: "Housing",
  other: "Another agency",
};
const MONTHS = 12;
const WEEK = 7;
const FEW_MONTHS = 3; // below it a baby is so many weeks old
const TODDLER = 24; // and below it so many months

/** What goes over words, and what agencies are called. */
interface Hiding {
  readonly veil: Veil;
  readonly labels: ReadonlyMap<string, string>; // by the id of an agency
  readonly named: ReadonlyMap<string, string>; // by its name
}

/**
 * Return a stream without a name, with its posts between two dates; empty: from the beginning, until now.
 *
 * @throws {Malformed} the first date is later than the last.
 * @throws {NotFollowed} it is none of mine.
 */
export function conference(session: Session, { log, from, to }: Ask<"conference">): Conference {
  checkDates(from, to);
  const feed = feedOf(session, decodeBase64url(log));
  const drawn = picture(session, { log, with: [] });
  const { posts } = allPosts(session, [log]);
  const members = showMembers(feed, session.directory);
  const labels = labelsOf(showAgencies(session.directory), [
    ...members.map(({ person }) => person.agencyId),
    ...drawn.lanes.map(({ agencyId }) => agencyId),
  ]);
  const held = heldAround(session, feed, posts, labels);
  const hiding = { veil: veilOf(held), labels, named: held.agencies };
  const said = [...accountOf(posts, drawn.today).said].sort((a, b) => compareWhen(a.when, b.when));
  const shown = said.filter(({ when: { first, last } }) => first === "" || (last >= from && (to === "" || first <= to)));
  return {
    log,
    words: twoWords(feed.log),
    ...aboutOf(session, feed, drawn.today, hiding),
    team: members.map((member) => teamRow(member, hiding)),
    picture: veiled(drawn, hiding),
    posts: shown.map((one) => postOf(one, hiding)),
    outside: said.length - shown.length,
  };
}

type Whom = Pick<Conference, "sort" | "initials" | "age" | "due" | "people" | "children">;

function aboutOf({ feeds, keys }: Session, feed: Feed, today: string, { veil }: Hiding): Whom {
  const about = feed.about();
  const family = showFamily(feed, feeds, keys.person);
  const near = about?.sort === "household" ? family.children.filter(({ to }) => to === "") : family.siblings;
  return {
    sort: (about?.sort ?? "") as Child["sort"],
    initials: about?.sort === "child" ? initialsOf(about.name) : "",
    age: ageOf(about?.birth ?? ["unknown", ""], today),
    due: about?.birth[0] === "due",
    people: family.relatives.map(({ name, relation }) => ({
      initials: initialsOf(name),
      who: hide(relation, veil, true),
    })),
    children: near.map(({ name }) => initialsOf(name)).filter((initials) => initials !== ""),
  };
}

// In whole years; younger than two in months, and than three months in weeks.
function ageOf([how, date]: readonly [how: string, date: string], today: string): Conference["age"] {
  if (how !== "born" || date === "") return null;
  const [year = 0, month, day] = date.split("-").map(Number);
  const [thisYear = 0, thisMonth = 1, thisDay = 1] = today.split("-").map(Number);
  if (month === undefined) return { count: Math.max(0, thisYear - year), unit: "year" };
  const months = (thisYear - year) * MONTHS + thisMonth - month - (day !== undefined && thisDay < day ? 1 : 0);
  if (months >= TODDLER) return { count: Math.floor(months / MONTHS), unit: "year" };
  if (months >= FEW_MONTHS || day === undefined) return { count: Math.max(0, months), unit: "month" };
  return { count: Math.max(0, Math.floor(daysBetween(date, today) / WEEK)), unit: "week" };
}

function teamRow({ person }: Member, hiding: Hiding): Conference["team"][number] {
  return { initials: initialsOf(person.name), who: saidOf(person, hiding) };
}

/** "Social worker, Council": of whoever first wrote a row, as far as it says so. */
function saidOf({ job, agency, agencyId }: Person, { veil, labels }: Hiding): string {
  const of = labels.get(agencyId) ?? hide(agency, veil, true);
  const parts = [hide(job, veil), of].filter((part) => part !== "");
  const said = parts.join(", ") || RECORDS;
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function postOf({ post, when, differs, corrected }: Said, hiding: Hiding): ConferencePost {
  const { seq, kind, sure, scale, side, outcome, review } = post;
  const over = (text: string) => hide(text, hiding.veil);
  return {
    ...{ seq, when, kind, sure, scale, side, outcome, review, differs, corrected },
    who: saidOf(byOf(post), hiding),
    text: over(post.text),
    source: hide(post.source, hiding.veil, true),
    reason: over(post.reason),
  };
}

function veiled(drawn: Picture, hiding: Hiding): Picture {
  const { veil, labels } = hiding;
  const lane = (agencyId: string, name: string) => labels.get(agencyId) ?? (name === RECORDS ? name : hide(name, veil, true));
  const by = (person: Person): Person => ({ ...NOBODY, name: saidOf(person, hiding) });
  return {
    ...drawn,
    marks: drawn.marks.map((mark) => ({ ...mark, lane: lane(mark.agencyId, mark.lane) })),
    lanes: drawn.lanes.map((one) => ({ ...one, name: lane(one.agencyId, one.name) })),
    thickness: drawn.thickness.map((one) => ({ ...one, name: "" })),
    seen: drawn.seen && { ...drawn.seen, by: by(drawn.seen.by) },
    attempts: drawn.attempts.map((one) => ({ ...one, by: by(one.by) })),
    quiet: drawn.quiet.map((one) => ({ ...one, name: lane(one.agencyId, one.name) })),
    concern: drawn.concern && {
      ...drawn.concern,
      people: drawn.concern.people.map((one) => tellerOf(one, hiding)),
    },
  };
}

/** Who says so: a job and an agency, or whoever told it. */
function tellerOf(said: string, { veil, named }: Hiding): string {
  for (const [name, label] of named) {
    if (said.endsWith(`, ${name}`)) return hide(said.slice(0, -name.length), veil) + label;
  }
  return hide(said, veil, true);
}

const NOBODY: Person = {
  ...{ id: "", name: "", job: "", agency: "", agencyId: "", role: "practitioner", left: false },
  ...{ phone: "", email: "", supervisor: "", deputies: [] },
};

// By the sort of agency; where there are several of one sort here, by number, in the order of their names.
function labelsOf(agencies: readonly Agency[], here: readonly string[]): Map<string, string> {
  const known = new Set(here);
  const some = agencies.filter(({ id }) => known.has(id)).sort((a, b) => compareText(a.name, b.name));
  const labels = new Map(agencies.map(({ id, sort }) => [id, SORTS[sort]]));
  for (const [sort, label] of Object.entries(SORTS)) {
    const alike = some.filter((agency) => agency.sort === sort);
    if (alike.length > 1) alike.forEach(({ id }, at) => labels.set(id, `${label} ${at + 1}`));
  }
  return labels;
}

/** Return all the names that I hold, those that were replaced since too, as they stand to a stream. */
function heldAround(session: Session, feed: Feed, posts: readonly Post[], labels: Hiding["labels"]): Held {
  const { feeds, directory } = session;
  const people = showPeople(directory);
  const agencies = showAgencies(directory);
  const [others, households, schools, births]: string[][] = [[], [], [], []];
  const { own, siblings } = knownAround(session, feed.log);
  const staffHere = new Set(people.map(({ name }) => name));
  const family = [...own, ...siblings].filter((name) => !staffHere.has(name));
  for (const other of feeds.values()) {
    for (const seq of other.abouts) {
      const about = aboutAt(other, seq);
      if (about === null) continue;
      const isHousehold = about.sort === "household";
      const whose = isHousehold ? households : other === feed ? family : others;
      whose?.push(about.name, ...about.knownAs);
      (other === feed ? family : others)?.push(...about.people.map(([name]) => name));
      schools?.push(about.school);
      births?.push(about.birth[1]);
    }
  }
  // Households are places as well as families.
  const homes = new Set(households);
  return {
    family: family.filter((name) => !homes.has(name)),
    others: others ?? [],
    staff: [...staffHere, ...posts.map(({ original }) => splitOriginal(original)[0])],
    households: households ?? [],
    schools: [...(schools ?? []), ...agencies.filter(({ sort }) => sort === "school").map(({ name }) => name)],
    agencies: new Map(agencies.map(({ id, name }) => [name, labels.get(id) ?? ""])),
    numbers: people.flatMap(({ phone, email }) => [phone, email]),
    births: births ?? [],
  };
}
