// What people do, through the Worker's own border, against an honest server.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { draftOf, Practice } from "./desks.ts";

test("two people read each other's posts", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Quieter than last week.");
  await bea.ask("refresh");
  await bea.say(log, "Nobody in.");
  const texts = (await practice.steward.read(log)).map(({ text }) => text);
  assert.deepEqual(texts, ["Quieter than last week.", "Nobody in."]);
  const child = await bea.child(log);
  assert.equal(child.name, "Sample Child");
  assert.deepEqual(
    child.members.map(({ person, role, why }) => [person.name, role, why]),
    [["Sample Ann", "keeper", ""], ["Sample Bea", "follower", "Teaches her"]],
  );
});

test("what is marked on a post arrives", async () => {
  const practice = await Practice.found();
  const log = await practice.child("Sample Child");
  const marks = {
    kind: "visit", sure: "sure", scale: "4", side: "worried", happened: "2026-09-20T14:30",
    outcome: "alone", nudge: true,
  };
  const shown = [await practice.steward.me()];
  await practice.steward.post({ log, draft: draftOf("Seen alone.", marks), shown });
  const [post] = await practice.steward.read(log);
  assert.ok(post);
  for (const [name, value] of Object.entries(marks)) {
    assert.equal(Object.entries(post).find(([mark]) => mark === name)?.[1], value, name);
  }
  assert.deepEqual((await practice.steward.child(log)).lastSeen?.time, "2026-09-20T14:30");
});

test("a new follower reads everything from the beginning", async () => {
  const practice = await Practice.found();
  const [bea, cas] = [await practice.admit("Sample Bea"), await practice.admit("Sample Cas")];
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Before.");
  await practice.steward.ask("remove", { log, person: await bea.me() });
  await practice.steward.say(log, "Between.");
  await practice.grant(log, cas);
  assert.deepEqual((await cas.read(log)).map(({ text }) => text), ["Before.", "Between."]);
});

test("a removed follower cannot open later posts, and is told by whom", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Before.");
  await practice.steward.ask("remove", { log, person: await bea.me() });
  await practice.steward.say(log, "After.");
  assert.deepEqual((await bea.read(log)).map(({ text }) => text), ["Before."]);
  const child = await bea.child(log);
  assert.equal(child.removed?.by.name, "Sample Ann");
  assert.equal(child.myRole, "");
  assert.equal(child.trouble, null);
  const shown = [await bea.me(), await practice.steward.me()];
  await assert.rejects(bea.post({ log, draft: draftOf("Mine."), shown }), { name: "NotAllowed" });
});

test("with everything the server has a removed follower opens nothing later", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.ask("remove", { log, person: await bea.me() });
  await practice.steward.say(log, "After.");
  practice.server.mayRead = () => true;
  practice.server.streams.get(decodeBase64url(log))?.removed.delete(decodeBase64url(await bea.me()));
  const posts = await bea.read(log);
  assert.deepEqual(posts.map(({ state, text }) => [state, text]), [["waiting", ""]]);
});

test("someone added between typing and sending is named, and nothing is sent", async () => {
  const practice = await Practice.found();
  const [bea, cas] = [await practice.admit("Sample Bea"), await practice.admit("Sample Cas")];
  const log = await practice.child("Sample Child", bea);
  await bea.ask("refresh");
  const shown = (await bea.child(log)).members.map(({ person }) => person.id);
  await practice.grant(log, cas);
  const sent = await bea.post({ log, draft: draftOf("Private."), shown });
  assert.deepEqual([sent.sent, sent.newcomers.map(({ name }) => name)], [false, ["Sample Cas"]]);
  assert.deepEqual(await practice.steward.read(log), []);
  const again = [...shown, await cas.me()];
  assert.equal((await bea.post({ log, draft: draftOf("Private."), shown: again })).sent, true);
  assert.equal((await cas.read(log)).length, 1);
});

test("someone added between an attempt and its retry is named too", async () => {
  const practice = await Practice.found();
  const [bea, cas] = [await practice.admit("Sample Bea"), await practice.admit("Sample Cas")];
  const log = await practice.child("Sample Child", bea);
  const shown = (await bea.child(log)).members.map(({ person }) => person.id);
  const append = bea.connection.append.bind(bea.connection);
  bea.connection.append = async (to, entries) => {
    bea.connection.append = append;
    await practice.grant(log, cas);
    return append(to, entries);
  };
  const sent = await bea.post({ log, draft: draftOf("Private."), shown });
  assert.deepEqual([sent.sent, sent.newcomers.map(({ name }) => name)], [false, ["Sample Cas"]]);
  assert.deepEqual(await practice.steward.read(log), []);
});

