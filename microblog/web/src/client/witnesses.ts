// Naming a witness, and ending one: a steward's acts.

import { decodeBase64url } from "../protocol/base64url.ts";
import * as shape from "../protocol/shape.ts";
import { sendToDirectory } from "./sending.ts";
import { writerOf, type Session } from "./session.ts";
import { plain } from "./writing.ts";

const END = 0;

/** Name a witness, as it gave its key: from now on its word is asked for. */
export async function addWitness(session: Session, key: string): Promise<void> {
  await name(session, key, false);
}

/** End a witness: its word counts no more. */
export async function endWitness(session: Session, key: string): Promise<void> {
  await name(session, key, true);
}

async function name(session: Session, key: string, ends: boolean): Promise<void> {
  const data = shape.octets(decodeBase64url(key.trim()), [shape.KEY_BYTES], "the key of a witness");
  await sendToDirectory(session, (place, fresh) => {
    const payload = [data, ends ? END : place.time];
    return plain(writerOf(session), place, fresh, "witness", payload, []);
  });
}
