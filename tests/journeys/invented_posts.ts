// What was posted in an invented practice: every kind of post, and every state one can be in.

import type { Person, Post } from "../../microblog/web/src/client/shown.ts";
import { head, HOUR, manager, me, now, nurse, officer, teacher, worker } from "./invented_people.ts";

let sequence = 0;
export function post(author: Person, hours: number, text: string, part: Partial<Post>): Post {
  sequence += 1;
  return {
    log: "AAAA",
    seq: sequence,
    id: `id-${sequence}`,
    author,
    time: now - hours * HOUR,
    oddTime: false,
    doubtful: false,
    nudge: false,
    mine: author === me,
    unread: false,
    again: false,
    state: "shown",
    newer: false,
    text,
    kind: "hunch",
    sure: "",
    scale: "",
    side: "",
    happened: "",
    written: 0,
    refers: [],
    how: "",
    source: "",
    original: "",
    outcome: "",
    reason: "",
    review: "",
    part: 0,
    parts: 0,
    row: "",
    quiet: false,
    rows: 0,
    withdrawn: null,
    replies: [],
    stands: null,
    ...part,
  };
}

export const posts: Post[] = [
  post(worker, 400, "Played on the floor, mother tired.", {
    kind: "visit",
    outcome: "alone",
    scale: "6",
  }),
  post(me, 120, "Wrong record entirely.", {
    text: "",
    state: "erased",
    withdrawn: { by: me, time: now - 119 * HOUR, why: "Put on the wrong child" },
  }),
  post(officer, 90, "", { state: "void" }),
  post(officer, 80, "", { state: "withheld" }),
  post(head, 70, "", { state: "waiting" }),
  post(teacher, 60, "Late again, third time.", {
    kind: "observation",
    state: "withdrawn",
    withdrawn: { by: teacher, time: now - 50 * HOUR, why: "It was her sister" },
  }),
  post(manager, 50, "Strategy discussion to be asked for.", {
    kind: "decision",
    reason: "Three failed visits",
    review: "2099-01-31",
    nudge: true,
  }),
  post(nurse, 40, "هادئة جدا اليوم", { kind: "observation", newer: true, oddTime: true }),
  post(worker, 30, "Two attendances at the walk-in centre in May.", {
    kind: "records",
    source: "Health record, May",
    scale: "3",
  }),
  post(teacher, 27, "“We had a picnic on the floor and mum laughed.”", {
    log: "BBBB",
    kind: "words",
    side: "well",
    happened: "2026-10",
  }),
  post(me, 4, "Called 8am as agreed. Lights on, nobody came to the door.", {
    kind: "visit",
    outcome: "not-let-in",
    unread: true,
    mine: true,
  }),
  post(
    teacher,
    3,
    "Grandmother at the gate says “there’s been shouting most nights”. First time she has said anything.",
    {
      kind: "told",
      sure: "fairly",
      source: "Grandmother",
      unread: true,
      side: "worried",
      replies: [
        { how: "same", author: worker, seq: 13, id: "id-13", time: now - 2 * HOUR },
        { how: "different", author: head, seq: 99, id: "id-99", time: now - HOUR },
        { how: "copied", author: teacher, seq: 100, id: "id-100", time: now - HOUR },
      ],
    },
  ),
  post(worker, 2, "", { how: "same", refers: ["id-12"] }),
  post(teacher, 1, "All is well at home, no need to visit.", {
    kind: "observation",
    doubtful: true,
  }),
];

/** Older ones of other children; numbered apart, so that those above keep their numbers. */
const OLD: [log: string, seq: number, text: string, part: Partial<Post>][] = [
  ["DDDD", 1, "", { state: "destroyed" }],
  ["DDDD", 2, "", { state: "destroyed" }],
  ["GGGG", 101, "His school says that all is well now.", { kind: "told", source: "Hill School" }],
  ["GGGG", 102, "“I like it here.”", { kind: "words" }],
  ["GGGG", 105, "Put here by mistake, twice.", { kind: "records" }],
  ["GGGG", 106, "Core group every fortnight.", { kind: "decision", reason: "Two moves in a year", review: "2026-01-12" }],
];
posts.unshift(...OLD.map(([log, seq, text, part], at) => post(worker, 1200 - at / 60, text, { log, seq, ...part })));

// One that its author has corrected.
const corrected = posts.find(({ source }) => source === "Health record, May");
if (corrected) {
  const stands = { ...corrected, seq: 120, id: "id-120", time: now - 20 * HOUR };
  const { id, author, seq, time } = stands;
  corrected.stands = { ...stands, text: "Three attendances at the walk-in centre in May." };
  corrected.replies = [{ how: "correction", author, seq, id, time }];
}
