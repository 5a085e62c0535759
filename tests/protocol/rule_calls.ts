// What the vectors may call of the smaller rules: numbers, doubt, what a bundle lacks.

import * as bundle from "../../microblog/web/src/protocol/bundle.ts";
import { joinBytes } from "../../microblog/web/src/protocol/builtins.ts";
import { isDoubtful } from "../../microblog/web/src/protocol/device.ts";
import { Directory } from "../../microblog/web/src/protocol/directory.ts";
import { encode } from "../../microblog/web/src/protocol/encoding.ts";
import { decodeEntry } from "../../microblog/web/src/protocol/entry.ts";
import { BadLetters } from "../../microblog/web/src/protocol/errors.ts";
import * as link from "../../microblog/web/src/protocol/link.ts";
import { twoWords } from "../../microblog/web/src/protocol/naming.ts";
import { derive, encrypt, hashLabelled } from "../../microblog/web/src/protocol/primitives.ts";
import * as recovery from "../../microblog/web/src/protocol/recovery.ts";
import * as shred from "../../microblog/web/src/protocol/shred.ts";
import * as witness from "../../microblog/web/src/protocol/witness.ts";

const MODULES: Readonly<Record<string, object>> = { bundle, link, recovery, shred, witness };

function numberOf(module: string, name: string): unknown {
  return Object.entries(MODULES[module] ?? {}).find(([known]) => known === name)?.[1];
}

/** Return every first and every second word of so many streams, and a hash of all in order. */
function allWords(count: number): unknown[] {
  const words = Array.from({ length: count }, (_, number) => twoWords(streamOf(number)).split(" "));
  const said = new TextEncoder().encode(words.flat().join(" "));
  const lists = [0, 1].map((at) => [...new Set(words.map((pair) => pair[at]!))].sort());
  return [...lists, hashLabelled("msb/1/words", said)];
}

function streamOf(number: number): Uint8Array {
  const log = new Uint8Array(16);
  new DataView(log.buffer).setUint32(12, number);
  return log;
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

/** Return the name in an offer of so many items. */
function openLongOffer(letters: string, nonce: Uint8Array, count: number): string {
  const { key, tag } = link.deriveLink(letters);
  const rest = new Array<number>(count - 4).fill(0);
  const plain = encode(["msb/1/offer", new Uint8Array(32), new Uint8Array(32), "x", ...rest]);
  const context = joinBytes(tag, Uint8Array.of(link.OFFER));
  const sealed = encrypt(derive(key, "msb/1/link-key", link.OFFER), nonce, plain, context);
  return link.openOffer({ key, tag }, joinBytes(nonce, sealed)).name;
}

export const RULE_CALLS: readonly (readonly [string, (...given: never[]) => unknown])[] = [
  ["number", numberOf],
  ["naming.all_words", allWords],
  ["naming.two_words", twoWords],
  ["device.is_doubtful", isInDoubt],
  ["link.open_long_offer", openLongOffer],
  ["link.pins_kept", pinsKept],
  ["recovery.group_of_mistake", groupOfMistake],
  ["bundle.strip_directory", bundle.stripDirectory],
  [
    "bundle.strip_entry",
    (raw: Uint8Array, secrets: readonly (readonly [number, Uint8Array])[]) =>
      bundle.stripEntry(raw, new Map(secrets)),
  ],
];
