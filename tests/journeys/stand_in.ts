// A Worker that knows no cryptography and speaks from a script, so that every screen can be stood
// up and looked at. Everyone and everything in it is invented. `self.SCENARIO = "…"` in front says
// what happens: normal, practitioner, empty, newcomers, failing, offline, forked, rolledback,
// hostile, restoring, arriving (no child has been opened at the first look), halfway (an act on
// many streams fails on one of them, once), checking (a thousand entries), movedon (other keepers
// than were shown, once), nowitness, unvouched, unvouched-lost (what is sent all
// the same is lost), forbidden (unvouched, and the practice lets nobody
// send), old, silent (a witness that never spoke), ended, shift and shutout (this device), nosheet, changing
// (keys are being changed), outgoing (posts that have not left), bringing (rows, until it is stopped), lostall (someone has no device left), returned (someone is back with new
// keys), many (two thousand posts in a picture), shared (keys in memory only), nomail (this server sends none), notlooked (nobody looks
// after its mails), clocks (that differ, a slow Worker, a strange file), outdated (the server has a newer build), unanswered (it does not say which), long (three hundred posts more, and others that come in), thousands (of posts, as many at once as a screen takes), touch and touching (passkeys), earlier (three more are unread than a day shows); and
// before there are keys: fresh, failing-fresh, linked and linkover (a new device), unfounded,
// unreachable, missing, nostorage.

import type { Call, Message, Requests, Start } from "../../microblog/web/src/client/messages.ts";
import { children, overview, team } from "./invented.ts";
import { takingOut } from "./invented_chronology.ts";
import { DAY, head, manager, me, now, nurse, scenario, worker } from "./invented_people.ts";
import { pictureOf } from "./invented_picture.ts";
import { posts } from "./invented_posts.ts";
import { roundsOf } from "./invented_rounds.ts";
import { bringing } from "./invented_rows.ts";
import { examples, unvouchedSince } from "./invented_trust.ts";
import { readingOf } from "./stand_in_reading.ts";
import { Refusal } from "./refusal.ts";
import { showingOf } from "./stand_in_conference.ts";
import { having } from "./stand_in_devices.ts";
import { touches, touching } from "./stand_in_passkeys.ts";
import { guarding } from "./stand_in_guard.ts";
import { notSent, outbox } from "./stand_in_outbox.ts";
import { comeIn, finding } from "./stand_in_finding.ts";

// Which build a server answers with; none, where it does not.
const SERVED: Record<string, string> = { outdated: "2", unanswered: "" };

const WITHOUT_KEYS = [
  ...["fresh", "failing-fresh", "linked", "linkover"],
  ...["unfounded", "unreachable", "nostorage"],
];

const start: Start = {
  missing:
    scenario === "missing"
      ? ["webassembly", "storage"]
      : scenario === "nostorage"
        ? ["storage"]
        : [],
  stored: !WITHOUT_KEYS.includes(scenario),
  unsent: 0,
  founded: scenario !== "unfounded",
  reachable: scenario !== "unreachable",
  passkeys: ["touch", "touching"].includes(scenario) ? touches : [],
};

// On a device whose time is over a post was begun before.
let written =
  scenario === "ended" ? JSON.stringify([["post:stream", { text: "Quieter than last week." }]]) : "";
overview.outgoing = notSent();
let failed = false;
let under = 0; // the call that is being worked at
let looks = 0;
const chosen = { lockMinutes: 15, awayMinutes: 5, hideOnLeaving: false };

type Answers = {
  [N in keyof Requests]: (ask: Parameters<Requests[N]>[0]) => ReturnType<Requests[N]>;
};

