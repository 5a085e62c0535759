// How the page's pace slows down while nobody answers, or there is nothing new.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pauseMs, type Course } from "../../microblog/web/src/views/pace.ts";

const NONE: Course = { failures: 0, quiet: 0, live: false };
const COUNTS = [0, 1, 2, 3, 4, 5, 6, 60, 6000];

const pauses = (course: (count: number) => Course, chance: number) =>
  COUNTS.map((count) => pauseMs(course(count), chance) / 1000);

test("while nobody answers the pause doubles from twenty seconds to five minutes, and chance only shortens it", () => {
  const failing = (failures: number) => ({ ...NONE, failures });
  assert.deepEqual(pauses(failing, 0), [20, 20, 40, 80, 160, 300, 300, 300, 300]);
  assert.deepEqual(pauses(failing, 0.5), [10, 10, 20, 40, 80, 150, 150, 150, 150]);
  assert.deepEqual(pauses(failing, 0.9999), Array(9).fill(5));
});

test("while nothing is new it doubles to two minutes", () => {
  assert.deepEqual(pauses((quiet) => ({ ...NONE, quiet }), 0), [20, 40, 80, 120, 120, 120, 120, 120, 120]);
});

test("while the server tells by itself it is five minutes, unless nobody answers", () => {
  assert.deepEqual(pauses((quiet) => ({ ...NONE, quiet, live: true }), 0), Array(9).fill(300));
  assert.equal(pauseMs({ failures: 1, quiet: 9, live: true }, 0), 20_000);
});

test("a thousand pages that were cut off together do not come back together", () => {
  const seconds = Array.from({ length: 1000 }, () => Math.floor(pauseMs({ ...NONE, failures: 3 }, Math.random()) / 1000));
  const most = Math.max(...Array.from({ length: 81 }, (_, at) => seconds.filter((it) => it === at).length));
  // A sixteenth of them may come at the earliest time that there is; of a second after it, hardly any.
  assert.ok(most < 110, String(most));
});
