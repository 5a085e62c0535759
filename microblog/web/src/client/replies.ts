// What a server answers, read strictly: rows, and values in JSON. Nothing of it is verified yet.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap } from "../protocol/builtins.ts";
import type { Value } from "../protocol/encoding.ts";
import { Malformed } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import * as shape from "../protocol/shape.ts";
import type { Notices } from "./shown-hand.ts";
import type { MailStates, RoundUpChoice } from "./shown-rounds.ts";

const MANY = 2 ** 32;
const TIME = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;

export type Json = Record<string, unknown>;

export interface Challenge {
  challenge: Uint8Array;
  time: number; // ms
}

// A stream that I follow, or followed: nothing newer than `until` is served to me. `lacking`: entries whose words a server
// that is being restored does not have.
export interface Listed {
  log: Uint8Array;
  head: Head;
  until: number | null;
  lacking?: readonly number[];
}

// What is new in one log, oldest first; `more`: the reply was cut here.
export interface Fetched {
  log: Uint8Array;
  entries: Uint8Array[];
  more: boolean;
}

/** Return the streams that are listed. */
export function readListed(reply: Json): Listed[] {
  const lacking = new BytesMap(
    objectsIn({ lacking: [], ...reply }, "lacking").map((row) => {
      return [bytesIn(row, "log"), listIn(row, "seqs").map((seq) => numberIn({ seq }, "seq"))] as const;
    }),
  );
  return objectsIn(reply, "streams").map((row) => {
    const head = { seq: numberIn(row, "seq"), id: bytesIn(row, "id") };
    const until = row["until"] === null ? null : numberIn(row, "until");
    const log = bytesIn(row, "log");
    return { log, head, until, lacking: lacking.get(log) ?? [] };
  });
}

/** Return what is new in one log. */
export function readFetched(row: Value): Fetched {
  const [log, entries, more] = shape.array(row, 3, 3, "log");
  return {
    log: shape.octets(log, [16], "log"),
    entries: shape.array(entries, 0, MANY, "entries").map(octets),
    more: shape.uint(more, 1, "more") === 1,
  };
}

/** Return when my round-up comes. */
export function readChoice(reply: Json): RoundUpChoice {
  const { nudges, mails, zone } = reply;
  if (typeof nudges !== "boolean" || typeof mails !== "boolean" || typeof zone !== "string") {
    throw new Malformed("nudges, mails or zone is not what it should be");
  }
  const at = wordIn(reply, "at", isTime);
  const every = wordIn(reply, "every", isEvery);
  const quiet = listIn(reply, "quiet").map((day) => weekdayIn({ day }, "day"));
  return { every, at, weekday: weekdayIn(reply, "weekday"), nudges, quiet, mails, zone };
}

/** Return what became of everyone's newest mail. */
export function readMailStates(reply: Json): MailStates {
  const states = objectsIn(reply, "states").map((row) => ({
    person: encodeBase64url(bytesIn(row, "person")),
    state: wordIn(row, "state", isMailState),
    time: numberIn(row, "time"),
    tries: numberIn(row, "tries"),
    code: numberIn(row, "code"),
  }));
  return { looked: numberIn(reply, "looked"), states };
}

/** Return whether, and when, this device is told that something is new. */
export function readNotices(reply: Json): Notices {
  const { on, zone } = reply;
  if (typeof on !== "boolean" || typeof zone !== "string") throw new Malformed("on or zone is not what it should be");
  return {
    on,
    key: reply["key"] === null ? "" : encodeBase64url(bytesIn(reply, "key")),
    zone,
    begin: wordIn(reply, "begin", isTime),
    end: wordIn(reply, "end", isTime),
    quiet: listIn(reply, "quiet").map((day) => weekdayIn({ day }, "day")),
    looked: numberIn(reply, "looked"),
    sent: numberIn(reply, "sent"),
    tries: numberIn(reply, "tries"),
    tried: numberIn(reply, "tried"),
  };
}

function weekdayIn(reply: Json, name: string): number {
  const day = numberIn(reply, name);
  if (day > 6) throw new Malformed(`${name} is not a day of the week`);
  return day;
}

function isTime(word: string): word is string {
  return TIME.test(word);
}

function isEvery(word: string): word is RoundUpChoice["every"] {
  return word === "off" || word === "daily" || word === "weekly";
}

function isMailState(word: string): word is MailStates["states"][number]["state"] {
  return word === "sent" || word === "waiting" || word === "refused";
}

/** Return the object in a JSON reply. */
export function parseJson(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isJson(value)) return value;
  } catch {
    // Not JSON: told below.
  }
  throw new Malformed("the reply is not a JSON object");
}

/** Return seqs by log as they are asked for. */
export function seqsByLog(seqs: BytesMap<number>): Record<string, number> {
  return Object.fromEntries([...seqs].map(([log, seq]) => [encodeBase64url(log), seq]));
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Return a list in a reply. */
export function listIn(reply: Json, name: string): unknown[] {
  const value = reply[name];
  if (!Array.isArray(value)) throw new Malformed(`${name} is not a list`);
  return value;
}

/** Return a list of objects in a reply. */
export function objectsIn(reply: Json, name: string): Json[] {
  return listIn(reply, name).map((row) => {
    if (!isJson(row)) throw new Malformed(`${name} is not a list of objects`);
    return row;
  });
}

/** Return a whole number in a reply. */
export function numberIn(reply: Json, name: string): number {
  const value = reply[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new Malformed(`${name} is not a whole number`);
  }
  return value;
}

/** Return bytes in a reply. */
export function bytesIn(reply: Json, name: string): Uint8Array {
  const value = reply[name];
  if (typeof value !== "string") throw new Malformed(`${name} is not text`);
  return decodeBase64url(value);
}

function wordIn<W extends string>(
  reply: Json,
  name: string,
  isWord: (word: string) => word is W,
): W {
  const value = reply[name];
  if (typeof value !== "string" || !isWord(value)) throw new Malformed(`${name} is not a known word`);
  return value;
}

/** Return a value that is bytes. */
export function octets(value: Value | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Malformed("not bytes");
  return value;
}