/** Witnesses and rules, what is held, destroyed and taken out. */
const trusting = {
  setRules: ({ rules }) => {
    for (const rule of rules) {
      overview.rules = [...overview.rules.filter(({ name }) => name !== rule.name), rule];
      if (rule.name === "send-unvouched") overview.maySendUnvouched = rule.value !== 0;
    }
  },
  addWitness: ({ key }) => {
    if (key.length !== 43) throw new Refusal("BadKey");
    overview.witnesses.push({ key, since: Date.now(), ended: false, accuses: false });
    overview.witness = { named: true, newest: 0, state: "missing" };
  },
  endWitness: ({ key }) => {
    for (const one of overview.witnesses) if (one.key === key) Object.assign(one, { ended: true, accuses: false });
    if (overview.witnesses.every(({ ended }) => ended))
      overview.witness = { named: false, newest: 0, state: "none" };
  },
  hold: ({ log, on, why }) => {
    find(log).held = on ? { by: me, time: Date.now(), why } : null;
    if (!on) find(log).shreds = find(log).shreds.filter(({ done }) => done);
  },
  proposeShred: ({ log, seqs, cls, why }) => {
    const time = Date.now();
    const rest = { done: null, goneFromBackups: 0, ready: time + 14 * DAY };
    find(log).shreds.unshift({ id: `s-${time}`, seqs, by: me, time, cls, why, ...rest });
  },
  confirmShred: ({ log, id }) => {
    const found = find(log).shreds.find((one) => one.id === id);
    if (!found) throw new Refusal("Refused", "not-found");
    found.done = { by: me, time: Date.now() };
    found.goneFromBackups = Date.now() + 35 * DAY;
  },
  setRetention: ({ rows }) => void (overview.retention = rows),
  retentionExamples: () => examples,
  exportBundle: ({ log, from, to, why }) => {
    find(log).exports.unshift({ by: me, time: Date.now(), format: "bundle", from, to, why });
    return new TextEncoder().encode("invented bundle");
  },
} satisfies Partial<Answers>;

const answers: Answers = {
  ...bringing,
  ...having,
  ...touching,
  ...guarding,
  ...outbox((drafts) => void (written = drafts)),
  ...finding,
  ...roundsOf(children),
  ...showingOf(children),
  ...readingOf(children),
  start: () => ({ ...start, unsent: overview.outgoing.length }),
  checkUp: () => ({
    sealingMs: scenario === "missing" ? 0 : scenario === "clocks" ? 9 : 0.3,
    kept: !["missing", "nostorage"].includes(scenario),
    reachable: scenario !== "unreachable",
    aheadMs: scenario === "clocks" ? -5 * 60_000 : 0,
  }),
  checkServed: () => {
    if (scenario === "unreachable") throw new Refusal("Unreachable");
    return { list: "0123456789abcdef".repeat(4), files: 12, strange: scenario === "clocks" ? ["/static/app.js"] : [] };
  },
  builds: () => ({ mine: "1", served: SERVED[scenario] ?? "1" }),
  suggestPassphrase: () => "invented lamp river seven coat",
  readInvitation: (ask) => {
    if (ask?.letters.startsWith("WRONG")) throw new Refusal("BadInvitation");
    return {
      practice: overview.practice,
      name: me.name,
      job: me.job,
      agency: me.agency,
      role: "practitioner",
      inviter: manager,
      expiry: now + 3 * DAY,
    };
  },
  join: () => undefined,
  found: () => undefined,
  unlock: (ask) => {
    if (ask?.passphrase.startsWith("wrong")) throw new Refusal("WrongPassphrase");
  },
  openKeyFile: () => undefined,
  keyFile: () => new TextEncoder().encode("invented key file"),
  changePassphrase: () => undefined,
  lock: () => undefined,
  forget: () => undefined,
  draft: () => written,
  keepDraft: (ask) => void (written = ask?.draft ?? ""),
  preferences: () => chosen,
  setPreferences: (ask) => void Object.assign(chosen, ask),
  news: () => {
    if (scenario === "offline") throw new Refusal("Unreachable");
    // Every three minutes the Worker looks at everything, and says so.
    return scenario === "shift";
  },
  refresh: () => {
    if (scenario === "offline") throw new Refusal("Unreachable");
    comeIn();
  },
  overview: () => {
    if (scenario !== "arriving" || looks++ > 0) return overview;
    return { ...overview, children: children.map((one) => ({ ...one, name: "", sort: "" })) };
  },
  picture: ({ log, with: others }) => pictureOf(children, log, others),
  postsBefore: ({ log, end }) =>
    posts
      .filter((one) => one.log === log && one.time < end && !["erased", "destroyed"].includes(one.state))
      .map(({ seq }) => seq)
      .sort((a, b) => a - b),
  beginChild: () => "BBBB",
  moveToRightChild: (ask) => {
    const unvouched = unvouchedSince(ask?.allTheSame);
    return { sent: unvouched === 0, newcomers: [], unvouched };
  },
  withdraw: () => undefined,
  describe: ({ log, about }) => {
    const { households: _, ...rest } = about;
    Object.assign(find(log), rest);
  },
  moveChild: ({ log, from, to, date }) => {
    const { households } = find(log);
    for (const home of households) if (home.log === from && !home.to) home.to = date;
    if (to) households.push({ log: to, name: find(to).name, from: date, to: "" });
  },
  grant: () => undefined,
  remove: () => undefined,
  grantMany: ({ logs }) => hand(logs),
  removeMany: ({ logs, person }) => {
    const handed = hand(logs);
    for (const { log, done } of handed) {
      const one = find(log);
      if (done) one.members = one.members.filter((member) => member.person.id !== person);
    }
    return handed;
  },
  dismissProposal: ({ key }) => {
    overview.proposals = overview.proposals.filter((one) => one.key !== key);
  },
  hanging: ({ person }) => ({
    streams: children
      .filter(({ members }) => members.some((one) => one.person.id === person))
      .map(({ log, name, closed }) => ({ log, name, closed })),
    soleKeeper: person === worker.id ? [{ log: "AAAA", name: "Sample A", closed: false }] : [],
    invites: person === me.id ? overview.invites : [],
    supervises: overview.people.filter((one) => one.supervisor === person),
  }),
  slip: () => `https://practice.example/ask#${"aW52ZW50ZWQtc2xpcC0w".repeat(4).slice(0, 64)}`,
  readSlip: ({ fragment }) => {
    if (fragment === "b3RoZXI") throw new Refusal("WrongLog");
    return { log: "ZZZZ", following: fragment === "bWluZQ", keepers: [worker, nurse] };
  },
  askToFollow: ({ shown }) => {
    if (scenario === "movedon" && !shown.includes("p7")) return { sent: false, keepers: [head] };
    return { sent: true, keepers: scenario === "movedon" ? [head] : [worker, nurse] };
  },
  approve: ({ log, person }) => answered(log, person),
  decline: ({ log, person }) => answered(log, person),
  takeBack: ({ log }) => {
    overview.asked = overview.asked.filter((one) => one.log !== log);
  },
  addAgency: () => "ag-new",
  invite: () => ({
    link: "https://practice.example/join#aW52ZW50ZWQtc2VjcmV0LWludmVudGVkLXNlY3JldC1pbnZlbnRlZC1zZWNyZXQ",
    letters: "K7QM 2XRD",
    expiry: now + 7 * DAY,
  }),
  revokeInvite: () => undefined,
  changePerson: () => undefined,
  setProfile: (ask) => void Object.assign(me, ask),
  setPolicy: () => undefined,
  ...trusting,
  ...takingOut,
};

