// Asking to follow: a slip, a request that only its keepers open, and what a server may say of either.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Refused, Unreachable } from "../../microblog/web/src/client/transport.ts";
import { decodeAsk, encodeAsk, type Ask } from "../../microblog/web/src/protocol/ask.ts";
import { decodeBase64url, encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { joinBytes } from "../../microblog/web/src/protocol/builtins.ts";
import { Malformed } from "../../microblog/web/src/protocol/errors.ts";
import { Practice, type Desk } from "./desks.ts";

const WHY = "I am her class teacher.";
const DAYS_30_MS = 30 * 24 * 60 * 60 * 1000;

/** Ann keeps a child whom Bea follows; Cas has a slip of it. */
async function withSlip() {
  const practice = await Practice.found();
  const ann = practice.steward;
  const [bea, cas] = [await practice.admit("Sample Bea"), await practice.admit("Sample Cas")];
  const log = await practice.child("Sample A", bea);
  const fragment = new URL(await bea.ask("slip", { log })).hash.slice(1);
  return { practice, server: practice.server, ann, bea, cas, log, fragment };
}

async function asks(desk: Desk, fragment: string, reason = WHY) {
  const { keepers } = await desk.ask("readSlip", { fragment });
  return desk.ask("askToFollow", { fragment, reason, shown: keepers.map(({ id }) => id) });
}

async function asked(desk: Desk): Promise<string[][]> {
  await desk.ask("refresh");
  const { requests } = await desk.ask("overview");
  return requests.map(({ person, reason }) => [person.name, reason]);
}

async function nameRefused(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    return [(error as Error).message, code].filter(Boolean).join(" ") || String(name);
  }
  throw new Error("it was not refused");
}

test("who asks with a slip is let in by a keeper, for the reason they gave", async () => {
  const { server, ann, cas, log, fragment } = await withSlip();
  const slip = await cas.ask("readSlip", { fragment });
  assert.deepEqual([slip.log, slip.following], [log, false]);
  assert.deepEqual(slip.keepers.map(({ name }) => name), ["Sample Ann"]);
  assert.equal((await asks(cas, fragment)).sent, true);
  const [mine] = (await cas.ask("overview")).asked;
  assert.deepEqual([mine?.log, mine?.keepers.map(({ name }) => name)], [log, ["Sample Ann"]]);

  assert.deepEqual(await asked(ann), [["Sample Cas", WHY]]);
  await ann.ask("approve", { log, person: await cas.me() });
  assert.deepEqual((await ann.ask("overview")).requests, []);
  await cas.ask("refresh");
  assert.deepEqual((await cas.ask("overview")).asked, []);
  const member = (await cas.child(log)).members.find(({ person }) => person.name === "Sample Cas");
  assert.deepEqual([member?.role, member?.why, member?.by.name], ["follower", WHY, "Sample Ann"]);
  assert.deepEqual(server.asks.kept, []);
});

test("the page hears of a request that came, once", async () => {
  const { ann, cas, fragment } = await withSlip();
  await ann.ask("refresh");
  await asks(cas, fragment);
  const before = ann.events("changed");
  await ann.ask("refresh");
  assert.equal(ann.events("changed"), before + 1);
  await ann.ask("refresh");
  assert.equal(ann.events("changed"), before + 1);
});

test("a follower who is no keeper hears of no request, whatever the server says", async () => {
  const { server, bea, cas, log, fragment } = await withSlip();
  await asks(cas, fragment);
  server.asks.serve = () => server.asks.kept.map(({ data }) => data);
  assert.deepEqual(await asked(bea), []);
  const person = await cas.me();
  assert.equal(await nameRefused(bea.ask("approve", { log, person })), "NotAllowed");
});

test("a slip that is cut off, of another practice, or of nothing, is refused", async () => {
  const { bea, cas, log, fragment } = await withSlip();
  const whole = decodeBase64url(fragment);
  const other = encodeBase64url(joinBytes(decodeBase64url(log), new Uint8Array(32)));
  const nothing = encodeBase64url(joinBytes(new Uint8Array(16).fill(7), whole.slice(16)));
  const read = (fragment: string) => nameRefused(cas.ask("readSlip", { fragment }));
  assert.equal(await read(fragment.slice(0, -4)), "Malformed");
  assert.equal(await read(other), "WrongLog");
  assert.equal(await read(nothing), "Refused not-found");
  const known = await bea.ask("readSlip", { fragment });
  assert.deepEqual([known.following, known.keepers.map(({ name }) => name)], [true, ["Sample Ann"]]);
  assert.equal(await nameRefused(asks(bea, fragment)), "NotAllowed");
});

test("a reason is given, and is not too long", async () => {
  const { server, cas, fragment } = await withSlip();
  for (const reason of ["", "  ", "a".repeat(121)]) {
    assert.equal(await nameRefused(asks(cas, fragment, reason)), "Malformed");
  }
  assert.deepEqual(server.asks.kept, []);
  assert.equal((await asks(cas, fragment, "\u{1f600}".repeat(120))).sent, true);
});

