// The Worker: the only place where keys are. It hears the page, and speaks to nobody else but its own server.

import { aloneWith } from "./client/alone.ts";
import { Calls, ready } from "./client/calls.ts";
import { StoredDatabase } from "./client/database.ts";
import type { Call, Message } from "./client/messages.ts";
import { tabsOn } from "./client/tabs.ts";
import { HttpTransport } from "./client/transport.ts";

declare const BUILD: string; // put in when it is built

const calls = new Calls({
  transport: new HttpTransport(self.location.origin),
  clock: () => Date.now(),
  random: (size) => crypto.getRandomValues(new Uint8Array(size)),
  database: new StoredDatabase(),
  ready: () => ready,
  tell: (message: Message) => self.postMessage(message),
  alone: aloneWith(navigator.locks, "outbox"),
  tabs: tabsOn("outbox"),
  build: BUILD,
});

// Held for as long as this page is open: the service worker keeps the files of its build.
void navigator.locks?.request(`build-${BUILD}`, { mode: "shared" }, () => new Promise<void>(() => {}));

self.onmessage = ({ data }: MessageEvent<Call>) => void calls.handle(data);
