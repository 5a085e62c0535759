// Tabs of one browser share the server's cookie, and may be two people's.

import assert from "node:assert/strict";
import { test } from "node:test";

import { HttpTransport, Refused } from "../../microblog/web/src/client/transport.ts";
import { encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";

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
