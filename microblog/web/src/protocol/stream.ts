// A stream: a fold from its entries to who is on the team, in which epoch (PROTOCOL.md 7, 9).
//
// `Stream.apply` is the public verdict. It needs the directory and no key, and it is what the
// server runs
// before it stores. A stream in hand is always verified, from its founding to its head.

import { BytesMap, BytesSet, compareBytes, equalBytes } from "./builtins.ts";
import type { Directory } from "./directory.ts";
import { MAX_UINT, type Value } from "./encoding.ts";
import { DIRECTORY, type Entry, type Header, verifyEntry } from "./entry.ts";
import {
  BrokenChain,
  LossUnanswered,
  NotAllowed,
  StaleDirectory,
  TooNew,
  WrongEpoch,
  WrongList,
  WrongLog,
} from "./errors.ts";
import { checkLink, type Head } from "./log.ts";
import { QUIET } from "./post.ts";
import * as shape from "./shape.ts";
import * as shred from "./shred.ts";

export const ROLES: readonly string[] = ["follower", "supervisor", "keeper"];
export const MAX_FOLLOWERS = 200;
export const ERASE_WITHIN_MS = 7 * 24 * 60 * 60 * 1000;

/** What a withdrawal needs to know of the post that it names. */
export interface Target {
  readonly author: Uint8Array;
  readonly time: number;
  readonly withdrawn: boolean;
  readonly erased: boolean;
}

type Members = readonly (readonly [person: Uint8Array, role: string])[];

/**
 * The verified public state of one stream; `members` are persons with their role, sorted by
 * person. `epochView` is how much of the directory the newest `found` or `epoch` had seen; `held`,
 * whether nothing may be destroyed; `proposals`, what someone proposed to destroy.
 */
export class Stream {
  readonly log: Uint8Array;
  readonly head: Head | null;
  readonly time: number;
  readonly members: Members;
  readonly commitments: readonly Uint8Array[];
  readonly dropped: readonly number[];
  readonly directorySeq: number;
  readonly epochView: number;
  readonly held: boolean;
  readonly proposals: readonly shred.Proposal[];

  constructor(log: Uint8Array, state: State = {}) {
    this.log = log;
    this.head = state.head ?? null;
    this.time = state.time ?? 0;
    this.members = state.members ?? [];
    this.commitments = state.commitments ?? [];
    this.dropped = state.dropped ?? [];
    this.directorySeq = state.directorySeq ?? 0;
    this.epochView = state.epochView ?? 0;
    this.held = state.held ?? false;
    this.proposals = state.proposals ?? [];
  }

  /** The number of the newest epoch. */
  get epoch(): number {
    return this.commitments.length - 1;
  }

  /** Role by person. */
  get roles(): BytesMap<string> {
    return new BytesMap(this.members);
  }

  /** Return who looks after this stream: keepers, else supervisors, else all. */
  keepers(): BytesSet {
    for (const role of ["keeper", "supervisor"]) {
      const named = this.members.filter(([, its]) => its === role);
      if (named.length > 0) return personsOf(named);
    }
    return personsOf(this.members);
  }

  /**
   * Return who is listed and lost at a directory seq; the next entry must be an epoch.
   *
   * They have left, or lost a device since the newest epoch.
   */
  losses(directory: Directory, seq: number): BytesSet {
    return personsOf(
      this.members.filter(([person]) => directory.isLost(person, this.epochView, seq)),
    );
  }

  /**
   * Return who is listed and has left at a directory seq; the next epoch does not list them.
   *
   * Who has only lost a device stays on the list.
   */
  leavers(directory: Directory, seq: number): BytesSet {
    return personsOf(this.members.filter(([person]) => !directory.worksHere(person, seq)));
  }

  /**
   * Return the stream with one more entry.
   *
   * @param entry the next entry.
   * @param directory at least as new as the entry's view of it.
   * @param target for a withdrawal, the post it names; null if there is none.
   * @throws {ProtocolError} the entry is not the next of this stream.
   */
  apply(entry: Entry, directory: Directory, target: Target | null = null): Stream {
    this.#checkOrigin(entry, directory);
    verifyEntry(entry);
    return this.#advance(entry, directory, target);
  }

  /**
   * Return the stream with one more entry, leaving the signature of a post, and of nothing else,
   * to be verified later (PROTOCOL.md 9, newest first).
   *
   * Until `verifyEntry` has passed such a post it is not shown, and nothing is sent to its log.
   *
   * @throws {ProtocolError} the entry is not the next of this stream; the very error of `apply`.
   */
  applyDeferred(entry: Entry, directory: Directory, target: Target | null = null): Stream {
    if (entry.header.kind !== "post") return this.apply(entry, directory, target);
    this.#checkOrigin(entry, directory);
    try {
      return this.#advance(entry, directory, target);
    } catch (error) {
      // What is wrong first is named, and the signature comes before the rules.
      verifyEntry(entry);
      throw error;
    }
  }

