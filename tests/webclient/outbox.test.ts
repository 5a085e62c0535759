// What is written waits in the outbox until the server has acknowledged it, and what its writer must know is asked or said.

import assert from "node:assert/strict";
import { test } from "node:test";

import { StorageFull } from "../../microblog/web/src/client/database.ts";
import { Refused } from "../../microblog/web/src/client/transport.ts";
import { Desk, draftOf, PASSPHRASE, Practice } from "./desks.ts";
import { watched } from "./watched.ts";

const DAY_MS = 86_400_000;
const practice = await Practice.found();
const ann = practice.steward;
const bea = await practice.admit("Sample Bea");

/** A child that both follow. */
function child(): Promise<string> {
  return practice.child("Sample Child", bea);
}

/** The same browser, started again. */
async function restarted(desk: Desk): Promise<Desk> {
  const again = new Desk(practice.server, desk.database);
  await again.ask("unlock", { passphrase: PASSPHRASE });
  return again;
}

async function texts(desk: Desk, log: string): Promise<string[]> {
  return (await desk.read(log)).map(({ text }) => text);
}

/** Queue something, and have it leave at once. */
async function send(desk: Desk, log: string, text: string): Promise<string> {
  const id = await desk.queue(log, text);
  await desk.ask("sendNow", { id });
  await desk.settle();
  return id;
}

/** Do something while the server is not there. */
async function without<T>(work: () => Promise<T>): Promise<T> {
  practice.server.down = true;
  try {
    return await work();
  } finally {
    practice.server.down = false;
  }
}

test("a post waits, can be taken back, leaves, is acknowledged, and a colleague reads it", async () => {
  const log = await child();
  const id = await ann.queue(log, "Quieter than last week.");
  assert.deepEqual(await ann.outgoing(), [["Quieter than last week.", "undo"]]);
  assert.equal((await ann.ask("start")).unsent, 1);
  assert.equal(await ann.ask("undo", { id }), true);
  assert.deepEqual(await ann.outgoing(), []);
  await ann.wait();
  assert.deepEqual(await texts(bea, log), []);
  const next = await ann.queue(log, "Much quieter.");
  await ann.ask("sendNow", { id: next });
  await ann.settle();
  assert.deepEqual(await ann.outgoing(), []);
  assert.equal(await ann.ask("undo", { id: next }), false);
  assert.equal(ann.events("posted"), 1);
  assert.equal((await ann.ask("start")).unsent, 0);
  assert.deepEqual(await texts(bea, log), ["Much quieter."]);
});

test("what was written without a network goes in order, also after a restart", async () => {
  const log = await child();
  const again = await without(async () => {
    for (const text of ["One.", "Two.", "Three."]) await send(bea, log, text);
    assert.deepEqual((await bea.outgoing()).map(([, state]) => state), ["waiting", "waiting", "waiting"]);
    assert.equal((await bea.ask("overview")).outgoing[0]?.error, "Unreachable");
    const next = await restarted(bea);
    assert.equal((await next.outgoing()).length, 3);
    return next;
  });
  await again.ask("refresh");
  await again.settle();
  assert.deepEqual(await again.outgoing(), []);
  assert.deepEqual(await texts(ann, log), ["One.", "Two.", "Three."]);
  // The tab that was there before learns of it, and sends nothing.
  await bea.settle();
  assert.deepEqual(await bea.outgoing(), []);
  assert.equal((await texts(ann, log)).length, 3);
});

test("whichever tab sends it, the one that it was written in says that it is posted", async () => {
  const log = await child();
  const other = await restarted(bea);
  const said = () => [bea.events("posted"), other.events("posted")];
  const before = said();
  const id = await bea.queue(log, "Sent by the other tab.");
  practice.clock.now += 5_000;
  await other.settle();
  assert.deepEqual(await texts(ann, log), ["Sent by the other tab."]);
  assert.deepEqual(await bea.outgoing(), []);
  assert.deepEqual(said(), [before[0]! + 1, before[1]! + 1]);
  // Nothing is said again, and nothing of what was written elsewhere.
  await bea.settle();
  await send(bea, log, "Sent here.");
  assert.deepEqual(said(), [before[0]! + 2, before[1]! + 1]);
  assert.equal(await bea.ask("undo", { id }), false);
});

