// The pictures of an invented practice: a pattern, an ordinary child, one of whom nothing was written, and a household.

import type { Child, Person } from "../../microblog/web/src/client/shown.ts";
import type {
  Lane,
  Mark,
  Picture,
  Thickness,
  When,
} from "../../microblog/web/src/client/shown-picture.ts";
import { agencies, DAY, HOSTILE, me, now, officer, scenario, teacher, worker } from "./invented_people.ts";

const LANES: Record<string, [id: string, name: string]> = {
  council: ["ag-council", "Westmere Council"],
  health: ["ag-health", "Community Health"],
  school: ["ag-school", "North Street Primary"],
  police: ["ag-police", "Westmere Police"],
  records: ["", "From records"],
};

export function dayBefore(days: number): string {
  const day = new Date(now - days * DAY);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

function when(days: number | string): When {
  if (typeof days === "number") {
    const at = dayBefore(days);
    return { at, first: at, last: at, posted: false };
  }
  if (days === "") return { at: "", first: "", last: "", posted: false };
  const [year = 0, month] = days.split("-").map(Number);
  const end = month ? new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) : `${year}-12-31`;
  return { at: days, first: month ? `${days}-01` : `${days}-01-01`, last: end, posted: false };
}

type Row = [lane: string, days: number | string, kind: string, part?: Partial<Mark>];

function mark([lane, days, kind, part = {}]: Row, at: number, log: string): Mark {
  const [agencyId = "", name = ""] = LANES[lane] ?? [];
  const outcome = part.outcome ?? "";
  return {
    log,
    seq: at + 1,
    when: when(days),
    agencyId,
    lane: name,
    kind,
    outcome,
    failed: ["not-seen", "not-let-in", "nobody-in", "not-brought"].includes(outcome),
    scale: "",
    side: "",
    differs: false,
    corrected: false,
    brought: lane === "records",
    ...part,
  };
}

const monthAgo = dayBefore(65).slice(0, 7);

/** Many hands, each with a small piece; the visits stop, and the posts do not. */
const PATTERN: Row[] = [
  ["records", 500, "records", { scale: "7" }],
  ["records", String(Number(dayBefore(0).slice(0, 4)) - 1), "records"],
  ["council", 110, "visit", { outcome: "alone", scale: "8" }],
  ["school", 88, "hunch"],
  ["police", 80, "observation", { side: "well" }],
  ["school", 74, "observation"],
  ["council", 70, "visit", { outcome: "seen", scale: "7" }],
  ["school", monthAgo, "told"],
  ["health", 61, "visit", { outcome: "not-let-in" }],
  ["school", 52, "hunch"],
  ["police", 47, "records"],
  ["council", 44, "visit", { outcome: "seen", scale: "6" }],
  ["health", 40, "visit", { outcome: "nobody-in" }],
  ["school", 33, "told", { side: "worried" }],
  ["council", 26, "decision"],
  ["council", 26, "hunch", { scale: "4" }],
  ["school", 21, "words", { side: "well", differs: true }],
  ["council", 19, "visit", { outcome: "alone", scale: "5" }],
  ["health", 15, "visit", { outcome: "not-let-in" }],
  ["school", 13, "hunch", { side: "worried" }],
  ["police", 11, "observation", { side: "worried" }],
  ["school", 8, "told", { side: "worried" }],
  ["health", 7, "visit", { outcome: "not-let-in" }],
  ["school", 7, "observation", { scale: "3", differs: true }],
  ["council", 3, "visit", { outcome: "not-brought" }],
  ["school", 2, "told", { side: "worried" }],
  ["school", 1, "hunch"],
  ["police", "", "told"],
  ["records", "", "records"],
];

const ORDINARY: Row[] = [
  ["health", 80, "visit", { outcome: "seen", scale: "8" }],
  ["school", 60, "observation", { side: "well" }],
  ["school", 41, "words", { side: "well" }],
  ["health", 30, "visit", { outcome: "seen", scale: "8" }],
  ["school", 12, "observation", { side: "well" }],
  ["health", 2, "visit", { outcome: "seen", scale: "9" }],
];

/** Twenty posts a week by four agencies over two years. */
function many(): Row[] {
  const lanes = ["council", "health", "school", "police"];
  const kinds = ["hunch", "observation", "told", "words", "records", "visit"];
  return Array.from({ length: 2000 }, (_, at): Row => {
    const kind = kinds[(at * 7) % kinds.length] ?? "hunch";
    const tried = kind === "visit" ? { outcome: at % 3 === 0 ? "nobody-in" : "seen" } : {};
    const scale = at % 11 === 0 ? { scale: String(at % 10) } : {};
    return [lanes[(at * 3 + (at >> 4)) % 4] ?? "", Math.floor((1999 - at) * 0.365), kind, { ...tried, ...scale }];
  });
}