  #checkOrigin(entry: Entry, directory: Directory): void {
    const { header } = entry;
    if (equalBytes(this.log, DIRECTORY)) throw new WrongLog("the directory is not a stream");
    checkLink(this.log, this.head, entry);
    if (header.directorySeq < this.directorySeq) {
      throw new StaleDirectory("the entry's view of the directory goes back");
    }
    directory.checkView(header.directorySeq, header.directoryHead);
    const { device, author, directorySeq, time } = header;
    directory.checkDevice(device, author, directorySeq, time);
  }

  #advance(entry: Entry, directory: Directory, target: Target | null): Stream {
    const { header } = entry;
    const rule = header.kind.startsWith("+") ? advisory : RULES.get(header.kind);
    if (rule === undefined) throw new TooNew("the stream holds a kind this app does not know");
    this.#checkPlace(header, directory);
    return new Stream(this.log, {
      members: this.members,
      commitments: this.commitments,
      dropped: this.dropped,
      epochView: this.epochView,
      held: this.held,
      proposals: this.proposals,
      ...rule({ stream: this, entry, header, directory, target }),
      head: { seq: header.seq, id: entry.id },
      time: header.time,
      directorySeq: header.directorySeq,
    });
  }

  #checkPlace(header: Header, directory: Directory): void {
    const isFound = header.kind === "found";
    const isEpoch = header.kind === "epoch";
    if (isFound !== (header.seq === 0)) {
      throw new BrokenChain("a stream begins with found, and only begins so");
    }
    if (isFound) {
      if (header.epoch !== 0) throw new WrongEpoch("a stream begins in epoch 0");
      return;
    }
    if (!this.members.some(([person]) => equalBytes(person, header.author))) {
      throw new NotAllowed("the author is not on the team");
    }
    if (!isEpoch && this.losses(directory, header.directorySeq).size > 0) {
      throw new LossUnanswered(
        "someone listed has left or lost a device: the next entry must be an epoch",
      );
    }
    if (header.epoch !== this.epoch + (isEpoch ? 1 : 0)) {
      throw new WrongEpoch("the entry stands in another epoch");
    }
  }
}

type Change = Partial<
  Pick<Stream, "members" | "commitments" | "dropped" | "epochView" | "held" | "proposals">
>;
type State = Change & Partial<Pick<Stream, "head" | "time" | "directorySeq">>;

interface Step {
  readonly stream: Stream;
  readonly entry: Entry;
  readonly header: Header;
  readonly directory: Directory;
  readonly target: Target | null;
}

/**
 * Return the seq that a withdrawal's payload names.
 *
 * @throws {Malformed} the payload is not a withdrawal's.
 */
export function targetOf(payload: Value): number {
  return withdrawPayload(payload).seq;
}

function found({ header }: Step): Change {
  const payload = shape.array(header.payload, 2, 2, "payload");
  const commitment = shape.octets(payload[0], [32], "commitment");
  const members = readList(payload[1]);
  const alone = members.length === 1 && isKeeper(members[0], header.author);
  if (!alone) {
    throw new WrongList("a stream begins with its founder as keeper");
  }
  return { members, commitments: [commitment], epochView: header.directorySeq };
}

function about(step: Step): Change {
  shape.array(step.header.payload, 0, 0, "payload");
  checkKeeper(step);
  return {};
}

function grant(step: Step): Change {
  const { stream, header, directory } = step;
  const payload = shape.array(header.payload, 2, 2, "payload");
  const person = shape.octets(payload[0], [16], "person");
  const role = shape.word(payload[1], ROLES, "role");
  checkKeeper(step);
  if (!directory.worksHere(person, header.directorySeq)) {
    throw new NotAllowed("nobody by that id works here");
  }
  const others = stream.members.filter(([other]) => !equalBytes(other, person));
  if (others.length >= MAX_FOLLOWERS) throw new NotAllowed("the team is full");
  const members = [...others, [person, role] as const];
  return { members: members.sort(([a], [b]) => compareBytes(a, b)) };
}

function epoch(step: Step): Change {
  const { stream, header } = step;
  const payload = shape.array(header.payload, 4, 4, "payload");
  const commitment = shape.octets(payload[0], [32], "commitment");
  const members = readList(payload[1]);
  const dropped = readDropped(payload[2], stream);
  shape.octets(payload[3], [0], "escrow");
  checkList(step, members, dropped.length > 0);
  return {
    members,
    commitments: [...stream.commitments, commitment],
    dropped: [...stream.dropped, ...dropped].sort((a, b) => a - b),
    epochView: header.directorySeq,
  };
}

