// The server's HTTP interface, one method a call; anything with the same methods can stand in for it.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import { decodeArray, encode, MAX_UINT, type Value } from "../protocol/encoding.ts";
import { DIRECTORY, MAX_APPEND } from "../protocol/entry.ts";
import { Malformed } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import * as shape from "../protocol/shape.ts";
import { reach, readJson, Refused, refusal, Unreachable } from "./refusals.ts";
import {
  bytesIn,
  type Challenge,
  type Fetched,
  type Json,
  type Listed,
  numberIn,
  octets,
  readChoice,
  readFetched,
  readListed,
  readMailStates,
  readNotices,
  seqsByLog,
} from "./replies.ts";
import type { Notices, Reached } from "./shown-hand.ts";
import type { MailStates, RoundUpChoice } from "./shown-rounds.ts";

export { Refused, StaleHead, Unreachable } from "./refusals.ts";
export type { Challenge, Fetched, Listed } from "./replies.ts";

const TIMEOUT_MS = 30_000;
const NOT_MODIFIED = 304;

// Not all of it: of some logs only up to a seq, and of posts, where it is lean, no words.
export interface Part {
  readonly until?: BytesMap<number>;
  readonly lean?: boolean;
}

export type Row = readonly [person: Uint8Array, box: Uint8Array];

