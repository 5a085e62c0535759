// What an invented practice knows of its witnesses, of what is held and destroyed there, and of what was taken out.

import type {
  Child,
  Export,
  Overview,
  RetentionRow,
  Shred,
  Vouching,
} from "../../microblog/web/src/client/shown.ts";
import {
  DAY,
  head,
  HOSTILE,
  HOUR,
  manager,
  me,
  midwife,
  now,
  scenario,
  worker,
} from "./invented_people.ts";

const MINUTE = 60_000;

const VOUCHING: Record<string, Vouching> = {
  nowitness: { named: false, newest: 0, state: "none" },
  unvouched: { named: true, newest: now - 50 * MINUTE, state: "late" },
  "unvouched-lost": { named: true, newest: now - 50 * MINUTE, state: "late" },
  forbidden: { named: true, newest: now - 50 * MINUTE, state: "late" },
  old: { named: true, newest: now - 2 * DAY, state: "old" },
  silent: { named: true, newest: 0, state: "missing" },
};

export const examples: RetentionRow[] = [
  {
    cls: "Child in need",
    months: 300,
    from: "birth",
    source: "Invented Records Society, Retention for children’s services (2020), row 7",
  },
  {
    cls: "School file",
    months: 300,
    from: "birth",
    source: "Invented Toolkit for Schools (2024), 4.1",
  },
  {
    cls: "Early help",
    months: 72,
    from: "closed",
    source: "Invented Records Society, Retention for children’s services (2020), row 12",
  },
];

const [, wrong = scenario === "forked" ? "ForkedDirectory" : ""] = scenario.split("trouble:");

export const trust: Pick<
  Overview,
  "witness" | "witnesses" | "maySendUnvouched" | "rules" | "retention" | "trouble"
> = {
  trouble: wrong ? { error: wrong, seq: 40 } : null,
  witness: VOUCHING[scenario] ?? { named: true, newest: now - 4 * MINUTE, state: "good" },
  witnesses:
    scenario === "nowitness"
      ? []
      : [
          {
            key: "aW52ZW50ZWQtd2l0bmVzcy1rZXktaW52ZW50ZWQtMDE",
            since: now - 90 * DAY,
            ended: true,
            accuses: false,
          },
          {
            key: "aW52ZW50ZWQtd2l0bmVzcy1rZXktaW52ZW50ZWQtMDI",
            since: now - 40 * DAY,
            ended: false,
            accuses: wrong === "ForkedLog",
          },
        ],
  maySendUnvouched: scenario !== "forbidden",
  rules: [
    { name: "send-unvouched", value: scenario === "forbidden" ? 0 : 1 },
    { name: "backups-kept-days", value: scenario === "nowitness" ? 0 : 35 },
  ],
  retention: scenario === "nowitness" ? [] : examples.slice(0, 1),
};

function shred(id: string, part: Partial<Shred>): Shred {
  return {
    id,
    seqs: [1, 2, 3],
    by: worker,
    time: now - 20 * DAY,
    cls: "Child in need",
    why: "25 years old in May, and nobody has asked for it.",
    ready: now - 6 * DAY,
    done: null,
    goneFromBackups: 0,
    ...part,
  };
}

const taken: Export[] = [
  {
    by: head,
    time: now - 2 * HOUR,
    format: "bundle",
    from: "",
    to: "",
    why: "The review that the partnership has begun",
  },
  {
    by: manager,
    time: now - 9 * DAY,
    format: "xlsx",
    from: "2026-05-01",
    to: "2026-09-30",
    why: "Strategy meeting",
  },
];

const due = [{ cls: "Child in need", source: examples[0]?.source ?? "", due: "2043-01-01" }];

/** What is held, proposed, destroyed and taken out, by stream. */
export const kept: Record<string, Partial<Child>> = {
  AAAA: { exports: taken, retention: due },
  DDDD: {
    shreds: [
      shred("s4", {
        time: now - 40 * DAY,
        ready: now - 26 * DAY,
        done: { by: manager, time: now - 20 * DAY },
        goneFromBackups: now + 15 * DAY,
      }),
    ],
  },
  GGGG: {
    exports: taken.slice(0, 1),
    retention: due,
    mayStillRead: [{ person: manager, since: now - 5 * MINUTE, alarm: false }],
    shreds: [
      shred("s2", { by: me, time: now - 3 * DAY, ready: now + 11 * DAY, seqs: [105], cls: "" }),
      shred("s1", { seqs: [101, 102] }),
    ],
  },
  HHHH: {
    mayStillRead: [{ person: midwife, since: now - 40 * MINUTE, alarm: true }],
    held: { by: manager, time: now - 8 * DAY, why: "A court has asked for it" },
  },
  BBBB: { shreds: [shred("s6", { ready: now + DAY }), shred("s5", { by: me })] },
  NNNN: {
    held: { by: me, time: now - 8 * DAY, why: "A court has asked for it" },
    shreds: [shred("s3", {})],
  },
};

/** How a post is answered while no witness vouches for the server; 0: it is sent. */
export function unvouchedSince(allTheSame: boolean | undefined): number {
  const stops = ["unvouched", "unvouched-lost", "forbidden"].includes(scenario) && !allTheSame;
  return stops ? trust.witness.newest : 0;
}

if (scenario === "hostile") {
  const words = { cls: HOSTILE, why: HOSTILE, source: HOSTILE, format: HOSTILE };
  for (const { held, shreds = [], exports = [], retention = [] } of Object.values(kept))
    for (const one of [held, ...shreds, ...exports, ...retention]) if (one) Object.assign(one, words);
  for (const one of [...examples, ...trust.witnesses]) Object.assign(one, words);
}
