// How the page's pace slows down while the server cannot be reached.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pauseMs } from "../../microblog/web/src/views/pace.ts";

test("the pause doubles from twenty seconds to five minutes, and chance only shortens it", () => {
  const failures = [0, 1, 2, 3, 4, 5, 6, 60, 6000];
  const longest = failures.map((count) => pauseMs(count, 0) / 1000);
  assert.deepEqual(longest, [20, 20, 40, 80, 160, 300, 300, 300, 300]);
  const shortest = failures.map((count) => pauseMs(count, 1) / 1000);
  assert.deepEqual(shortest, [20, 15, 30, 60, 120, 225, 225, 225, 225]);
});
