// Whether a bundle is to be believed (PROTOCOL.md 12).
//
// A verified bundle is what its practice wrote, in the order in which it was written, up to the entry by which its
// maker told the team of it. What its maker chose is which epochs can be opened.

import { equalBytes } from "./builtins.ts";
import { isBare, isOpened, type Bundle, type SignedBundle } from "./bundle.ts";
import { Directory } from "./directory.ts";
import { checkBody, decodeEntry, DIRECTORY, type Entry } from "./entry.ts";
import { commit } from "./epoch.ts";
import {
  Malformed,
  NotAllowed,
  NotAuthentic,
  ProtocolError,
  Unreadable,
  WrongLog,
} from "./errors.ts";
import { EXPORT } from "./export.ts";
import { checkPin } from "./log.ts";
import { verifySignature } from "./primitives.ts";
import { readShred, SHREDDED } from "./shred.ts";
import { Stream, targetOf, type Target } from "./stream.ts";
import { decodeHead, findWitness, type Sighting } from "./witness.ts";

/**
 * What a verified bundle proves.
 *
 * `gone` are the seqs whose words were erased or destroyed by rule, `missing` those of an opened epoch whose words its
 * maker did not have, or left out; `sightings` what witnesses vouch for.
 */
export interface Evidence {
  readonly bundle: Bundle;
  readonly directory: Directory;
  readonly stream: Stream;
  readonly entries: readonly Entry[];
  readonly secrets: ReadonlyMap<number, Uint8Array>;
  readonly gone: ReadonlySet<number>;
  readonly missing: readonly number[];
  readonly sightings: readonly Sighting[];
}

/**
 * Check a bundle wholly, from its fingerprint on, and return what it proves.
 *
 * Whether the fingerprint is the practice's, only a person can say.
 *
 * @throws {ProtocolError} what is wrong first, and where.
 */
export function verifyBundle({ bundle, payload, signature }: SignedBundle): Evidence {
  const directory = foldDirectory(bundle);
  const newest = directory.ids.length - 1;
  directory.checkDevice(bundle.device, bundle.exporter, newest, bundle.time);
  const [stream, entries, gone] = foldStream(bundle, directory);
  checkTold(bundle, entries.at(-1));
  const secrets = new Map(bundle.secrets);
  checkSecrets(bundle, stream);
  const missing = checkBodies(entries, secrets, gone);
  const sightings = checkHeads(bundle, directory, entries);
  verifySignature(bundle.device, "msb/1/bundle", payload, signature);
  return { bundle, directory, stream, entries, secrets, gone, missing, sightings };
}

function foldDirectory({ directory: raw, fingerprint }: Bundle): Directory {
  const [directory, error] = new Directory(fingerprint).extend(directoryEntries(raw));
  if (error !== null) throw at(`directory entry ${directory.ids.length}`, error);
  return directory;
}

function* directoryEntries(raw: readonly Uint8Array[]): Generator<Entry> {
  for (const data of raw) {
    const entry = decodeEntry(data);
    if (entry.boxes.length > 0 || (entry.header.kind === "profile" && !isBare(entry))) {
      throw new Malformed("a bundle carries no boxes, and nobody's phone or address");
    }
    if (!isBare(entry)) checkWords(entry);
    yield entry;
  }
}

function foldStream(
  bundle: Bundle,
  directory: Directory,
): readonly [Stream, readonly Entry[], ReadonlySet<number>] {
  let stream = new Stream(bundle.log);
  const entries: Entry[] = [];
  const targets = new Map<number, Target>();
  const gone = new Set<number>();
  for (const [seq, raw] of bundle.entries.entries()) {
    try {
      const entry = decodeEntry(raw);
      if (entry.boxes.length > 0) throw new Malformed("a bundle carries no boxes");
      stream = stream.apply(entry, directory, targetIn(entry, targets));
      for (const lost of note(entry, targets)) gone.add(lost);
      entries.push(entry);
    } catch (error) {
      throw at(`stream entry ${seq}`, error);
    }
  }
  const lost = [...gone].filter((seq) => SHREDDED.includes(entries[seq]?.header.kind ?? ""));
  return [stream, entries, new Set(lost)];
}

