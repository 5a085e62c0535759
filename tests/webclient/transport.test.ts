// Tabs of one browser share the server's cookie, and may be two people's.

import assert from "node:assert/strict";
import { test } from "node:test";

import { HttpTransport, Refused } from "../../microblog/web/src/client/transport.ts";
import { encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { encode } from "../../microblog/web/src/protocol/encoding.ts";

const MINE = new Uint8Array(32).fill(1);
const THEIRS = new Uint8Array(32).fill(2);
const CHALLENGE = { challenge: new Uint8Array(32), time: 1 };

test("a list for another tab's device is no list of mine", async (context) => {
  let signedIn = MINE;
  context.mock.method(globalThis, "fetch", async () =>
    Response.json({ key: encodeBase64url(signedIn), streams: [] }),
  );
  const transport = new HttpTransport("https://example.test");
  const isRefused = (error: unknown) => error instanceof Refused && error.code === "signed-out";

  await assert.rejects(transport.streams(), isRefused);
  await transport.signIn("device", MINE, CHALLENGE, new Uint8Array(64));
  assert.deepEqual(await transport.streams(), []);
  signedIn = THEIRS;
  await assert.rejects(transport.streams(), isRefused);
  await transport.signIn("device", THEIRS, CHALLENGE, new Uint8Array(64));
  assert.deepEqual(await transport.streams(), []);
  await transport.signOut();
  await assert.rejects(transport.streams(), isRefused);
});

test("requests to follow are asked for, put and deleted where the server says", async (context) => {
  const asked: string[][] = [];
  let answer = (): Response => new Response(null, { status: 204 });
  context.mock.method(globalThis, "fetch", async (url: string, { method, headers }: RequestInit) => {
    const kind = new Headers(headers).get("content-type") ?? "";
    asked.push([method ?? "", new URL(url).pathname, kind].filter(Boolean));
    return answer();
  });
  const transport = new HttpTransport("https://example.test");
  const log = new Uint8Array(16).fill(3);
  const name = encodeBase64url(log);

  await transport.putAsk(log, new Uint8Array([1]));
  await transport.deleteAsk(log, log);
  answer = () => Response.json({ keepers: [name] });
  assert.deepEqual(await transport.keepers(log), [log]);
  answer = () => new Response(new Uint8Array(encode([new Uint8Array([1, 2])])));
  assert.deepEqual(await transport.asks(), [new Uint8Array([1, 2])]);
  assert.deepEqual(asked, [
    ["PUT", `/api/logs/${name}/ask`, "application/cbor"],
    ["DELETE", `/api/logs/${name}/asks/${name}`],
    ["GET", `/api/logs/${name}/keepers`],
    ["GET", "/api/asks"],
  ]);
  for (const reply of [{}, { keepers: {} }, { keepers: [1] }, { keepers: ["A"] }]) {
    answer = () => Response.json(reply);
    await assert.rejects(transport.keepers(log), { name: "Malformed" });
  }
  for (const reply of [7, [7], [["x"]]]) {
    answer = () => new Response(new Uint8Array(encode(reply)));
    await assert.rejects(transport.asks(), { name: "Malformed" });
  }
});

test("a list that is no newer is not sent again, and is what it was", async (context) => {
  const asked: (string | null)[] = [];
  let answer = () => listOf('"one"');
  const listOf = (etag: string, live = true) =>
    Response.json({ key: encodeBase64url(MINE), streams: [], live }, { headers: { etag } });
  context.mock.method(globalThis, "fetch", async (_: string, { headers }: RequestInit) => {
    asked.push(new Headers(headers).get("if-none-match"));
    return answer();
  });
  const transport = new HttpTransport("https://example.test");
  await transport.signIn("device", MINE, CHALLENGE, new Uint8Array(64));
  const first = await transport.streams();
  assert.deepEqual([transport.tag, transport.hasLive], ['"one"', true]);
  answer = () => new Response(null, { status: 304 });
  assert.equal(await transport.isNew(), false);
  assert.equal(await transport.streams(), first);
  answer = () => listOf('"two"', false);
  assert.equal(await transport.isNew(), true);
  assert.deepEqual([transport.tag, transport.hasLive], ['"two"', false]);
  assert.deepEqual(asked, [null, null, '"one"', '"one"', '"one"']);
  // What is listed for one session says nothing of another's.
  answer = () => new Response(null, { status: 204 });
  await transport.signIn("device", MINE, CHALLENGE, new Uint8Array(64));
  assert.equal(transport.tag, "");
});

test("unasked nobody may say that nothing is new, and busy is told with its time", async (context) => {
  let answer = () => new Response(null, { status: 304 });
  context.mock.method(globalThis, "fetch", async () => answer());
  const transport = new HttpTransport("https://example.test");
  await assert.rejects(transport.streams(), { name: "Unreachable", retryMs: 0 });
  const busy = { code: "busy", detail: "" };
  for (const [given, retryMs] of [["7", 7000], ["-1", 0], ["soon", 0], ["1234567", 0]] as const) {
    answer = () => Response.json(busy, { status: 503, headers: { "retry-after": given } });
    await assert.rejects(transport.streams(), { name: "Unreachable", retryMs });
  }
});

test("an event stream is asked for without a time-out of its own, and what is none is refused", async (context) => {
  const signals: unknown[] = [];
  let answer = () => new Response("x");
  context.mock.method(globalThis, "fetch", async (url: string, { signal }: RequestInit) => {
    signals.push(new URL(url).pathname, signal);
    return answer();
  });
  const transport = new HttpTransport("https://example.test");
  const { signal } = new AbortController();
  assert.ok((await transport.live(signal)) instanceof ReadableStream);
  assert.deepEqual(signals, ["/api/live", signal]);
  answer = () => Response.json({ code: "not-found", detail: "" }, { status: 404 });
  await assert.rejects(transport.live(signal), { name: "Refused", code: "not-found" });
});
