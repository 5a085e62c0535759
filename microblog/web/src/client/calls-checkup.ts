// Calls of the page that checks this computer: they want no keys.

import { checkServed, checkUp } from "./checkup.ts";
import type { Device } from "./device.ts";
import type { Handlers } from "./handlers.ts";

export function handlers(_: Device) {
  return {
    checkUp: () => checkUp((size) => crypto.getRandomValues(new Uint8Array(size))),
    checkServed: () => checkServed(),
  } satisfies Partial<Handlers>;
}
