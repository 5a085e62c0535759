// What stands in a cell: numbers as they are written, days and times as their format shows them.

// Built-in formats that show a day, and those that show a time: ECMA-376, part 1, 18.8.30.
const DAY_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]);
const TIME_FORMATS = new Set([18, 19, 20, 21, 22, 32, 33, 34, 35, 45, 46, 47, 55, 56]);
// No spreadsheet takes a longer one, and looking for brackets in a very long one never ends.
const LONGEST_FORMAT = 255;
const NO_PART = /"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|am\/pm|a\/p/g;
const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?$/i;
const WHOLE = /^-?[0-9]{1,15}$/;
const PLAIN_NUMBER = /^-?[0-9]{1,15}(?:\.[0-9]{1,10})?$/;
const ISO = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::[\d.]+)?(?:Z|[+-]\d\d:\d\d)?)?$/;
const DAY = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d))?)?)?$/;
const AROUND = /^[ \t\r\n]+|[ \t\r\n]+$/g;
const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1000;
const LAST_DAY = 2_958_465; // 31 December 9999

export interface Shows {
  day: boolean;
  time: boolean;
}

/** Say whether a number format shows a day, and whether it shows a time. */
export function shows(number: number, code?: string): Shows {
  if (code === undefined) return { day: DAY_FORMATS.has(number), time: TIME_FORMATS.has(number) };
  if (code.length > LONGEST_FORMAT) return { day: false, time: false };
  const [letters = ""] = code.toLowerCase().replace(NO_PART, "").split(";");
  if (letters === "general") return { day: false, time: false };
  const time = /[hs]|\[m/.test(letters);
  return { day: /[dy]/.test(letters) || (letters.includes("m") && !time), time };
}

/** Return a number as a person would write it: fifteen digits at most, no exponent. */
export function numberText(value: string): string {
  const raw = value.replace(AROUND, "");
  if (WHOLE.test(raw)) return String(Number(raw) || 0);
  if (!NUMBER.test(raw) || !Number.isFinite(Number(raw))) return raw;
  const text = plain(Number(raw));
  return text === "-0" ? "0" : text;
}

/** Return a number that is shown as a day or a time: YYYY-MM-DD, YYYY-MM-DDTHH:MM or HH:MM. */
export function momentText(value: string, { day, time }: Shows, since1904: boolean): string {
  const raw = value.replace(AROUND, "");
  const number = Number(raw);
  if (!NUMBER.test(raw) || !(Math.abs(number) <= 10_000_000)) return numberText(raw);
  const all = Math.floor(number * DAY_SECONDS + 0.5);
  const seconds = ((all % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
  const whole = (all - seconds) / DAY_SECONDS;
  const clock = `${two(seconds / 3600)}:${two((seconds % 3600) / 60)}`;
  if (!day) return whole === 0 && number >= 0 ? clock : numberText(raw);
  const days = whole + (since1904 ? 1462 : 0);
  if (number < 0 || days < 1 || days > LAST_DAY) return numberText(raw);
  // There is a 29 February 1900 in spreadsheets, day 60, which never was.
  const date = isoDay(Date.UTC(1899, 11, days < 60 ? 31 : 30) + days * DAY_MS);
  return time || seconds >= 60 ? `${date}T${clock}` : date;
}

/** Return a day that is written out in a file, to the minute. */
export function isoText(raw: string): string {
  const found = ISO.exec(raw.replace(AROUND, ""));
  if (!found) return raw;
  return found[2] ? `${found[1]}T${found[2]}` : (found[1] ?? raw);
}

/** Return a day as it is written here, 31/05/2026 14:30, 05/2026 or 2026; all else stays. */
export function dayFirst(cell: string): string {
  const found = DAY.exec(cell);
  if (!found) return cell;
  const [, year, month, day, clock] = found;
  const days = [day, month, year].filter(Boolean).join("/");
  return clock ? `${days} ${clock}` : days;
}

/** Return the number by which spreadsheets know a day; null: it is none, or too early. */
export function serial(cell: string): number | null {
  const [, year, month, day, clock = "00:00"] = DAY.exec(cell) ?? [];
  if (!year || !day) return null;
  const ms = Date.parse(`${year}-${month}-${day}T${clock}:00Z`);
  // 30 February is another day here, and none there; 24:00 is the next.
  if (!(ms >= Date.UTC(1900, 2, 1)) || isoDay(ms) !== `${year}-${month}-${day}`) return null;
  return (ms - Date.UTC(1899, 11, 30)) / DAY_MS;
}

/** Say whether a cell may go out as a number without losing a digit. */
export function isNumber(cell: string): boolean {
  return PLAIN_NUMBER.test(cell) && numberText(cell) === cell;
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function two(number: number): string {
  return String(Math.floor(number)).padStart(2, "0");
}

/** Return fifteen digits of a number without an exponent. */
function plain(number: number): string {
  const [digits = "", exponent = "0"] = number.toExponential(14).split("e");
  const sign = digits.startsWith("-") ? "-" : "";
  const bare = digits.replace(/[-.]/g, "").replace(/0+$/, "");
  const point = Number(exponent) + 1;
  if (bare === "") return "0";
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${bare}`;
  if (point >= bare.length) return sign + bare.padEnd(point, "0");
  return `${sign}${bare.slice(0, point)}.${bare.slice(point)}`;
}
