// The event stream: a hint and nothing else, and however it lies, a few questions and no more.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Live } from "../../microblog/web/src/client/live.ts";
import type { Message } from "../../microblog/web/src/client/messages.ts";
import type { Session } from "../../microblog/web/src/client/session.ts";
import { Refused, Unreachable } from "../../microblog/web/src/client/transport.ts";
import { encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { BytesMap } from "../../microblog/web/src/protocol/builtins.ts";
import { DIRECTORY } from "../../microblog/web/src/protocol/entry.ts";

const LOG = new Uint8Array(16).fill(3);
const NAME = encodeBase64url(LOG);
const FIRST = ": live\n\n";
const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Timer {
  readonly work: () => void;
  readonly at: number;
}

/** A Worker that listens, a clock that is set, and the other end of its streams. */
class Listening {
  now = 0;
  chance = 0.5;
  answer: () => Promise<ReadableStream<Uint8Array>> = async () => this.#open();
  opened = 0;
  readonly heard: string[] = [];
  readonly live: Live;
  readonly session: Session;
  #timers = new Set<Timer>();
  #writer: ReadableStreamDefaultController<Uint8Array> | null = null;
  closed = false;

  constructor(hasLive = true) {
    const later = (work: () => void, ms: number) => {
      const timer = { work, at: this.now + ms };
      this.#timers.add(timer);
      return () => void this.#timers.delete(timer);
    };
    const tell = (message: Message) => {
      if ("event" in message) this.heard.push(message.event === "live" ? `live ${message.on}` : message.event);
    };
    this.live = new Live({ tell, later, now: () => this.now, chance: () => this.chance });
    const transport = { hasLive, live: () => this.answer() };
    // Of a session, what it looks at.
    this.session = {
      transport,
      locked: false,
      directory: { ids: [1, 2, 3] },
      feeds: new BytesMap([[LOG, { nextSeq: 5 }]]),
    } as unknown as Session;
  }

  #open(): ReadableStream<Uint8Array> {
    this.opened += 1;
    this.closed = false;
    return new ReadableStream({
      start: (writer) => void (this.#writer = writer),
      cancel: () => void (this.closed = true),
    });
  }

  async begin(): Promise<this> {
    this.live.begin(this.session);
    await turn();
    return this;
  }

  async say(words: string): Promise<void> {
    this.#writer?.enqueue(new TextEncoder().encode(words));
    await turn();
  }

  async hangUp(): Promise<void> {
    this.#writer?.close();
    await turn();
  }

  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.work();
      await turn();
    }
    this.now = end;
  }

  count(event: string): number {
    return this.heard.filter((it) => it === event).length;
  }
}

async function listening(): Promise<Listening> {
  const at = await new Listening().begin();
  await at.say(FIRST);
  await at.pass(10_000);
  at.live.found(true);
  at.heard.length = 0;
  return at;
}

test("where it begins something may have been missed", async () => {
  const at = await new Listening().begin();
  assert.deepEqual(at.heard, []);
  await at.say(FIRST);
  await at.pass(1_000);
  assert.deepEqual(at.heard, ["live true", "news"]);
});

test("an entry that is not here is a reason to ask within a second; what is here is none", async () => {
  const at = await listening();
  await at.say(`data: ${NAME} 4\n\n`);
  await at.say(`data: ${encodeBase64url(DIRECTORY)} 2\n\n:\n\n`);
  await at.pass(30_000);
  assert.deepEqual(at.heard, []);
  await at.say(`data: ${NAME} 5\n`);
  await at.pass(1_000);
  assert.deepEqual(at.heard, ["news"]);
});

test("words may come in pieces, and what is none of ours is passed over", async () => {
  const at = await listening();
  for (const words of ["x\n", "data: \n", `data: ${NAME}\n`, `data: ${NAME} -1\n`, `data: ${NAME} 05\n`,
    `event: ${NAME} 9\n`, `data: ${NAME.slice(1)} 9\n`, `data: ${NAME} 12345678901234567\n`, "\u0000\n"]) await at.say(words);
  await at.pass(30_000);
  assert.deepEqual(at.heard, []);
  for (const piece of ["da", `ta: ${NAME.slice(0, 5)}`, `${NAME.slice(5)} 9`, "\n"]) await at.say(piece);
  await at.pass(1_000);
  assert.deepEqual(at.heard, ["news"]);
});

