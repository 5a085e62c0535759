// Calls by which posts are found: by words and marks, or by their number.

import type { Device } from "./device.ts";
import { find } from "./finding.ts";
import type { Handlers } from "./handlers.ts";
import { thread } from "./thread.ts";

export function handlers(device: Device) {
  return {
    find: (ask) => find(device.open(), ask),
    thread: ({ log, seq }) => thread(device.open(), log, seq),
  } satisfies Partial<Handlers>;
}