const ROWS: Record<string, Row[]> = {
  AAAA: scenario === "many" ? many() : PATTERN,
  BBBB: ORDINARY,
  GGGG: ORDINARY.map(([lane, days, ...rest]) => [lane, Number(days) + 5, ...rest]),
  NNNN: [
    ["council", 75, "observation"],
    ["police", 16, "observation", { side: "worried" }],
    ["council", 9, "told"],
  ],
};

const byWhen = (a: Mark, b: Mark) =>
  Number(a.when.first === "") - Number(b.when.first === "") ||
  a.when.first.localeCompare(b.when.first) ||
  a.when.at.localeCompare(b.when.at);

function lanesOf(marks: Mark[]): Lane[] {
  const found = new Map<string, Lane>();
  for (const { agencyId, lane } of marks) {
    const sort = agencies.find(({ id }) => id === agencyId)?.sort ?? "";
    const one = found.get(lane) ?? { agencyId, name: lane, sort, posts: 0 };
    one.posts += 1;
    found.set(lane, one);
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Mondays from the first dated mark, or twelve weeks back, until now. */
function thickness(log: string, name: string, marks: Mark[]): Thickness {
  const monday = (day: string) => {
    const ms = Date.parse(day);
    return new Date(ms - ((new Date(ms).getUTCDay() + 6) % 7) * DAY).toISOString().slice(0, 10);
  };
  const dated = marks.filter(({ when: { first } }) => first).map(({ when: { first } }) => monday(first));
  const start = [...dated, monday(dayBefore(77))].sort()[0] ?? "";
  const weeks: Thickness["weeks"] = [];
  for (let at = Date.parse(start); at <= Date.parse(dayBefore(0)); at += 7 * DAY) {
    const one = new Date(at).toISOString().slice(0, 10);
    weeks.push({ monday: one, posts: dated.filter((other) => other === one).length });
  }
  return { log, name, weeks };
}

const by = (lane: string): Person =>
  ({ council: worker, health: me, school: teacher, police: officer })[lane] ?? worker;

export function pictureOf(children: Child[], log: string, others: string[]): Picture {
  const whose = log ? [log] : children.map((one) => one.log);
  const rows = whose.flatMap((one) => (ROWS[one] ?? []).map((row, at) => [row, mark(row, at, one)] as const));
  const marks = rows.map(([, one]) => one).sort(byWhen);
  const tried = rows.filter(([[, days]]) => typeof days === "number");
  const seen = tried.filter(([, one]) => ["seen", "alone"].includes(one.outcome)).at(-1);
  const seenDays = seen ? Number(seen[0][1]) : Infinity;
  const failed = tried.filter(([[, days], one]) => one.failed && Number(days) < seenDays).reverse();
  const name = (one: string) => children.find((child) => child.log === one)?.name ?? "";
  const picture: Picture = {
    log,
    today: dayBefore(0),
    marks,
    lanes: lanesOf(marks),
    thickness: (log ? [log, ...others] : [""]).map((one) =>
      thickness(one, name(one), one === log ? marks : (ROWS[one] ?? []).map((row, at) => mark(row, at, one))),
    ),
    seen: seen
      ? {
          log: seen[1].log,
          seq: seen[1].seq,
          when: seen[1].when,
          days: seenDays,
          alone: seen[1].outcome === "alone",
          by: by(seen[0][0]),
        }
      : null,
    attempts: failed.map(([[lane], one]) => ({
      log: one.log,
      seq: one.seq,
      when: one.when,
      outcome: one.outcome,
      by: by(lane),
    })),
    tellers: log === "AAAA" ? 8 : marks.length > 0 ? 2 : 0,
    agencies: new Set(marks.map(({ agencyId }) => agencyId).filter(Boolean)).size,
    quiet:
      log === "AAAA" ? [{ agencyId: "ag-police", name: "Westmere Police", days: 36, usual: 9 }] : [],
    concern: children.find((child) => child.log === log)?.concern ?? null,
    unchecked: scenario === "checking" ? 660 : 0,
    unreadable: 0,
  };
  return scenario === "hostile" ? hostile(picture) : picture;
}

/** The same, by colleagues who write what they like wherever there is room for words. */
function hostile(picture: Picture): Picture {
  for (const one of picture.marks) Object.assign(one, { lane: HOSTILE, kind: HOSTILE, outcome: HOSTILE });
  for (const one of [...picture.lanes, ...picture.thickness, ...picture.quiet]) one.name = HOSTILE;
  for (const one of picture.attempts) one.outcome = HOSTILE;
  return picture;
}