test("it leaves by itself once its time is over, and cannot be taken back then", async () => {
  const log = await child();
  const id = await ann.queue(log, "By itself.");
  practice.clock.now += 5_000;
  await ann.wait();
  assert.deepEqual(await texts(bea, log), ["By itself."]);
  assert.equal(await ann.ask("undo", { id }), false);
});

test("a clock that was put back holds nothing up", async () => {
  const log = await child();
  await ann.queue(log, "Of next year.");
  practice.clock.now -= 60_000;
  await ann.settle();
  assert.deepEqual(await texts(bea, log), ["Of next year."]);
  practice.clock.now += 60_000;
});

test("the draft goes with what is queued, and comes back with what is taken out", async () => {
  const log = await child();
  const shown = [await ann.me(), await bea.me()];
  await ann.ask("keepDraft", { draft: "Being written." });
  const id = await ann.ask("queue", { log, draft: draftOf("Being written."), shown, drafts: "" });
  assert.equal(await ann.ask("draft"), "");
  assert.equal(await ann.ask("undo", { id, drafts: "Being written again." }), true);
  assert.equal(await ann.ask("draft"), "Being written again.");
  assert.equal(await ann.ask("undo", { id, drafts: "No." }), false);
  assert.equal(await ann.ask("draft"), "Being written again.");
  await ann.ask("keepDraft", { draft: "" });
});

test("where nothing can be kept, nothing is queued; nor what cannot be said, or to whom I do not follow", async () => {
  const log = await child();
  const shown = [await ann.me(), await bea.me()];
  await assert.rejects(ann.ask("queue", { log, draft: draftOf("x".repeat(281)), shown }), { name: "Malformed" });
  const elsewhere = log.replace(/^./, (first) => (first === "A" ? "B" : "A"));
  await assert.rejects(ann.ask("queue", { log: elsewhere, draft: draftOf("Where?"), shown }), { code: "not-found" });
  ann.database.change = () => Promise.reject(new StorageFull("full"));
  await assert.rejects(ann.ask("queue", { log, draft: draftOf("No room."), shown }), { name: "StorageFull" });
  Reflect.deleteProperty(ann.database, "change");
  assert.deepEqual(await ann.outgoing(), []);
});

test("without room to note an attempt nothing leaves; and it is tried again", async () => {
  const log = await child();
  const id = await ann.queue(log, "No room for a note.");
  ann.database.change = () => Promise.reject(new StorageFull("full"));
  await assert.rejects(ann.ask("sendNow", { id }), { name: "StorageFull" });
  practice.clock.now += 5_000;
  await ann.settle();
  Reflect.deleteProperty(ann.database, "change");
  assert.deepEqual(await texts(bea, log), []);
  await ann.settle();
  assert.deepEqual(await texts(bea, log), ["No room for a note."]);
});

test("who joined meanwhile is named, and the others do not wait for the answer", async () => {
  const log = await child();
  const cas = await practice.admit("Sample Cas");
  const id = await without(() => send(bea, log, "Between us."));
  await practice.grant(log, cas);
  await bea.settle();
  const [row] = (await bea.ask("overview")).outgoing;
  assert.deepEqual([row?.state, row?.newcomers.map(({ name }) => name)], ["asking", ["Sample Cas"]]);
  await send(bea, log, "For all.");
  assert.deepEqual(await texts(cas, log), ["For all."]);
  const shown = (await bea.child(log)).members.map(({ person }) => person.id);
  await bea.ask("sendAgain", { id, shown });
  await bea.settle();
  assert.deepEqual(await texts(cas, log), ["For all.", "Between us."]);
});

