// What is shown to others: no name, address, number, school or birth date that is held is in any of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BLACK, hide, initialsOf, veilOf, type Held } from "../../microblog/web/src/client/veil.ts";
import { draftOf, Practice } from "./desks.ts";

const NOBODY: Held = {
  ...{ family: [], others: [], staff: [], households: [], schools: [], numbers: [], births: [] },
  agencies: new Map(),
};

const HELD: Held = {
  family: ["Zoë Quillfeather", "Zozo", "Ruan O’Quill", "Will Quillfeather", "Bo"],
  others: ["Yarrow Tansy-Green", "Mum"],
  staff: ["Ottoline Best", "نورة المخترعة"],
  households: ["North Street household", "The Quillfeathers"],
  schools: ["St Invented’s Primary School", "Weir Primary"],
  agencies: new Map([["Invented Borough Council", "Council"]]),
  numbers: ["555 0199", "o.best@invented.example"],
  births: ["2019-05-03", "2021"],
};

const HIDDEN: [text: string, hidden: string][] = [
  ["Zoë Quillfeather came alone.", "Z. Q. came alone."],
  ["zoe was tired, ZOË’s coat torn", "Z. was tired, Z.’s coat torn"],
  ["Zozo and Ruan O'Quill, quillfeather", "Z. and R. O., Q."],
  ["the Quillfeathers moved", "the Q. moved"],
  ["Will came. She will come.", "W. came. She will come."],
  ["Bo cried; yarrow was there. Tansy’s pots", "B. cried; Y. was there. T.’s pots"],
  ["a green coat, Green said", "a green coat, G. said"],
  ["Best to ring Ottoline; the best way", "B. to ring O.; the best way"],
  ["سلمت نورة الورقة", "سلمت ن. الورقة"],
  ["at North Street household today", `at ${BLACK} household today`],
  ["at north  street household", "at household"],
  ["Her mum and Mum’s friend", "Her mum and Mum’s friend"],
  ["Mr Unheard and mrs tate called, Nurse Pym", "Mr U. and mrs T. called, Nurse P."],
  ["of Invented Borough Council", "of Council"],
  ["left Weir Primary early; Weir rang", `left ${BLACK} early; ${BLACK} rang`],
  ["at St Invented's Primary School", `at ${BLACK}`],
  ["Rang 07700 900123 and 555 0199", `Rang ${BLACK} and ${BLACK}`],
  ["lives at 14 Sycamore Road, ZZ99 3ZZ", `lives at ${BLACK}, ${BLACK}`],
  ["Write to o.best@invented.example", `Write to ${BLACK}`],
  ["@zed.zed on www.invented.example/x", `${BLACK} on ${BLACK}`],
  ["NHS 943 476 5919, NI QQ 12 34 56 C", `NHS ${BLACK}, NI ${BLACK}`],
  ["dob 1/2/2018. Born on 3 May 2019. It was 3rd May", `dob ${BLACK}. Born on ${BLACK}. It was ${BLACK}`],
];

const LEFT = [
  "Quieter than last week, age 6, at 14:30 on 12 November 2026.",
  "Scale 3/5; 2 sisters; seen twice in 10 days.",
  "She said “I will not go home”.",
  "The red coat, the long road, the day after.",
];

test("what is held is hidden, however it is spelt", () => {
  const veil = veilOf(HELD);
  for (const [text, hidden] of HIDDEN) assert.equal(hide(text, veil), hidden, text);
});

test("what is nobody's name, address or birth date stays", () => {
  const veil = veilOf(HELD);
  for (const text of LEFT) assert.equal(hide(text, veil), text);
  assert.equal(hide("Zoë’s mum", veilOf(NOBODY)), "Zoë’s mum");
});

test("of whoever told it only what they are is left", () => {
  const veil = veilOf(HELD);
  const said = (text: string) => hide(text, veil, true);
  assert.equal(said("Sheila Pym, next door"), "S. P., next door");
  assert.equal(said("Maternal grandmother"), "Maternal grandmother");
  assert.equal(said("School nurse (Ada)"), "School nurse (A.)");
  assert.equal(initialsOf("Zoë Tansy-Green"), "Z. T. G.");
});