function targetIn({ header }: Entry, targets: ReadonlyMap<number, Target>): Target | null {
  if (header.kind !== "withdraw") return null;
  try {
    return targets.get(targetOf(header.payload)) ?? null;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return null; // the public verdict says so itself, in its place
  }
}

// Note what an entry does to posts, and return the seqs whose words are gone with it.
function note({ header }: Entry, targets: Map<number, Target>): readonly number[] {
  const { kind, seq, author, time, payload } = header;
  if (kind === "post") {
    targets.set(seq, { author, time, withdrawn: false, erased: false });
  } else if (kind === "withdraw") {
    const named = targetOf(payload);
    const target = targets.get(named);
    const erased = payload[1] === 1;
    if (target !== undefined) targets.set(named, { ...target, withdrawn: true, erased });
    return erased ? [named] : [];
  } else if (kind === "shred") {
    const [seqs, seconded] = readShred(payload);
    if (seconded.length === 0) return [];
    for (const named of seqs) {
      const target = targets.get(named);
      if (target !== undefined) targets.set(named, { ...target, erased: true });
    }
    return seqs;
  }
  return [];
}

function checkTold({ exporter, device }: Bundle, newest: Entry | undefined): void {
  const header = newest?.header;
  const told = header?.kind === EXPORT && equalBytes(header.author, exporter);
  if (!told || !equalBytes(header.device, device)) {
    throw new NotAllowed("the newest entry does not tell the team of this bundle");
  }
}

function checkSecrets({ secrets, log }: Bundle, { commitments }: Stream): void {
  for (const [epoch, secret] of secrets) {
    const commitment = commitments[epoch];
    if (commitment === undefined || !equalBytes(commit(secret, log, epoch), commitment)) {
      throw new NotAuthentic(`secret ${epoch}: it is not what was committed to`);
    }
  }
}

function checkBodies(
  entries: readonly Entry[],
  secrets: ReadonlyMap<number, Uint8Array>,
  gone: ReadonlySet<number>,
): readonly number[] {
  const missing: number[] = [];
  for (const entry of entries) {
    const { seq } = entry.header;
    const carried = isOpened(entry, secrets) && !gone.has(seq);
    if (isBare(entry)) {
      if (carried) missing.push(seq);
    } else if (!carried) {
      throw new Malformed(`stream entry ${seq}: its words have no place in a bundle`);
    } else {
      checkWords(entry, `stream entry ${seq}: `);
    }
  }
  return missing;
}

function checkHeads(
  { heads, log }: Bundle,
  directory: Directory,
  entries: readonly Entry[],
): readonly Sighting[] {
  const ids = entries.map(({ id }) => id);
  return heads.map((raw, number) => {
    try {
      const head = decodeHead(raw);
      const { sighting } = head;
      const isDirectory = equalBytes(sighting.log, DIRECTORY);
      if (!isDirectory && !equalBytes(sighting.log, log)) {
        throw new WrongLog("the head is of another log");
      }
      findWitness(head, directory);
      checkPin(sighting.head, isDirectory ? directory.ids : ids);
      return sighting;
    } catch (error) {
      throw at(`head ${number}`, error);
    }
  });
}

function checkWords(entry: Entry, place = ""): void {
  try {
    checkBody(entry);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Malformed(`${place}its words are not those that were signed`);
  }
}

// The same error, with the place where it is.
function at(place: string, error: unknown): unknown {
  if (!(error instanceof ProtocolError)) return error;
  const Same = error.constructor as new (message: string) => ProtocolError;
  return new Same(`${place}: ${error.message}`);
}
