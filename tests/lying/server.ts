// An honest server in memory, with the methods of the transport; one that lies overrides some of them. The twin of
// server.py.

import {
  Refused,
  StaleHead,
  Unreachable,
  type Carried,
  type Challenge,
  type Fetched,
  type Listed,
  type Part,
  type Row,
  type SessionSort,
  type Transport,
} from "../../microblog/web/src/client/transport.ts";
import { BytesMap, compareBytes, equalBytes } from "../../microblog/web/src/protocol/builtins.ts";
import { isGood } from "../../microblog/web/src/protocol/device.ts";
import { Directory } from "../../microblog/web/src/protocol/directory.ts";
import { checkBody, decodeEntry, DIRECTORY, encodeEntry, type Entry } from "../../microblog/web/src/protocol/entry.ts";
import { ProtocolError } from "../../microblog/web/src/protocol/errors.ts";
import type { Head } from "../../microblog/web/src/protocol/log.ts";
import { verifyKnock, verifyLogin } from "../../microblog/web/src/protocol/login.ts";
import { Stream, targetOf, type Target } from "../../microblog/web/src/protocol/stream.ts";
import { AskStore } from "./asks.ts";
import { Kept } from "./kept.ts";
import { LinkConnection, LinkStore } from "./links.ts";
import { serveHeads } from "./witness.ts";

export const ORIGIN = "https://practice.example";
export const TOKEN = "founding-token";
const AHEAD_MS = 2 * 60 * 1000;
const NOBODY: Uint8Array = new Uint8Array();

/** Stores entries after the public verdict and answers as the API does. */
export class HonestServer {
  clock: () => number;
  directory = new Directory();
  directoryEntries: Entry[] = [];
  streams = new BytesMap<Kept>();
  token = TOKEN;
  challenges = 0;
  down = false;
  replyBytes = 4 * 1024 * 1024;
  asks = new AskStore(this);
  links = new LinkStore(this);
  heads = new BytesMap<Uint8Array>(); // by log, as a witness signed them
  notes = new BytesMap<Carried>(); // by person

  constructor(clock: () => number) {
    this.clock = clock;
  }

  /** Return a transport to this server, signed out. */
  connect(): Connection {
    return new Connection(this);
  }

  // What is stored

  appendToDirectory(entries: readonly Entry[]): Head {
    this.checkFollows(this.directory.head, entries);
    const [directory, error] = this.directory.extend(entries);
    if (error !== null) throw refusal(error);
    this.directory = directory;
    this.directoryEntries.push(...entries);
    return headOf(entries);
  }

  appendToStream(log: Uint8Array, entries: readonly Entry[]): Head {
    const kept = this.streams.get(log) ?? new Kept(new Stream(log));
    this.checkFollows(kept.stream.head, entries);
    const after = kept.copy();
    for (const entry of entries) {
      try {
        this.add(after, entry);
      } catch (error) {
        throw error instanceof ProtocolError ? refusal(error) : error;
      }
    }
    this.streams.set(log, after);
    this.asks.end(log);
    return headOf(entries);
  }

  checkFollows(head: Head | null, entries: readonly Entry[]): void {
    const first = entries[0]?.header;
    const follows = first && (head === null || equalBytes(first.prev, head.id));
    if (!follows || first.seq !== (head ? head.seq + 1 : 0)) {
      throw new StaleHead("the log has a newer head", head);
    }
  }

  add(kept: Kept, entry: Entry): void {
    const { header } = entry;
    const seq = header.kind === "withdraw" ? targetOf(header.payload) : -1;
    const target = kept.targets.get(seq) ?? null;
    const before = kept.stream.members;
    kept.stream = kept.stream.apply(entry, this.directory, target);
    const { roles, epoch } = kept.stream;
    for (const [person] of before) if (!roles.has(person)) kept.removed.set(person, header.seq);
    for (const person of roles.keys()) kept.removed.delete(person);
    kept.entries.push({ ...entry, boxes: [] });
    const boxes = kept.boxes.get(epoch) ?? new BytesMap<Uint8Array>();
    for (const [person, box] of entry.boxes) boxes.set(person, box);
    kept.boxes.set(epoch, boxes);
    if (header.kind === "post") {
      const { author, time } = header;
      kept.targets.set(header.seq, { author, time, withdrawn: false, erased: false });
    }
    if (target !== null) this.withdraw(kept, seq, target, header.payload[1] === 1);
    if (header.kind === "shred") kept.destroy(header.payload);
  }

  withdraw(kept: Kept, seq: number, target: Target, erase: boolean): void {
    kept.targets.set(seq, { ...target, withdrawn: true, erased: erase });
    const entry = kept.entries[seq];
    if (erase && entry) kept.entries[seq] = { ...entry, body: NOBODY, salt: NOBODY };
  }

  // What is served

  serveDirectory(): Uint8Array[] {
    return this.directoryEntries.map(encodeEntry);
  }

