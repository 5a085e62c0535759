// The page's end of the Worker: one promise a call, and the events that nobody asked for.

import type { Answer, Ask, Call, Message, Name } from "../client/messages.ts";

const WORKER = "/static/worker.js";

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

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): string;
  };
}

const pending = new Map<number, Pending>();
let worker: Worker | undefined;
let calls = 0;

/** Start the Worker. `stopped` is called when it cannot start, or dies. */
export function startWorker(listen: (event: Event) => void, stopped: () => void): void {
  worker = new Worker(workerUrl(), { type: "module" });
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

/** Return the only script address that the page may ever start something from. */
function workerUrl(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("microblog", {
    createScriptURL(url) {
      if (url !== WORKER) throw new TypeError("not the Worker's address");
      return url;
    },
  });
  return policy ? policy.createScriptURL(WORKER) : WORKER;
}
