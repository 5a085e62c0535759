// The stand-in's devices: linking goes on by one step at each look, and letters with WRONG in front fit nothing.

import type { Requests } from "../../microblog/web/src/client/messages.ts";
import type { DeviceRow } from "../../microblog/web/src/client/shown.ts";
import { children, overview } from "./invented.ts";
import { mine, sheetLetters, theirs } from "./invented_devices.ts";
import { me, scenario } from "./invented_people.ts";
import { Refusal } from "./refusal.ts";

type Answers = {
  [N in keyof Requests]: (ask: Parameters<Requests[N]>[0]) => ReturnType<Requests[N]>;
};

const LINK_LETTERS = "7K2M9QXR4BTV0HJN5CDE";
const { practice, fingerprint } = overview;
const who = { practice, name: me.name };
let looks = 0;

export const having = {
  devices: () => mine,
  devicesOf: () => theirs,
  revokeDevice: ({ key }) => {
    if (scenario === "failing") throw new Refusal("Unreachable");
    for (const one of [...mine, ...theirs]) if (one.key === key) one.revoked = true;
    overview.sheets = mine.filter(isSheet).length;
    // The first stream is done already when the page looks.
    for (const one of children.slice(1)) if (one.myRole) one.changing = [me];
  },
  beginLink: () => {
    looks = 0;
    return { letters: LINK_LETTERS, link: `https://practice.example/link#${LINK_LETTERS}` };
  },
  linked: () => {
    looks += 1;
    const nobody = { practice: "", name: "" };
    if (scenario === "linkover" && looks > 1) return { state: "over", ...nobody };
    if (scenario !== "linked" || looks < 2) return { state: "waiting", ...nobody };
    return { state: looks < 3 ? "welcomed" : "done", ...who };
  },
  finishLink: () => undefined,
  readLink: ({ letters }) => {
    if (letters.startsWith("WRONG")) throw new Refusal("LinkOver");
    return { device: "council laptop" };
  },
  letIn: ({ until }) => {
    if (scenario === "failing") throw new Refusal("LinkOver");
    const device = { key: "d9", name: "council laptop", sort: "", lastUse: 0 } as const;
    mine.push({ ...device, since: Date.now(), until, revoked: false, mine: false });
  },
  draftSheet: () => {
    if (scenario.startsWith("failing")) throw new Refusal("Unreachable");
    return {
      letters: sheetLetters,
      link: `https://practice.example/recover#${"aW52ZW50ZWQtc2hlZXQt".repeat(7).slice(0, 123)}`,
      ...who,
      fingerprint,
      directory: { seq: 212, id: "aW52ZW50ZWQtZGlyZWN0b3J5LWVudHJ5LWlkLTAxMjM" },
      asked: [2, 6],
    };
  },
  keepSheet: () => {
    const sheet = { key: "d8", name: "", sort: "paper", lastUse: 0, revoked: false } as const;
    mine.push({ ...sheet, since: Date.now(), until: 0, mine: false });
    overview.sheets += 1;
  },
  readSheet: ({ letters }) => {
    if (letters?.startsWith("WRONG")) throw new Refusal("BadLetters");
    return { ...who, devices: mine.map((one) => ({ ...one, mine: false })) };
  },
  recover: ({ lost }) => {
    for (const one of mine) if (lost.includes(one.key)) one.revoked = true;
  },
} satisfies Partial<Answers>;

function isSheet({ sort, revoked }: DeviceRow): boolean {
  return sort === "paper" && !revoked;
}
