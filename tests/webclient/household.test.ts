// Households: where a child lives and lived, what is said of it, and by whom.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { AboutDraft } from "../../microblog/web/src/client/messages.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { Practice, type Desk } from "./desks.ts";

const TODAY = "2026-09-21";
const NEW = { knownAs: [], birth: { how: "unknown", date: "" }, school: "" } as const;

async function beginHousehold(desk: Desk, name: string): Promise<string> {
  return desk.ask("beginChild", { ...NEW, knownAs: [], name, sort: "household" });
}

async function beginChildIn(desk: Desk, name: string, ...households: string[]): Promise<string> {
  return desk.ask("beginChild", { ...NEW, knownAs: [], name, households });
}

async function draftOf(desk: Desk, log: string): Promise<AboutDraft> {
  const { name, knownAs, birth, school, relatives, households, protectedAddress, closed } =
    await desk.child(log);
  const stays = households.map(({ log, from, to }) => ({ log, from, to }));
  return { name, knownAs, birth, school, relatives, households: stays, protectedAddress, closed };
}

async function stays(desk: Desk, log: string): Promise<string[][]> {
  return (await desk.child(log)).households.map(({ name, from, to }) => [name, from, to]);
}

async function twoHomes() {
  const practice = await Practice.found();
  const ann = practice.steward;
  const first = await beginHousehold(ann, "12 Sample Row");
  const second = await beginHousehold(ann, "Sample Nan");
  const log = await beginChildIn(ann, "Sample Rosie", first);
  return { practice, ann, first, second, log };
}

test("a child begins in a household today, and the household shows it", async () => {
  const { ann, first, log } = await twoHomes();
  assert.deepEqual(await stays(ann, log), [["12 Sample Row", TODAY, ""]]);
  const home = await ann.child(first);
  assert.deepEqual([home.sort, home.households, home.siblings], ["household", [], []]);
  assert.deepEqual(home.children, [{ log, name: "Sample Rosie", from: TODAY, to: "" }]);
});

test("a move leaves history in the child and in both households", async () => {
  const { ann, first, second, log } = await twoHomes();
  await ann.ask("moveChild", { log, from: first, to: second, date: "2026-10-01" });
  assert.deepEqual(await stays(ann, log), [
    ["12 Sample Row", TODAY, "2026-10-01"],
    ["Sample Nan", "2026-10-01", ""],
  ]);
  assert.deepEqual((await ann.child(first)).children.map(({ to }) => to), ["2026-10-01"]);
  assert.deepEqual((await ann.child(second)).children.map(({ from }) => from), ["2026-10-01"]);
});

test("a child lives in several households at once, and has siblings in each", async () => {
  const { ann, first, second, log } = await twoHomes();
  const one = await beginChildIn(ann, "Sample One", first);
  await beginChildIn(ann, "Sample Two", second);
  await ann.ask("moveChild", { log, from: "", to: second, date: "2026-10" });
  assert.deepEqual((await stays(ann, log)).map(([, , to]) => to), ["", ""]);
  const siblings = async () => (await ann.child(log)).siblings.map(({ name }) => name);
  assert.deepEqual(await siblings(), ["Sample One", "Sample Two"]);
  await ann.ask("moveChild", { log: one, from: first, to: "", date: "2026-10-01" });
  assert.deepEqual(await siblings(), ["Sample Two"]);
});

test("who follows the child alone sees a household without its name", async () => {
  const { practice, ann, first, log } = await twoHomes();
  const bea = await practice.admit("Sample Bea");
  await practice.grant(log, bea);
  assert.deepEqual(await stays(bea, log), [["", TODAY, ""]]);
  await ann.ask("grantMany", {
    person: await bea.me(), role: "follower", why: "", via: first, logs: [first, log],
  });
  await bea.ask("refresh");
  assert.deepEqual(await stays(bea, log), [["12 Sample Row", TODAY, ""]]);
  await ann.ask("remove", { log, person: await bea.me() });
  await bea.ask("refresh");
  assert.deepEqual((await bea.child(first)).children, []);
});

test("a move that makes no sense is refused, and nothing is said", async () => {
  const { ann, first, second, log } = await twoHomes();
  const date = "2026-10-01";
  const refusals = [
    [{ log, from: second, to: "", date }, "NotAllowed"],
    [{ log, from: "", to: first, date }, "NotAllowed"],
    [{ log, from: first, to: log, date }, "NotAllowed"],
    [{ log: first, from: "", to: second, date }, "NotAllowed"],
    [{ log, from: first, to: first, date }, "Malformed"],
    [{ log, from: "", to: "", date }, "Malformed"],
    [{ log, from: first, to: second, date: "" }, "Malformed"],
    [{ log, from: first, to: second, date: "October" }, "Malformed"],
    [{ log, from: first, to: second, date: "2026-08-01" }, "Malformed"],
    [{ log, from: first, to: "A".repeat(22), date }, "Refused"],
  ] as const;
  for (const [move, name] of refusals) {
    await assert.rejects(ann.ask("moveChild", move), { name }, JSON.stringify(move));
  }
  assert.equal((await stays(ann, log)).length, 1);
});

