// The round-ups of an invented practice: the day, what is due, what a supervisor looks at, and what became of mails.

import { lineOf } from "../../microblog/web/src/client/lines.ts";
import type { Requests } from "../../microblog/web/src/client/messages.ts";
import type { Notices } from "../../microblog/web/src/client/shown-hand.ts";
import type { Supervised } from "../../microblog/web/src/client/shown-picture.ts";
import type {
  MailStates,
  RoundUp,
  RoundUpChild,
  RoundUpChoice,
} from "../../microblog/web/src/client/shown-rounds.ts";
import type { Child, Post } from "../../microblog/web/src/client/shown.ts";
import { addDays, daysBetween, today } from "../../microblog/web/src/client/when.ts";
import { DAY, HOUR, manager, me, midwife, nurse, now, officer, scenario, teacher, worker } from "./invented_people.ts";
import { posts } from "./invented_posts.ts";

const here = today(now);

const choice: RoundUpChoice = {
  every: "daily",
  at: "08:00",
  weekday: 0,
  nudges: true,
  quiet: [5, 6],
  mails: scenario !== "nomail",
  zone: "Europe/London",
};

const told: Notices = {
  on: scenario === "notices" || scenario === "untold",
  key: scenario === "nomail" ? "" : "BAAA",
  zone: "Europe/London",
  begin: "18:00",
  end: "08:00",
  quiet: [5, 6],
  looked: now - 60_000,
  sent: scenario === "notices" ? now - HOUR : 0,
  tries: scenario === "untold" ? 3 : 0,
  tried: 0,
};

const states: MailStates = {
  looked: scenario === "notlooked" ? now - 3 * DAY : now - 4 * 60_000,
  states: [
    { person: manager.id, state: "sent", time: now - 2 * HOUR, tries: 1, code: 250 },
    { person: nurse.id, state: "waiting", time: now - HOUR, tries: 4, code: 0 },
    { person: teacher.id, state: "refused", time: now - 20 * HOUR, tries: 1, code: 550 },
    { person: midwife.id, state: "waiting", time: now - 3 * HOUR, tries: 3, code: 451 },
  ],
};

/** What is asked of round-ups, of these children. */
export function roundsOf(children: readonly Child[]) {
  const [first] = children;
  if (scenario === "earlier" && first) first.unread += 3;
  return {
    roundUp: ({ days, unread }) => roundUp(children, days, unread),
    roundUpChoice: () => choice,
    setRoundUpChoice: (next) => void Object.assign(choice, next),
    mailStates: () => states,
    notices: () => told,
    setNotices: ({ begin, end, quiet }) => void Object.assign(told, { on: true, begin, end, quiet }),
    endNotices: () => void (told.on = false),
    tryNotice: () => void (told.tried = now),
    supervision: () => supervised(children),
  } satisfies Partial<{ [N in keyof Requests]: (ask: Parameters<Requests[N]>[0]) => ReturnType<Requests[N]> }>;
}

function roundUp(children: readonly Child[], days: number, unread: boolean): RoundUp {
  const since = unread ? "" : addDays(here, -days);
  const isIn = (post: Post) => (unread ? post.unread : today(post.time) >= since);
  const told = children.map(({ log, name, words }): RoundUpChild => {
    const lines = posts.filter((post) => post.log === log && isIn(post)).map((post) => {
      const { seq, id, state, kind, outcome, how, nudge, unread: isNew, mine } = post;
      const answered = post.replies.some((reply) => reply.author.id === me.id && reply.how === "same");
      const line = lineOf(post, now);
      return { log, seq, id, state, line, kind, outcome, how, nudge, unread: isNew, mine, answered };
    });
    return { log, name, words: log === "BBBB" ? "tawny larch" : words, lines };
  });
  const some = told.filter(({ lines }) => lines.length > 0);
  const others = some.flatMap(({ lines }) => lines.filter(({ mine }) => !mine));
  const due = posts.filter(({ kind, state }) => kind === "decision" && state === "shown").slice(0, 1);
  return {
    since,
    children: some,
    posts: others.length,
    nudges: others.filter(({ nudge }) => nudge).length,
    due: due.map(({ log, seq, id, author, text }) => ({ log, seq, id, review: addDays(here, -3), by: author, text })),
    unchecked: scenario === "offline" ? 4 : 0,
  };
}

const nothing: Omit<Supervised, "log" | "name"> = {
  workers: [],
  seen: null,
  attempts: 0,
  quiet: [],
  nudged: null,
  due: [],
};

function supervised(children: readonly Child[]): Supervised[] {
  const day = addDays(here, -19);
  const when = { at: day, first: day, last: day, posted: false };
  const parts: Record<string, Partial<Supervised>> = {
    AAAA: {
      workers: [worker],
      seen: { log: "AAAA", seq: 6, when, days: daysBetween(day, here), alone: true, by: worker },
      attempts: 2,
      quiet: [{ agencyId: "ag-health", name: "Community Health", days: 34, usual: 6 }],
      nudged: { seq: 11, time: now - 50 * HOUR, by: manager },
      due: [{ log: "AAAA", seq: 11, id: "id-11", review: addDays(here, -3), by: manager, text: "Strategy discussion to be asked for." }],
    },
    BBBB: { workers: [worker, officer], seen: { log: "BBBB", seq: 1, when: { ...when, at: here, first: here, last: here }, days: 0, alone: false, by: officer } },
    GGGG: { workers: [teacher], attempts: 1 },
  };
  return children
    .filter(({ log }) => log in parts)
    .map(({ log, name }) => ({ ...nothing, log, name, ...parts[log] }));
}
