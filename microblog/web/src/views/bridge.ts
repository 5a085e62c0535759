// The page's end of the Worker: one promise a call, and the events that nobody asked for.

import type { Answer, Ask, Call, Message, Name } from "../client/messages.ts";

const WORKER = "/static/worker.js";
const SHEETS = "/static/sheets.js";
const SERVICE_WORKER = "/sw.js";

/** What the Worker answered instead: a name, and the server's code where it was the server. */
export class WorkerError extends Error {
  override readonly name: string;
  readonly code: string;

  constructor(name: string, code: string) {
    super(name);
    this.name = name;
    this.code = code;
  }
}

export type Event = Extract<Message, { event: string }>;

interface Pending {
  resolve: (answer: unknown) => void;
  reject: (error: WorkerError) => void;
}

interface Policy {
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

const pending = new Map<number, Pending>();
let worker: Worker | undefined;
let policy: Policy | undefined;
let calls = 0;

/** Start the Worker. `stopped` is called when it cannot start, or dies. */
export function startWorker(listen: (event: Event) => void, stopped: () => void): void {
  worker = new Worker(scriptUrl(WORKER), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("event" in data) listen(data);
    else settle(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    for (const { reject } of pending.values()) reject(new WorkerError("Stopped", ""));
    pending.clear();
    stopped();
  };
}

export function ask<N extends Name>(
  name: N,
  ...[what]: Ask<N> extends undefined ? [] : [Ask<N>]
): Promise<Answer<N>> {
  return new Promise((resolve, reject) => {
    if (!worker) return reject(new WorkerError("Stopped", ""));
    const call: Call = { id: ++calls, name, ask: what };
    pending.set(call.id, { resolve: resolve as Pending["resolve"], reject });
    worker.postMessage(call);
  });
}

function settle(message: Extract<Message, { id: number }>): void {
  const call = pending.get(message.id);
  pending.delete(message.id);
  if ("error" in message) call?.reject(new WorkerError(message.error.name, message.error.code));
  else call?.resolve(message.answer);
}

/** Start the other Worker, for one file; whoever starts it ends it. */
export function startSheets(): Worker {
  return new Worker(scriptUrl(SHEETS), { type: "module" });
}

/** Return the address of the service worker, as the browser will have it. */
export function serviceWorkerUrl(): string {
  return scriptUrl(SERVICE_WORKER);
}

/** Return one of the three script addresses that the page may ever start something from. */
function scriptUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  // A second policy of that name is refused by the browser.
  policy ??= trustedTypes?.createPolicy("microblog", {
    createScriptURL(url) {
      if (![WORKER, SHEETS, SERVICE_WORKER].includes(url)) throw new TypeError("not the address of a Worker");
      return url;
    },
  });
  return policy ? policy.createScriptURL(url) : url;
}
