// The stand-in's outbox: what is put into it leaves after five seconds, or not, as the scenario says. "outgoing": posts
// that have not left, for every reason there is.

import type { Message, Requests } from "../../microblog/web/src/client/messages.ts";
import type { Outgoing } from "../../microblog/web/src/client/shown-hand.ts";
import type { Draft } from "../../microblog/web/src/client/shown.ts";
import { children, overview, team } from "./invented.ts";
import { HOSTILE, HOUR, head, me, now, scenario } from "./invented_people.ts";
import { post, posts } from "./invented_posts.ts";
import { unvouchedSince } from "./invented_trust.ts";
import { Refusal } from "./refusal.ts";

const UNDO_MS = 5_000;
const SENT_MS = 100;

const DRAFT: Draft = {
  text: "",
  kind: "hunch",
  sure: "",
  scale: "",
  side: "",
  happened: "",
  source: "",
  outcome: "",
  reason: "",
  review: "",
  refers: [],
  how: "",
  nudge: false,
};
const REST = { answers: -1, tried: false, newcomers: [], unvouched: 0, error: "", code: "" };

let count = 0;
const shownOf = new Map<string, { shown: string[]; allTheSame?: boolean | undefined }>();

function row(log: string, text: string, marks: Partial<Outgoing>, draft: Partial<Draft> = {}): Outgoing {
  const written = now - HOUR;
  const said = { ...DRAFT, text: scenario === "hostile" ? HOSTILE : text, ...draft };
  return { id: `o${++count}`, log, draft: said, written, leaves: written + UNDO_MS, state: "waiting", ...REST, ...marks };
}

/** What has not left, for every reason there is. */
export function notSent(): Outgoing[] {
  if (scenario === "hostile") return [row("AAAA", "", { error: "Unreachable" })];
  if (scenario !== "outgoing") return [];
  const visit = { kind: "visit", outcome: "not-let-in", side: "worried" };
  return [
    row("AAAA", "Curtains drawn at two, nobody came to the door. The car was there.", { error: "Unreachable" }, visit),
    row("BBBB", "She asked me twice whether I would come again tomorrow.", { tried: true }, { kind: "words", sure: "sure" }),
    row("GGGG", "His mother sounded better on the telephone.", { state: "asking", newcomers: [head] }, { side: "well" }),
    row("GGGG", "Not at the clinic today.", { state: "asking", unvouched: now - HOUR }),
    row("FFFF", "He came without a coat again.", { state: "refused", error: "NotAllowed" }, { kind: "observation" }),
    row("AAAA", "Written on a telephone whose clock was wrong.", { error: "Refused", code: "wrong-time" }),
    row("DDDD", "Something of another version.", { state: "refused", error: "Refused", code: "refused", tried: true }),
  ];
}

function find(id: string): Outgoing {
  const found = overview.outgoing.find((one) => one.id === id);
  if (!found) throw new Refusal("Refused", "not-found");
  return found;
}

function tell(message: Message): void {
  (self as unknown as { postMessage(message: Message): void }).postMessage(message);
}

function take(id: string): void {
  overview.outgoing = overview.outgoing.filter((one) => one.id !== id);
}

function leave(id: string): void {
  const going = overview.outgoing.find((one) => one.id === id);
  if (!going) return;
  const { shown = [], allTheSame } = shownOf.get(id) ?? {};
  const unvouched = unvouchedSince(allTheSame);
  const isNew = scenario === "newcomers" && !shown.includes("p7");
  if (isNew && children[0]) children[0].members = team;
  if (["failing", "offline", "unvouched-lost"].includes(scenario) && unvouched === 0) {
    Object.assign(going, { state: "waiting", error: "Unreachable" });
    shownOf.set(id, { shown });
  } else if (isNew || unvouched > 0) {
    Object.assign(going, { state: "asking", newcomers: isNew ? [head] : [], unvouched });
  } else {
    take(id);
    const { kind, text, how, refers } = going.draft;
    posts.push(post(me, 0, text, { log: going.log, kind, how, refers, mine: true }));
    tell({ event: "posted", id, log: going.log });
  }
  tell({ event: "changed" });
}

/** `keep`: what is being written from then on. */
export const outbox = (keep: (drafts: string) => void) => ({
  queue: ({ log, draft, shown, allTheSame, drafts }) => {
    if (drafts !== undefined) keep(drafts);
    const id = `o${++count}`;
    const written = Date.now();
    shownOf.set(id, { shown, allTheSame });
    const queued: Outgoing = { id, log, draft, written, leaves: written + UNDO_MS, state: "undo", ...REST };
    overview.outgoing = [...overview.outgoing, queued];
    setTimeout(() => overview.outgoing.includes(queued) && leave(id), UNDO_MS);
    tell({ event: "changed" });
    return id;
  },
  undo: ({ id, drafts }) => {
    const isThere = overview.outgoing.some((one) => one.id === id && !one.tried);
    if (isThere) take(id);
    if (isThere && drafts !== undefined) keep(drafts);
    tell({ event: "changed" });
    return isThere;
  },
  sendNow: ({ id }) => {
    Object.assign(find(id), { state: "sending" });
    setTimeout(() => leave(id), SENT_MS);
    tell({ event: "changed" });
  },
  sendAgain: ({ id, log, shown, allTheSame }) => {
    shownOf.set(id, { shown, allTheSame });
    Object.assign(find(id), { ...REST, state: "sending", ...(log && { log }) });
    setTimeout(() => leave(id), SENT_MS);
    tell({ event: "changed" });
  },
  throwAway: ({ id, drafts }) => {
    take(id);
    if (drafts !== undefined) keep(drafts);
    tell({ event: "changed" });
  },
  flush: () => {
    for (const { id, state } of overview.outgoing) if (state === "waiting") leave(id);
  },
}) satisfies Partial<{ [N in keyof Requests]: (ask: Parameters<Requests[N]>[0]) => ReturnType<Requests[N]> }>;
