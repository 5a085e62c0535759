// Where a picture puts things: by the calendar, in step, and never two marks where only one can be made out.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Mark, Picture, When } from "../../microblog/web/src/client/shown-picture.ts";
import {
  across,
  APART,
  barsOf,
  dayNumber,
  dayOf,
  EDGE,
  groupsOf,
  monthsBefore,
  mostIn,
  moved,
  offLine,
  type Placed,
  placed,
  rangeOf,
  scaleY,
  sidesIn,
  sizeOf,
  stretchesOf,
  ticksOf,
  unseenIn,
  wholeOf,
  zoomed,
} from "../../microblog/web/src/views/pictures.ts";

const WIDTH = 318;
const TODAY = "2026-11-23";

function when(first: string, last = first, at = first): When {
  return { at, first, last, posted: false };
}

function mark(part: Partial<Mark>): Mark {
  return {
    ...{ log: "AAAA", seq: 1, when: when(TODAY), agencyId: "a", lane: "School", kind: "hunch" },
    ...{ outcome: "", failed: false, scale: "", side: "", differs: false, corrected: false },
    brought: false,
    ...part,
  };
}

function picture(part: Partial<Picture>): Picture {
  return {
    ...{ log: "AAAA", today: TODAY, marks: [], lanes: [], thickness: [], seen: null, attempts: [] },
    ...{ tellers: 0, agencies: 0, quiet: [], concern: null, unchecked: 0, unreadable: 0 },
    ...part,
  };
}

const at = (x: number, part: Partial<Mark> = {}): Placed => ({ mark: mark(part), x, stretch: null });

test("a day is one more than the day before, over summer time, years and leap days", () => {
  for (const [day, next] of [
    ["2026-03-28", "2026-03-29"],
    ["2026-03-29", "2026-03-30"],
    ["2026-10-25", "2026-10-26"],
    ["2026-12-31", "2027-01-01"],
    ["2028-02-28", "2028-02-29"],
    ["2028-02-29", "2028-03-01"],
  ] as const) {
    assert.equal(dayNumber(next) - dayNumber(day), 1);
    assert.equal(dayOf(dayNumber(day)), day);
  }
});

test("three months before the last day of May is the last of February", () => {
  assert.equal(dayOf(monthsBefore(dayNumber("2026-05-31"), 3)), "2026-02-28");
  assert.equal(dayOf(monthsBefore(dayNumber("2026-01-15"), 12)), "2025-01-15");
});

test("every step ends with today, and all begins with the first", () => {
  const first = mark({ when: when("2024-05-06") });
  const whole = wholeOf(picture({ marks: [first, mark({ when: when("") })] }));
  assert.equal(dayOf(whole.from), "2024-05-06");
  for (const step of ["week", "quarter", "year", "all"] as const) {
    assert.equal(dayOf(rangeOf(step, whole).to - 1), TODAY);
  }
  assert.equal(rangeOf("week", whole).to - rangeOf("week", whole).from, 7);
});

test("nothing is ever further than today, and a week is the least", () => {
  const whole = { from: 0, to: 400 };
  assert.deepEqual(zoomed({ from: 300, to: 400 }, 0.01, 1, whole), { from: 393, to: 400 });
  assert.deepEqual(zoomed({ from: 300, to: 400 }, 100, 0.5, whole), whole);
  assert.deepEqual(moved({ from: 300, to: 400 }, 1, whole), { from: 300, to: 400 });
  assert.deepEqual(moved({ from: 300, to: 400 }, -1, whole), { from: 250, to: 350 });
  assert.deepEqual(moved({ from: 20, to: 120 }, -1, whole), { from: 0, to: 100 });
});

test("what is zoomed stays where the fingers are", () => {
  const range = zoomed({ from: 100, to: 200 }, 0.5, 0.25, { from: 0, to: 400 });
  assert.deepEqual(range, { from: 112.5, to: 162.5 });
});

