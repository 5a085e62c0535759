// What the page asks, done in turn. All keys live behind this; what leaves are the types of `shown` and `messages`.
//
// Whatever changes something waits for what was asked before it, so that no two attempts are made on one log at once;
// what only looks is answered from verified memory at once; the lock waits for nothing.

import * as asking from "./asking.ts";
import * as destroying from "./destroying.ts";
import { Device, KeysKept, NoKeys, type Surroundings } from "./device.ts";
import { exportBundle } from "./evidence.ts";
import * as devices from "./devices.ts";
import { refreshDirectory } from "./directory.ts";
import { nameFailure } from "./failures.ts";
import { hanging } from "./hanging.ts";
import { describe, moveChild } from "./household.ts";
import * as linking from "./linking.ts";
import type { Answer, Ask, Call, Name } from "./messages.ts";
import { suggestPassphrase } from "./passphrase.ts";
import { draft, keepDraft, preferences, setPreferences } from "./preferences.ts";
import { moveToRightChild, post, termsOf, withdraw } from "./posting.ts";
import { dismissProposal } from "./proposals.ts";
import { bringPosts, markRead, overview } from "./reading.ts";
import { retentionExamples, setRetention } from "./retention.ts";
import type { World } from "./session.ts";
import * as sheets from "./sheets.ts";
import * as staff from "./staff.ts";
import * as team from "./team.ts";
import { addWitness, endWitness } from "./witnesses.ts";

export { ready } from "../protocol/primitives.ts";

type Handlers = { readonly [N in Name]: (ask: Ask<N>) => Answer<N> | Promise<Answer<N>> };

const AT_ONCE = new Set<Name>([
  ...(["start", "suggestPassphrase", "preferences", "setPreferences", "draft", "keepDraft"] as const),
  ...(["overview", "posts", "hanging", "markRead", "lock", "forget", "retentionExamples"] as const),
]);
const OUTSIDE = new Set<Name>(["start", "suggestPassphrase", "lock", "forget"]);

const LOOK_EVERY_MS = 1000; // for the other of two devices being linked

export class Calls {
  readonly #around: Surroundings;
  readonly #handlers: Handlers;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(around: Surroundings) {
    this.#around = around;
    const { clock, random, tell } = around;
    const progress: World["progress"] = (what, done, total) =>
      tell({ event: "progress", what, done, total });
    const device = new Device(around, { clock, random, progress });
    this.#handlers = {
      suggestPassphrase: () => suggestPassphrase(random),
      ...deviceHandlers(device),
      ...keyHandlers(device),
      ...readingHandlers(device),
      ...streamHandlers(device),
      ...askHandlers(device),
      ...staffHandlers(device),
      ...destroyHandlers(device),
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
    const turn = this.#queue.then(() => handler(ask));
    this.#queue = turn.catch(() => null);
    return turn;
  }
}

