// When something happened: held to the same list as tests/client/test_when.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";

import {
  addDays,
  compareWhen,
  daysBetween,
  localTime,
  mondayOf,
  monthsBack,
  today,
  whenOf,
} from "../../microblog/web/src/client/when.ts";

interface Cases {
  zone: string;
  local: [number, string, string][];
  spans: [string, string, string][];
  between: [string, string, number][];
  mondays: [string, string][];
  months_back: [string, number, string][];
  order: string[];
}

const cases = JSON.parse(readFileSync(new URL("../client/when.json", import.meta.url), "utf8")) as Cases;
const DAY_MS = 24 * 60 * 60 * 1000;
const zone = process.env["TZ"];

const at = (happened: string) => whenOf({ happened, row: "cm93", time: 0 });

afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

test("a time is said by the clock on the wall", () => {
  process.env["TZ"] = cases.zone;
  for (const [time, local, why] of cases.local) {
    assert.equal(localTime(time), local, why);
    assert.equal(today(time), local.slice(0, 10), why);
  }
});

test("what is not known to the day lies between two", () => {
  for (const [happened, first, last] of cases.spans) {
    assert.deepEqual(whenOf({ happened, row: "", time: 0 }), { at: happened, first, last, posted: false });
  }
});

test("who says nothing means when they post; a row brought in did not happen when it was brought in", () => {
  process.env["TZ"] = "Europe/London";
  const said = { at: "2026-07-01T00:59", first: "2026-07-01", last: "2026-07-01", posted: true };
  assert.deepEqual(whenOf({ happened: "", row: "", time: 1782863999000 }), said);
  const unknown = { at: "", first: "", last: "", posted: false };
  assert.deepEqual(whenOf({ happened: "", row: "cm93", time: 1782863999000 }), unknown);
});

test("days apart are those of the calendar in every zone", () => {
  for (const name of ["Europe/London", "America/New_York", "Pacific/Apia", "UTC"]) {
    process.env["TZ"] = name;
    for (const [start, end, days] of cases.between) {
      assert.equal(daysBetween(start, end), days, `${name}: ${start} ${end}`);
      assert.equal(addDays(start, days), end, `${name}: ${start} ${end}`);
    }
  }
});

test("a week begins on Monday, and a shorter month ends earlier", () => {
  for (const [day, monday] of cases.mondays) {
    assert.equal(mondayOf(day), monday);
    for (let more = 0; more < 7; more++) assert.equal(mondayOf(addDays(monday, more)), monday);
  }
  for (const [day, months, back] of cases.months_back) assert.equal(monthsBack(day, months), back);
});

test("the calendar is that of the machine's, where it has one", () => {
  for (let number = -30_000; number < 60_000; number += 17) {
    const day = new Date(number * DAY_MS).toISOString().slice(0, 10);
    assert.equal(daysBetween("1970-01-01", day), number);
    assert.equal(addDays("1970-01-01", number), day);
    assert.equal(new Date(mondayOf(day)).getUTCDay(), 1);
  }
});

test("things stand in the order in which they may have begun", () => {
  const whens = cases.order.map(at);
  assert.deepEqual([...whens].reverse().sort(compareWhen), whens);
  for (const [index, one] of whens.entries()) {
    assert.equal(compareWhen(one, one), 0);
    for (const later of whens.slice(index + 1)) {
      assert.ok(compareWhen(one, later) < 0 && compareWhen(later, one) > 0);
    }
  }
});
