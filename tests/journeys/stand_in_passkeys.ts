// The stand-in's passkeys: `touch` has one, and its bytes open; nothing opens with those of `touching`.

import type { Requests, Start } from "../../microblog/web/src/client/messages.ts";
import type { PasskeyRow } from "../../microblog/web/src/client/shown-hand.ts";
import { overview } from "./invented.ts";
import { DAY, now, scenario } from "./invented_people.ts";
import { Refusal } from "./refusal.ts";

type Answers = {
  [N in keyof Requests]: (ask: Parameters<Requests[N]>[0]) => ReturnType<Requests[N]>;
};

const SALT = new Uint8Array(32).fill(7);
export const touches: Start["passkeys"] = [{ id: "aW52ZW50ZWQ", salt: SALT }];

const rows: PasskeyRow[] = touches.map(({ id }) => ({ id, name: "This phone", since: now - 3 * DAY }));

export const touching = {
  unlockWithPasskey: () => {
    if (scenario !== "touch") throw new Refusal("BadPasskey");
  },
  passkeys: () => (scenario === "touch" ? rows : []),
  newPasskey: () => {
    const known = rows.map(({ id }) => id);
    return { user: SALT, name: overview.practice, salt: SALT, known };
  },
  addPasskey: ({ id, name }) => void rows.push({ id, name, since: now }),
  removePasskey: ({ id }) => void rows.splice(rows.findIndex((row) => row.id === id), 1),
} satisfies Partial<Answers>;
