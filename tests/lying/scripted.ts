// A server that serves what a scenario says, and the browser's client's way through it: reads scenarios as JSON from
// standard input (see scenario.py) and writes what the client made of each step. The twin of scripted.py.

import { readFileSync } from "node:fs";

import { checkRest } from "../../microblog/web/src/client/checking.ts";
import { UnstoredDatabase } from "../../microblog/web/src/client/database.ts";
import { refresh } from "../../microblog/web/src/client/following.ts";
import { readInvitation } from "../../microblog/web/src/client/joining.ts";
import { Memory } from "../../microblog/web/src/client/memory.ts";
import { postWaiting, type Attempts } from "../../microblog/web/src/client/posting.ts";
import { allPosts, bringPosts, overview } from "../../microblog/web/src/client/reading.ts";
import { openSession } from "../../microblog/web/src/client/keeping.ts";
import { carry } from "../../microblog/web/src/client/note.ts";
import { openKeys } from "../../microblog/web/src/client/sealing.ts";
import {
  InTrouble,
  NotFollowed,
  type Session,
  Waiting,
  type World,
} from "../../microblog/web/src/client/session.ts";
import type { Draft, Post } from "../../microblog/web/src/client/shown.ts";
import {
  type Carried,
  type Challenge,
  type Fetched,
  type Listed,
  type Part,
  Refused,
  type Row,
  StaleHead,
  type Transport,
} from "../../microblog/web/src/client/transport.ts";
import { decodeBase64url, encodeBase64url } from "../../microblog/web/src/protocol/base64url.ts";
import { BytesMap, BytesSet, compareBytes, equalBytes } from "../../microblog/web/src/protocol/builtins.ts";
import { decodeArray, encode } from "../../microblog/web/src/protocol/encoding.ts";
import { decodeEntry, DIRECTORY, entryId } from "../../microblog/web/src/protocol/entry.ts";
import { ProtocolError } from "../../microblog/web/src/protocol/errors.ts";
import type { Head } from "../../microblog/web/src/protocol/log.ts";
import { ready } from "../../microblog/web/src/protocol/primitives.ts";
import { fromJson, parse, toJson } from "../protocol/typed.ts";
import { leanEntry } from "./server.ts";
import { RoundConnection } from "./rounds.ts";

const ORIGIN = "https://example.test";
const PASSPHRASE = "invented lamp";

interface Served {
  logs: (readonly [Uint8Array, Uint8Array[]])[];
  boxes: (readonly [Uint8Array, [number, Row[]][]])[];
  until: [Uint8Array, number][];
  answers: string[];
  full: number;
  asks: Uint8Array[];
  heads: Uint8Array[];
  note: Uint8Array;
}

interface Step {
  served: Served;
  do: string;
  shown: Uint8Array[];
  text: string;
  given: { file?: Uint8Array; fragment?: string; letters?: string; allTheSame?: number };
}

interface Scenario {
  name: string;
  person: Uint8Array;
  deviceSeed: Uint8Array;
  boxSecret: Uint8Array;
  readingSecret: Uint8Array;
  fingerprint: Uint8Array;
  log: Uint8Array;
  now: number;
  steps: Step[];
}

/** Answers as told, checks nothing, and keeps a note of all that it is sent. */
class ScriptedServer extends RoundConnection implements Transport {
  readonly origin = ORIGIN;
  readonly now: number;
  served: Served;
  answers: string[] = [];
  sent: Uint8Array[][] = [];
  boxesPut: Uint8Array[][] = [];

  constructor(served: Served, now: number) {
    super();
    this.served = served;
    this.now = now;
  }

  /** Serve this from now on. */
  serve(served: Served): void {
    this.served = served;
    this.answers = [...served.answers];
    this.sent = [];
    this.boxesPut = [];
  }

  async build(): Promise<string> {
    return "";
  }

  async practice(): Promise<boolean> {
    return true;
  }

  async restoring(): Promise<boolean> {
    return false;
  }

  async giveBack(): Promise<never> {
    throw new Error("nothing is asked to be given back");
  }

  async givenBack(): Promise<void> {
    throw new Error("nothing is asked to be given back");
  }

  async fingerprint(): Promise<null> {
    return null;
  }

  async putLink(): Promise<void> {
    throw new Error("no device is linked");
  }

  async link(): Promise<null> {
    return null;
  }

  async challenge(): Promise<Challenge> {
    return { challenge: new Uint8Array(32), time: this.now };
  }

  async signIn(): Promise<void> {}

  async signInFounding(): Promise<void> {}

  async signOut(): Promise<void> {}

  async streams(): Promise<Listed[]> {
    return this.served.logs
      .filter(([log]) => !equalBytes(log, DIRECTORY))
      .map(([log, raw]) => ({ log, head: headOf(raw), until: find(this.served.until, log) ?? null }));
  }