test("a move whose answer was lost is not made twice", async () => {
  const { practice, ann, first, second, log } = await twoHomes();
  const append = ann.connection.append.bind(ann.connection);
  ann.connection.append = async (to, entries) => {
    await append(to, entries);
    practice.server.down = true;
    return append(to, entries);
  };
  const move = { log, from: first, to: second, date: "2026-10-01" };
  await assert.rejects(ann.ask("moveChild", move), { name: "Unreachable" });
  practice.server.down = false;
  ann.connection.append = append;
  await ann.ask("moveChild", move);
  assert.equal((await stays(ann, log)).length, 2);
  assert.equal(practice.server.streams.get(decodeBase64url(log))?.entries.length, 3);
});

test("the ninth stay makes room, and the oldest is not forgotten", async () => {
  const { ann, first, second, log } = await twoHomes();
  const dates = Array.from({ length: 9 }, (_, at) => `2026-10-0${at + 1}`);
  for (const [at, date] of dates.entries()) {
    const [from, to] = at % 2 === 0 ? [first, second] : [second, first];
    await ann.ask("moveChild", { log, from, to, date });
  }
  const rows = await stays(ann, log);
  assert.deepEqual(rows.map(([, from]) => from), [TODAY, ...dates]);
  const about = { ...(await draftOf(ann, log)), school: "Sample School" };
  await ann.ask("describe", { log, about });
  assert.deepEqual(await stays(ann, log), rows);
  assert.equal((await ann.child(log)).school, "Sample School");
});

test("everything a keeper says of a child is read by the team", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Rosie", bea);
  const about: AboutDraft = {
    name: "Sample Rosie Turner",
    knownAs: ["Ro", "Bear"],
    birth: { how: "due", date: "2026-12" },
    school: "None yet",
    relatives: [{ name: "Sample Nan", relation: "grandmother" }],
    households: [],
    protectedAddress: true,
    closed: true,
  };
  await practice.steward.ask("describe", { log, about });
  await bea.ask("refresh");
  assert.deepEqual(await draftOf(bea, log), about);
  await practice.steward.ask("describe", { log, about: { ...about, closed: false } });
  await bea.ask("refresh");
  assert.equal((await bea.child(log)).closed, false);
  await assert.rejects(bea.ask("describe", { log, about }), { name: "NotAllowed" });
});

test("what another keeper changed meanwhile stays", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Rosie");
  await practice.grant(log, bea, "keeper");
  const ann = practice.steward;
  const onScreen = await draftOf(ann, log);
  const { described: seen } = await ann.child(log);
  const hers = { ...(await draftOf(bea, log)), school: "Sample School", protectedAddress: true };
  await bea.ask("describe", { log, about: hers });
  await ann.ask("refresh");
  await ann.ask("describe", { log, about: { ...onScreen, knownAs: ["Ro"] }, seen });
  const { school, protectedAddress, knownAs } = await ann.child(log);
  assert.deepEqual([school, protectedAddress, knownAs], ["Sample School", true, ["Ro"]]);
});

test("saying what is said already sends nothing", async () => {
  const { practice, ann, log } = await twoHomes();
  const count = () => practice.server.streams.get(decodeBase64url(log))?.entries.length;
  const before = count();
  await ann.ask("describe", { log, about: await draftOf(ann, log) });
  assert.equal(count(), before);
});

test("a withheld description is not written over", async () => {
  const practice = await Practice.found();
  const bea = await practice.admit("Sample Bea");
  const log = await practice.child("Sample Rosie");
  await practice.grant(log, bea, "keeper");
  const hers = { ...(await draftOf(bea, log)), protectedAddress: true };
  await bea.ask("describe", { log, about: hers });
  const entries = practice.server.streams.get(decodeBase64url(log))?.entries ?? [];
  const last = entries.at(-1);
  assert.ok(last);
  entries[entries.length - 1] = { ...last, body: new Uint8Array(), salt: new Uint8Array() };
  const ann = practice.steward;
  const about = { ...(await draftOf(ann, log)), school: "Known" };
  await assert.rejects(ann.ask("describe", { log, about }), { name: "Unreadable" });
});

test("siblings' streams are read as one on demand, each post once", async () => {
  const { ann, first, log } = await twoHomes();
  const sib = await beginChildIn(ann, "Sample Sib", first);
  const other = await beginChildIn(ann, "Sample Elsewhere");
  for (const [at, where] of [log, sib, other, log, sib].entries()) await ann.say(where, `Post ${at}`);
  const ask = { log, count: 3, with: [sib, log] };
  const { posts, next } = await ann.ask("posts", { ...ask, before: "" });
  assert.deepEqual(posts.map(({ text }) => text), ["Post 4", "Post 3", "Post 1"]);
  const rest = await ann.ask("posts", { ...ask, before: next });
  assert.deepEqual([rest.posts.map(({ text }) => text), rest.next], [["Post 0"], ""]);
  const unknown = { log, before: "", count: 3, with: ["A".repeat(22)] };
  await assert.rejects(ann.ask("posts", unknown), { name: "Refused", code: "not-found" });
});
