// What both sorts of log share: a chain that only grows, and the pins that remember how far it was
// seen (PROTOCOL.md 9).

import { equalBytes } from "./builtins.ts";
import { type Entry, NO_ENTRY } from "./entry.ts";
import { BrokenChain, RolledBack, WrongLog } from "./errors.ts";

/** How far a log has come: its newest entry's seq and id. Kept by a client it is a pin. */
export interface Head {
  readonly seq: number;
  readonly id: Uint8Array;
}

/**
 * Check that an entry is the next of this log.
 *
 * @throws {WrongLog} it belongs to another.
 * @throws {BrokenChain} seq or prev is not what follows `head`.
 */
export function checkLink(log: Uint8Array, head: Head | null, entry: Entry): void {
  const { header } = entry;
  if (!equalBytes(header.log, log)) throw new WrongLog("the entry belongs to another log");
  if (header.seq !== (head ? head.seq + 1 : 0)) {
    throw new BrokenChain("the entry's seq is not the next one");
  }
  if (!equalBytes(header.prev, head ? head.id : NO_ENTRY)) {
    throw new BrokenChain("the entry's prev is not the entry before it");
  }
}

/**
 * Check that the verified ids of a log, from 0, contain what was seen of it before.
 *
 * @throws {RolledBack} the log is shorter than the pin, or another.
 */
export function checkPin(pin: Head, ids: readonly Uint8Array[]): void {
  const id = ids[pin.seq];
  if (id === undefined) throw new RolledBack("the log is shorter than it was");
  if (!equalBytes(id, pin.id)) throw new RolledBack("the log is not the one seen before");
}