  async fetch(since: BytesMap<number>, { until, lean }: Part = {}): Promise<Fetched[]> {
    return [...since]
      .map(([log, seq]) => {
        const end = (until?.get(log) ?? Infinity) + 1;
        const raw = (find(this.served.logs, log) ?? []).slice(seq, end).map(withoutBoxes);
        const entries = lean && !this.served.full ? raw.map(leanEntry) : raw;
        return { log, entries, more: false };
      })
      .filter(({ entries }) => entries.length > 0);
  }

  async append(log: Uint8Array, entries: readonly Uint8Array[]): Promise<Head> {
    this.sent.push([...entries]);
    if (this.answers.shift() === "stale") {
      throw new StaleHead("someone was first", headOf(find(this.served.logs, log) ?? []));
    }
    this.#keep(log, entries);
    return headOf(entries, decodeEntry(entries.at(-1) ?? new Uint8Array()).header.seq);
  }

  // Serve what was taken, with its boxes, until the next step says what is served.
  #keep(log: Uint8Array, entries: readonly Uint8Array[]): void {
    const logs = new BytesMap(this.served.logs);
    logs.set(log, [...(logs.get(log) ?? []), ...entries]);
    const boxes = new BytesMap(this.served.boxes);
    for (const { header, boxes: more } of entries.map(decodeEntry)) {
      const epochs = new Map(boxes.get(log) ?? []);
      const rows = new BytesMap([...(epochs.get(header.epoch) ?? []), ...more]);
      epochs.set(header.epoch, [...rows].sort(([one], [other]) => compareBytes(one, other)));
      boxes.set(log, [...epochs]);
    }
    this.served = { ...this.served, logs: [...logs], boxes: [...boxes] };
  }

  async boxes(log: Uint8Array, epoch: number): Promise<Row[]> {
    const epochs = find(this.served.boxes, log) ?? [];
    return epochs.find(([number]) => number === epoch)?.[1] ?? [];
  }

  async putBoxes(_log: Uint8Array, _epoch: number, boxes: readonly Row[]): Promise<void> {
    this.boxesPut.push(...boxes.map(([person, box]) => [person, box]));
  }

  async heads(): Promise<Uint8Array[]> {
    return this.served.heads;
  }

  async asks(): Promise<Uint8Array[]> {
    return this.served.asks;
  }

  override async ownNote(): Promise<Carried> {
    const { note } = this.served;
    return { number: note.length > 0 ? 1 : 0, data: note };
  }

  override async putOwnNote(): Promise<void> {}

  async keepers(): Promise<Uint8Array[]> {
    throw new Refused("not-found", "");
  }

  async putAsk(): Promise<void> {
    throw new Refused("not-found", "");
  }

  async deleteAsk(): Promise<void> {
    throw new Refused("not-found", "");
  }
}

function find<T>(rows: readonly (readonly [Uint8Array, T])[], log: Uint8Array): T | undefined {
  return rows.find(([name]) => equalBytes(name, log))?.[1];
}

function headOf(raw: readonly Uint8Array[], seq = raw.length - 1): Head {
  try {
    const [header, signature] = decodeArray(raw.at(-1) ?? new Uint8Array());
    if (header instanceof Uint8Array && signature instanceof Uint8Array) {
      return { seq, id: entryId(header, signature) };
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  return { seq, id: new Uint8Array(32) };
}

function withoutBoxes(raw: Uint8Array): Uint8Array {
  try {
    decodeEntry(raw);
  } catch (error) {
    if (error instanceof ProtocolError) return raw;
    throw error;
  }
  return encode([...decodeArray(raw).slice(0, 4), []]);
}

async function drive(scenario: Scenario): Promise<unknown[]> {
  const [first] = scenario.steps;
  if (!first) return [];
  const keys = {
    fingerprint: scenario.fingerprint,
    origin: ORIGIN,
    person: scenario.person,
    deviceSeed: scenario.deviceSeed,
    boxSecret: scenario.boxSecret,
    readingSecrets: [scenario.readingSecret],
    pins: [],
  };
  const server = new ScriptedServer(first.served, scenario.now);
  const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));
  const world: World = { clock: () => scenario.now, random, progress: () => undefined };
  const memory = new Memory(new UnstoredDatabase(), keys.deviceSeed, random);
  let session: Session | null = null;
  const results = [];
  for (const step of scenario.steps) {
    server.serve(step.served);
    if (["link", "let in", "sheet"].includes(step.do)) {
      results.push({ skipped: true });
      continue;
    }
    if (step.do === "open" || step.do === "invitation") {
      results.push({ ...(await atTheDoor(step, server, world)), sent: server.sent, boxesPut: [] });
      continue;
    }
    if (step.do === "restart") session = null;
    session ??= await openSession(keys, server, memory, world);
    const outcome = await act(session, scenario, step);
    const seen = { ...(await look(session, step, scenario.log)), requests: requestsTo(session) };
    results.push({ ...seen, ...outcome, sent: server.sent, boxesPut: server.boxesPut });
  }
  return results;
}

