// The browser's client under Node, on a real server: a call a line comes in, its answer a line goes out.
//
// It is a Worker as the page has it, behind the same border; only its storage lasts no longer than it.

import { createInterface } from "node:readline";

import { Calls, ready } from "../../microblog/web/src/client/calls.ts";
import type { Name } from "../../microblog/web/src/client/messages.ts";
import { HttpTransport } from "../../microblog/web/src/client/transport.ts";
import { BrowserDatabase } from "../webclient/desks.ts";

const [origin = ""] = process.argv.slice(2);

// A browser keeps the session's cookie; Node's fetch does not.
const cookies = new Map<string, string>();
const plainFetch = globalThis.fetch;
globalThis.fetch = async (input, options) => {
  const headers = new Headers(options?.headers);
  headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
  const response = await plainFetch(input, { ...options, headers });
  for (const set of response.headers.getSetCookie()) {
    const [name = "", value = ""] = (set.split(";")[0] ?? "").split("=");
    cookies.set(name, value);
  }
  return response;
};

const calls = new Calls({
  transport: new HttpTransport(origin),
  clock: Date.now,
  random: (size) => crypto.getRandomValues(new Uint8Array(size)),
  database: new BrowserDatabase(),
  ready: () => ready,
  tell: (message) => {
    if (!("event" in message)) process.stdout.write(`${JSON.stringify(message)}\n`);
  },
});

for await (const line of createInterface({ input: process.stdin })) {
  const { id, name, ask } = JSON.parse(line) as { id: number; name: Name; ask: unknown };
  await calls.handle({ id, name, ask } as Parameters<Calls["handle"]>[0]);
}
// What waits to be tried again would keep it.
process.exit();