  serveStream(log: Uint8Array, person: Uint8Array): Uint8Array[] {
    const kept = this.streams.get(log);
    if (!kept || !this.mayRead(kept, person)) return [];
    const last = kept.removed.get(person) ?? kept.entries.length;
    return kept.entries.slice(0, last + 1).map(encodeEntry);
  }

  mayRead(kept: Kept, person: Uint8Array): boolean {
    return kept.stream.roles.has(person) || kept.removed.has(person);
  }

  listStreams(person: Uint8Array): Listed[] {
    const listed: Listed[] = [];
    for (const [log, kept] of this.streams) {
      if (!this.mayRead(kept, person)) continue;
      const until = kept.removed.get(person) ?? null;
      const head = headOf(kept.entries.slice(0, (until ?? kept.entries.length) + 1));
      listed.push({ log, head, until });
    }
    return listed;
  }

  serveBoxes(log: Uint8Array, epoch: number, person: Uint8Array): Row[] {
    const kept = this.streams.get(log);
    if (!kept || !this.mayRead(kept, person)) throw new Refused("not-found", "");
    const removed = kept.removed.get(person);
    const last = removed === undefined ? undefined : kept.entries[removed]?.header.epoch;
    if (last !== undefined && epoch >= last) throw new Refused("not-found", "");
    return [...(kept.boxes.get(epoch) ?? [])].sort(([a], [b]) => compareBytes(a, b));
  }

  takeBoxes(log: Uint8Array, epoch: number, boxes: readonly Row[], person: Uint8Array): void {
    const kept = this.streams.get(log);
    if (!kept?.stream.roles.has(person)) throw new Refused("not-found", "");
    const stored = kept.boxes.get(epoch);
    const { roles } = kept.stream;
    if (!stored || epoch !== kept.stream.epoch || boxes.some(([to]) => !roles.has(to))) {
      throw new Refused("wrong-epoch", "epoch");
    }
    for (const [to, box] of boxes) stored.set(to, box);
  }
}

/** One client's transport: who is signed in, and what was asked, in order. */
export class Connection extends LinkConnection implements Transport {
  readonly server: HonestServer;
  readonly origin = ORIGIN;
  sort: SessionSort | "founding" | "" = "";
  person = NOBODY;
  key = NOBODY;
  calls: string[] = [];

  constructor(server: HonestServer) {
    super();
    this.server = server;
  }

  override noted() {
    const { notes, down } = this.server;
    return { notes, down, person: this.person, isIn: this.sort === "device" };
  }

  async build(): Promise<string> {
    return "";
  }

  async practice(): Promise<boolean> {
    this.#count("practice");
    return this.server.directory.head !== null;
  }

  async challenge(): Promise<Challenge> {
    this.#count("challenge");
    this.server.challenges += 1;
    return { challenge: new Uint8Array(32).fill(this.server.challenges), time: this.server.clock() };
  }

  async signIn(
    sort: SessionSort,
    key: Uint8Array,
    { challenge, time }: Challenge,
    signature: Uint8Array,
  ): Promise<void> {
    this.#count("signIn");
    const verify = sort === "device" ? verifyLogin : verifyKnock;
    const fingerprint = this.server.directory.fingerprint ?? NOBODY;
    try {
      verify(key, fingerprint, this.origin, challenge, time, signature);
    } catch (error) {
      throw error instanceof ProtocolError ? new Refused("signed-out", "") : error;
    }
    this.person = this.#personOf(sort, key);
    this.sort = sort;
    this.key = key;
  }