test("while nobody vouches for the server it asks, and goes all the same when it is told to", async () => {
  const desk = await watched();
  desk.practice.clock.now += 60 * 60_000;
  const id = await send(desk.bea, desk.log, "Nobody vouches.");
  const [row] = (await desk.bea.ask("overview")).outgoing;
  assert.ok(row?.state === "asking" && row.unvouched > 0);
  await desk.bea.ask("sendAgain", { id, shown: row.newcomers.map((one) => one.id), allTheSame: true });
  await desk.bea.settle();
  // The team was not on the screen this time.
  assert.equal((await desk.bea.ask("overview")).outgoing[0]?.newcomers.length, 1);
  const shown = (await desk.bea.child(desk.log)).members.map(({ person }) => person.id);
  // Said of one attempt, the next is warned anew.
  desk.practice.server.down = true;
  await desk.bea.ask("sendAgain", { id, shown, allTheSame: true });
  await desk.bea.settle();
  desk.practice.server.down = false;
  await desk.bea.settle();
  assert.equal((await desk.bea.ask("overview")).outgoing[0]?.state, "asking");
  await desk.bea.ask("sendAgain", { id, shown, allTheSame: true });
  await desk.bea.settle();
  assert.deepEqual(await texts(desk.ann, desk.log), ["Nobody vouches."]);
});

test("seven days offline, and removed meanwhile: the refusals are explained, and no text is lost", async () => {
  const [mine, gone] = [await child(), await child()];
  await without(async () => {
    for (let count = 0; count < 100; count++) {
      await bea.queue(mine, `Here ${count}.`);
      await bea.queue(gone, `There ${count}.`);
    }
    practice.clock.now += 7 * DAY_MS;
    await bea.settle();
  });
  await ann.ask("remove", { log: gone, person: await bea.me() });
  const again = await restarted(bea);
  await again.ask("refresh");
  await again.settle();
  assert.deepEqual(await texts(ann, mine), Array.from({ length: 100 }, (_, at) => `Here ${at}.`));
  assert.deepEqual(await texts(ann, gone), []);
  const { outgoing } = await again.ask("overview");
  assert.deepEqual(outgoing.map(({ draft }) => draft.text), Array.from({ length: 100 }, (_, at) => `There ${at}.`));
  assert.ok(outgoing.every(({ state, error, tried }) => state === "refused" && error === "NotAllowed" && !tried));
  const [first, second] = outgoing;
  const shown = [await ann.me(), await bea.me()];
  await again.ask("sendAgain", { id: first!.id, log: mine, shown });
  await again.ask("undo", { id: second!.id });
  for (const { id } of outgoing.slice(2)) await again.ask("throwAway", { id });
  await again.settle();
  assert.deepEqual(await again.outgoing(), []);
  assert.equal((await texts(ann, mine)).at(-1), "There 0.");
});

test("a reply to another child answers nothing there, and without words it says nothing", async () => {
  const [log, other] = [await child(), await child()];
  await ann.say(log, "First.");
  const [first] = await bea.read(log);
  const marks = { refers: [first!.id], how: "same" };
  const wordless = await without(() => bea.queue(log, "", marks));
  assert.equal((await bea.ask("overview")).outgoing[0]?.answers, first?.seq);
  const shown = [await ann.me(), await bea.me()];
  await assert.rejects(bea.ask("sendAgain", { id: wordless, log: other, shown }), { name: "Malformed" });
  const id = await bea.queue(log, "Me too.", marks);
  await bea.ask("sendAgain", { id, log: other, shown });
  practice.clock.now += 5_000;
  await bea.settle();
  const [moved] = await ann.read(other);
  assert.deepEqual([moved?.text, moved?.how, moved?.refers], ["Me too.", "", []]);
  assert.equal((await ann.read(log)).at(-1)?.how, "same");
});

test("a wrong clock, or a server that is put back, is waited for; what a server refuses is not", async () => {
  const log = await child();
  const append = bea.connection.append.bind(bea.connection);
  const states: unknown[] = [];
  const id = await bea.queue(log, "Not now.");
  for (const code of ["wrong-time", "restoring", "broken", "too-large"]) {
    bea.connection.append = () => Promise.reject(new Refused(code, ""));
    practice.clock.now += 5_000;
    await bea.settle();
    const [row] = (await bea.ask("overview")).outgoing;
    states.push([row?.state, row?.error, row?.code]);
  }
  bea.connection.append = append;
  assert.deepEqual(states, [
    ["waiting", "Refused", "wrong-time"],
    ["waiting", "Refused", "restoring"],
    ["waiting", "Refused", "broken"],
    ["refused", "Refused", "too-large"],
  ]);
  const shown = (await bea.child(log)).members.map(({ person }) => person.id);
  await bea.ask("sendAgain", { id, shown });
  await bea.settle();
  assert.deepEqual(await texts(ann, log), ["Not now."]);
});

