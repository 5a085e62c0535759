// Naming a witness, and ending one: a steward's acts.

import { decodeBase64url } from "../protocol/base64url.ts";
import * as shape from "../protocol/shape.ts";
import { compareWithHeads } from "./directory.ts";
import { isAccused, saveHeads } from "./freshness.ts";
import { sendToDirectory } from "./sending.ts";
import { checkTrusted, writerOf, type Session } from "./session.ts";
import { plain, type Fresh, type Place } from "./writing.ts";

const END = 0;

/** Name a witness, as it gave its key: from now on its word is asked for. */
export async function addWitness(session: Session, key: string): Promise<void> {
  await name(session, key, false);
}

/** End a witness: its word counts no more, and what it alone had stopped goes on. */
export async function endWitness(session: Session, key: string): Promise<void> {
  await name(session, key, true);
  await compareWithHeads(session);
  await saveHeads(session);
}

async function name(session: Session, key: string, ends: boolean): Promise<void> {
  const data = shape.octets(decodeBase64url(key.trim()), [shape.KEY_BYTES], "the key of a witness");
  const write = (place: Place, fresh: Fresh) => {
    const payload = [data, ends ? END : place.time];
    return plain(writerOf(session), place, fresh, "witness", payload, []);
  };
  // Else a witness that lies of the directory could be ended by nobody. It is all that is sent then, and of no witness
  // but one whose word it is (PROTOCOL.md 10).
  const check = () => {
    if (!ends || !isAccused(session, data)) checkTrusted(session);
  };
  await sendToDirectory(session, write, check);
}
