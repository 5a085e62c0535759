// The day as a browser tells it: which posts are in it, under which child, and what is due.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { RoundUp, RoundUpChoice } from "../../microblog/web/src/client/shown-rounds.ts";
import type { Draft } from "../../microblog/web/src/client/shown.ts";
import { addDays, today } from "../../microblog/web/src/client/when.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { twoWords } from "../../microblog/web/src/protocol/naming.ts";
import { type Desk, draftOf, Practice } from "./desks.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MORNING = new Date("2026-11-23T09:00").getTime();

async function two() {
  const practice = await Practice.found();
  const ann = practice.steward;
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Rosie", bea);
  practice.clock.now = MORNING;
  await ann.ask("refresh");
  await bea.ask("refresh");
  return { practice, ann, bea, log };
}

async function say(desk: Desk, log: string, text: string, marks: Partial<Draft> = {}): Promise<void> {
  const shown = (await desk.child(log)).members.map(({ person }) => person.id);
  assert.ok((await desk.post({ log, draft: draftOf(text, marks), shown })).sent);
}

function linesOf({ children }: RoundUp): string[] {
  return children.flatMap(({ lines }) => lines.map(({ line }) => line));
}

function textsOf(told: RoundUp): string[] {
  return linesOf(told).map((line) => line.slice(line.lastIndexOf(": ") + 2));
}

const since = (days: number) => ({ days, unread: false });
const UNREAD = { days: 0, unread: true };

test("the day is told by child, the oldest post first", async () => {
  const { ann, bea, log, practice } = await two();
  await say(bea, log, "One.");
  practice.clock.now = MORNING + 60_000;
  await say(bea, log, "Two.", { kind: "visit", outcome: "not-let-in", nudge: true });
  await ann.ask("refresh");
  const told = await ann.ask("roundUp", since(1));
  assert.deepEqual(linesOf(told), ["Hunch · 09:00 · teacher: One.", "Visit, not let in · 09:01 · teacher: Two."]);
  assert.deepEqual([told.posts, told.nudges, told.unchecked, told.since], [2, 1, 0, "2026-11-22"]);
  const words = twoWords(decodeBase64url(log));
  assert.deepEqual([told.children[0]?.words, (await ann.child(log)).words], [words, words]);
});

test("days are days of the calendar", async () => {
  const { practice, ann, bea, log } = await two();
  const midnight = new Date("2026-11-21T00:00").getTime();
  practice.clock.now = midnight - 60_000;
  await say(bea, log, "Friday.");
  practice.clock.now = midnight;
  await say(bea, log, "Saturday.");
  practice.clock.now = MORNING;
  await ann.ask("refresh");
  assert.deepEqual(textsOf(await ann.ask("roundUp", since(1))), []);
  assert.deepEqual(textsOf(await ann.ask("roundUp", since(2))), ["Saturday."]);
  assert.deepEqual(textsOf(await ann.ask("roundUp", since(3))), ["Friday.", "Saturday."]);
});

test("what I have not read is told however old it is, and my own posts are not counted", async () => {
  const { practice, ann, bea, log } = await two();
  await say(bea, log, "Old.");
  practice.clock.now = MORNING + 40 * DAY_MS;
  await say(bea, log, "New.");
  await say(ann, log, "Mine.");
  await ann.ask("refresh");
  const told = await ann.ask("roundUp", UNREAD);
  assert.deepEqual(textsOf(told), ["Old.", "New."]);
  const [first] = told.children[0]?.lines ?? [];
  await ann.ask("markRead", { log, seq: first?.seq ?? 0 });
  assert.deepEqual(textsOf(await ann.ask("roundUp", UNREAD)), ["New."]);
  const day = await ann.ask("roundUp", since(1));
  assert.deepEqual([textsOf(day), day.posts], [["New.", "Mine."], 1]);
});

test("what I see too is told", async () => {
  const { ann, bea, log } = await two();
  await say(bea, log, "Thinner.");
  const [post] = await ann.read(log);
  assert.ok(post);
  await say(ann, log, "", { how: "same", refers: [post.id] });
  const lines = (await ann.ask("roundUp", since(1))).children[0]?.lines ?? [];
  assert.deepEqual(lines.map(({ answered, how }) => [answered, how]), [[true, ""], [false, "same"]]);
});

test("a decision comes back on its day until another answers it", async () => {
  const { practice, ann, bea, log } = await two();
  const review = addDays(today(MORNING), 2);
  await say(ann, log, "Ring the front door.", { kind: "decision", reason: "three visits", review });
  assert.deepEqual((await ann.ask("roundUp", since(1))).due, []);
  practice.clock.now = MORNING + 2 * DAY_MS;
  await bea.ask("refresh");
  const [due] = (await bea.ask("roundUp", since(1))).due;
  assert.deepEqual([due?.log, due?.review, due?.text], [log, review, "Ring the front door."]);
  await say(ann, log, "Closed.", { kind: "decision", reason: "seen", refers: [due?.id ?? ""] });
  await bea.ask("refresh");
  assert.deepEqual((await bea.ask("roundUp", since(1))).due, []);
});

test("many posts, taken without their words, are brought before the day is told", async () => {
  const { practice, ann, log } = await two();
  for (let number = 0; number < 70; number++) await say(ann, log, `Number ${number}.`);
  const cas = await practice.admit("Sample Cas");
  await practice.grant(log, cas);
  const told = await cas.ask("roundUp", since(1));
  assert.deepEqual([told.posts, told.unchecked], [70, 0]);
  assert.deepEqual(textsOf(told).slice(-1), ["Number 69."]);
});

test("my choice goes to the server and comes back", async () => {
  const { ann } = await two();
  const mine: RoundUpChoice = {
    ...(await ann.ask("roundUpChoice")),
    every: "weekly",
    at: "17:30",
    weekday: 4,
    nudges: true,
    quiet: [5, 6],
  };
  await ann.ask("setRoundUpChoice", mine);
  assert.deepEqual(await ann.ask("roundUpChoice"), mine);
  assert.deepEqual(await ann.ask("mailStates"), { looked: 0, states: [] });
});
