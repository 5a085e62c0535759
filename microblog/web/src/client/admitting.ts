// Letting one more device of mine in, and shutting one out: entries of the directory.
//
// Pure builders, as in `writing`. My private reading keys go with a new device, sealed to its own key: whoever reads the
// directory sees that they do, and nothing of them.

import { MAX_SEALED_BYTES } from "../protocol/device.ts";
import type { Entry } from "../protocol/entry.ts";
import { nfc, plain, type Fresh, type Place, type Writer } from "./writing.ts";

/** As many reading keys, of the newest, as there is room for. */
export const MAX_SECRETS = Math.floor((MAX_SEALED_BYTES - 256) / 34);

/** A device that is to be mine, with its own signature that it is; `until` in ms, 0: no end. */
export interface NewDevice {
  readonly key: Uint8Array;
  readonly boxKey: Uint8Array;
  readonly name: string;
  readonly sort: "" | "paper";
  readonly until: number;
  readonly signature: Uint8Array;
}

/** Let a device of mine in, with the reading keys that were sealed to it. */
export function addDevice(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  { key, boxKey, name, sort, until, signature }: NewDevice,
  sealed: Uint8Array,
): Entry {
  const payload = [key, boxKey, until, sealed, signature];
  return plain(writer, place, fresh, "device", payload, [nfc(name), sort]);
}

/** Shut a device out; what it signed after `since` (ms) is in doubt. */
export function revokeDevice(
  writer: Writer,
  place: Place,
  fresh: Fresh,
  key: Uint8Array,
  since: number,
): Entry {
  return plain(writer, place, fresh, "revoke", ["device", key, since], []);
}