test("the first day and the last stand wholly inside", () => {
  const range = { from: 0, to: 7 };
  assert.equal(across(range, WIDTH)(0), EDGE);
  assert.equal(across(range, WIDTH)(7), WIDTH - EDGE);
});

test("a month is a stretch, a day is none, and what is not sure has no place", () => {
  const today = dayNumber(TODAY);
  const range = { from: dayNumber("2026-08-24"), to: today + 1 };
  const inMonth = mark({ when: when("2026-10-01", "2026-10-31", "2026-10") });
  const [one] = placed([inMonth], range, WIDTH, today);
  const x = across(range, WIDTH);
  assert.deepEqual(one?.stretch, [x(dayNumber("2026-10-01")), x(dayNumber("2026-11-01"))]);
  assert.equal(placed([mark({})], range, WIDTH, today)[0]?.stretch, null);
  assert.deepEqual(placed([mark({ when: when("") })], range, WIDTH, today), []);
});

test("this year reaches until today, and not beyond", () => {
  const today = dayNumber(TODAY);
  const range = { from: dayNumber("2026-08-24"), to: today + 1 };
  const inYear = mark({ when: when("2026-01-01", "2026-12-31", "2026") });
  assert.deepEqual(placed([inYear], range, WIDTH, today)[0]?.stretch, [EDGE, WIDTH - EDGE]);
});

test("the time of day counts where it is known", () => {
  const today = dayNumber(TODAY);
  const week = { from: today - 6, to: today + 1 };
  const late = mark({ when: when(TODAY, TODAY, `${TODAY}T18:00`) });
  const [noon, evening] = placed([mark({}), late], week, WIDTH, today);
  assert.ok(evening && noon && evening.x > noon.x);
});

test("marks too close to be told apart become one, and none is lost", () => {
  const places = Array.from({ length: 2000 }, (_, one) => at(EDGE + ((one * 7919) % 300)));
  const groups = groupsOf(places);
  assert.equal(groups.reduce((sum, group) => sum + sizeOf(group), 0), 2000);
  assert.ok(groups.length > 7);
  for (const [place, group] of groups.entries()) {
    const next = groups[place + 1];
    assert.ok(!next || next.x - group.x >= APART);
  }
});

test("marks that can be told apart stay apart", () => {
  assert.equal(groupsOf([at(10), at(10 + APART), at(10 + 2 * APART)]).length, 3);
});

test("a visit that failed is never counted into anything else", () => {
  const failed = { failed: true, kind: "visit", outcome: "nobody-in" };
  const groups = groupsOf([at(50), at(52), at(51, failed), at(53), at(200, failed)]);
  assert.deepEqual(groups.map((one) => [one.failed.length, one.others.length]), [[1, 3], [1, 0]]);
});

test("a date that no line can hold is not lost, and squeezes nothing", () => {
  const odd = ["", "0000-01-01", "9999-12-30", "2031-02-31"].map((day, seq) => mark({ seq, when: when(day) }));
  const all = [...odd, mark({ seq: 9, when: when("2026-10-01") })];
  const whole = wholeOf(picture({ marks: all }));
  assert.equal(dayOf(whole.from), "2026-10-01");
  const { undated, beyond } = offLine(all, whole);
  assert.deepEqual([undated.map(({ seq }) => seq), beyond.map(({ seq }) => seq)], [[0], [1, 2, 3]]);
  assert.equal(placed(all, whole, WIDTH, dayNumber(TODAY)).length, 1);
});

test("the same stretch is drawn once", () => {
  const stretch: [number, number] = [10, 40];
  const many = [1, 2, 3].map((seq) => ({ mark: mark({ seq }), x: 25, stretch }));
  assert.deepEqual(stretchesOf([...many, at(80)]), [stretch]);
});