async function atTheDoor({ do: what, given }: Step, server: Transport, world: World): Promise<object> {
  try {
    if (what === "open") {
      const { keys } = openKeys(given.file ?? new Uint8Array(), PASSPHRASE, world);
      return { outcome: "", person: keys.person };
    }
    const { fragment = "", letters = "" } = given;
    const [, offered] = await readInvitation(server, fragment, letters, world);
    return { outcome: "", offered: [offered.practice, offered.name] };
  } catch (error) {
    if (error instanceof ProtocolError) return { outcome: error.name };
    throw error;
  }
}

/** Nothing was tried before. */
const FIRST: Attempts = { arrived: async () => false, begin: async () => undefined };

async function act(session: Session, scenario: Scenario, step: Step): Promise<object> {
  try {
    await refresh(session);
    if (step.served.note.length > 0) await carry(session, true);
    if (step.do !== "post") return { outcome: "" };
    const row = { log: encodeBase64url(scenario.log), draft: draft(step.text), written: session.world.clock() };
    const terms = { seen: new BytesSet(step.shown), allTheSame: step.given.allTheSame === 1 };
    const sent = await postWaiting(session, row, terms, FIRST);
    if (sent.sent) return { outcome: "" };
    if (sent.unvouched > 0) return { outcome: "unvouched" };
    const newcomers = sent.newcomers.map(({ id }) => decodeBase64url(id));
    return { outcome: "newcomers", newcomers };
  } catch (error) {
    if (error instanceof InTrouble) return { outcome: "InTrouble" };
    const refusals = [ProtocolError, Refused, NotFollowed, Waiting];
    if (refusals.some((refusal) => error instanceof refusal)) return { outcome: "refused" };
    throw error;
  }
}

function draft(text: string): Draft {
  const empty = { sure: "", scale: "", side: "", happened: "", source: "", outcome: "" };
  const none = { reason: "", review: "", refers: [], how: "", nudge: false };
  return { text, kind: "hunch", ...empty, ...none };
}

async function look(session: Session, { do: what }: Step, log: Uint8Array): Promise<object> {
  const name = encodeBase64url(log);
  const newest = session.feeds.has(log) ? (await postsOf(session, name, 3)).map(rowOf) : [];
  const unchecked = session.feeds.get(log)?.unchecked.size ?? 0;
  if (what !== "glance") await checkRest(session, () => undefined);
  const shown = overview(session);
  const seen = { directory: shown.trouble?.error ?? "", witness: shown.witness.state };
  const child = shown.children.find((one) => one.log === name);
  if (!child) return { ...seen, posts: [] };
  const posts = what === "glance" ? [] : await postsOf(session, name, 1000);
  return {
    ...seen,
    newest,
    unchecked,
    trouble: child.trouble?.error ?? "",
    members: child.members.map(({ person }) => decodeBase64url(person.id)).sort(compareBytes),
    waiting: child.waiting,
    removed: child.removed !== null,
    posts: posts.map(rowOf),
    rows: posts.filter(({ rows }) => rows > 0).map(({ seq, rows }) => [seq, rows]),
    texts: allPosts(session, [name]).posts.map(({ row, text }) => (row === "" ? "" : text)).join(""),
    unread: posts.filter(({ unread }) => unread).map(({ seq }) => seq),
    doubtful: posts.filter(({ doubtful }) => doubtful).map(({ seq }) => seq),
    mayStillRead: child.mayStillRead.map(({ person, alarm }) => {
      return [decodeBase64url(person.id), alarm ? 1 : 0];
    }),
    changing: child.changing.map(({ id }) => decodeBase64url(id)),
  };
}

async function postsOf(session: Session, log: string, count: number): Promise<Post[]> {
  return (await bringPosts(session, log, "", count)).posts.reverse();
}

function rowOf({ seq, state, text }: Post): unknown {
  return [seq, state, text];
}

function requestsTo(session: Session): unknown[] {
  const rows = overview(session).requests;
  return rows.map(({ log, person, reason }) => [
    decodeBase64url(log),
    decodeBase64url(person.id),
    reason,
  ]);
}

/** Return, as JSON, what the client makes of scenarios that are given as JSON. */
export async function driveAll(given: unknown): Promise<unknown> {
  await ready;
  const outcomes = [];
  for (const scenario of fromJson(given) as Scenario[]) outcomes.push(await drive(scenario));
  return toJson(outcomes);
}

if (import.meta.main) process.stdout.write(JSON.stringify(await driveAll(parse(readFileSync(0)))));