test("the directory is everyone's: within twenty seconds, so that not all ask at once", async () => {
  const at = await listening();
  await at.say(`data: ${encodeBase64url(DIRECTORY)} 3\n\n`);
  await at.pass(9_000);
  assert.deepEqual(at.heard, []);
  // A stream's own news goes before.
  await at.say(`data: ${NAME} 5\n\n`);
  await at.pass(1_000);
  assert.deepEqual(at.heard, ["news"]);
});

test("a flood of false hints leads to ever fewer questions", async () => {
  const at = await listening();
  const ask = async (minutes: number) => {
    const before = at.count("news");
    for (let second = 0; second < minutes * 60; second++) {
      for (let each = 0; each < 5; each++) await at.say(`data: ${NAME} ${100 + second}\n\n`);
      const asked = at.count("news");
      await at.pass(1_000);
      if (at.count("news") > asked) at.live.found(false);
    }
    return at.count("news") - before;
  };
  // 2, 4, 8, 16, 32 and then 60 seconds.
  const first = await ask(2);
  assert.ok(first >= 5 && first <= 7, String(first));
  const then = await ask(2);
  assert.ok(then <= 2, String(then));
  at.live.found(true);
  await at.say(`data: ${NAME} 9\n\n`);
});

test("true ones lead to a question every two seconds at most", async () => {
  const at = await listening();
  for (let step = 0; step < 100; step++) {
    await at.say(`data: ${NAME} ${10 + step}\n\n`);
    await at.pass(100);
  }
  assert.ok(at.count("news") <= 5, String(at.count("news")));
});

test("a stream that ends, or says nothing, is asked for again, later each time", async () => {
  const at = await new Listening().begin();
  await at.hangUp();
  const times: number[] = [];
  for (let second = 0; at.opened < 6 && second < 2_000; second++) {
    const before = at.opened;
    await at.pass(1_000);
    if (at.opened > before) {
      times.push(at.now / 1_000);
      await at.hangUp();
    }
  }
  // Half of 5, 10, 20, 40 and 80 seconds.
  assert.deepEqual(times, [3, 8, 18, 38, 78]);
  assert.deepEqual(new Set(at.heard), new Set(["live false"]));
});

test("one that is silent for three beats is given up", async () => {
  const at = await listening();
  await at.pass(30_000);
  await at.say(":\n\n");
  await at.pass(44_000);
  assert.deepEqual([at.closed, at.heard], [false, []]);
  await at.pass(1_000);
  assert.deepEqual([at.closed, at.heard], [true, ["live false"]]);
});

test("a line without end is not collected", async () => {
  const at = await listening();
  await at.say("data: " + "A".repeat(300));
  assert.deepEqual([at.closed, at.heard], [true, ["live false"]]);
});

test("busy is heeded; where there is none it is asked for seldom; without word of one never", async () => {
  const at = new Listening();
  let asked = 0;
  at.answer = async () => {
    asked += 1;
    throw new Unreachable("busy", 60_000);
  };
  await at.begin();
  await at.pass(60_000);
  assert.equal(asked, 1);
  await at.pass(2_500);
  assert.equal(asked, 2);
  const none = new Listening();
  none.answer = async () => {
    asked += 1;
    throw new Refused("not-found", "there is nothing here");
  };
  asked = 0;
  await none.begin();
  await none.pass(299_000);
  assert.equal(asked, 1);
  assert.equal((await new Listening(false).begin()).opened, 0);
});

test("after its end nothing is heard, and nothing asked for", async () => {
  const at = await listening();
  await at.say(`data: ${NAME} 9\n\n`);
  at.live.end();
  await at.pass(3_600_000);
  assert.deepEqual([at.heard, at.opened, at.closed], [[], 1, true]);
});
