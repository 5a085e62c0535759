// Calls about the practice: its people, witnesses and rules, and what is held, destroyed and kept how long.

import * as destroying from "./destroying.ts";
import type { Device } from "./device.ts";
import type { Handlers } from "./handlers.ts";
import { retentionExamples, setRetention } from "./retention.ts";
import * as staff from "./staff.ts";
import { addWitness, endWitness } from "./witnesses.ts";

export function handlers(device: Device) {
  return {
    addAgency: ({ name, sort }) => device.change((session) => staff.addAgency(session, name, sort)),
    invite: (ask) => device.change((session) => staff.invite(session, ask)),
    revokeInvite: ({ id }) => device.change((session) => staff.revokeInvite(session, id)),
    changePerson: (ask) => device.change((session) => staff.changePerson(session, ask)),
    setProfile: (ask) => device.change((session) => staff.setProfile(session, ask)),
    setPolicy: ({ practice, numbers }) =>
      device.change((session) => staff.setPolicy(session, practice, numbers)),
    setRules: ({ rules }) => device.change((session) => staff.setRules(session, rules)),
    addWitness: ({ key }) => device.change((session) => addWitness(session, key)),
    endWitness: ({ key }) => device.change((session) => endWitness(session, key)),
    hold: (ask) => device.change((session) => destroying.hold(session, ask)),
    proposeShred: (ask) => device.change((session) => destroying.proposeShred(session, ask)),
    confirmShred: (ask) => device.change((session) => destroying.confirmShred(session, ask)),
    setRetention: ({ rows }) => device.change((session) => setRetention(session, rows)),
    retentionExamples: () => retentionExamples(),
  } satisfies Partial<Handlers>;
}