test("a withdrawn post is shown struck through, an erased one without words", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await bea.say(log, "One.");
  await bea.say(log, "Two.");
  const [one, two] = await bea.read(log);
  assert.ok(one && two);
  await bea.ask("withdraw", { log, seq: one.seq, erase: false, why: "Mistaken" });
  await practice.steward.ask("withdraw", { log, seq: two.seq, erase: true, why: "Wrong child" });
  const read = await bea.read(log);
  assert.deepEqual(
    read.map(({ state, text, withdrawn }) => [state, text, withdrawn?.by.name, withdrawn?.why]),
    [["withdrawn", "One.", "Sample Bea", "Mistaken"], ["erased", "", "Sample Ann", "Wrong child"]],
  );
});

test("a post on the wrong child is said on the right one before it is erased", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const wrong = await practice.child("Sample Wrong", bea);
  const right = await practice.child("Sample Right", bea);
  await bea.ask("refresh");
  await bea.say(wrong, "Not let in.");
  const [before] = await bea.read(wrong);
  assert.ok(before);
  const shown = (await bea.child(right)).members.map(({ person }) => person.id);
  const move = { log: wrong, seq: before.seq, to: right, why: "Wrong child" };
  const held = await bea.ask("moveToRightChild", { ...move, shown: [await bea.me()] });
  assert.deepEqual([held.sent, held.newcomers.map(({ name }) => name)], [false, ["Sample Ann"]]);
  assert.equal((await bea.read(wrong))[0]?.state, "shown");
  assert.equal((await bea.ask("moveToRightChild", { ...move, shown })).sent, true);
  const [gone] = await bea.read(wrong);
  const [there] = await bea.read(right);
  assert.deepEqual([gone?.state, gone?.text, there?.text], ["erased", "", "Not let in."]);
  assert.equal(there?.written, before.written);
});

test("a move that breaks off half way loses no words and, done again, doubles none", async () => {
  const practice = await Practice.found();
  const wrong = await practice.child("Sample Wrong");
  const right = await practice.child("Sample Right");
  const ann = practice.steward;
  await ann.say(wrong, "Not let in.");
  const seq = (await ann.read(wrong))[0]?.seq ?? 0;
  const move = { log: wrong, seq, to: right, shown: [await ann.me()], why: "Wrong child" };
  const append = ann.connection.append.bind(ann.connection);
  ann.connection.append = async (to, entries) => {
    const answer = await append(to, entries);
    practice.server.down = true;
    ann.connection.append = append;
    return answer;
  };
  await assert.rejects(ann.ask("moveToRightChild", move), { name: "Unreachable" });
  practice.server.down = false;
  assert.equal((await ann.read(wrong))[0]?.state, "shown");
  assert.equal((await ann.ask("moveToRightChild", move)).sent, true);
  assert.deepEqual((await ann.read(right)).map(({ text }) => text), ["Not let in."]);
  assert.equal((await ann.read(wrong))[0]?.state, "erased");
});

test("someone who has left the practice is left out by the next client that looks", async () => {
  const practice = await Practice.found();
  const [bea, cas] = [await practice.admit("Sample Bea"), await practice.admit("Sample Cas")];
  const log = await practice.child("Sample Child", bea, cas);
  await bea.ask("refresh");
  const { people } = await practice.steward.ask("overview");
  const leaver = people.find(({ name }) => name === "Sample Cas");
  assert.ok(leaver);
  const { id: person, name, job, agencyId: agency, role } = leaver;
  await practice.steward.ask("changePerson", { person, name, job, agency, role, left: true });
  await bea.ask("refresh");
  const kept = practice.server.streams.get(decodeBase64url(log));
  assert.deepEqual([kept?.stream.epoch, kept?.stream.members.length], [1, 2]);
  assert.deepEqual((await bea.child(log)).leaving, []);
  await bea.say(log, "After.");
  assert.equal(kept?.stream.epoch, 1);
  assert.deepEqual((await practice.steward.read(log)).map(({ text }) => text), ["After."]);
  await assert.rejects(cas.ask("refresh"), { name: "Refused", code: "signed-out" });
});

