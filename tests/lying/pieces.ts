// What travels beside the logs, recorded: and what becomes of each piece when a byte is another. The twin of pieces.py.

import { decodeAsk, verifyAsk } from "../../microblog/web/src/protocol/ask.ts";
import type { Directory } from "../../microblog/web/src/protocol/directory.ts";
import type { Value } from "../../microblog/web/src/protocol/encoding.ts";
import {
  deriveLink,
  openConsent,
  openOffer,
  openPins,
  openWelcome,
} from "../../microblog/web/src/protocol/link.ts";
import { openReading } from "../../microblog/web/src/protocol/reading.ts";
import { openVaultWith, type VaultKey } from "../../microblog/web/src/protocol/vault.ts";
import { decodeHead, verifyHead } from "../../microblog/web/src/protocol/witness.ts";

export interface Holder {
  readonly log: Uint8Array;
  readonly letters: string;
  readonly witness: Uint8Array;
  readonly boxSecret: Uint8Array;
  readonly person: Uint8Array;
  readonly device: Uint8Array;
  readonly readingKey: Uint8Array;
  readonly vaultKey: VaultKey;
}

/** Return what a piece says; throws ProtocolError where it says nothing. */
export function readPiece(
  number: number,
  raw: Uint8Array,
  holder: Holder,
  directory: Directory,
): readonly Value[] {
  const fingerprint = directory.fingerprint ?? new Uint8Array();
  const link = deriveLink(holder.letters);
  const { boxSecret, device, person, readingKey, vaultKey } = holder;
  if (number === 0) {
    const ask = decodeAsk(raw);
    verifyAsk(ask, directory, holder.log);
    return [ask.statement];
  }
  if (number === 1) {
    const signed = decodeHead(raw);
    verifyHead(signed, holder.witness, fingerprint);
    return [signed.statement];
  }
  const opener = [openOffer, openWelcome, openConsent, openPins][number - 2];
  if (opener !== undefined) {
    opener(link, raw);
    return ["", raw];
  }
  if (number === 6) return openReading(boxSecret, raw, { fingerprint, person, device }, [readingKey]);
  return [openVaultWith(raw, vaultKey).deviceSeed, raw];
}
