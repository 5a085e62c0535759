// A post as it is being written, and what becomes of it when it is sent.

import type { Child, Draft } from "../client/shown.ts";
import { type DateParts, isLater, isPast, isWhole, NO_DATE, readDate } from "./date-parts.ts";
import { type Mistake, must } from "./form.ts";
import { codePoints } from "./words.ts";

export const MOST = 280;
const MOST_NOTES = 120;

export interface PostDraft {
  log: string; // empty: no child chosen
  text: string;
  kind: string;
  sure: string;
  scale: string;
  side: string;
  day: DateParts;
  time: string; // "HH:MM" or empty
  source: string;
  outcome: string;
  reason: string;
  review: DateParts;
  reviewed: boolean; // no further review is needed
  nudge: boolean;
  /** Who was on the screen, by id, when the writing began: nobody else gets it unasked. */
  shown: string[];
  /** Words that the guard noticed, and that stay as they are: it asks once. */
  passed: string[];
}

export const BLANK: PostDraft = {
  log: "",
  text: "",
  kind: "hunch",
  sure: "",
  scale: "",
  side: "",
  day: NO_DATE,
  time: "",
  source: "",
  outcome: "",
  reason: "",
  review: NO_DATE,
  reviewed: false,
  nudge: false,
  shown: [],
  passed: [],
};

export interface Reply {
  how: "same" | "different" | "correction" | "copied" | "review"; // a review is a decision that refers to another
  id: string; // of the post it refers to
}

/** Code points that are left; below zero, too many. */
export function left(draft: PostDraft): number {
  return MOST - codePoints(draft.text.trim().normalize("NFC"));
}

export function checkDraft(draft: PostDraft, reply: Reply | undefined): Mistake[] {
  const moment = readMoment(draft);
  const over = -left(draft);
  const wordless = reply?.how === "same" || reply?.how === "copied";
  const { kind } = draft;
  return [
    ...must(Boolean(draft.log), "about", "Choose which child this is about"),
    ...must(wordless || draft.text.trim() !== "", "text", "Write what you noticed"),
    ...must(over <= 0, "text", `Shorten the text by ${over} character${over === 1 ? "" : "s"}`),
    ...must(kind !== "visit" || Boolean(draft.outcome), "outcome", "Choose what came of the visit"),
    ...must(
      kind !== "decision" || draft.reason.trim() !== "",
      "reason",
      "Give the reason for the decision",
    ),
    ...must(notes(draft) <= MOST_NOTES, "source", `Use at most ${MOST_NOTES} characters`),
    ...(kind === "decision" ? checkReview(draft, reply) : []),
    ...must(
      moment !== null,
      "happened",
      "Enter a real date: a year, a month and year, or a day too. A time needs a day",
    ),
    ...must(
      !moment || !isLater(moment.slice(0, 10)),
      "happened",
      "When it happened cannot be in the future",
    ),
  ];
}

// A decision comes back on a day that is still to come, unless its writer says that it need not. What a correction sets
// right may have been due already.
function checkReview({ review: parts, reviewed }: PostDraft, reply: Reply | undefined): Mistake[] {
  if (reviewed) return [];
  const review = readDate(parts);
  const corrects = reply?.how === "correction";
  return [
    ...must(corrects || review !== "", "review", "Say on which day to review it, or that no review is needed"),
    ...must(review === "" || (review !== null && isWhole(review)), "review", "Enter a whole, real date"),
    ...must(corrects || !review || !isWhole(review) || !isPast(review), "review", "The day of the review is today or later"),
  ];
}

/** Return the draft as the Worker takes it: only what belongs to its kind, spaces around it gone. */
export function toSend(draft: PostDraft, reply: Reply | undefined): Draft {
  const { kind } = draft;
  const decision = kind === "decision";
  return {
    text: draft.text.trim(),
    kind,
    sure: draft.sure,
    scale: draft.scale,
    side: draft.side,
    happened: readMoment(draft) ?? "",
    source: kind === "told" || kind === "records" ? draft.source.trim() : "",
    outcome: kind === "visit" ? draft.outcome : "",
    reason: decision ? draft.reason.trim() : "",
    review: decision && !draft.reviewed ? (readDate(draft.review) ?? "") : "",
    refers: reply ? [reply.id] : [],
    how: reply && reply.how !== "review" ? reply.how : "",
    nudge: draft.nudge,
  };
}

/** Take note of who can read it at the moment when the first words, or the child, are there. */
export function withReaders(
  before: PostDraft,
  after: PostDraft,
  child: Child | undefined,
): PostDraft {
  const moved = before.log !== after.log;
  const begun = before.text === "" || before.shown.length === 0;
  if (!moved && !begun) return after;
  return { ...after, shown: child?.members.map(({ person }) => person.id) ?? [] };
}

function readMoment({ day, time }: PostDraft): string | null {
  const date = readDate(day);
  if (!time || date === null) return date;
  return isWhole(date) ? `${date}T${time}` : null;
}

function notes(draft: PostDraft): number {
  return codePoints((draft.kind === "decision" ? draft.reason : draft.source).trim());
}
