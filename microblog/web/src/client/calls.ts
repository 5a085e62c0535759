// What the page asks, done in turn. All keys live behind this; what leaves are the types of `shown` and `messages`.
//
// Whatever changes something waits for what was asked before it, so that no two attempts are made on one log at once;
// what only looks is answered from verified memory at once; the lock waits for nothing. What is rarely asked is loaded
// on demand, and answered at once or in its turn like all else.

import { Device, KeysKept, NoKeys, type Surroundings } from "./device.ts";
import { nameFailure } from "./failures.ts";
import { cautions } from "./guard.ts";
import type { Handlers } from "./handlers.ts";
import { roundUpChoice } from "./mails.ts";
import * as marks from "./marks.ts";
import type { Call, Name } from "./messages.ts";
import { suggestPassphrase } from "./passphrase.ts";
import { draft, keepDraft, preferences, setPreferences } from "./preferences.ts";
import { moveToRightChild, termsOf, withdraw } from "./posting.ts";
import { bringPosts, broughtIn, overview, postsBefore } from "./reading.ts";
import type { World } from "./session.ts";

export { ready } from "../protocol/primitives.ts";

// Groups that are loaded when one of theirs is first asked for.
const arriving = () => import("./calls-arriving.ts");
const checkup = () => import("./calls-checkup.ts");
const finding = () => import("./calls-finding.ts");
const keys = () => import("./calls-keys.ts");
const picture = () => import("./calls-picture.ts");
const rows = () => import("./calls-rows.ts");
const staff = () => import("./calls-staff.ts");
const team = () => import("./calls-team.ts");

const AT_ONCE = new Set<Name>([
  ...(["start", "builds", "checkUp", "checkServed", "suggestPassphrase", "preferences", "setPreferences", "draft", "keepDraft"] as const),
  ...(["overview", "posts", "hanging", "lock", "forget", "retentionExamples"] as const),
  ...(["picture", "conference", "supervision", "roundUp", "chronology", "proposeBlacking", "cautions"] as const),
  ...(["queue", "undo", "sendNow", "sendAgain", "throwAway", "flush"] as const),
  ...(["markRead", "markUnread", "markSeen", "undoRead", "keepPlace", "newIn", "newPosts"] as const),
  ...(["planImport", "planChildren", "broughtIn", "cancelImport", "postsBefore"] as const),
  ...(["find", "thread"] as const),
]);
const OUTSIDE = new Set<Name>(["start", "builds", "checkUp", "checkServed", "suggestPassphrase", "lock", "forget"]);

type Group<N extends Name> = () => Promise<{ handlers: (device: Device) => Pick<Handlers, N> }>;

/** A part of the Worker could not be loaded: nothing answers, or what answers has another version. */
export class NotLoaded extends Error {
  override readonly name = "NotLoaded";
}

export class Calls {
  readonly #around: Surroundings;
  readonly #handlers: Handlers;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(around: Surroundings) {
    this.#around = around;
    const { clock, random, tell } = around;
    const progress: World["progress"] = (what, done, total) =>
      tell({ event: "progress", what, done, total });
    const device = new Device(around, { clock, random, progress }, (work) => this.#turn(work));
    this.#handlers = {
      suggestPassphrase: () => suggestPassphrase(random),
      builds: async () => ({
        mine: around.build ?? "",
        served: await around.transport.build().catch(() => ""),
      }),
      ...deviceHandlers(device),
      ...readingHandlers(device),
      ...streamHandlers(device),
      ...outboxHandlers(device),
      ...rareHandlers(device),
    };
  }

  /** Do what a call asks and tell the answer, or the name of what went wrong and no private word. */
  async handle({ id, name, ask }: Call): Promise<void> {
    try {
      this.#around.tell({ id, answer: await this.#answer(name, ask) });
    } catch (error) {
      this.#around.tell({ id, error: nameError(error) });
    }
  }

  async #answer(name: Name, ask: unknown): Promise<unknown> {
    // The page is built with this Worker: what it asks has the shape that `messages` says.
    const handler = this.#handlers[name] as (ask: unknown) => unknown;
    if (!OUTSIDE.has(name)) await this.#around.ready();
    if (AT_ONCE.has(name)) return handler(ask);
    return this.#turn(async () => handler(ask));
  }

  #turn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => null);
    return turn;
  }
}

function deviceHandlers(device: Device) {
  return {
    start: () => device.start(),
    unlock: (ask) => device.unlock(ask),
    unlockWithPasskey: (ask) => device.unlockWithPasskey(ask),
    openKeyFile: (ask) => device.openKeyFile(ask),
    keyFile: () => device.keyFile(),
    changePassphrase: (ask) => device.changePassphrase(ask),
    lock: () => device.lock(),
    forget: () => device.forget(),
    preferences: () => preferences(device.open()),
    setPreferences: (ask) => setPreferences(device.open(), ask),
    draft: () => draft(device.open()),
    keepDraft: (ask) => keepDraft(device.open(), ask.draft),
  } satisfies Partial<Handlers>;
}