const CANARIES = ["quill", "zoë", "zoe", "ottoline", "ann", "bea", "weir", "sycamore", "07700", "2019-05-03", "tate", "yarrow"];

function canariesIn(value: unknown): string[] {
  const said = JSON.stringify(value).toLowerCase();
  return CANARIES.filter((word) => new RegExp(`(?<!\\p{L})${word}`, "u").test(said));
}

test("those who are worried are told of by what they are", async () => {
  const practice = await Practice.found();
  const { steward } = practice;
  const log = await practice.child("Zoë Quillfeather");
  for (const source of ["Mrs Tate, neighbour", "Grandmother Ottoline"]) {
    const shown = (await steward.child(log)).members.map(({ person }) => person.id);
    await steward.post({ log, draft: draftOf("Thin.", { kind: "told", source, side: "worried" }), shown });
    if (source.startsWith("Mrs")) await steward.post({ log, draft: draftOf("Thin.", { side: "worried" }), shown });
  }
  await steward.ask("refresh");
  const { picture } = await steward.ask("conference", { log, from: "", to: "" });
  const [first, second = "", third] = picture.concern?.people ?? [];
  assert.deepEqual([first, third], ["Mrs T., neighbour", "Grandmother O."]);
  assert.match(second, /, Council$/);
  assert.deepEqual(canariesIn(picture), []);
});

test("no name crosses into what is shown, and who wrote is what they are", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const { steward } = practice;
  await steward.ask("beginChild", { name: "Yarrow Tansy", knownAs: [], birth: { how: "unknown", date: "" }, school: "" });
  const log = await practice.child("Zoë Quillfeather", bea);
  const about = {
    ...{ name: "Zoë Quillfeather", knownAs: ["Zozo"], birth: { how: "born" as const, date: "2019-05-03" } },
    ...{ school: "Weir Primary", households: [], protectedAddress: false, closed: false },
    relatives: [{ name: "Ottoline Quillfeather", relation: "mother, Mrs Tate" }],
  };
  await steward.ask("refresh");
  await steward.ask("describe", { log, about });
  const shown = (await steward.child(log)).members.map(({ person }) => person.id);
  const say = (text: string, marks = {}) => steward.post({ log, draft: draftOf(text, marks), shown });
  await say("zoe says Yarrow hit her. Sample Ann rang 07700 900123.");
  await say("At 14 Sycamore Road with Ottoline; left Weir Primary.", { kind: "told", source: "Mrs Tate, neighbour" });
  await steward.ask("refresh");
  const found = await steward.ask("conference", { log, from: "", to: "" });
  assert.deepEqual(canariesIn(found), []);
  assert.deepEqual(found.posts.map(({ text, source }) => [text, source]), [
    [`Z. says Y. hit her. S. A. rang ${BLACK}.`, ""],
    [`At ${BLACK} with O.; left ${BLACK}.`, "Mrs T., neighbour"],
  ]);
  assert.deepEqual(new Set(found.posts.map(({ who }) => who)).size, 1);
  assert.match(found.posts[0]?.who ?? "", /, Council$/);
  assert.deepEqual([found.initials, found.age?.unit, found.due], ["Z. Q.", "year", false]);
  assert.deepEqual(found.people, [{ initials: "O. Q.", who: "mother, Mrs T." }]);
  assert.deepEqual(found.team.map(({ initials }) => initials), ["S. A.", "S. B."]);
  assert.deepEqual(found.picture.lanes.map(({ name }) => name), ["Council"]);
  const none = await steward.ask("conference", { log, from: "2000-01-01", to: "2000-02-01" });
  assert.deepEqual([none.posts, none.outside], [[], 2]);
  // The same search finds them in what the team sees.
  assert.ok(canariesIn(await steward.ask("overview")).length > 3);
});