  #personOf(sort: SessionSort, key: Uint8Array): Uint8Array {
    const { directory, clock } = this.server;
    const device = directory.devices.get(key);
    const isIn = device && isGood(device, clock()) && this.#worksHere(device.person);
    if (sort === "device" && isIn) return device.person;
    for (const invite of directory.invites.values()) {
      const good = equalBytes(invite.key, key) && invite.spent === "" && clock() <= invite.expiry;
      if (sort === "invitation" && good) return invite.person;
    }
    throw new Refused("signed-out", "");
  }

  async signInFounding(token: string): Promise<void> {
    this.#count("signInFounding");
    if (token !== this.server.token || this.server.directory.head !== null) {
      throw new Refused("signed-out", "");
    }
    this.sort = "founding";
  }

  async signOut(): Promise<void> {
    this.#count("signOut");
    this.sort = "";
  }

  async streams(): Promise<Listed[]> {
    this.#signedIn("streams", "device");
    return this.server.listStreams(this.person);
  }

  async fetch(since: BytesMap<number>, { until, lean }: Part = {}): Promise<Fetched[]> {
    this.#signedIn("fetch", "device", "invitation", "founding");
    if (since.size > 256) throw new Refused("malformed", "since");
    let room = this.server.replyBytes;
    const fetched: Fetched[] = [];
    for (const [log, seq] of since) {
      const end = (until?.get(log) ?? Infinity) + 1;
      const entries = this.#serve(log).slice(seq, end).map(lean ? leanEntry : (raw) => raw);
      const some: Uint8Array[] = [];
      for (const entry of entries) {
        if (entry.length > room) break;
        room -= entry.length;
        some.push(entry);
      }
      const more = some.length < entries.length;
      if (more) room = 0;
      if (entries.length > 0) fetched.push({ log, entries: some, more });
    }
    return fetched;
  }

  #serve(log: Uint8Array): Uint8Array[] {
    if (equalBytes(log, DIRECTORY)) return this.server.serveDirectory();
    return this.sort === "device" ? this.server.serveStream(log, this.person) : [];
  }

  async append(log: Uint8Array, rawEntries: readonly Uint8Array[]): Promise<Head> {
    this.#signedIn("append", "device", "invitation", "founding");
    const entries = rawEntries.map(decodeEntry);
    if (this.sort !== "device") this.#checkGuest(log, entries);
    if (this.#hasStored(log, entries)) return headOf(entries);
    for (const entry of entries) this.#check(entry);
    if (equalBytes(log, DIRECTORY)) return this.server.appendToDirectory(entries);
    return this.server.appendToStream(log, entries);
  }

  // An invitation allows one join, a founding link to found.
  #checkGuest(log: Uint8Array, entries: readonly Entry[]): void {
    if (!equalBytes(log, DIRECTORY)) throw new Refused("not-found", "");
    const kind = this.sort === "founding" ? "found" : "join";
    const fits = kind === "found" || entries.length === 1;
    if (!fits || entries[0]?.header.kind !== kind) {
      throw new Refused("not-allowed", "");
    }
  }

  #hasStored(log: Uint8Array, entries: readonly Entry[]): boolean {
    const stored = equalBytes(log, DIRECTORY)
      ? this.server.directoryEntries
      : (this.server.streams.get(log)?.entries ?? []);
    return entries.every(({ header, id }) => {
      const there = stored[header.seq];
      return there !== undefined && equalBytes(there.id, id);
    });
  }

  #check(entry: Entry): void {
    const { author, device, time } = entry.header;
    const mine = equalBytes(author, this.person) && equalBytes(device, this.key);
    if (this.sort === "device" && !mine) throw new Refused("not-allowed", "author");
    if (time > this.server.clock() + AHEAD_MS) throw new Refused("wrong-time", "time");
    try {
      checkBody(entry);
    } catch (error) {
      throw error instanceof ProtocolError ? refusal(error) : error;
    }
  }

  async boxes(log: Uint8Array, epoch: number): Promise<Row[]> {
    this.#signedIn("boxes", "device");
    return this.server.serveBoxes(log, epoch, this.person);
  }

  async putBoxes(log: Uint8Array, epoch: number, boxes: readonly Row[]): Promise<void> {
    this.#signedIn("putBoxes", "device");
    this.server.takeBoxes(log, epoch, boxes, this.person);
  }

  async keepers(log: Uint8Array): Promise<Uint8Array[]> {
    this.#signedIn("keepers", "device");
    return this.server.asks.keepers(log);
  }

  async heads(): Promise<Uint8Array[]> {
    this.#signedIn("heads", "device");
    return serveHeads(this.server, this.person);
  }

  async asks(): Promise<Uint8Array[]> {
    this.#signedIn("asks", "device");
    return this.server.asks.serve(this.person);
  }

  async putAsk(log: Uint8Array, data: Uint8Array): Promise<void> {
    this.#signedIn("putAsk", "device");
    this.server.asks.take(log, this.person, data);
  }

  async deleteAsk(log: Uint8Array, person: Uint8Array): Promise<void> {
    this.#signedIn("deleteAsk", "device");
    this.server.asks.drop(log, person, this.person);
  }

  #worksHere(person: Uint8Array): boolean {
    const { directory } = this.server;
    return directory.worksHere(person, directory.ids.length - 1);
  }

  #count(call: string): void {
    if (this.server.down) throw new Unreachable("the server cannot be reached");
    this.calls.push(call);
  }

  #signedIn(call: string, ...sorts: string[]): void {
    this.#count(call);
    if (this.sort === "") throw new Refused("signed-out", "");
    if (this.sort === "device") this.#personOf("device", this.key);
    if (!sorts.includes(this.sort)) throw new Refused("not-allowed", "");
  }
}

function headOf(entries: readonly Entry[]): Head {
  const last = entries.at(-1);
  if (!last) throw new RangeError("no entries");
  return { seq: last.header.seq, id: last.id };
}

function refusal(error: ProtocolError): Refused {
  const code = error.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).slice(1);
  return new Refused(code, "");
}

/** Return an entry as it travels where posts are to come without their words. */
export function leanEntry(raw: Uint8Array): Uint8Array {
  try {
    const entry = decodeEntry(raw);
    if (entry.header.kind !== "post") return raw;
    return encodeEntry({ ...entry, body: NOBODY, salt: NOBODY });
  } catch (error) {
    if (error instanceof ProtocolError) return raw;
    throw error;
  }
}