test("an answer that was lost is not waited for twice, and the same words, written again, are another post", async () => {
  const log = await child();
  const append = bea.connection.append.bind(bea.connection);
  bea.connection.append = async (to, entries) => {
    bea.connection.append = append;
    await append(to, entries);
    practice.server.down = true;
    return append(to, entries);
  };
  await send(bea, log, "Once.");
  assert.deepEqual(await bea.outgoing(), [["Once.", "waiting"]]);
  practice.server.down = false;
  await bea.settle();
  assert.deepEqual(await texts(ann, log), ["Once."]);
  await send(bea, log, "Once.");
  assert.deepEqual(await texts(ann, log), ["Once.", "Once."]);
});

test("a lock sends what could still be taken back, and keeps what cannot be sent", async () => {
  const log = await child();
  await ann.queue(log, "Just before the lock.");
  await ann.ask("lock");
  assert.equal((await ann.ask("start")).unsent, 0);
  assert.deepEqual(await texts(bea, log), ["Just before the lock."]);
  await assert.rejects(ann.ask("queue", { log, draft: draftOf("Locked."), shown: [] }), { name: "Locked" });
  await ann.ask("unlock", { passphrase: PASSPHRASE });
  await without(async () => {
    await ann.queue(log, "Without a network.");
    await ann.ask("lock");
    assert.equal((await ann.ask("start")).unsent, 1);
  });
  await ann.ask("unlock", { passphrase: PASSPHRASE });
  practice.clock.now += 5_000;
  await ann.settle();
  assert.deepEqual(await texts(bea, log), ["Just before the lock.", "Without a network."]);
});

test("a lock gives a server that does not answer two seconds, then the keys are gone", async () => {
  const log = await child();
  await ann.queue(log, "Into silence.");
  const append = ann.connection.append.bind(ann.connection);
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((reached) => {
    ann.connection.append = async (to, entries) => {
      reached();
      await new Promise<void>((go) => (answer = go));
      return append(to, entries);
    };
  });
  const locked = ann.ask("lock");
  await asked;
  assert.equal(ann.events("locked") > 0, true);
  ann.ring();
  await locked;
  answer();
  ann.connection.append = append;
  await ann.ask("unlock", { passphrase: PASSPHRASE });
  await ann.settle();
  assert.deepEqual(await ann.outgoing(), []);
  assert.deepEqual(await texts(bea, log), ["Into silence."]);
});

test("a device that was shut out keeps its text, and says why it was not sent", async () => {
  const dev = await practice.admit("Sample Dev");
  const log = await practice.child("Sample Child", dev);
  const id = await without(() => send(dev, log, "Not from here."));
  const [row] = await dev.ask("devices");
  await practice.steward.ask("revokeDevice", { key: row!.key, since: practice.clock.now });
  await dev.settle();
  const [kept] = (await dev.ask("overview")).outgoing;
  assert.deepEqual([kept?.id, kept?.state, kept?.draft.text], [id, "refused", "Not from here."]);
  assert.ok(["UnknownDevice", "Refused"].includes(kept!.error), kept!.error);
  assert.deepEqual(await texts(ann, log), []);
});

test("on a shared computer it waits in memory, and is gone with the keys", async () => {
  const eve = await practice.admit("Sample Eve", false);
  const log = await practice.child("Sample Child", eve);
  await without(async () => {
    await send(eve, log, "From the library.");
    assert.equal((await eve.ask("start")).unsent, 1);
  });
  await eve.settle();
  assert.deepEqual(await texts(ann, log), ["From the library."]);
});
