// What may be told of an error: its name and a code, and nothing of what it was about.

import { BadLetters, ProtocolError } from "../protocol/errors.ts";
import { StorageFull } from "./database.ts";
import { BadPasskey, PassphraseChanged } from "./passkeys.ts";
import { InTrouble, Locked, NotFollowed, Waiting } from "./session.ts";
import { Refused, Unreachable } from "./transport.ts";

const KNOWN = [ProtocolError, Unreachable, StorageFull, Locked, Waiting, BadPasskey, PassphraseChanged];

/** Return the name and the code of an error; one that is not expected is not described. */
export function nameFailure(error: unknown): { name: string; code: string } {
  if (error instanceof Refused) return { name: "Refused", code: error.code };
  if (error instanceof NotFollowed) return { name: "Refused", code: "not-found" };
  if (error instanceof InTrouble) return { name: error.trouble.error, code: "in-trouble" };
  if (error instanceof BadLetters) return { name: error.name, code: String(error.group ?? "") };
  const known = KNOWN.some((sort) => error instanceof sort);
  return { name: known && error instanceof Error ? error.name : "Unexpected", code: "" };
}
