// Whatever is killed, and however many tabs send at once: what was put into the outbox is posted, and posted once.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Locks } from "../../microblog/web/src/client/alone.ts";
import { Memory } from "../../microblog/web/src/client/memory.ts";
import { decodeRow, encodeRow, type Row } from "../../microblog/web/src/client/outgoing.ts";
import { House, Life, type Way } from "./windows.ts";

const SCHEDULES = 20;
const house = await House.build();

type Make = (row: Uint8Array) => Uint8Array | null;

/** A planted fault: what is kept of a row as it leaves is another. */
function planted(leave: (row: Row) => Row | null): typeof Memory {
  return class extends Memory {
    override changeRow(place: number, make: Make, draft?: Uint8Array | null): Promise<void> {
      const change = (data: Uint8Array): Uint8Array | null => {
        const made = make(data);
        const row = made && decodeRow(made);
        const isLeaving = row !== null && row.tried.length > decodeRow(data).tried.length;
        if (!isLeaving) return made;
        const kept = leave(row);
        return kept && encodeRow(kept);
      };
      return super.changeRow(place, change, draft);
    }
  };
}

const HASTY = planted(() => null); // marks it as sent before it is acknowledged
const FORGETFUL = planted((row) => ({ ...row, tried: [] })); // does not note what it tries

/** Random numbers that are the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Kill a tab at each step from its tap to its acknowledgement, and count what another then made of it. */
async function killAtEachStep(way: Way = {}): Promise<{ steps: number; lost: number; doubled: number }> {
  let [lost, doubled] = [0, 0];
  for (let steps = 0; ; steps++) {
    const life = new Life(steps);
    const tab = await house.tab({ ...way, life });
    const before = house.posts;
    let isTaken = false;
    const work = house.queue(tab, `Killed after ${steps}.`).then(async () => {
      isTaken = true;
      await tab.outbox.run();
    });
    const isOver = (await Promise.race([work, life.death])) !== "dead";
    house.practice.clock.now += 10_000;
    const next = await house.tab(way);
    await next.outbox.flush();
    assert.equal(next.session.outbox.length, 0);
    if (isTaken && house.posts === before) lost += 1;
    if (house.posts > before + 1) doubled += 1;
    if (isOver) return { steps, lost, doubled };
  }
}

test("killed at any step from the tap on, it is posted once", async () => {
  const { steps, ...wrong } = await killAtEachStep();
  assert.ok(steps > 8, `${steps} steps`);
  assert.deepEqual(wrong, { lost: 0, doubled: 0 });
});

test("marked as sent before it is acknowledged, it would be lost; and not noted, be there twice", async () => {
  assert.ok((await killAtEachStep({ memory: HASTY })).lost > 0);
  assert.ok((await killAtEachStep({ memory: FORGETFUL })).doubled > 0);
});

/** Have two tabs send the same three rows at once, at a pace that chance sets, with answers that are lost. */
async function race(seed: number, way: Way = {}, lost = 0.2): Promise<number> {
  const roll = dice(seed);
  const rest = async () => {
    for (let pause = Math.floor(roll() * 4); pause > 0; pause--) await new Promise(setImmediate);
  };
  const loses = () => roll() < lost;
  const first = await house.tab({ ...way, life: new Life(), loses });
  const before = house.posts;
  for (const text of ["One.", "Two.", "Three."]) await house.queue(first, `${text} ${seed}`);
  const tabs = [first];
  for (let more = 0; more < 2; more++) tabs.push(await house.tab({ ...way, life: new Life(Infinity, rest), loses }));
  await Promise.all(tabs.map(({ outbox }) => outbox.flush()));
  house.practice.clock.now += 10_000;
  await (await house.tab(way)).outbox.flush();
  return house.posts - before;
}

/** A browser's locks: one at a time, in the order in which they were asked for. */
function locks(): Locks {
  let queue: Promise<unknown> = Promise.resolve();
  return {
    request: (_, __, work) => {
      const turn = queue.then(work);
      queue = turn.catch(() => null);
      return turn;
    },
  };
}

test("three tabs send the same rows at once, without locks, and nothing is there twice", async () => {
  const before = (await house.practice.steward.read(house.log)).length;
  for (let seed = 1; seed <= SCHEDULES; seed++) assert.equal(await race(seed), 3, `seed ${seed}`);
  const texts = (await house.practice.steward.read(house.log)).map(({ text }) => text);
  const sent = Array.from({ length: SCHEDULES }, (_, at) => ["One.", "Two.", "Three."].map((text) => `${text} ${at + 1}`));
  assert.deepEqual(texts.slice(before), sent.flat());
});

test("with locks only one of them tries; without notes of what was tried it would be there twice", async () => {
  assert.equal(await race(1, { locks: locks() }), 3);
  const counts: number[] = [];
  for (let seed = 1; seed <= 8; seed++) counts.push(await race(seed, { memory: FORGETFUL }, 0.5));
  assert.ok(counts.some((count) => count > 3), counts.join());
});

test("a tab that was put to sleep with the lock in its hand holds nobody up for good", async () => {
  const held: Locks = { request: () => Promise.reject(new DOMException("too long", "TimeoutError")) };
  const tab = await house.tab({ locks: held });
  await house.queue(tab, "All the same.");
  const before = house.posts;
  await tab.outbox.run();
  assert.equal(house.posts, before + 1);
});
