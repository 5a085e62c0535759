// Calls by which rows come out of spreadsheets, and posts go into files.

import { beginChildren, planChildren } from "./beginning.ts";
import { namesHeld, proposeBlacking } from "./blacking.ts";
import { bringIn, planImport, stopBringing } from "./bringing.ts";
import type { Device } from "./device.ts";
import { exportBundle } from "./evidence.ts";
import type { Handlers } from "./handlers.ts";
import { chronology } from "./taking.ts";
import { tellTakenOut } from "./telling.ts";

export function handlers(device: Device) {
  return {
    planImport: (ask) => planImport(device.open(), ask),
    bringIn: (ask) => device.change((session) => bringIn(session, ask)),
    cancelImport: () => stopBringing(device.open()),
    planChildren: (ask) => planChildren(device.open(), ask),
    beginChildren: (ask) => device.change((session) => beginChildren(session, ask)),
    chronology: (ask) => chronology(device.open(), ask),
    proposeBlacking: ({ logs, rows }) => proposeBlacking(rows, namesHeld(device.open(), logs)),
    tellTakenOut: (ask) => device.change((session) => tellTakenOut(session, ask)),
    exportBundle: (ask) => device.change((session) => exportBundle(session, ask)),
  } satisfies Partial<Handlers>;
}
