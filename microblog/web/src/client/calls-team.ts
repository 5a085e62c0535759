// Calls about a child: beginning one, who it is and where it lives, and who follows it.

import * as asking from "./asking.ts";
import type { Device } from "./device.ts";
import type { Handlers } from "./handlers.ts";
import { hanging } from "./hanging.ts";
import { describe, moveChild } from "./household.ts";
import { dismissProposal } from "./proposals.ts";
import * as team from "./team.ts";

export function handlers(device: Device) {
  return {
    beginChild: (ask) => device.change((session) => team.beginChild(session, ask)),
    describe: ({ log, about, seen }) =>
      device.change((session) => describe(session, log, about, seen)),
    moveChild: ({ log, from, to, date }) =>
      device.change((session) => moveChild(session, log, from, to, date)),
    grant: (ask) => device.change((session) => team.grant(session, ask.log, ask)),
    remove: ({ log, person }) => device.change((session) => team.remove(session, log, person)),
    grantMany: (ask) => device.change((session) => team.grantMany(session, ask)),
    removeMany: ({ person, logs }) =>
      device.change((session) => team.removeMany(session, person, logs)),
    dismissProposal: ({ key }) => device.change((session) => dismissProposal(session, key)),
    hanging: ({ person }) => hanging(device.open(), person),
    slip: ({ log }) => asking.slip(device.open(), log),
    readSlip: ({ fragment }) => device.change((session) => asking.readSlip(session, fragment)),
    askToFollow: (ask) => device.change((session) => asking.askToFollow(session, ask)),
    approve: ({ log, person }) => device.change((session) => asking.approve(session, log, person)),
    decline: ({ log, person }) => device.change((session) => asking.decline(session, log, person)),
    takeBack: ({ log }) => device.change((session) => asking.takeBack(session, log)),
  } satisfies Partial<Handlers>;
}