test("nothing is sent to keepers who were not on the screen", async () => {
  const { practice, server, bea, cas, log, fragment } = await withSlip();
  const { keepers } = await cas.ask("readSlip", { fragment });
  const shown = keepers.map(({ id }) => id);
  await practice.grant(log, bea, "keeper");
  const answer = await cas.ask("askToFollow", { fragment, reason: WHY, shown });
  assert.deepEqual(answer.keepers.map(({ name }) => name), ["Sample Ann", "Sample Bea"]);
  assert.deepEqual([answer.sent, server.asks.kept], [false, []]);
  assert.equal((await asks(cas, fragment)).sent, true);
  assert.deepEqual(await asked(bea), [["Sample Cas", WHY]]);
});

test("whom the directory does not know, or has lost, is no keeper whatever the server says", async () => {
  const { practice, server, ann, bea, cas, fragment } = await withSlip();
  const [person, mine] = [await bea.me(), decodeBase64url(await ann.me())];
  const [agency] = (await ann.ask("overview")).agencies;
  const gone = { name: "Sample Bea", job: "teacher", agency: agency?.id ?? "", left: true } as const;
  await ann.ask("changePerson", { person, role: "practitioner", ...gone });
  server.asks.keepers = () => [new Uint8Array(16), decodeBase64url(person), mine, mine];
  const { keepers } = await cas.ask("readSlip", { fragment });
  assert.deepEqual(keepers.map(({ name }) => name), ["Sample Ann"]);
  server.asks.keepers = () => [decodeBase64url(person)];
  assert.equal(await nameRefused(asks(cas, fragment)), "NotAllowed");
  assert.equal(practice.server.asks.kept.length, 0);
});

test("a keeper declines, who asked takes back, and asking again replaces", async () => {
  const { ann, cas, log, fragment } = await withSlip();
  await asks(cas, fragment, "first");
  await asks(cas, fragment, "second");
  assert.deepEqual(await asked(ann), [["Sample Cas", "second"]]);
  await ann.ask("decline", { log, person: await cas.me() });
  assert.deepEqual((await ann.ask("overview")).requests, []);
  assert.deepEqual(await asked(ann), []);
  await cas.ask("refresh");
  assert.deepEqual((await cas.ask("overview")).asked, []);
  await asks(cas, fragment);
  await cas.ask("takeBack", { log });
  assert.deepEqual((await cas.ask("overview")).asked, []);
  assert.deepEqual(await asked(ann), []);
});

test("who was let in meanwhile keeps their role", async () => {
  const { practice, ann, bea, cas, log, fragment } = await withSlip();
  await practice.grant(log, bea, "keeper");
  await asks(cas, fragment);
  await bea.ask("refresh");
  await ann.ask("grant", { log, person: await cas.me(), role: "supervisor", why: "" });
  await bea.ask("approve", { log, person: await cas.me() });
  const { members } = await bea.child(log);
  assert.deepEqual(members.map(({ role }) => role).sort(), ["keeper", "keeper", "supervisor"]);
});

test("a request is over after thirty days", async () => {
  const { practice, ann, cas, fragment } = await withSlip();
  await asks(cas, fragment);
  assert.equal((await asked(ann)).length, 1);
  practice.clock.now += DAYS_30_MS;
  assert.deepEqual((await ann.ask("overview")).requests, []);
  assert.deepEqual((await cas.ask("overview")).asked, []);
});

test("where requests cannot be fetched the rest is fresh, and what was known stays", async () => {
  const { server, ann, cas, fragment } = await withSlip();
  await asks(cas, fragment);
  await asked(ann);
  for (const error of [new Refused("broken", ""), new Unreachable("gone"), new Malformed("no")]) {
    server.asks.serve = () => {
      throw error;
    };
    assert.deepEqual(await asked(ann), [["Sample Cas", WHY]]);
    assert.equal((await ann.ask("overview")).online, true);
  }
});

test("a request that the server has changed is not shown", async () => {
  const { server, ann, cas, fragment } = await withSlip();
  await asks(cas, fragment);
  const lie = (change: (ask: Ask) => Partial<Ask>) => {
    const changed = (ask: Ask) => encodeAsk({ ...ask, ...change(ask) });
    server.asks.serve = () => server.asks.kept.map(({ data }) => changed(decodeAsk(data)));
  };
  lie(({ boxes }) => ({ boxes: boxes.map(([keeper]) => [keeper, new Uint8Array(688)]) }));
  assert.deepEqual(await asked(ann), []);
  lie(({ statement }) => ({ statement: statement.with(10, (statement[10] ?? 0) ^ 1) }));
  assert.deepEqual(await asked(ann), []);
  lie(({ signature }) => ({ signature: signature.toReversed() }));
  assert.deepEqual(await asked(ann), []);
  lie(() => ({}));
  assert.deepEqual(await asked(ann), [["Sample Cas", WHY]]);
});

test("a lock forgets the requests, and an unlock asks anew", async () => {
  const { ann, cas, fragment } = await withSlip();
  await asks(cas, fragment);
  await asked(ann);
  await ann.ask("lock");
  await ann.ask("unlock", { passphrase: "correct horse battery" });
  assert.deepEqual((await ann.ask("overview")).requests, []);
  assert.deepEqual(await asked(ann), [["Sample Cas", WHY]]);
});
