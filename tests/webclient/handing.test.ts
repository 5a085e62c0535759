// Many streams in one act: letting in, taking off, handing over; what is asked once, and what hangs on a leaver.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Handed } from "../../microblog/web/src/client/messages.ts";
import { decodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { Refused } from "../../microblog/web/src/client/transport.ts";
import { Practice, type Desk } from "./desks.ts";

const NEW = { birth: { how: "unknown", date: "" }, school: "" } as const;

async function caseload() {
  const practice = await Practice.found();
  const ann = practice.steward;
  const bea = await practice.admit("Sample Bea");
  const begin = (name: string, more: object) =>
    ann.ask("beginChild", { ...NEW, knownAs: [], name, ...more });
  const home = await begin("Sample Home", { sort: "household" });
  const logs: string[] = [];
  for (const name of ["Sample A", "Sample B", "Sample C"]) {
    logs.push(await begin(name, { households: [home] }));
  }
  return { practice, ann, bea, home, logs };
}

async function hand(desk: Desk, to: Desk, role: "follower" | "supervisor" | "keeper", logs: string[], via = "") {
  return desk.ask("grantMany", { person: await to.me(), role, why: "visits", via, logs });
}

async function roles(desk: Desk, of: Desk, logs: string[]): Promise<string[]> {
  const id = await of.me();
  const children = await Promise.all(logs.map((log) => desk.child(log)));
  return children.map(({ members }) => members.find(({ person }) => person.id === id)?.role ?? "");
}

async function leaves(practice: Practice, desk: Desk): Promise<void> {
  const id = await desk.me();
  const known = (await practice.steward.ask("overview")).people.find((person) => person.id === id);
  assert.ok(known);
  const { name, job, agencyId: agency, role } = known;
  await practice.steward.ask("changePerson", { person: id, name, job, agency, role, left: true });
}

const outcomes = (handed: Handed[]) => handed.map(({ done, error, code }) => [done, error, code]);

test("following a household and each of its children is one act", async () => {
  const { ann, bea, home, logs } = await caseload();
  await ann.say(logs[0] ?? "", "Before.");
  const handed = await hand(ann, bea, "follower", [home, ...logs], home);
  assert.deepEqual(handed.map(({ log, done }) => [log, done]), [home, ...logs].map((log) => [log, true]));
  assert.deepEqual((await bea.read(logs[0] ?? "")).map(({ text }) => text), ["Before."]);
  const children = await Promise.all([home, ...logs].map((log) => bea.child(log)));
  assert.deepEqual(children.map(({ members }) => members.at(-1)?.via), ["", home, home, home]);
});

test("a caseload is handed over, and nobody's role is lowered by handing it on", async () => {
  const { practice, ann, bea, logs } = await caseload();
  await practice.grant(logs[0] ?? "", bea);
  await hand(ann, bea, "keeper", logs);
  assert.deepEqual(await roles(ann, bea, logs), ["keeper", "keeper", "keeper"]);
  await hand(ann, bea, "follower", logs);
  assert.deepEqual(await roles(ann, bea, logs), ["keeper", "keeper", "keeper"]);
  await bea.ask("refresh");
  const handed = await bea.ask("removeMany", { person: await ann.me(), logs });
  assert.deepEqual(handed.map(({ done }) => done), [true, true, true]);
  await ann.ask("refresh");
  assert.deepEqual((await ann.child(logs[1] ?? "")).removed?.by.name, "Sample Bea");
});

test("a failure in the middle is reported, stops no other, and is all that is done again", async () => {
  const { practice, ann, bea, logs } = await caseload();
  const append = ann.connection.append.bind(ann.connection);
  ann.connection.append = async (to, entries) => {
    if (logs[1] && String(to) === String(decodeBase64url(logs[1]))) throw new Refused("too-large", "");
    return append(to, entries);
  };
  const handed = await hand(ann, bea, "keeper", logs);
  assert.deepEqual(outcomes(handed), [[true, "", ""], [false, "Refused", "too-large"], [true, "", ""]]);
  ann.connection.append = append;
  const counts = () =>
    logs.map((log) => practice.server.streams.get(decodeBase64url(log))?.entries.length ?? 0);
  const before = counts();
  assert.deepEqual(outcomes(await hand(ann, bea, "keeper", logs)), logs.map(() => [true, "", ""]));
  assert.deepEqual(counts().map((count, at) => count - (before[at] ?? 0)), [0, 1, 0]);
});

test("without a connection the rest is not tried, and goes on later", async () => {
  const { practice, ann, bea, home, logs } = await caseload();
  const append = ann.connection.append.bind(ann.connection);
  let sent = 0;
  ann.connection.append = async (to, entries) => {
    practice.server.down = sent++ > 0;
    return append(to, entries);
  };
  const fetch = ann.connection.fetch.bind(ann.connection);
  const vain: boolean[] = [];
  ann.connection.fetch = async (...ask) => {
    vain.push(practice.server.down);
    return fetch(...ask);
  };
  const broken = await hand(ann, bea, "follower", [home, ...logs], home);
  assert.deepEqual(broken.map(({ error }) => error), ["", "Unreachable", "Unreachable", "Unreachable"]);
  assert.equal(vain.filter((down) => down).length, 1);
  practice.server.down = false;
  ann.connection.append = append;
  const whole = await hand(ann, bea, "follower", [home, ...logs], home);
  assert.ok(whole.every(({ done }) => done));
});

test("progress is told stream by stream, and what is nobody's to give is named", async () => {
  const { practice, ann, bea, logs } = await caseload();
  const cas = await practice.admit("Sample Cas");
  await practice.grant(logs[0] ?? "", bea);
  const handed = await hand(bea, cas, "follower", logs.slice(0, 2));
  assert.deepEqual(outcomes(handed), [[false, "NotAllowed", ""], [false, "Refused", "not-found"]]);
  const told = bea.messages.flatMap((message) =>
    "event" in message && message.event === "progress" && message.what === "hand"
      ? [[message.done, message.total]]
      : [],
  );
  assert.deepEqual(told, [[0, 2], [1, 2], [2, 2]]);
  await leaves(practice, bea);
  assert.ok((await hand(ann, bea, "follower", logs)).every(({ done }) => !done));
});

test("a lock in the midst of it ends it", async () => {
  const { ann, bea, logs } = await caseload();
  const append = ann.connection.append.bind(ann.connection);
  ann.connection.append = async (to, entries) => {
    const answer = await append(to, entries);
    await ann.ask("lock");
    return answer;
  };
  await assert.rejects(hand(ann, bea, "follower", logs), { name: "Locked" });
});

test("one is removed from a household and all its children in one act", async () => {
  const { ann, bea, home, logs } = await caseload();
  await hand(ann, bea, "follower", [home, ...logs.slice(0, 2)], home);
  await bea.ask("refresh");
  const handed = await ann.ask("removeMany", { person: await bea.me(), logs: [home, ...logs] });
  assert.ok(handed.every(({ done }) => done));
  await ann.say(logs[0] ?? "", "After.");
  assert.deepEqual(await bea.read(logs[0] ?? ""), []);
});

test("a keeper is asked once for all the children of someone whose supervisor is missing", async () => {
  const { practice, ann, bea, home, logs } = await caseload();
  const sue = await practice.admit("Sample Sue");
  await hand(ann, bea, "follower", [home, ...logs], home);
  await bea.ask("refresh");
  await bea.ask("setProfile", { phone: "", email: "", supervisor: await sue.me(), deputies: [] });
  await ann.ask("refresh");
  const { proposals, people } = await ann.ask("overview");
  assert.deepEqual(
    proposals.map(({ person, supervisor, logs: asked }) => [person.name, supervisor.name, asked]),
    [["Sample Bea", "Sample Sue", [home, ...logs].sort()]],
  );
  assert.equal(people.find(({ name }) => name === "Sample Bea")?.supervisor, await sue.me());
  assert.deepEqual((await bea.ask("overview")).proposals, []);
  await hand(ann, sue, "supervisor", proposals[0]?.logs ?? []);
  assert.deepEqual((await ann.ask("overview")).proposals, []);
});

test("a no is remembered sealed, over a lock, and another supervisor is asked about again", async () => {
  const { practice, ann, bea, logs } = await caseload();
  const [sue, deb] = [await practice.admit("Sample Sue"), await practice.admit("Sample Deb")];
  await hand(ann, bea, "follower", logs);
  await bea.ask("setProfile", { phone: "1", email: "", supervisor: await sue.me(), deputies: [] });
  await ann.ask("refresh");
  const [asked] = (await ann.ask("overview")).proposals;
  const key = asked?.key ?? "";
  const before = ann.events("changed");
  await ann.ask("dismissProposal", { key });
  assert.equal(ann.events("changed"), before + 1);
  assert.deepEqual((await ann.ask("overview")).proposals, []);
  await ann.ask("lock");
  await ann.ask("unlock", { passphrase: "correct horse battery" });
  assert.deepEqual((await ann.ask("overview")).proposals, []);
  const kept = await ann.database.get(["dismissed", 0]);
  assert.ok(kept && !new TextDecoder("latin1").decode(kept).includes(key));
  await bea.ask("setProfile", { phone: "", email: "", supervisor: await deb.me() });
  await ann.ask("refresh");
  const { proposals } = await ann.ask("overview");
  assert.deepEqual(proposals.map(({ supervisor }) => supervisor.name), ["Sample Deb"]);
});

test("a profile keeps what is not given, and nobody supervises themselves", async () => {
  const { practice, bea } = await caseload();
  const sue = await practice.admit("Sample Sue");
  await bea.ask("refresh");
  const [supervisor, me] = [await sue.me(), await bea.me()];
  await bea.ask("setProfile", { phone: "1", email: "", supervisor, deputies: [supervisor] });
  await bea.ask("setProfile", { phone: "2", email: "" });
  const shown = (await bea.ask("overview")).me;
  assert.deepEqual([shown.phone, shown.supervisor, shown.deputies], ["2", supervisor, [supervisor]]);
  for (const wrong of [{ supervisor: me }, { deputies: [me] }, { supervisor: "A".repeat(22) }]) {
    const failed = bea.ask("setProfile", { phone: "", email: "", ...wrong });
    await assert.rejects(failed, { name: "NotAllowed" });
  }
});

test("a leaver's screen lists what still hangs on them, closed or open", async () => {
  const { practice, ann, bea, home, logs } = await caseload();
  const [log = "", other = ""] = logs;
  await hand(ann, bea, "keeper", [log]);
  await practice.grant(other, bea);
  await bea.ask("setProfile", { phone: "", email: "", supervisor: await ann.me(), deputies: [] });
  await ann.ask("refresh");
  const { name, birth } = await ann.child(other);
  const about = {
    name, birth, knownAs: [], school: "", relatives: [], households: [], protectedAddress: false,
    closed: true,
  };
  await ann.ask("describe", { log: other, about });
  const beas = await ann.ask("hanging", { person: await bea.me() });
  assert.deepEqual(
    beas.streams.map((row) => [row.name, row.closed]),
    [["Sample A", false], ["Sample B", true]],
  );
  assert.deepEqual(beas.soleKeeper, []);
  const agency = (await ann.ask("overview")).agencies[0]?.id ?? "";
  await ann.ask("invite", { name: "Sample Dan", job: "nurse", agency, role: "practitioner" });
  const anns = await ann.ask("hanging", { person: await ann.me() });
  assert.deepEqual(anns.soleKeeper.map((row) => row.name), ["Sample B", "Sample C", "Sample Home"]);
  assert.deepEqual(anns.invites.map((row) => row.name), ["Sample Dan"]);
  assert.deepEqual(anns.supervises.map((row) => row.name), ["Sample Bea"]);
  await leaves(practice, bea);
  const after = await ann.ask("hanging", { person: await ann.me() });
  assert.deepEqual(after.soleKeeper.length, 4);
  assert.deepEqual(after.supervises, []);
  assert.equal(home, after.soleKeeper.at(-1)?.log);
});
