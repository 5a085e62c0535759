// A picture in plain English: one paragraph, and what each of its marks is called. Pure; nothing is said that was not counted.

import type { LastSeen, Mark, Picture, QuietAgency, When } from "../client/shown-picture.ts";
import { capital, number, separate, triesWords } from "./concern-words.ts";
import { moment, plural } from "./dates.ts";
import { agencies, KINDS, OUTCOMES, say, sayScale, thousands } from "./words.ts";

const month = new Intl.DateTimeFormat("en-GB", { month: "long" });

/**
 * "4 agencies, 31 posts since March; not seen for 19 days; the last two visits were not let in."
 *
 * `of`: whose it is. Only of a child is it said when it was seen: of a household each child is named beside its own.
 */
export function paragraph(picture: Picture, of: "child" | "household" | "all"): string {
  return [firstWords(picture, of), ...moreWords(picture)].join(" ");
}

/** The sentence that says most of it. */
export function firstWords(picture: Picture, of: "child" | "household" | "all"): string {
  return `${[counted(picture), ...(of === "child" ? seenWords(picture) : [])].join("; ")}.`;
}

/** How many people it comes from, who has gone quiet, and what is missing: a sentence each. */
export function moreWords(picture: Picture): string[] {
  const { marks, tellers, unchecked, unreadable } = picture;
  const undated = marks.filter(({ when }) => !when.first).length;
  const differ = marks.filter(({ differs }) => differs).length;
  const more = [
    marks.length > 0 && `It comes from ${separate(tellers)}`,
    ...picture.quiet.map(quietWords),
    differ > 0 && `${capital(many(differ))} ${isAre(differ)} seen differently by somebody`,
    undated > 0 && `For ${many(undated)} nobody is sure when`,
    unchecked > 0 && `${capital(number(unchecked))} more ${isAre(unchecked)} not checked yet, and not counted`,
    unreadable > 0 && `The words of ${number(unreadable)} more cannot be read here`,
  ];
  return more.filter((one) => one !== false).map((one) => `${one}.`);
}

function counted({ marks, agencies: count, today }: Picture): string {
  if (marks.length === 0) return "Nothing has been posted yet";
  const posts = plural(marks.length, "post").replace(/^\d+/, (digits) => thousands(Number(digits)));
  const from = count > 0 ? agencies(count) : "Records only";
  const first = marks.map(({ when }) => when.first).filter(Boolean).sort()[0];
  return first ? `${from}, ${posts} since ${sinceMonth(first, today)}` : `${from}, ${posts}`;
}

/** "March", or, where that would be read as this year's, "March 2024". */
function sinceMonth(day: string, today: string): string {
  const [year = 0, number = 1] = day.split("-").map(Number);
  const name = month.format(new Date(year, number - 1));
  return day.slice(0, 4) === today.slice(0, 4) ? name : `${name} ${year}`;
}

/** When the child was seen, and the visits since that did not see it; with those it is the days without that are told. */
export function seenWords({ seen, attempts, marks }: Pick<Picture, "seen" | "attempts" | "marks">): string[] {
  if (marks.length === 0) return [];
  const tries = attempts.length > 0 ? [triesWords(attempts)] : [];
  if (!seen) return ["no visit here says that the child was seen", ...tries];
  if (attempts.length > 0 && seen.days > 0) return [`not seen for ${plural(seen.days, "day")}`, ...tries];
  return [`last ${seen.alone ? "seen alone" : "seen"} ${daysAgo(seen)}`, ...tries];
}

export function daysAgo({ days }: Pick<LastSeen, "days">): string {
  if (days <= 0) return "today";
  return days === 1 ? "yesterday" : `${days} days ago`;
}

/** Always an agency, never a worker. */
export function quietWords({ name, days, usual }: QuietAgency): string {
  const every = usual === 1 ? "every day" : `every ${usual} days`;
  return `${name || "An agency"} has written nothing for ${plural(days, "day")}; usually it writes ${every}`;
}

/** "3 October 2026", "May 2026", "not sure when". */
export function whenWords({ at, posted }: When): string {
  if (!at) return "not sure when";
  return posted ? `posted ${moment(at)}` : moment(at);
}

/** "Visit: not let in". */
export function kindWords({ kind, outcome }: Pick<Mark, "kind" | "outcome">): string {
  const name = say(KINDS, kind) || "Post";
  return outcome ? `${name}: ${say(OUTCOMES, outcome).toLowerCase()}` : name;
}

/** All that a mark says, for those who do not see it, or point at it. */
export function markWords(mark: Mark): string {
  return [
    kindWords(mark),
    whenWords(mark.when),
    mark.lane,
    mark.scale && `scale ${mark.scale} of 10 (${sayScale(mark.scale)})`,
    mark.side === "worried" && "worried",
    mark.side === "well" && "working well",
    mark.differs && "seen differently",
    mark.corrected && "corrected",
  ]
    .filter(Boolean)
    .join(", ");
}

function many(posts: number): string {
  return posts === 1 ? "one post" : `${number(posts)} posts`;
}

function isAre(count: number): string {
  return count === 1 ? "is" : "are";
}
