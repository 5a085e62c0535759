// What the vectors may call of the smaller rules: numbers, doubt, what a bundle lacks.

import { stripDirectory, stripEntry } from "../../microblog/web/src/protocol/bundle.ts";
import { isDoubtful } from "../../microblog/web/src/protocol/device.ts";
import { Directory } from "../../microblog/web/src/protocol/directory.ts";
import { decodeEntry } from "../../microblog/web/src/protocol/entry.ts";
import { BadLetters } from "../../microblog/web/src/protocol/errors.ts";
import * as link from "../../microblog/web/src/protocol/link.ts";
import * as recovery from "../../microblog/web/src/protocol/recovery.ts";
import * as shred from "../../microblog/web/src/protocol/shred.ts";
import * as witness from "../../microblog/web/src/protocol/witness.ts";

const MODULES: Readonly<Record<string, object>> = { link, recovery, shred, witness };

function numberOf(module: string, name: string): unknown {
  return Object.entries(MODULES[module] ?? {}).find(([known]) => known === name)?.[1];
}

function groupOfMistake(typed: string): number {
  try {
    recovery.readSheet(typed);
  } catch (error) {
    if (!(error instanceof BadLetters)) throw error;
    return error.group ?? -1;
  }
  return -2;
}

function isInDoubt(raw: readonly Uint8Array[], key: Uint8Array, time: number): number {
  const [directory] = new Directory().extend(raw.map(decodeEntry));
  const device = directory.devices.get(key);
  if (device === undefined) throw new Error("there is no such device");
  return isDoubtful(device, time) ? 1 : 0;
}

/** Return how many of so many pins a message holds. */
function pinsKept(letters: string, nonce: Uint8Array, count: number): number {
  const [id, short] = [new Uint8Array(32), new Uint8Array(16)];
  const heads = Array.from({ length: count }, () => [short, { seq: 0, id }] as const);
  const code = link.deriveLink(letters);
  const message = link.sealPins(code, nonce, { fingerprint: id, person: short, entry: id, heads });
  return link.openPins(code, message).heads.length;
}

export const RULE_CALLS: readonly (readonly [string, (...given: never[]) => unknown])[] = [
  ["number", numberOf],
  ["device.is_doubtful", isInDoubt],
  ["link.pins_kept", pinsKept],
  ["recovery.group_of_mistake", groupOfMistake],
  ["bundle.strip_directory", stripDirectory],
  [
    "bundle.strip_entry",
    (raw: Uint8Array, secrets: readonly (readonly [number, Uint8Array])[]) =>
      stripEntry(raw, new Map(secrets)),
  ],
];
