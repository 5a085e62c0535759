// The server's HTTP interface, one method a call; anything with the same methods can stand in for it.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import { decodeArray, encode, type Value } from "../protocol/encoding.ts";
import { DIRECTORY, MAX_APPEND } from "../protocol/entry.ts";
import { Malformed } from "../protocol/errors.ts";
import type { Head } from "../protocol/log.ts";
import * as shape from "../protocol/shape.ts";

const TIMEOUT_MS = 30_000;
const MANY = 2 ** 32;

// Nothing of ours answered: no network, a time-out, or something in between that speaks for the server.
export class Unreachable extends Error {
  override readonly name: string = "Unreachable";
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
}

export type SessionSort = "device" | "invitation";

type Json = Record<string, unknown>;

// The real one. The session's cookie is the browser's business: no script can read it.
export class HttpTransport implements Transport {
  readonly origin: string;
  // The device that this tab signed in. Another tab of the browser may have signed in another since: they share a cookie.
  #device: Uint8Array | null = null;

  constructor(origin: string) {
    this.origin = origin;
  }

  async practice(): Promise<boolean> {
    return (await readJson(await this.call("GET", "/practice")))["founded"] === true;
  }

  async restoring(): Promise<boolean> {
    return (await readJson(await this.call("GET", "/practice")))["restoring"] === true;
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
  }

  async signInFounding(token: string): Promise<void> {
    this.#device = null;
    await this.call("POST", "/sessions", { sort: "founding", token });
  }

  async signOut(): Promise<void> {
    this.#device = null;
    await this.call("DELETE", "/sessions");
  }

  async streams(): Promise<Listed[]> {
    const reply = await readJson(await this.call("GET", "/streams"));
    if (this.#device === null || !equalBytes(bytesIn(reply, "key"), this.#device)) {
      // What is listed would be somebody else's, and mine would seem to have vanished.
      throw new Refused("signed-out", "another device is signed in");
    }
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

  async fetch(since: BytesMap<number>, { until, lean }: Part = {}): Promise<Fetched[]> {
    const wanted: Json = { since: seqsByLog(since) };
    if (until !== undefined) wanted["until"] = seqsByLog(until);
    if (lean) wanted["lean"] = true;
    const reply = await this.call("POST", "/logs/fetch", wanted);
    return (await readCbor(reply)).map((row) => {
      const [log, entries, more] = shape.array(row, 3, 3, "log");
      return {
        log: shape.octets(log, [16], "log"),
        entries: shape.array(entries, 0, MANY, "entries").map(octets),
        more: shape.uint(more, 1, "more") === 1,
      };
    });
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

  private async call(method: string, path: string, body?: Json | Uint8Array): Promise<Response> {
    const request: RequestInit = {
      method,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    if (body instanceof Uint8Array) {
      request.headers = { "content-type": "application/cbor" };
      request.body = body.slice();
    } else if (body !== undefined) {
      request.headers = { "content-type": "application/json" };
      request.body = JSON.stringify(body);
    }
    const response = await reach(() => fetch(`${this.origin}/api${path}`, request));
    if (response.ok) return response;
    throw await refusal(response);
  }
}

async function reach<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch {
    throw new Unreachable("the server cannot be reached");
  }
}

// A proxy's error page is no answer of the server: it has no code.
async function refusal(response: Response): Promise<Error> {
  const reply = await readJson(response).catch(() => ({}) as Json);
  const { code, detail, seq, id } = reply;
  if (typeof code !== "string" || code === "busy") {
    return new Unreachable("the server did not answer, or something else did");
  }
  const why = typeof detail === "string" ? detail : "";
  if (code !== "stale-head") return new Refused(code, why);
  const empty = seq === null || id === null;
  return new StaleHead(why, empty ? null : { seq: numberIn(reply, "seq"), id: bytesIn(reply, "id") });
}

async function readJson(response: Response): Promise<Json> {
  const text = await reach(() => response.text());
  try {
    const value: unknown = JSON.parse(text);
    if (isJson(value)) return value;
  } catch {
    // Not JSON: told below.
  }
  throw new Malformed("the reply is not a JSON object");
}

async function readCbor(response: Response): Promise<readonly Value[]> {
  return decodeArray(new Uint8Array(await reach(() => response.arrayBuffer())));
}

function seqsByLog(seqs: BytesMap<number>): Record<string, number> {
  return Object.fromEntries([...seqs].map(([log, seq]) => [encodeBase64url(log), seq]));
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listIn(reply: Json, name: string): unknown[] {
  const value = reply[name];
  if (!Array.isArray(value)) throw new Malformed(`${name} is not a list`);
  return value;
}

function objectsIn(reply: Json, name: string): Json[] {
  return listIn(reply, name).map((row) => {
    if (!isJson(row)) throw new Malformed(`${name} is not a list of objects`);
    return row;
  });
}

function numberIn(reply: Json, name: string): number {
  const value = reply[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new Malformed(`${name} is not a whole number`);
  }
  return value;
}

function bytesIn(reply: Json, name: string): Uint8Array {
  const value = reply[name];
  if (typeof value !== "string") throw new Malformed(`${name} is not text`);
  return decodeBase64url(value);
}

function octets(value: Value | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Malformed("not bytes");
  return value;
}
