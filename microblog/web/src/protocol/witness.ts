// What a witness signs: how far it has seen a log grow, and when (PROTOCOL.md 10).
//
// A server that hides the newest of a log, or shows it in two ways, cannot make such a head.

import { equalBytes } from "./builtins.ts";
import type { Directory } from "./directory.ts";
import { decodeArray, encode, MAX_UINT } from "./encoding.ts";
import { ForkedDirectory, Malformed, NotAuthentic, TooNew } from "./errors.ts";
import type { Head } from "./log.ts";
import { sign, verifySignature } from "./primitives.ts";
import * as shape from "./shape.ts";
import type { Witness } from "./staff.ts";

export const LATE_MS = 15 * 60 * 1000;
export const OLD_MS = 24 * 60 * 60 * 1000;
export const MAX_HEADS = 64;
export const MAX_HEAD_BYTES = 256;

/** How far a log of a practice had come when a witness looked at it. */
export interface Sighting {
  readonly fingerprint: Uint8Array;
  readonly log: Uint8Array;
  readonly head: Head;
  readonly time: number;
}

/** A decoded head beside the very bytes that were signed; only its shape is verified yet. */
export interface SignedHead {
  readonly sighting: Sighting;
  readonly statement: Uint8Array;
  readonly signature: Uint8Array;
}

/** Return a head, signed by a witness. */
export function writeHead(seed: Uint8Array, sighting: Sighting): Uint8Array {
  const { fingerprint, log, head, time } = sighting;
  const statement = encode(["msb/1/head", fingerprint, log, head.seq, head.id, time]);
  const data = encode([statement, sign(seed, "msb/1/head", statement)]);
  decodeHead(data);
  return data;
}

/**
 * Return the head in `data`, its shape checked.
 *
 * @throws {Malformed} the shape does not hold.
 * @throws {TooNew} it is of another version.
 */
export function decodeHead(data: Uint8Array): SignedHead {
  if (data.length > MAX_HEAD_BYTES) throw new Malformed("the head is too long");
  const [statement, signature] = shape.array(decodeArray(data), 2, 2, "head");
  if (!(statement instanceof Uint8Array)) throw new Malformed("the statement is not bytes");
  const said = decodeArray(statement);
  if (typeof said[0] === "string" && said[0] !== "msb/1/head") {
    throw new TooNew("the head is of another version of the protocol");
  }
  const items = shape.array(said, 6, 6, "statement");
  if (items[0] !== "msb/1/head") throw new Malformed("the statement does not say what it is");
  const sighting = {
    fingerprint: shape.octets(items[1], [32], "fingerprint"),
    log: shape.octets(items[2], [16], "log"),
    head: { seq: shape.uint(items[3], MAX_UINT, "seq"), id: shape.octets(items[4], [32], "id") },
    time: shape.uint(items[5], MAX_UINT, "time"),
  };
  return { sighting, statement, signature: shape.octets(signature, [64], "signature") };
}

/**
 * Check that the witness of that key signed a head of a log of this practice.
 *
 * @throws {ForkedDirectory} it is of another practice.
 * @throws {NotAuthentic} the signature does not fit.
 */
export function verifyHead(signed: SignedHead, key: Uint8Array, fingerprint: Uint8Array): void {
  if (!equalBytes(signed.sighting.fingerprint, fingerprint)) {
    throw new ForkedDirectory("the head is of another practice");
  }
  verifySignature(key, "msb/1/head", signed.statement, signed.signature);
}

/**
 * Return the key of the witness, named by the directory and not ended, that signed a head.
 *
 * @throws {ForkedDirectory} it is of another practice.
 * @throws {NotAuthentic} none of them did.
 */
export function findWitness(signed: SignedHead, directory: Directory): Uint8Array {
  const fingerprint = directory.fingerprint ?? new Uint8Array();
  for (const { key } of goodWitnesses(directory)) {
    try {
      verifyHead(signed, key, fingerprint);
      return key;
    } catch (error) {
      if (!(error instanceof NotAuthentic)) throw error;
    }
  }
  throw new NotAuthentic("no witness of this practice signed the head");
}

/** Return the witnesses that the directory names and has not ended. */
export function goodWitnesses(directory: Directory): readonly Witness[] {
  return [...directory.witnesses.values()].filter(({ untilSeq }) => untilSeq === null);
}
