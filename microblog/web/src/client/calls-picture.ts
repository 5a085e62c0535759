// Calls for what is counted out of many posts: the picture, those whom I supervise, the round-up, and what is new.

import { newIn, newPosts } from "./catching-up.ts";
import { conference } from "./conference.ts";
import type { Device } from "./device.ts";
import type { Handlers } from "./handlers.ts";
import { mailStates, setRoundUpChoice } from "./mails.ts";
import { picture, supervision } from "./picture.ts";
import { roundUp } from "./rounds.ts";

export function handlers(device: Device) {
  return {
    picture: (ask) => picture(device.open(), ask),
    conference: (ask) => conference(device.open(), ask),
    supervision: () => supervision(device.open()),
    newIn: (ask) => newIn(device.open(), ask),
    newPosts: (ask) => newPosts(device.open(), ask),
    roundUp: (ask) => roundUp(device.open(), ask),
    setRoundUpChoice: (ask) => setRoundUpChoice(device.open(), ask),
    mailStates: () => mailStates(device.open()),
  } satisfies Partial<Handlers>;
}
