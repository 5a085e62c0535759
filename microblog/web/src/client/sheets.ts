// The recovery sheet, from its draft to a device of mine that is made of paper.
//
// It counts once two of its groups were typed back from the paper: a sheet that cannot be read, or was never printed,
// would be found out when it is too late.

import { encodeBase64url } from "../protocol/base64url.ts";
import { signDevice } from "../protocol/device.ts";
import { BadLetters } from "../protocol/errors.ts";
import { boxKey, signingKey } from "../protocol/primitives.ts";
import {
  checkGroup,
  deriveBoxSecret,
  deriveDeviceSeed,
  encodeSheet,
  encodeSheetLink,
  GROUP,
  GROUPS,
  SECRET_BYTES,
} from "../protocol/recovery.ts";
import { addDevice } from "./devices.ts";
import type { Sheet } from "./messages.ts";
import { checkTrusted, Waiting, type Session } from "./session.ts";
import { practiceName, showPerson } from "./showing.ts";

/** A sheet that does not count yet: its secret, its letters, and what is printed on it. */
export interface Draft {
  readonly secret: Uint8Array;
  readonly letters: string;
  readonly shown: Sheet;
}

/**
 * Draft a fresh sheet, in place of any before, and return what is put on paper.
 *
 * @throws {InTrouble} the directory cannot be trusted.
 * @throws {Waiting} nothing of it is here yet.
 */
export function draftSheet(session: Session): Sheet {
  checkTrusted(session);
  const { directory, keys, world } = session;
  const { head } = directory;
  if (head === null) throw new Waiting("nothing of the directory is here yet");
  const secret = world.random(SECRET_BYTES);
  const letters = encodeSheet(secret);
  const fragment = encodeSheetLink({ secret, fingerprint: keys.fingerprint, directory: head });
  const groups = Array.from({ length: GROUPS }, (_, at) => letters.slice(at * GROUP, (at + 1) * GROUP));
  const shown: Sheet = {
    letters: groups,
    link: `${keys.origin}/recover#${fragment}`,
    practice: practiceName(directory),
    name: showPerson(directory, keys.person).name,
    fingerprint: encodeBase64url(keys.fingerprint),
    directory: { seq: head.seq, id: encodeBase64url(head.id) },
    asked: askedOf(world.random(2)),
  };
  session.sheet = { secret, letters, shown };
  return shown;
}

/**
 * Enter the drafted sheet as a device of mine, once what was asked for was typed back from it.
 *
 * @throws {BadLetters} it was not; `group` says where.
 * @throws as `addDevice`.
 */
export async function keepSheet(
  session: Session,
  typed: readonly [string, string],
): Promise<void> {
  if (session.sheet === null) throw new BadLetters("no sheet was drafted");
  const { secret, letters, shown } = session.sheet;
  for (const [at, group] of shown.asked.entries()) checkGroup(typed[at] ?? "", letters, group);
  const { fingerprint, person } = session.keys;
  const seed = deriveDeviceSeed(secret, fingerprint);
  const box = boxKey(deriveBoxSecret(secret, fingerprint));
  const signature = signDevice(seed, fingerprint, person, box, 0);
  const key = signingKey(seed);
  await addDevice(session, { key, boxKey: box, name: "", sort: "paper", until: 0, signature });
  session.sheet = null;
}

function askedOf([one = 0, other = 0]: Uint8Array): [number, number] {
  const first = one % GROUPS;
  const second = (first + 1 + (other % (GROUPS - 1))) % GROUPS;
  return first < second ? [first, second] : [second, first];
}