test("bars of the child and of siblings are drawn to one measure, week under week", () => {
  const weeks = (...posts: number[]) =>
    posts.map((count, week) => ({ monday: dayOf(dayNumber("2026-11-02") + 7 * week), posts: count }));
  const rows = [
    { log: "A", name: "A", weeks: weeks(1, 0, 4) },
    { log: "B", name: "B", weeks: weeks(2, 2, 1) },
  ];
  const range = { from: dayNumber("2026-11-02"), to: dayNumber(TODAY) };
  const most = mostIn(rows, range);
  assert.equal(most, 4);
  const [ours = [], theirs = []] = rows.map((row) => barsOf(row.weeks, range, [WIDTH, 40], most));
  assert.deepEqual(ours.map(({ height }) => height), [10, 0, 40]);
  assert.deepEqual(theirs.map(({ height }) => height), [20, 20, 10]);
  assert.deepEqual(ours.map(({ x }) => x), theirs.map(({ x }) => x));
});

test("a week without a post has no bar to be seen, and none at all divides by nothing", () => {
  const weeks = [{ monday: "2026-11-16", posts: 0 }];
  const [bar] = barsOf(weeks, { from: dayNumber("2026-11-16"), to: dayNumber(TODAY) }, [WIDTH, 40], 0);
  assert.equal(bar?.height, 0);
});

test("what stands along the foot can be read: never closer than it is wide", () => {
  const today = dayNumber(TODAY);
  for (const days of [7, 14, 30, 91, 180, 365, 730, 3650, 20_000]) {
    const ticks = ticksOf({ from: today - days, to: today }, WIDTH);
    assert.ok(ticks.length > 0, `${days} days`);
    for (const [place, { x }] of ticks.entries()) {
      const next = ticks[place + 1];
      assert.ok(!next || next.x - x >= 38, `${days} days`);
    }
  }
});

test("a year says its number where it begins", () => {
  const range = { from: dayNumber("2025-11-24"), to: dayNumber("2026-11-24") };
  assert.deepEqual(ticksOf(range, WIDTH).map(({ text }) => text), ["2026", "Apr", "Jul", "Oct"]);
});

test("what people marked is counted by the week in which it happened, and nothing else is", () => {
  const marks = [
    mark({ side: "worried", when: when("2026-11-16") }),
    mark({ side: "worried", when: when("2026-11-22") }),
    mark({ side: "well", when: when("2026-11-23") }),
    mark({ side: "", when: when("2026-11-23") }),
    mark({ side: "well", when: when("") }),
    mark({ side: "well", when: when("2026-01-01") }),
  ];
  assert.deepEqual(sidesIn(marks, { from: dayNumber("2026-11-01"), to: dayNumber("2026-11-24") }), [
    { monday: "2026-11-16", well: 0, worried: 2 },
    { monday: "2026-11-23", well: 1, worried: 0 },
  ]);
});

test("a week begins on Monday, before 1970 too", () => {
  const range = { from: -100, to: 100 };
  assert.equal(sidesIn([mark({ side: "well", when: when("1969-12-31") })], range)[0]?.monday, "1969-12-29");
});

test("as long as nobody saw the child, although somebody tried, is one stretch", () => {
  const visit = (day: string, outcome: string) =>
    mark({ kind: "visit", outcome, failed: !["seen", "alone"].includes(outcome), when: when(day) });
  const today = dayNumber(TODAY);
  const visits = [
    visit("2026-01-05", "seen"),
    visit("2026-01-20", "seen"),
    visit("2026-02-02", "not-let-in"),
    visit("2026-03-02", "nobody-in"),
    visit("2026-09-07", "alone"),
  ];
  assert.deepEqual(unseenIn(visits, today), [
    { from: dayNumber("2026-01-20"), to: dayNumber("2026-09-07"), failed: 2 },
    { from: dayNumber("2026-09-07"), to: today, failed: 0 },
  ]);
  assert.deepEqual(unseenIn([visit("2026-03-02", "nobody-in")], today), []);
});

test("the scale has not safe at the bottom, and takes no other word for a figure", () => {
  assert.equal(scaleY("0", 60), 60);
  assert.equal(scaleY("10", 60), 0);
  for (const odd of ["", "11", "-1", "5.5", "١", "ten"]) assert.equal(scaleY(odd, 60), null);
});
