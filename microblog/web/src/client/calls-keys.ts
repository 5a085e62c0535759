// Calls about what holds my keys, or opens them: this device, others, paper, passkeys.

import type { Device } from "./device.ts";
import * as devices from "./devices.ts";
import { refreshDirectory } from "./directory.ts";
import type { Handlers } from "./handlers.ts";
import * as linking from "./linking.ts";
import { endNotices, notices, setNotices, tryNotice } from "./notices.ts";
import { addPasskey, listPasskeys, newPasskey, removePasskey } from "./passkeys.ts";
import * as sheets from "./sheets.ts";

const LOOK_EVERY_MS = 1000; // for the other of two devices being linked

export function handlers(device: Device) {
  return {
    readLink: async ({ letters }) => {
      const { name } = await linking.readLink(device.open().transport, letters);
      return { device: name };
    },
    letIn: ({ letters, until }) =>
      device.change((session) => linking.letIn(session, letters, until, moment)),
    devices: () => devices.devices(device.open()),
    devicesOf: ({ person }) => devices.devicesOf(device.open(), person),
    revokeDevice: ({ key, since }) =>
      device.change((session) => devices.revokeDevice(session, key, since)),
    passkeys: async () => listPasskeys(device.open(), await device.passkeys()),
    newPasskey: async () => newPasskey(device.open(), await device.passkeys()),
    addPasskey: async (ask) => {
      await device.changeKept((kept) => addPasskey(device.open(), kept, ask));
      ask.prf.fill(0);
    },
    removePasskey: async ({ id }) => {
      device.open();
      await device.changeKept((kept) => removePasskey(kept, id));
    },
    notices: () => notices(device.open()),
    setNotices: (ask) => setNotices(device.open(), ask),
    endNotices: () => endNotices(device.open()),
    tryNotice: () => tryNotice(device.open()),
    // Who has just joined holds nothing of the directory yet, and the sheet says how far it was seen.
    draftSheet: () =>
      device.change(async (session) => {
        await refreshDirectory(session);
        return sheets.draftSheet(session);
      }),
    keepSheet: ({ typed }) => device.change((session) => sheets.keepSheet(session, typed)),
  } satisfies Partial<Handlers>;
}

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
