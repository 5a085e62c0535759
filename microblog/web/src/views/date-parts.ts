// A date as people type it: a day, a month and a year, of which the smaller ones may be unknown.

export interface DateParts {
  day: string;
  month: string;
  year: string;
}

export const NO_DATE: DateParts = { day: "", month: "", year: "" };

/** Return the stored form, "" where nothing was typed, or null where it is no date. */
export function readDate({ day, month, year }: DateParts): string | null {
  const [d, m, y] = [day, month, year].map((part) => part.trim());
  if (!d && !m && !y) return "";
  if (!y || !/^[12][0-9]{3}$/.test(y) || (d && !m)) return null;
  if (![d, m].every((part) => /^[0-9]{0,2}$/.test(part ?? ""))) return null;
  const text = [y, m, d]
    .filter(Boolean)
    .map((part) => part?.padStart(2, "0"))
    .join("-");
  const made = new Date(Number(y), Number(m || 1) - 1, Number(d || 1));
  // 31 February would have become a day in March.
  const real = made.getMonth() === Number(m || 1) - 1 && made.getDate() === Number(d || 1);
  return real ? text : null;
}

/** Return a stored date as it is typed. */
export function partsOfDate(text: string): DateParts {
  const [year = "", month = "", day = ""] = text.split("-");
  return { day: day.replace(/^0/, ""), month: month.replace(/^0/, ""), year };
}

export function isWhole(text: string): boolean {
  return text.length === "2026-01-31".length;
}

export function isLater(text: string, now = new Date()): boolean {
  return text > writeDate(partsOf(now)).slice(0, text.length);
}

export function isPast(text: string, now = new Date()): boolean {
  return text < writeDate(partsOf(now)).slice(0, text.length);
}

/** Return the day so many days from now. */
export function daysFromNow(days: number): DateParts {
  const then = new Date();
  then.setDate(then.getDate() + days);
  return partsOf(then);
}

function partsOf(moment: Date): DateParts {
  return {
    day: String(moment.getDate()),
    month: String(moment.getMonth() + 1),
    year: String(moment.getFullYear()),
  };
}

function writeDate(parts: DateParts): string {
  return readDate(parts) ?? "";
}