function deviceHandlers(device: Device) {
  return {
    start: () => device.start(),
    readInvitation: (ask) => device.readInvitation(ask),
    join: (ask) => device.join(ask),
    found: (ask) => device.found(ask),
    unlock: (ask) => device.unlock(ask),
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

// What holds my keys: this device, others, and paper.
function keyHandlers(device: Device) {
  return {
    beginLink: (ask) => device.beginLink(ask),
    linked: () => device.linked(),
    finishLink: (ask) => device.finishLink(ask),
    readLink: async ({ letters }) => {
      const { name } = await linking.readLink(device.open().transport, letters);
      return { device: name };
    },
    letIn: ({ letters, until }) =>
      device.change((session) => linking.letIn(session, letters, until, moment)),
    devices: () => devices.devices(device.open()),
    devicesOf: ({ person }) => devices.devicesOf(device.open(), person),
    revokeDevice: ({ key, since }) =>
      device.change((session) => devices.revokeDevice(session, key, since)),
    // Who has just joined holds nothing of the directory yet, and the sheet says how far it was seen.
    draftSheet: () =>
      device.change(async (session) => {
        await refreshDirectory(session);
        return sheets.draftSheet(session);
      }),
    keepSheet: ({ typed }) => device.change((session) => sheets.keepSheet(session, typed)),
    readSheet: (ask) => device.readSheet(ask),
    recover: (ask) => device.recover(ask),
  } satisfies Partial<Handlers>;
}

function readingHandlers(device: Device) {
  return {
    refresh: () => device.refresh(),
    overview: () => overview(device.open()),
    posts: ({ log, before, count, with: merged }) =>
      bringPosts(device.open(), log, before, count, merged),
    hanging: ({ person }) => hanging(device.open(), person),
    markRead: ({ log, seq }) => device.change((session) => markRead(session, log, seq)),
  } satisfies Partial<Handlers>;
}

function streamHandlers(device: Device) {
  return {
    beginChild: (ask) => device.change((session) => team.beginChild(session, ask)),
    describe: ({ log, about, seen }) =>
      device.change((session) => describe(session, log, about, seen)),
    moveChild: ({ log, from, to, date }) =>
      device.change((session) => moveChild(session, log, from, to, date)),
    post: (ask) => device.change((session) => post(session, ask.log, ask.draft, termsOf(ask))),
    moveToRightChild: (ask) =>
      device.change((session) =>
        moveToRightChild(session, ask.log, ask.seq, ask.to, termsOf(ask), ask.why),
      ),
    withdraw: ({ log, seq, erase, why }) =>
      device.change((session) => withdraw(session, log, seq, erase, why)),
    grant: (ask) => device.change((session) => team.grant(session, ask.log, ask)),
    remove: ({ log, person }) => device.change((session) => team.remove(session, log, person)),
    grantMany: (ask) => device.change((session) => team.grantMany(session, ask)),
    removeMany: ({ person, logs }) =>
      device.change((session) => team.removeMany(session, person, logs)),
    exportBundle: (ask) => device.change((session) => exportBundle(session, ask)),
    dismissProposal: ({ key }) => device.change((session) => dismissProposal(session, key)),
  } satisfies Partial<Handlers>;
}

function askHandlers(device: Device) {
  return {
    slip: ({ log }) => asking.slip(device.open(), log),
    readSlip: ({ fragment }) => device.change((session) => asking.readSlip(session, fragment)),
    askToFollow: (ask) => device.change((session) => asking.askToFollow(session, ask)),
    approve: ({ log, person }) => device.change((session) => asking.approve(session, log, person)),
    decline: ({ log, person }) => device.change((session) => asking.decline(session, log, person)),
    takeBack: ({ log }) => device.change((session) => asking.takeBack(session, log)),
  } satisfies Partial<Handlers>;
}

function staffHandlers(device: Device) {
  return {
    addAgency: ({ name, sort }) => device.change((session) => staff.addAgency(session, name, sort)),
    invite: (ask) => device.change((session) => staff.invite(session, ask)),
    revokeInvite: ({ id }) => device.change((session) => staff.revokeInvite(session, id)),
    changePerson: (ask) => device.change((session) => staff.changePerson(session, ask)),
    setProfile: (ask) => device.change((session) => staff.setProfile(session, ask)),
    setPolicy: ({ practice, numbers }) =>
      device.change((session) => staff.setPolicy(session, practice, numbers)),
    setRules: ({ rules }) => device.change((session) => staff.setRules(session, rules)),
    addWitness: ({ key }) => device.change((session) => addWitness(session, key)),
    endWitness: ({ key }) => device.change((session) => endWitness(session, key)),
  } satisfies Partial<Handlers>;
}

function destroyHandlers(device: Device) {
  return {
    hold: (ask) => device.change((session) => destroying.hold(session, ask)),
    proposeShred: (ask) => device.change((session) => destroying.proposeShred(session, ask)),
    confirmShred: (ask) => device.change((session) => destroying.confirmShred(session, ask)),
    setRetention: ({ rows }) => device.change((session) => setRetention(session, rows)),
    retentionExamples: () => retentionExamples(),
  } satisfies Partial<Handlers>;
}

function nameError(error: unknown): { name: string; code: string } {
  if (error instanceof KeysKept || error instanceof NoKeys) return { name: error.name, code: "" };
  return nameFailure(error);
}

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
