// A Worker that knows no cryptography and speaks from a script, so that every screen can be stood
// up and looked at. Everyone and everything in it is invented. `self.SCENARIO = "…"` in front says
// what happens: normal, practitioner, empty, newcomers, failing, offline, forked, rolledback,
// hostile; and before there are keys: fresh, unfounded, unreachable, missing, nostorage.

import type { Call, Message, Requests, Start } from "../../microblog/web/src/client/messages.ts";
import {
  children,
  DAY,
  head,
  manager,
  me,
  now,
  overview,
  post,
  posts,
  scenario,
  team,
} from "./invented.ts";

const start: Start = {
  missing:
    scenario === "missing"
      ? ["webassembly", "storage"]
      : scenario === "nostorage"
        ? ["storage"]
        : [],
  stored: !["fresh", "unfounded", "unreachable", "nostorage"].includes(scenario),
  founded: scenario !== "unfounded",
  reachable: scenario !== "unreachable",
};

let written = "";
const chosen = { lockMinutes: 15 };

class Refusal extends Error {
  readonly code: string;

  constructor(name: string, code = "") {
    super(name);
    this.name = name;
    this.code = code;
  }
}

const answers: {
  [N in keyof Requests]: (ask: Parameters<Requests[N]>[0]) => ReturnType<Requests[N]>;
} = {
  start: () => start,
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
  refresh: () => {
    if (scenario === "offline") throw new Refusal("Unreachable");
  },
  overview: () => overview,
  posts: (ask) => {
    const all = posts.filter(({ log }) => !ask?.log || log === ask.log).reverse();
    return { posts: all, next: "" };
  },
  markRead: () => undefined,
  beginChild: () => "BBBB",
  describe: () => undefined,
  moveChild: () => undefined,
  grantMany: (ask) => (ask?.logs ?? []).map((log) => ({ log, done: true, error: "", code: "" })),
  removeMany: (ask) => (ask?.logs ?? []).map((log) => ({ log, done: true, error: "", code: "" })),
  dismissProposal: () => undefined,
  hanging: () => ({ streams: [], soleKeeper: [], invites: [], supervises: [] }),
  post: (ask) => {
    if (scenario === "failing") throw new Refusal("Unreachable");
    if (scenario === "newcomers" && !ask?.shown.includes("p7"))
      return { sent: false, newcomers: [head] };
    posts.push(
      post(me, 0, ask?.draft.text ?? "", {
        log: ask?.log ?? "",
        kind: ask?.draft.kind ?? "hunch",
        mine: true,
      }),
    );
    return { sent: true, newcomers: [] };
  },
  moveToRightChild: () => ({ sent: true, newcomers: [] }),
  withdraw: () => undefined,
  grant: () => undefined,
  remove: () => undefined,
  addAgency: () => "ag-new",
  invite: () => ({
    link: "https://practice.example/join#aW52ZW50ZWQtc2VjcmV0LWludmVudGVkLXNlY3JldC1pbnZlbnRlZC1zZWNyZXQ",
    letters: "K7QM 2XRD",
    expiry: now + 7 * DAY,
  }),
  revokeInvite: () => undefined,
  changePerson: () => undefined,
  setProfile: () => undefined,
  setPolicy: () => undefined,
};

self.onmessage = ({ data }: MessageEvent<Call>) => {
  const reply = (message: Message) =>
    (self as unknown as { postMessage(message: Message): void }).postMessage(message);
  const answer = answers[data.name] as (ask: unknown) => unknown;
  try {
    reply({ id: data.id, answer: answer(data.ask) });
    if (scenario === "newcomers" && data.name === "post" && children[0]) children[0].members = team;
  } catch (error) {
    const { name, code } = error as Refusal;
    reply({ id: data.id, error: { name, code: code ?? "" } });
  }
};