function readingHandlers(device: Device) {
  return {
    refresh: () => device.refresh(),
    news: () => device.news(),
    overview: () => overview(device.open()),
    posts: ({ log, before, count, with: merged }) =>
      bringPosts(device.open(), log, before, count, merged),
    broughtIn: ({ log, seq }) => broughtIn(device.open(), log, seq),
    roundUpChoice: () => roundUpChoice(device.open()),
    postsBefore: ({ log, end }) => postsBefore(device.open(), log, end),
    markRead: (ask) => device.change((session) => marks.markRead(session, ask)),
    markUnread: (ask) => device.change((session) => marks.markUnread(session, ask)),
    undoRead: (ask) => device.change((session) => marks.undoRead(session, ask)),
    markSeen: (ask) => device.change((session) => marks.markSeen(session, ask)),
    keepPlace: () => device.carry(device.open(), true),
  } satisfies Partial<Handlers>;
}

function streamHandlers(device: Device) {
  return {
    moveToRightChild: (ask) =>
      device.change((session) =>
        moveToRightChild(session, ask.log, ask.seq, ask.to, termsOf(ask), ask.why),
      ),
    withdraw: ({ log, seq, erase, why }) =>
      device.change((session) => withdraw(session, log, seq, erase, why)),
  } satisfies Partial<Handlers>;
}

function outboxHandlers(device: Device) {
  return {
    cautions: ({ log, draft }) => cautions(device.open(), log, draft),
    queue: (ask) => device.outbox().queue(ask),
    undo: (ask) => device.outbox().undo(ask),
    sendNow: (ask) => device.outbox().sendNow(ask),
    sendAgain: (ask) => device.outbox().sendAgain(ask),
    throwAway: (ask) => device.outbox().throwAway(ask),
    flush: () => device.outbox().flush(),
  } satisfies Partial<Handlers>;
}

// Loaded with the group that they stand in, when the first of it is asked for.
function rareHandlers(device: Device) {
  const from = <N extends Name>(group: Group<NoInfer<N>>, ...names: N[]) => onDemand(device, group, names);
  return {
    ...from(arriving, "readInvitation", "join", "found", "readSheet", "recover"),
    ...from(arriving, "beginLink", "linked", "finishLink"),
    ...from(checkup, "checkUp", "checkServed"),
    ...from(finding, "find", "thread"),
    ...from(keys, "readLink", "letIn", "devices", "devicesOf", "revokeDevice", "draftSheet", "keepSheet"),
    ...from(keys, "notices", "setNotices", "endNotices", "tryNotice"),
    ...from(keys, "passkeys", "newPasskey", "addPasskey", "removePasskey"),
    ...from(picture, "picture", "supervision", "roundUp", "setRoundUpChoice", "mailStates"),
    ...from(rows, "planImport", "bringIn", "cancelImport", "planChildren", "beginChildren"),
    ...from(rows, "chronology", "proposeBlacking", "tellTakenOut", "exportBundle"),
    ...from(staff, "addAgency", "invite", "revokeInvite", "changePerson", "setProfile"),
    ...from(staff, "setPolicy", "setRules", "addWitness", "endWitness"),
    ...from(staff, "hold", "proposeShred", "confirmShred", "setRetention", "retentionExamples"),
    ...from(team, "beginChild", "describe", "moveChild", "dismissProposal", "hanging"),
    ...from(team, "grant", "remove", "grantMany", "removeMany"),
    ...from(team, "slip", "readSlip", "askToFollow", "approve", "decline", "takeBack"),
    ...from(picture, "newIn", "newPosts", "conference"),
  } satisfies Partial<Handlers>;
}

function onDemand<N extends Name>(device: Device, group: Group<N>, names: N[]): Pick<Handlers, N> {
  const load = async () => {
    // What was loaded once a browser does not load again.
    const loaded = await group().catch(() => Promise.reject(new NotLoaded("a part could not be loaded")));
    return loaded.handlers(device);
  };
  type Answering = (ask: unknown) => unknown;
  const answer = (name: N) => async (ask: unknown) => ((await load())[name] as Answering)(ask);
  return Object.fromEntries(names.map((name) => [name, answer(name)])) as Pick<Handlers, N>;
}

function nameError(error: unknown): { name: string; code: string } {
  if (error instanceof KeysKept || error instanceof NoKeys || error instanceof NotLoaded) {
    return { name: error.name, code: "" };
  }
  return nameFailure(error);
}