test("a box that is missing or wrong is put right by whoever sees it", async () => {
  const practice = await Practice.found();
  const [bea, cas] = [await practice.admit("Sample Bea"), await practice.admit("Sample Cas")];
  const log = await practice.child("Sample Child", bea);
  const kept = practice.server.streams.get(decodeBase64url(log));
  const boxes = () => kept?.boxes.get(0);
  await practice.steward.ask("grant", { log, person: await cas.me(), role: "follower", why: "" });
  const stored = practice.server.streams.get(decodeBase64url(log))?.boxes.get(0);
  const person = decodeBase64url(await cas.me());
  stored?.set(person, new Uint8Array(160));
  assert.ok(boxes());
  await cas.ask("refresh");
  assert.equal((await cas.child(log)).waiting, true);
  await bea.ask("refresh");
  await cas.ask("refresh");
  const child = await cas.child(log);
  assert.deepEqual([child.waiting, child.name], [false, "Sample Child"]);
});

test("replies are shown at what they answer", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "Thinner.");
  const [post] = await bea.read(log);
  const shown = (await bea.child(log)).members.map(({ person }) => person.id);
  const draft = draftOf("", { how: "same", refers: [post?.id ?? ""] });
  await bea.post({ log, draft, shown });
  const [answered] = await practice.steward.read(log);
  assert.deepEqual(answered?.replies.map(({ how, author }) => [how, author.name]), [["same", "Sample Bea"]]);
});

test("posts come in pages, newest first, each once", async () => {
  const practice = await Practice.found();
  const logs = [await practice.child("Sample A"), await practice.child("Sample B")];
  for (let count = 0; count < 7; count++) {
    await practice.steward.say(logs[count % 2] ?? "", `Post ${count}`);
  }
  const texts: string[] = [];
  let before = "";
  do {
    const page = await practice.steward.ask("posts", { log: "", before, count: 3 });
    texts.push(...page.posts.map(({ text }) => text));
    before = page.next;
  } while (before !== "");
  assert.deepEqual(texts, [6, 5, 4, 3, 2, 1, 0].map((count) => `Post ${count}`));
});

test("what is unread is counted until it was read", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Child", bea);
  await practice.steward.say(log, "One.");
  await practice.steward.say(log, "Two.");
  const [one] = await bea.read(log);
  assert.equal((await bea.child(log)).unread, 2);
  assert.equal((await practice.steward.child(log)).unread, 0);
  await bea.ask("markRead", { log, seq: one?.seq ?? 0 });
  assert.equal((await bea.child(log)).unread, 1);
});

test("a steward's acts are in everyone's directory", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const agency = await practice.steward.ask("addAgency", { name: "Sample School", sort: "school" });
  const numbers = [{ agencyId: agency, label: "Office", number: "01632 960002", hours: "term" }];
  await practice.steward.ask("setPolicy", { practice: "Renamed Practice", numbers });
  const invite = { name: "Sample Dan", job: "nurse", agency, role: "supervisor" } as const;
  await practice.steward.ask("invite", invite);
  await bea.ask("setProfile", { phone: "01632 960003", email: "bea@example.test" });
  await practice.steward.ask("refresh");
  const seen = await practice.steward.ask("overview");
  const [newest] = seen.invites;
  assert.deepEqual([newest?.name, newest?.agency, newest?.state], ["Sample Dan", "Sample School", "open"]);
  await practice.steward.ask("revokeInvite", { id: newest?.id ?? "" });
  await bea.ask("refresh");
  const read = await bea.ask("overview");
  assert.deepEqual([read.practice, read.numbers, read.invites[0]?.state], ["Renamed Practice", numbers, "revoked"]);
  assert.equal(seen.people.find(({ name }) => name === "Sample Bea")?.phone, "01632 960003");
  await assert.rejects(bea.ask("addAgency", { name: "X", sort: "other" }), { name: "NotAllowed" });
});

test("nothing is told as changed when nothing has", async () => {
  const practice = await Practice.found();
  const log = await practice.child("Sample Child");
  await practice.steward.ask("refresh");
  const before = practice.steward.events("changed");
  await practice.steward.ask("refresh");
  assert.equal(practice.steward.events("changed"), before);
  await practice.steward.say(log, "One.");
  assert.ok(practice.steward.events("changed") > before);
});

test("an error that the page hears holds no private word", async () => {
  const practice = await Practice.found();
  const log = await practice.child("Sample Child");
  const draft = draftOf("canary ".repeat(60));
  const shown = [await practice.steward.me()];
  const failed = practice.steward.post({ log, draft, shown });
  await assert.rejects(failed, (error: Error) => !JSON.stringify(error).includes("canary"));
  await assert.rejects(failed, { name: "Malformed", code: "" });
});
