// What posts add up to: held to the same list as tests/client/test_facts.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { accountOf, type Account } from "../../microblog/web/src/client/account.ts";
import {
  attemptsIn,
  concernIn,
  dueIn,
  nudgedIn,
  seenIn,
  tellersIn,
} from "../../microblog/web/src/client/facts.ts";
import { lanesOf, marksOf } from "../../microblog/web/src/client/picture.ts";
import { FEW_WEEKS, firstMonday, quietIn, weeksOf } from "../../microblog/web/src/client/rhythm.ts";
import type { Agency, Person, Post } from "../../microblog/web/src/client/shown.ts";

interface Row extends Partial<Omit<Post, "author">> {
  by?: string;
  to?: number;
  day?: string;
}

interface Case {
  name: string;
  today?: string;
  posts: Row[];
  is: Record<string, unknown>;
}

interface List {
  today: string;
  people: Record<string, [job: string, agency: string]>;
  cases: Case[];
}

const list = JSON.parse(readFileSync(new URL("../client/facts.json", import.meta.url), "utf8")) as List;

const agencies: Agency[] = [...new Set(Object.values(list.people).map(([, name]) => name))].map((name) => ({
  id: name.toLowerCase(),
  name,
  sort: "other",
}));

function person(id: string): Person {
  const [job = "", agency = ""] = list.people[id] ?? [];
  const nobody = { role: "practitioner", left: false, phone: "", email: "", supervisor: "", deputies: [] } as const;
  return { ...nobody, deputies: [], id, name: id, job, agency, agencyId: agency.toLowerCase() };
}

function postsOf({ posts, today = list.today }: Case): Post[] {
  return posts.map(({ by = "ann", to, day = today, ...marks }, at): Post => ({
    log: "log", seq: at + 1, id: `post-${at + 1}`, author: person(by), time: new Date(`${day}T12:00`).getTime(),
    oddTime: false, doubtful: false, nudge: false, mine: false, unread: false, again: false, state: "shown", newer: false,
    text: "Invented.", kind: "hunch", sure: "", scale: "", side: "", happened: "", written: 0,
    refers: to === undefined ? [] : [`post-${to}`], how: "", source: "", original: "", outcome: "", reason: "",
    review: "", part: 0, parts: 0, row: "", quiet: false, rows: 0, withdrawn: null, replies: [], stands: null, ...marks,
  }));
}

/** All that the list may ask for. */
function foundIn(account: Account): Record<string, unknown> {
  const { today } = account;
  const seen = seenIn(account);
  const marks = marksOf(account.said, agencies);
  const start = firstMonday(account.said, today);
  const weeks = weeksOf(account.said, start, today);
  const concern = concernIn(account);
  const nudged = nudgedIn(account);
  const seqs = (rows: { seq: number }[]) => rows.map(({ seq }) => seq);
  const sorted = (rows: { seq: number }[]) => seqs(rows).sort((a, b) => a - b);
  return {
    seen: seen && [seen.seq, seen.days, seen.alone],
    seen_by: seen && [seen.by.id, seen.by.name, seen.by.job, seen.by.agency],
    attempts: seqs(attemptsIn(account, seen)),
    tellers: tellersIn(account),
    marks: marks.length,
    outcomes: marks.map(({ outcome }) => outcome),
    corrected: sorted(marks.filter(({ corrected }) => corrected)),
    differs: sorted(marks.filter(({ differs }) => differs)),
    lanes: lanesOf(marks, agencies).map(({ name, posts }) => [name, posts]),
    unreadable: account.unreadable,
    concern: concern && [concern.sort, concern.people, concern.from, concern.to, seqs(concern.posts)],
    quiet: quietIn(account.shown, today).map(({ name, days, usual }) => [name, days, usual]),
    due: dueIn(account).map(({ seq, review }) => [seq, review]),
    nudged: nudged && [nudged.seq, nudged.by.id],
    weeks: [start, weeks.map(({ posts }) => posts)],
    first_week: [weeks[0]?.monday, weeks.length],
    last: weeks.slice(-FEW_WEEKS).map(({ posts }) => posts),
  };
}

for (const one of list.cases) {
  test(one.name, () => {
    const found = foundIn(accountOf(postsOf(one), one.today ?? list.today));
    assert.deepEqual(Object.fromEntries(Object.keys(one.is).map((what) => [what, found[what]])), one.is);
  });
}

test("a correction of an answer leaves what it answers alone", () => {
  const rows: Row[] = [
    { side: "worried" },
    { side: "worried", how: "same", to: 1 },
    { side: "well", how: "correction", to: 2 },
  ];
  const account = accountOf(postsOf({ name: "", posts: rows, is: {} }), list.today);
  assert.deepEqual(account.said.map(({ post }) => post.side), ["worried"]);
  assert.deepEqual(account.voices.map(({ post }) => post.side), ["worried", "well"]);
});
