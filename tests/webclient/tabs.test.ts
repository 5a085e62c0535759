// Tabs of one browser tell each other what was acknowledged; where a browser lets them not, each is by itself.

import assert from "node:assert/strict";
import { test } from "node:test";

import { NO_TABS, tabsOn } from "../../microblog/web/src/client/tabs.ts";

test("a browser that keeps nothing gives no channel, and the app goes on without", (context) => {
  context.mock.method(globalThis, "BroadcastChannel", function refuse() {
    throw new Error("The operation is insecure.");
  });
  assert.equal(tabsOn("outbox"), NO_TABS);
});

test("what one tab tells another one hears", async (context) => {
  const opened: BroadcastChannel[] = [];
  const Real = globalThis.BroadcastChannel;
  context.mock.method(globalThis, "BroadcastChannel", function open(name: string) {
    const channel = new Real(name);
    opened.push(channel);
    return channel;
  });
  const [one, other] = [tabsOn("a test's"), tabsOn("a test's")];
  const heard = new Promise((hear) => other.hear(hear));
  one.tell({ id: "7", log: "AAAA" });
  assert.deepEqual(await heard, { id: "7", log: "AAAA" });
  for (const channel of opened) channel.close();
});
