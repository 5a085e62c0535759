// What is said of a picture is what was counted, in plain English, and nothing more.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Mark, Picture } from "../../microblog/web/src/client/shown-picture.ts";
import { triesWords } from "../../microblog/web/src/views/concern-words.ts";
import { kindWords, markWords, paragraph, whenWords } from "../../microblog/web/src/views/picture-words.ts";

const TODAY = "2026-11-23";

function marks(count: number, first = "2026-03-02"): Mark[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{ log: "AAAA", seq: at + 1, agencyId: "a", lane: "School", kind: "hunch", outcome: "" },
    ...{ failed: false, scale: "", side: "", differs: false, corrected: false, brought: false },
    when: { at: first, first, last: first, posted: false },
  }));
}

const by = { name: "Invented Cara" } as Picture["attempts"][number]["by"];
const seen = (days: number, alone = false): Picture["seen"] => ({
  ...{ log: "AAAA", seq: 1, days, alone, by },
  when: { at: TODAY, first: TODAY, last: TODAY, posted: false },
});
const tries = (...outcomes: string[]) =>
  outcomes.map((outcome) => ({ log: "AAAA", seq: 2, outcome, by, when: { at: "", first: "", last: "", posted: false } }));

function picture(part: Partial<Picture>): Picture {
  return {
    ...{ log: "AAAA", today: TODAY, marks: marks(31), lanes: [], thickness: [], seen: seen(19) },
    ...{ attempts: tries("not-let-in", "not-let-in"), tellers: 8, agencies: 4, quiet: [], concern: null },
    ...{ unchecked: 0, unreadable: 0 },
    ...part,
  };
}

test("the pattern is one paragraph", () => {
  assert.equal(
    paragraph(picture({}), "child"),
    "4 agencies, 31 posts since March; not seen for 19 days; the last two visits were not let in. It comes from eight separate people.",
  );
});

test("without a visit that failed it is said when the child was seen, and no more", () => {
  const said = (days: number, alone = false) =>
    paragraph(picture({ seen: seen(days, alone), attempts: [] }), "child").split(". ")[0];
  assert.equal(said(19), "4 agencies, 31 posts since March; last seen 19 days ago");
  assert.equal(said(0), "4 agencies, 31 posts since March; last seen today");
  assert.equal(said(1, true), "4 agencies, 31 posts since March; last seen alone yesterday");
});

test("a child whom no visit saw is said to be so", () => {
  const said = paragraph(picture({ seen: null, attempts: tries("nobody-in") }), "child");
  assert.match(said, /; no visit here says that the child was seen; nobody was in at the last visit\./);
});

test("another year is named", () => {
  assert.match(paragraph(picture({ marks: marks(2, "2025-03-02") }), "child"), /2 posts since March 2025;/);
});

test("nothing posted is one sentence", () => {
  const empty = picture({ marks: [], seen: null, attempts: [], tellers: 0, agencies: 0 });
  assert.equal(paragraph(empty, "child"), "Nothing has been posted yet.");
});

test("of a household it is not said when some child of it was seen", () => {
  assert.doesNotMatch(paragraph(picture({}), "household"), /seen for|visits/);
});

test("what is missing is said", () => {
  const [first, ...rest] = marks(3);
  const undated = { at: "", first: "", last: "", posted: false };
  const odd = [...rest, { ...first!, when: undated, differs: true }];
  const quiet = [{ agencyId: "b", name: "Community Health", days: 40, usual: 9 }];
  const said = paragraph(picture({ marks: odd, unchecked: 120, unreadable: 1, quiet }), "child");
  for (const words of [
    "Community Health has written nothing for 40 days; usually it writes every 9 days.",
    "One post is seen differently by somebody.",
    "For one post nobody is sure when.",
    "120 more are not checked yet, and not counted.",
    "The words of one more cannot be read here.",
  ])
    assert.ok(said.includes(words), words);
});

test("every way in which a visit fails has its own words", () => {
  assert.equal(triesWords(tries("not-let-in")), "the last visit was not let in");
  assert.equal(triesWords(tries("not-seen", "not-seen")), "the last two visits did not see the child");
  assert.equal(triesWords(tries("nobody-in", "nobody-in", "nobody-in")), "nobody was in at the last three visits");
  assert.equal(triesWords(tries("not-brought", "not-brought")), "the child was not brought the last two times");
  assert.equal(triesWords(tries("not-brought")), "the child was not brought the last time");
  assert.equal(
    triesWords(tries("not-let-in", "nobody-in", "not-let-in")),
    "the last three visits did not see the child: not let in twice and nobody in once",
  );
});

test("an outcome or a kind of a newer version stands for itself", () => {
  assert.equal(triesWords(tries("no-answer")), "the last visit did not see the child: no-answer once");
  assert.equal(kindWords({ kind: "sketch", outcome: "" }), "sketch");
});

test("a mark says all that it shows", () => {
  const [first] = marks(1);
  const full = { ...first!, kind: "visit", outcome: "not-let-in", scale: "3", side: "worried", differs: true };
  assert.equal(
    markWords(full),
    "Visit: not let in, 2 March 2026, School, scale 3 of 10 (0 is not safe, 10 is safe enough to close), worried, seen differently",
  );
});

test("when something happened is said as precisely as it is known", () => {
  const said = (at: string, posted = false) => whenWords({ at, first: "", last: "", posted });
  assert.equal(said("2026"), "2026");
  assert.equal(said("2026-05"), "May 2026");
  assert.equal(said("2026-05-31T14:30"), "31 May 2026, 14:30");
  assert.equal(said("2026-05-31T14:30", true), "posted 31 May 2026, 14:30");
  assert.equal(said(""), "not sure when");
});
