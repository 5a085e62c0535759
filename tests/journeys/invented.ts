// An invented practice, as the stand-in Worker shows it.

import type { Child, Member, Overview, Person } from "../../microblog/web/src/client/shown.ts";
import { mine } from "./invented_devices.ts";
import {
  agencies,
  DAY,
  gone,
  head,
  HOSTILE,
  HOUR,
  manager,
  me,
  midwife,
  now,
  nurse,
  officer,
  people,
  scenario,
  teacher,
  worker,
} from "./invented_people.ts";
import { posts } from "./invented_posts.ts";
import { kept, trust } from "./invented_trust.ts";

function member(who: Person, role: Member["role"], days: number, by: Person, why: string): Member {
  return { person: who, role, since: now - days * DAY, by, why, via: "" };
}

export const team: Member[] = [
  member(worker, "keeper", 90, worker, ""),
  member(me, "follower", 80, worker, "Visits the family"),
  member(teacher, "follower", 60, worker, "Sees her every day"),
  member(manager, "supervisor", 60, worker, "Supervises Invented Cara"),
  member(officer, "follower", 20, worker, "Called to the house twice"),
  member(nurse, "supervisor", 20, worker, "Supervises Invented Asha"),
  member(head, "supervisor", 10, worker, "Safeguarding lead at the school"),
];

function child(log: string, name: string, birth: Child["birth"], part: Partial<Child>): Child {
  return {
    log,
    name,
    birth,
    sort: "child",
    knownAs: [],
    school: "",
    relatives: [],
    households: [],
    children: [],
    siblings: [],
    described: 1,
    protectedAddress: false,
    closed: false,
    words: "amber heron",
    weeks: [0, 1, 0, 2, 1, 1, 0, 3, 2, 4, 3, 5],
    concern: null,
    members: team,
    agencies: 4,
    myRole: "follower",
    keeper: false,
    checked: 214,
    posts: 18,
    unread: 0,
    lastPost: now - 2 * HOUR,
    lastSeen: null,
    waiting: false,
    leaving: [],
    changing: scenario === "changing" ? [worker] : [],
    removed: null,
    vouched: trust.witness.newest,
    mayStillRead: [],
    held: null,
    shreds: [],
    retention: [],
    exports: [],
    trouble: null,
    ...kept[log],
    ...part,
  };
}

const dayOf = (days: number) => new Date(now - days * DAY).toISOString().slice(0, 10);
const worries: Child["concern"] = {
  sort: "worried",
  people: ["class teacher, North Street Primary", "police constable, Westmere Police", "Grandmother"],
  from: dayOf(13),
  to: dayOf(2),
  posts: [11, 12].map((seq) => ({ log: "AAAA", seq })),
};
const alone = [member(me, "keeper", 3, me, "")];
const street = "North Street household";
const keptByMe = [
  member(me, "keeper", 50, me, ""),
  { ...member(worker, "keeper", 40, me, "Takes over in May"), via: "NNNN" },
  member(teacher, "follower", 30, me, "Sees him every day"),
  member(officer, "follower", 20, me, "Called to the house twice"),
  member(gone, "follower", 20, me, "Housing"),
];

function stay(log: string, name: string, from: string, to = ""): Child["households"][number] {
  return { log, name, from, to };
}