export interface Transport {
  readonly origin: string;
  practice(): Promise<boolean>;
  restoring(): Promise<boolean>;
  build(): Promise<string>;
  giveBack(log: Uint8Array, entries: readonly Uint8Array[]): Promise<Head>;
  givenBack(): Promise<void>;
  challenge(): Promise<Challenge>;
  signIn(
    sort: SessionSort,
    key: Uint8Array,
    challenge: Challenge,
    signature: Uint8Array,
  ): Promise<void>;
  signInFounding(token: string): Promise<void>;
  signOut(): Promise<void>;
  streams(): Promise<Listed[]>;
  fetch(since: BytesMap<number>, part?: Part): Promise<Fetched[]>;
  append(log: Uint8Array, entries: readonly Uint8Array[]): Promise<Head>;
  boxes(log: Uint8Array, epoch: number): Promise<Row[]>;
  putBoxes(log: Uint8Array, epoch: number, boxes: readonly Row[]): Promise<void>;
  heads(): Promise<Uint8Array[]>;
  keepers(log: Uint8Array): Promise<Uint8Array[]>;
  asks(): Promise<Uint8Array[]>;
  putAsk(log: Uint8Array, data: Uint8Array): Promise<void>;
  deleteAsk(log: Uint8Array, person: Uint8Array): Promise<void>;
  fingerprint(): Promise<Uint8Array | null>;
  putLink(tag: Uint8Array, slot: number, message: Uint8Array): Promise<void>;
  link(tag: Uint8Array, slot: number): Promise<Uint8Array | null>;
  roundUp(): Promise<RoundUpChoice>;
  putRoundUp(choice: RoundUpChoice): Promise<void>;
  roundUps(): Promise<MailStates>;
  ownNote(): Promise<Carried>;
  putOwnNote(note: Carried): Promise<void>;
  push(): Promise<Notices>;
  putPush(wanted: Reached & Quiet): Promise<void>;
  deletePush(): Promise<void>;
  tryPush(): Promise<void>;
  // What may be missing: then all is looked at each time, and nobody listens.
  readonly tag?: string; // which list of streams was served last; empty: it was not said
  readonly hasLive?: boolean;
  isNew?(): Promise<boolean>;
  live?(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** The note of my own as the server has it, under a number that goes up with every put; 0: there is none. */
export interface Carried {
  readonly number: number;
  readonly data: Uint8Array;
}

/** When this device is not to be disturbed. */
export type Quiet = Pick<Notices, "begin" | "end" | "quiet">;

export type SessionSort = "device" | "invitation";

// The real one. The session's cookie is the browser's business: no script can read it.
export class HttpTransport implements Transport {
  readonly origin: string;
  // The device that this tab signed in. Another tab of the browser may have signed in another since: they share a cookie.
  #device: Uint8Array | null = null;
  // As the server served it last. When it says that nothing is newer, it says this once more.
  #list: { readonly tag: string; readonly rows: Listed[] } | null = null;
  hasLive = false;

  constructor(origin: string) {
    this.origin = origin;
  }

  async practice(): Promise<boolean> {
    return (await readJson(await this.call("GET", "/practice")))["founded"] === true;
  }

  async restoring(): Promise<boolean> {
    return (await readJson(await this.call("GET", "/practice")))["restoring"] === true;
  }

  /** Return which build of the browser's end the server serves; empty: it does not say. */
  async build(): Promise<string> {
    const { client } = await readJson(await this.call("GET", "/practice"));
    return typeof client === "string" ? client : "";
  }

  async giveBack(log: Uint8Array, entries: readonly Uint8Array[]): Promise<Head> {
    const place = equalBytes(log, DIRECTORY) ? "/directory" : `/logs/${encodeBase64url(log)}`;
    const reply = await readJson(await this.call("POST", `${place}/give-back`, encode([...entries])));
    return { seq: numberIn(reply, "seq"), id: bytesIn(reply, "id") };
  }

  async givenBack(): Promise<void> {
    await this.call("POST", "/given-back");
  }

  async challenge(): Promise<Challenge> {
    const reply = await readJson(await this.call("POST", "/challenges", {}));
    return { challenge: bytesIn(reply, "challenge"), time: numberIn(reply, "time") };
  }

  async signIn(
    sort: SessionSort,
    key: Uint8Array,
    { challenge, time }: Challenge,
    signature: Uint8Array,
  ): Promise<void> {
    await this.call("POST", "/sessions", {
      sort,
      key: encodeBase64url(key),
      challenge: encodeBase64url(challenge),
      time,
      signature: encodeBase64url(signature),
    });
    this.#device = sort === "device" ? key : null;
    this.#list = null;
  }

  async signInFounding(token: string): Promise<void> {
    this.#device = null;
    this.#list = null;
    await this.call("POST", "/sessions", { sort: "founding", token });
  }

  async signOut(): Promise<void> {
    this.#device = null;
    this.#list = null;
    await this.call("DELETE", "/sessions");
  }

  get tag(): string {
    return this.#list?.tag ?? "";
  }

  async streams(): Promise<Listed[]> {
    return (await this.#ask()) ?? this.#list?.rows ?? [];
  }

  /** Return whether there is another list of streams than the one that was served last. */
  async isNew(): Promise<boolean> {
    return (await this.#ask()) !== null;
  }

  // The list of streams; null: it is the one that was served last.
  async #ask(): Promise<Listed[] | null> {
    const response = await this.call("GET", "/streams", undefined, this.#list?.tag);
    if (response.status === NOT_MODIFIED) return null;
    const reply = await readJson(response);
    if (this.#device === null || !equalBytes(bytesIn(reply, "key"), this.#device)) {
      // What is listed would be somebody else's, and mine would seem to have vanished.
      throw new Refused("signed-out", "another device is signed in");
    }
    const rows = readListed(reply);
    const tag = response.headers.get("etag") ?? "";
    this.#list = tag === "" ? null : { tag, rows };
    this.hasLive = reply["live"] === true;
    return rows;
  }

  /** Return the event stream, until it is aborted; nothing in it is verified. */
  async live(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.call("GET", "/live", undefined, undefined, signal);
    if (response.body === null) throw new Unreachable("there is no stream");
    return response.body;
  }

  async fetch(since: BytesMap<number>, { until, lean }: Part = {}): Promise<Fetched[]> {
    const wanted: Json = { since: seqsByLog(since) };
    if (until !== undefined) wanted["until"] = seqsByLog(until);
    if (lean) wanted["lean"] = true;
    const reply = await this.call("POST", "/logs/fetch", wanted);
    return (await readCbor(reply)).map(readFetched);
  }

  async append(log: Uint8Array, entries: readonly Uint8Array[]): Promise<Head> {
    if (entries.length > MAX_APPEND) throw new Malformed("too many entries for one request");
    const path = `/logs/${encodeBase64url(log)}/entries`;
    const reply = await readJson(await this.call("POST", path, encode([...entries])));
    return { seq: numberIn(reply, "seq"), id: bytesIn(reply, "id") };
  }

  async boxes(log: Uint8Array, epoch: number): Promise<Row[]> {
    const path = `/logs/${encodeBase64url(log)}/boxes?epoch=${epoch}`;
    return (await readCbor(await this.call("GET", path))).map((value) => {
      const [person, box] = shape.array(value, 2, 2, "box");
      return [shape.octets(person, [16], "person"), octets(box)];
    });
  }

  async putBoxes(log: Uint8Array, epoch: number, boxes: readonly Row[]): Promise<void> {
    const rows = boxes.map(([person, box]) => [person, box]);
    await this.call("PUT", `/logs/${encodeBase64url(log)}/boxes`, encode([epoch, rows]));
  }

  async keepers(log: Uint8Array): Promise<Uint8Array[]> {
    const reply = await readJson(await this.call("GET", `/logs/${encodeBase64url(log)}/keepers`));
    const { keepers } = reply;
    if (!Array.isArray(keepers)) throw new Malformed("keepers is not a list");
    return keepers.map((keeper: unknown) => bytesIn({ keeper }, "keeper"));
  }

  async heads(): Promise<Uint8Array[]> {
    return (await readCbor(await this.call("GET", "/heads"))).map(octets);
  }

  async asks(): Promise<Uint8Array[]> {
    return (await readCbor(await this.call("GET", "/asks"))).map(octets);
  }

  async putAsk(log: Uint8Array, data: Uint8Array): Promise<void> {
    await this.call("PUT", `/logs/${encodeBase64url(log)}/ask`, data);
  }

  async deleteAsk(log: Uint8Array, person: Uint8Array): Promise<void> {
    const path = `/logs/${encodeBase64url(log)}/asks/${encodeBase64url(person)}`;
    await this.call("DELETE", path);
  }

  /** Return which practice the server says that it serves; null: none is founded. */
  async fingerprint(): Promise<Uint8Array | null> {
    const reply = await readJson(await this.call("GET", "/practice"));
    return reply["fingerprint"] === null ? null : bytesIn(reply, "fingerprint");
  }

  /** Leave a sealed message for the other of two devices that are being linked. */
  async putLink(tag: Uint8Array, slot: number, message: Uint8Array): Promise<void> {
    await this.call("PUT", `/links/${encodeBase64url(tag)}/${slot}`, encode([message]));
  }

  /** Return the message that the other has left, or null if there is none. */
  async link(tag: Uint8Array, slot: number): Promise<Uint8Array | null> {
    try {
      const reply = await this.call("GET", `/links/${encodeBase64url(tag)}/${slot}`);
      return octets(shape.array(await readCbor(reply), 1, 1, "message")[0]);
    } catch (error) {
      if (error instanceof Refused && error.code === "not-found") return null;
      throw error;
    }
  }

  /** Return when my round-up comes by mail, and whether this server mails at all. */
  async roundUp(): Promise<RoundUpChoice> {
    return readChoice(await readJson(await this.call("GET", "/round-up")));
  }

  /** Choose when my round-up comes by mail. */
  async putRoundUp({ every, at, weekday, nudges, quiet }: RoundUpChoice): Promise<void> {
    await this.call("PUT", "/round-up", { every, at, weekday, nudges, quiet });
  }

  /** Return what became of everyone's newest mail; only to a steward. */
  async roundUps(): Promise<MailStates> {
    return readMailStates(await readJson(await this.call("GET", "/round-ups")));
  }

  /** Return the note of my own. */
  async ownNote(): Promise<Carried> {
    const [number, data] = shape.array(await readCbor(await this.call("GET", "/own-note")), 2, 2, "note");
    return { number: shape.uint(number, MAX_UINT, "number"), data: octets(data) };
  }

  /** Put the note of my own in place of the one of that number. */
  async putOwnNote({ number, data }: Carried): Promise<void> {
    await this.call("PUT", "/own-note", encode([number, data]));
  }

  /** Return whether, and when, this device is told that something is new. */
  async push(): Promise<Notices> {
    return readNotices(await readJson(await this.call("GET", "/push")));
  }

  /** Have this device told, where its browser can be reached. */
  async putPush({ endpoint, key, begin, end, quiet }: Reached & Quiet): Promise<void> {
    await this.call("PUT", "/push", { endpoint, key, begin, end, quiet });
  }

  /** Have this device told nothing any more. */
  async deletePush(): Promise<void> {
    await this.call("DELETE", "/push");
  }

  /** Have this device told once, to see whether it comes. */
  async tryPush(): Promise<void> {
    await this.call("POST", "/push/try");
  }

  private async call(
    method: string,
    path: string,
    body?: Json | Uint8Array,
    tag = "",
    signal = AbortSignal.timeout(TIMEOUT_MS),
  ): Promise<Response> {
    const request: RequestInit = {
      method,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal,
    };
    if (tag !== "") request.headers = { "if-none-match": tag };
    if (body instanceof Uint8Array) {
      request.headers = { "content-type": "application/cbor" };
      request.body = body.slice();
    } else if (body !== undefined) {
      request.headers = { "content-type": "application/json" };
      request.body = JSON.stringify(body);
    }
    const response = await reach(() => fetch(`${this.origin}/api${path}`, request));
    // Unasked nobody may say that nothing is new.
    if (response.ok || (response.status === NOT_MODIFIED && tag !== "")) return response;
    throw await refusal(response);
  }
}

async function readCbor(response: Response): Promise<readonly Value[]> {
  return decodeArray(new Uint8Array(await reach(() => response.arrayBuffer())));
}