function find(log: string): (typeof children)[number] {
  const found = children.find((one) => one.log === log);
  if (!found) throw new Refusal("Refused", "not-found");
  return found;
}

/** Do something on each stream; in one scenario the last fails the first time. */
function hand(logs: string[]): ReturnType<Requests["grantMany"]> {
  const failing = scenario === "halfway" && !failed;
  failed ||= failing;
  return logs.map((log, at) =>
    failing && at === logs.length - 1
      ? { log, done: false, error: "Unreachable", code: "" }
      : { log, done: true, error: "", code: "" },
  );
}

function answered(log: string, person: string): void {
  overview.requests = overview.requests.filter(
    (one) => one.log !== log || one.person.id !== person,
  );
}

self.onmessage = ({ data }: MessageEvent<Call>) => {
  const reply = (message: Message) =>
    (self as unknown as { postMessage(message: Message): void }).postMessage(message);
  const answer = answers[data.name] as (ask: unknown) => unknown;
  try {
    // Long work goes on until it is told to stop.
    if (scenario === "bringing" && data.name === "bringIn") {
      under = data.id;
      return reply({ event: "progress", what: "bring", done: 340, total: 1000 });
    }
    if (data.name === "cancelImport" && under > 0) {
      reply({ event: "progress", what: "bring", done: 1000, total: 1000 });
      reply({ id: under, answer: { rows: 2, known: 0, left: 1, newcomers: [], unvouched: 0 } });
    }
    reply({ id: data.id, answer: answer(data.ask) });
    if (scenario === "checking" && data.name === "refresh")
      reply({ event: "progress", what: "check", done: 340, total: 1000 });
    if (scenario === "newcomers" && ["post", "bringIn"].includes(data.name) && children[0]) children[0].members = team;
  } catch (error) {
    const { name, code } = error as Refusal;
    reply({ id: data.id, error: { name, code: code ?? "" } });
  }
};
