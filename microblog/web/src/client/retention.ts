// For how long words are kept: what a practice has settled, and from when a stream's may be destroyed.
//
// A date is something to think about then. Nothing is ever destroyed because of one.

import type { Retention } from "../protocol/staff.ts";
import type { Feed } from "./feed.ts";
import { sendToDirectory } from "./sending.ts";
import { writerOf, type Session } from "./session.ts";
import { localTime } from "./when.ts";
import type { RetentionRow } from "./shown.ts";
import * as writing from "./writing.ts";

const YEAR = 12;

// None holds before a steward confirms it, and none fits every practice: each says who says so.
const EXAMPLES: readonly RetentionRow[] = [
  {
    cls: "Child protection, after closing",
    months: 35 * YEAR,
    from: "closed",
    source: "One council's policy, held lawful: R (C) v Northumberland CC [2015] EWHC 2134 (Admin)",
  },
  {
    cls: "Looked after by the council (England)",
    months: 75 * YEAR,
    from: "birth",
    source: "Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959), reg 50",
  },
  {
    cls: "Looked after by the council (Scotland)",
    months: 100 * YEAR,
    from: "birth",
    source: "Looked After Children (Scotland) Regulations 2009 (SSI 2009/210), reg 43",
  },
  {
    cls: "Child's health record (England)",
    months: 26 * YEAR,
    from: "birth",
    source: "NHS England, Records Management Code of Practice: 25th birthday, 26th if 17 when it ended",
  },
  {
    cls: "Child protection file of a school",
    months: 25 * YEAR,
    from: "birth",
    source: "Information and Records Management Society, Toolkit for Schools: birth + 25 years, then review",
  },
];

/** Return what others keep, with its sources, to choose from. */
export function retentionExamples(): RetentionRow[] {
  return EXAMPLES.map((row) => ({ ...row }));
}

/** Settle for how long words are kept; name, numbers and rules of the practice stay as they are. */
export async function setRetention(session: Session, rows: readonly RetentionRow[]): Promise<void> {
  const retention = rows.map(({ cls, months, from, source }) => ({ name: cls, months, begins: from, source }));
  await sendToDirectory(session, (place, fresh) => {
    const old = session.directory.policy;
    const { name, numbers, rules } = old ?? { name: "", numbers: [], rules: new Map<string, number>() };
    const policy = { name, numbers, retention, rules };
    return writing.setPolicy(writerOf(session), place, fresh, policy);
  });
}

/** Return a class as it is shown. */
export function showRetention({ name, months, begins, source }: Retention): RetentionRow {
  const from = begins === "birth" || begins === "closed" ? begins : "newest";
  return { cls: name, months, from, source };
}

/** Return the day from which a class lets a stream go, YYYY-MM-DD; empty where it does not say. */
export function dueDate(feed: Feed, { months, begins }: Retention): string {
  const start = BEGINNINGS.get(begins)?.(feed) ?? "";
  return start === "" ? "" : addMonths(start, months);
}

// Where a day or a month is not known, the last that it can be: rather kept too long.
function birthOf(feed: Feed): string {
  const [, date] = feed.about()?.birth ?? ["", ""];
  const [year = "", month = "12", day] = date.split("-");
  if (year === "") return "";
  return [year, month, day ?? String(daysIn(Number(year), Number(month)))].join("-");
}

// When it was closed for good: reopened and closed again, the last time counts.
function closingOf(feed: Feed): string {
  let closed = "";
  for (const seq of feed.abouts) {
    const words = feed.words.get(seq);
    if (words?.sort !== "about") continue;
    if (!words.about.closed) closed = "";
    else closed ||= dayOf(feed.entries[seq]?.header.time ?? 0);
  }
  return closed;
}

function newestOf(feed: Feed): string {
  const times = [...feed.targets.values()].map(({ time }) => time);
  return times.length === 0 ? "" : dayOf(times.reduce((newest, time) => Math.max(newest, time)));
}

function dayOf(timeMs: number): string {
  return localTime(timeMs).slice(0, "2026-01-01".length);
}

function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const count = year * YEAR + month - 1 + months;
  const [inYear, inMonth] = [Math.floor(count / YEAR), (count % YEAR) + 1];
  if (inYear > 9999) return ""; // beyond the calendar
  const last = Math.min(day, daysIn(inYear, inMonth));
  const parts = [String(inYear).padStart(4, "0"), inMonth, last];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 31;
}

const BEGINNINGS = new Map([["birth", birthOf], ["closed", closingOf], ["newest", newestOf]]);
