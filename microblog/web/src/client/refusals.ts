// What a server says instead of an answer, or what becomes of asking where it says nothing.

import type { Head } from "../protocol/log.ts";
import { bytesIn, type Json, numberIn, parseJson } from "./replies.ts";

// Nothing of ours answered: no network, a time-out, or something in between that speaks for the server.
export class Unreachable extends Error {
  override readonly name: string = "Unreachable";
  readonly retryMs: number; // how long it wants to be left alone, if it said so

  constructor(message: string, retryMs = 0) {
    super(message);
    this.retryMs = retryMs;
  }
}

// The server said no: `code` is its word for why, `detail` which field.
export class Refused extends Error {
  override readonly name: string = "Refused";
  readonly code: string;
  readonly detail: string;

  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

// Someone else was first: the log's head is not the one that was built on. Null: the log is empty.
export class StaleHead extends Refused {
  override readonly name: string = "StaleHead";
  readonly head: Head | null;

  constructor(detail: string, head: Head | null) {
    super("stale-head", detail);
    this.head = head;
  }
}

/** Return what is asked for, or throw Unreachable. */
export async function reach<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch {
    throw new Unreachable("the server cannot be reached");
  }
}

// A proxy's error page is no answer of the server: it has no code.
export async function refusal(response: Response): Promise<Error> {
  const reply = await readJson(response).catch(() => ({}) as Json);
  const { code, detail, seq, id } = reply;
  if (typeof code !== "string" || code === "busy") {
    return new Unreachable("the server did not answer, or something else did", retryMs(response));
  }
  const why = typeof detail === "string" ? detail : "";
  if (code !== "stale-head") return new Refused(code, why);
  const empty = seq === null || id === null;
  return new StaleHead(why, empty ? null : { seq: numberIn(reply, "seq"), id: bytesIn(reply, "id") });
}

function retryMs(response: Response): number {
  const seconds = response.headers.get("retry-after") ?? "";
  return /^[0-9]{1,6}$/.test(seconds) ? Number(seconds) * 1000 : 0;
}

export async function readJson(response: Response): Promise<Json> {
  return parseJson(await reach(() => response.text()));
}
