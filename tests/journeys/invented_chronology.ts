// A chronology as the Worker would give it, of the invented posts.

import { proposeBlacking } from "../../microblog/web/src/client/blacking.ts";
import { chronologyOf } from "../../microblog/web/src/client/chronology.ts";
import type { Requests } from "../../microblog/web/src/client/messages.ts";
import { children, overview } from "./invented.ts";
import { me, scenario } from "./invented_people.ts";
import { posts } from "./invented_posts.ts";
import { Refusal } from "./refusal.ts";

type Answers = {
  [N in keyof Requests]: (ask: Parameters<Requests[N]>[0]) => ReturnType<Requests[N]>;
};

export const takingOut = {
  chronology: ({ logs, from, to }) => {
    if (scenario === "offline") throw new Refusal("Unreachable");
    const chosen = children.filter((one) => (logs.length === 0 ? one.myRole : logs.includes(one.log)));
    const names = new Map(chosen.map(({ log, name }) => [log, name]));
    const wordless = { kind: "", sure: "", scale: "", side: "" };
    const read = posts.map((one) => (["shown", "withdrawn"].includes(one.state) ? one : { ...one, ...wordless }));
    return chronologyOf(read.filter(({ log }) => names.has(log)), names, { from, to });
  },
  proposeBlacking: ({ logs, rows }) => {
    const isOwn = ({ log }: { log: string }) => logs.includes(log);
    return proposeBlacking(rows, {
      people: [
        ...overview.people.map(({ name }) => name),
        ...children.filter((one) => !isOwn(one)).map(({ name }) => name),
      ],
      households: [],
      own: children.filter(isOwn).map(({ name }) => name),
    });
  },
  tellTakenOut: ({ logs, format, from, to, why }) => {
    if (scenario === "failing") throw new Refusal("Unreachable");
    for (const one of children)
      if (logs.length === 0 || logs.includes(one.log))
        one.exports.unshift({ by: me, time: Date.now(), format, from, to, why });
  },
} satisfies Partial<Answers>;