export const children: Child[] =
  scenario === "empty"
    ? []
    : [
        child(
          "AAAA",
          "Sample A",
          { how: "born", date: "2020-03-04" },
          {
            knownAs: ["Sammy"],
            school: "North Street Primary",
            relatives: [
              { name: "Sample Grandmother", relation: "mother’s mother" },
              { name: "A man called Sample", relation: "" },
            ],
            households: [
              stay("NNNN", street, "2024-05"),
              stay("QQQQ", "", "2023", "2024-05-03"),
            ],
            siblings: [{ log: "GGGG", name: "Sample G" }],
            unread: 2,
            concern: worries,
            lastSeen: { time: new Date(now - 19 * DAY).toISOString().slice(0, 10), by: worker },
            trouble: scenario === "rolledback" ? { error: "RolledBack", seq: 214 } : null,
          },
        ),
        child(
          "BBBB",
          "Sample B",
          { how: "born", date: "2023-06" },
          {
            posts: 4,
            lastPost: now - 26 * HOUR,
            members: alone,
            agencies: 1,
            myRole: "keeper",
            keeper: true,
            lastSeen: { time: new Date(now - 2 * DAY).toISOString().slice(0, 10), by: me },
          },
        ),
        child("CCCC", "Sample C", { how: "due", date: "2099-12-03" }, { posts: 0, lastPost: 0 }),
        child(
          "DDDD",
          "Sample A",
          { how: "born", date: "2011" },
          { school: "Hill School", lastPost: now - 40 * DAY },
        ),
        child(
          "EEEE",
          "",
          { how: "unknown", date: "" },
          { waiting: true, sort: "", posts: 0, lastPost: 0 },
        ),
        child(
          "FFFF",
          "Sample F",
          { how: "born", date: "2019-01-01" },
          {
            removed: { by: worker, time: now - 4 * DAY },
            myRole: "",
            members: [],
            agencies: 0,
            lastPost: now - 5 * DAY,
          },
        ),
        child(
          "GGGG",
          "Sample G",
          { how: "born", date: "2018-01-01" },
          {
            lastPost: now - 50 * DAY,
            keeper: true,
            myRole: "keeper",
            members: keptByMe,
            leaving: [gone],
            knownAs: ["Gee", "Gigi"],
            school: "Hill School",
            protectedAddress: true,
            relatives: [{ name: "Sample Mother", relation: "mother" }],
            households: [stay("NNNN", street, "2024-05-03")],
            siblings: [{ log: "AAAA", name: "Sample A" }],
          },
        ),
        child(
          "HHHH",
          "Sample H",
          { how: "born", date: "2017-01-01" },
          { lastPost: now - 60 * DAY, closed: true },
        ),
        child(
          "NNNN",
          street,
          { how: "unknown", date: "" },
          {
            sort: "household",
            posts: 3,
            lastPost: now - 55 * DAY,
            keeper: true,
            myRole: "keeper",
            members: [...keptByMe, member(manager, "supervisor", 5, me, "Supervises Invented Cara")],
            children: [
              stay("AAAA", "Sample A", "2024-05"),
              stay("GGGG", "Sample G", "2024-05-03"),
              stay("HHHH", "Sample H", "2019", "2024"),
            ],
          },
        ),
        child(
          "RRRR",
          "Hill Road household",
          { how: "unknown", date: "" },
          { sort: "household", posts: 0, lastPost: 0, members: alone, keeper: true, agencies: 1 },
        ),
      ];

export const overview: Overview = {
  practice: "Westmere partnership",
  fingerprint: "invented-fingerprint-0123456789abcdefghijklm",
  me,
  people,
  agencies,
  invites: [
    {
      id: "i1",
      name: "Invented Ivo",
      job: "midwife",
      agency: "Community Health",
      role: "practitioner",
      expiry: now + 3 * DAY,
      inviter: "p1",
      state: "open",
    },
  ],
  numbers: [{ agencyId: "", label: "the front door", number: "01632 960 000", hours: "" }],
  children,
  proposals:
    scenario === "empty"
      ? []
      : [{ person: teacher, supervisor: head, logs: ["GGGG", "NNNN"], key: "p2/p7" }],
  returns:
    scenario === "returned"
      ? [
          {
            person: { ...gone, id: "p10", left: false, phone: "01632 960 110" },
            former: gone,
            logs: ["GGGG", "NNNN"],
            roles: ["follower", "supervisor"],
            key: "p8/p10",
          },
        ]
      : [],
  lastHere: scenario === "first" ? 0 : now - 26 * HOUR,
  sheets: scenario === "nosheet" ? 0 : 1,
  device: mine[0] ?? null,
  requests:
    scenario === "empty"
      ? []
      : [
          {
            log: "GGGG",
            person: midwife,
            reason: "His mother is booked with me; due in May.",
            time: now - 3 * HOUR,
          },
          { log: "GGGG", person: nurse, reason: "", time: now - 2 * DAY },
        ],
  asked: scenario === "empty" ? [] : [{ log: "ZZZZ", keepers: [worker], time: now - DAY }],
  ...trust,
  online: scenario !== "offline",
  stored: scenario !== "shared",
  restoring: scenario === "restoring",
  outgoing: [],
};

if (scenario === "newcomers" && children[0]) children[0].members = team.slice(0, 6);
if (scenario === "hostile") {
  for (const one of people)
    Object.assign(one, {
      name: HOSTILE,
      job: HOSTILE,
      agency: HOSTILE,
      phone: HOSTILE,
      email: HOSTILE,
    });
  for (const one of team) one.why = HOSTILE;
  for (const one of agencies) one.name = HOSTILE;
  for (const one of mine) one.name = HOSTILE;
  for (const one of children) {
    Object.assign(one, { name: HOSTILE, knownAs: [HOSTILE], school: HOSTILE });
    one.relatives = [{ name: HOSTILE, relation: HOSTILE }];
    for (const home of [...one.households, ...one.children, ...one.siblings]) home.name = HOSTILE;
  }
  for (const one of overview.requests) one.reason = HOSTILE;
  for (const one of overview.numbers)
    Object.assign(one, { label: HOSTILE, number: HOSTILE, hours: HOSTILE });
  for (const one of posts) {
    const words = { text: HOSTILE, source: HOSTILE, reason: HOSTILE, original: HOSTILE };
    Object.assign(one, words, {
      kind: HOSTILE,
      sure: HOSTILE,
      side: HOSTILE,
      outcome: HOSTILE,
      happened: HOSTILE,
    });
    if (one.withdrawn) one.withdrawn.why = HOSTILE;
  }
  overview.practice = HOSTILE;
}
