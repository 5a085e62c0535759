// Calls by which new keys come to this device.

import { Arriving } from "./arriving.ts";
import type { Device } from "./device.ts";
import type { Handlers } from "./handlers.ts";

export function handlers(device: Device) {
  return {
    readInvitation: (ask) => device.arriving(Arriving).readInvitation(ask),
    join: (ask) => device.arriving(Arriving).join(ask),
    found: (ask) => device.arriving(Arriving).found(ask),
    beginLink: (ask) => device.arriving(Arriving).beginLink(ask),
    linked: () => device.arriving(Arriving).linked(),
    finishLink: (ask) => device.arriving(Arriving).finishLink(ask),
    readSheet: (ask) => device.arriving(Arriving).readSheet(ask),
    recover: (ask) => device.arriving(Arriving).recover(ask),
  } satisfies Partial<Handlers>;
}
