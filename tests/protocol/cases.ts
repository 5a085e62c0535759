// One case of the vectors: a call, its arguments, and how it ended.

import { ProtocolError } from "../../microblog/web/src/protocol/errors.ts";
import { CALLS } from "./calls.ts";
import { fromJson, toJson } from "./typed.ts";

export type Logs = Readonly<Record<string, readonly unknown[]>>;

export interface Case {
  readonly name: string;
  readonly call: string;
  readonly in: readonly unknown[];
  readonly out?: unknown;
  readonly error?: string;
  readonly message?: string;
}

/** How a case ended: the class and message of a refusal (empty for none), and what came out. */
export interface Ending {
  readonly error: string;
  readonly message: string;
  readonly out: unknown;
}

/** Carry a case out; anything thrown but a refusal of the protocol's is thrown on. */
export function run(asked: Pick<Case, "call" | "in">, logs: Logs): Ending {
  const call = CALLS.get(asked.call) as ((...given: unknown[]) => unknown) | undefined;
  if (call === undefined) throw new Error(`calls.ts does not know ${asked.call}`);
  const given = asked.in.map((item) => resolve(item, logs));
  try {
    return { error: "", message: "", out: toJson(call(...given)) };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { error: error.name, message: error.message, out: null };
  }
}

/** Return how a case is written to end. */
export function expected(asked: Case): Ending {
  const { error = "", message = "", out = null } = asked;
  return { error, message, out };
}

function resolve(item: unknown, logs: Logs): unknown {
  const isReference = typeof item === "object" && item !== null && "upto" in item;
  if (!isReference) return fromJson(item);
  const { log, upto, then } = item as { log: string; upto: number; then: unknown[] };
  const entries = logs[log];
  if (entries === undefined) throw new Error(`no log is called ${log}`);
  return [...entries.slice(0, upto), ...then].map(fromJson);
}