function checkList({ stream, header, directory }: Step, members: Members, drops: boolean): void {
  const { roles } = stream;
  const listed = personsOf(members);
  const left = stream.leavers(directory, header.directorySeq);
  if (members.some(([person, role]) => roles.get(person) !== role)) {
    throw new WrongList("an epoch's list is the one before less some");
  }
  if ([...left].some((person) => listed.has(person)) || !listed.has(header.author)) {
    throw new WrongList("an epoch's list holds its signer and nobody who has left");
  }
  const removed = stream.members.filter(([person]) => !listed.has(person));
  const losesOthers = removed.some(([person]) => !left.has(person));
  if (!stream.keepers().has(header.author) && (losesOthers || drops)) {
    throw new NotAllowed("only a keeper may remove someone or drop an epoch");
  }
}

function post({ header }: Step): Change {
  const payload = shape.array(header.payload, 1, 1, "payload");
  shape.uint(payload[0], QUIET, "mark");
  return {};
}

function withdraw({ stream, header, target }: Step): Change {
  const { erase } = withdrawPayload(header.payload);
  if (target === null) throw new NotAllowed("there is no such post to withdraw");
  if (!equalBytes(header.author, target.author) && !stream.keepers().has(header.author)) {
    throw new NotAllowed("only its author or a keeper may withdraw a post");
  }
  if (target.erased || (target.withdrawn && !erase)) {
    throw new NotAllowed("the post is withdrawn already");
  }
  if (erase && header.time - target.time > ERASE_WITHIN_MS) {
    throw new NotAllowed("a post can be erased within seven days only");
  }
  if (erase) checkNotHeld(stream);
  return {};
}

function hold(step: Step): Change {
  const { stream, header } = step;
  const held = shred.readHold(header.payload);
  checkSupervisorOrKeeper(step);
  if (held === stream.held) throw new NotAllowed("the stream is held already, or is not");
  // What was proposed before a hold is taken back by it.
  return held ? { held, proposals: [] } : { held };
}

function shredWords(step: Step): Change {
  const { stream, entry, header } = step;
  const [, seconded] = shred.readShred(header.payload);
  checkNotHeld(stream);
  if (seconded.length > 0) {
    checkSupervisorOrKeeper(step);
    return { proposals: shred.second(stream.proposals, entry) };
  }
  checkKeeper(step);
  return { proposals: shred.propose(stream.proposals, entry) };
}

function advisory(): Change {
  return {};
}

function withdrawPayload(value: Value): { readonly seq: number; readonly erase: boolean } {
  const payload = shape.array(value, 2, 2, "payload");
  const seq = shape.uint(payload[0], MAX_UINT, "seq");
  return { seq, erase: shape.uint(payload[1], 1, "erase") === 1 };
}

function checkKeeper({ stream, header }: Step): void {
  if (!stream.keepers().has(header.author)) throw new NotAllowed("only a keeper may do this");
}

function checkSupervisorOrKeeper(step: Step): void {
  if (step.stream.roles.get(step.header.author) !== "supervisor") checkKeeper(step);
}

function checkNotHeld({ held }: Stream): void {
  if (held) throw new NotAllowed("under a hold nothing is destroyed");
}

function personsOf(members: Members): BytesSet {
  return new BytesSet(members.map(([person]) => person));
}

function isKeeper(member: Members[number] | undefined, person: Uint8Array): boolean {
  return member !== undefined && equalBytes(member[0], person) && member[1] === "keeper";
}

function readList(value: Value | undefined): Members {
  const rows = shape.array(value, 1, MAX_FOLLOWERS, "list").map((item) => {
    const row = shape.array(item, 2, 2, "list");
    const person = shape.octets(row[0], [16], "person");
    return [person, shape.word(row[1], ROLES, "role")] as const;
  });
  if (rows.some(([person], at) => at > 0 && compareBytes(rows[at - 1]![0], person) >= 0)) {
    throw new WrongList("a list is not sorted, or someone stands on it twice");
  }
  return rows;
}

function readDropped(value: Value | undefined, stream: Stream): readonly number[] {
  const rows = shape.array(value, 0, 2 ** 16, "dropped");
  const numbers = rows.map((row) => shape.uint(row, stream.epoch, "dropped"));
  const ascending = numbers.every((number, at) => at === 0 || numbers[at - 1]! < number);
  const before = new Set(stream.dropped);
  if (!ascending || numbers.some((number) => before.has(number))) {
    throw new WrongList("dropped epochs are not ascending, or one was dropped before");
  }
  return numbers;
}

const RULES: ReadonlyMap<string, (step: Step) => Change> = new Map([
  ["found", found],
  ["about", about],
  ["grant", grant],
  ["epoch", epoch],
  ["post", post],
  ["withdraw", withdraw],
  ["hold", hold],
  ["shred", shredWords],
]);
