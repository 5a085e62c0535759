// A post in one line: held to the same list as tests/client/test_lines.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { lineOf, MOST } from "../../microblog/web/src/client/lines.ts";
import type { Person, Post } from "../../microblog/web/src/client/shown.ts";

interface Case {
  name: string;
  at?: string;
  ms?: number;
  job?: string;
  agency?: string;
  post: Partial<Post>;
  repeat?: [word: string, times: number];
  line?: string;
  points?: number;
}

const list = JSON.parse(readFileSync(new URL("../client/lines.json", import.meta.url), "utf8")) as {
  zone: string;
  now: string;
  cases: Case[];
};
const zone = process.env["TZ"];

before(() => void (process.env["TZ"] = list.zone));
after(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

function author({ job = "teacher", agency = "School" }: Case): Person {
  const rest = { role: "practitioner", left: false, phone: "", email: "", supervisor: "" } as const;
  return { ...rest, id: "cas", name: "Cas", job, agency, agencyId: "school", deputies: [] };
}

function postOf(asked: Case): Post {
  const [word, times] = asked.repeat ?? ["", 0];
  return {
    log: "log", seq: 1, id: "post-1", author: author(asked), oddTime: false, doubtful: false, nudge: false,
    mine: false, unread: false, again: false, state: "shown", newer: false, text: word.repeat(times), kind: "hunch", sure: "",
    scale: "", side: "", happened: "", written: 0, refers: [], how: "", source: "", original: "", outcome: "",
    reason: "", review: "", part: 0, parts: 0, row: "", quiet: false, rows: 0, withdrawn: null, replies: [], stands: null,
    time: asked.ms ?? Date.parse(asked.at ?? ""), ...asked.post,
  };
}

for (const asked of list.cases) {
  test(`a post is said in one line: ${asked.name}`, () => {
    const line = lineOf(postOf(asked), Date.parse(list.now));
    assert.equal(line, asked.line ?? line);
    assert.equal([...line].length, asked.points ?? [...line].length);
    assert.ok([...line].length <= MOST);
    assert.ok(!line.includes("\n"));
  });
}
