// Becoming one of those who work here: founding the practice, or taking an invitation's place.
//
// Keys are made and given to the caller first, to be kept, and only then sent: whoever loses power in between has keys
// that nobody knows, and not a place that nobody can use.

import { BytesMap, equalBytes } from "../protocol/builtins.ts";
import { Directory } from "../protocol/directory.ts";
import { decodeEntry, DIRECTORY, encodeEntry, type Entry } from "../protocol/entry.ts";
import { BadInvitation } from "../protocol/errors.ts";
import {
  decodeFragment,
  deriveInvitationSeed,
  readLetters,
  signJoin,
} from "../protocol/invitation.ts";
import { signKnock } from "../protocol/login.ts";
import { boxKey, signingKey } from "../protocol/primitives.ts";
import type { Invite } from "../protocol/staff.ts";
import type { Keys } from "../protocol/vault.ts";
import type { Invitation, Requests } from "./messages.ts";
import { freshOf, type World } from "./session.ts";
import { showInvitation } from "./showing.ts";
import { numberOf } from "./staff.ts";
import { Refused, StaleHead, Unreachable, type Transport } from "./transport.ts";
import * as writing from "./writing.ts";

const LETTERS = 8;
const TRIES = 8;

/** What whoever founds a practice says of it and of themselves. */
export type FirstSteward = Pick<
  Parameters<Requests["found"]>[0],
  "practice" | "name" | "job" | "agency" | "sort" | "device" | "numbers"
>;

/** Someone with an invitation: its fingerprint and seed, and the place that is kept for them. */
export interface Guest {
  readonly transport: Transport;
  readonly fingerprint: Uint8Array;
  readonly seed: Uint8Array;
  readonly invite: Invite;
}

/**
 * Return the first steward's keys, and the entries that found the practice with them.
 *
 * @throws {ProtocolError} something in them is too long, or empty.
 */
export function draftFounding(
  first: FirstSteward,
  origin: string,
  world: World,
): { keys: Keys; entries: readonly Entry[] } {
  const { practice, name, job, device } = first;
  const person = world.random(DIRECTORY.length);
  const keys = {
    origin,
    person,
    deviceSeed: world.random(32),
    boxSecret: world.random(32),
    readingSecrets: [world.random(32)],
    pins: [],
  };
  const writer = { person, seed: keys.deviceSeed };
  const agency = { id: world.random(DIRECTORY.length), name: first.agency, sort: first.sort };
  const staff = { person, name, job, agency: agency.id, role: "steward", left: false };
  const numbers = first.numbers.map(numberOf);
  const policy = { name: practice, numbers, retention: [], rules: new Map<string, number>() };
  const start = { log: DIRECTORY, head: null, time: world.clock(), epoch: 0, directory: null };
  const fresh = () => freshOf(world);
  const found = writing.foundPractice(
    writer,
    start,
    fresh(),
    { practice, name, job, device },
    publicKeys(keys),
  );
  const entries = [found];
  let place = writing.after(start, found);
  const add = (entry: Entry): void => {
    entries.push(entry);
    place = writing.after(place, entry);
  };
  add(writing.addAgency(writer, place, fresh(), agency));
  add(writing.changePerson(writer, place, fresh(), staff));
  add(writing.setPolicy(writer, place, fresh(), policy));
  const [, error] = new Directory().extend(entries);
  if (error !== null) throw error;
  return { keys: { ...keys, fingerprint: found.id }, entries };
}

/**
 * Found the practice.
 *
 * @throws {Refused} the token is used or out of date, or the practice is founded already.
 * @throws {Unreachable} it is not known whether the server has it.
 */
export async function found(
  transport: Transport,
  token: string,
  entries: readonly Entry[],
): Promise<void> {
  const rawEntries = entries.map(encodeEntry);
  await transport.signInFounding(token);
  await twice(() => transport.append(DIRECTORY, rawEntries));
}

/**
 * Return what an invitation offers, from the directory that its fingerprint vouches for.
 *
 * @throws {Malformed} the link or the letters are not complete.
 * @throws {BadInvitation} they do not fit each other, or the place is no longer kept.
 * @throws {ProtocolError} what the server serves is not this practice's directory.
 */
export async function readInvitation(
  transport: Transport,
  fragment: string,
  letters: string,
  world: World,
): Promise<readonly [guest: Guest, invitation: Invitation]> {
  const [secret, fingerprint] = decodeFragment(fragment);
  const spoken = readLetters(letters, LETTERS);
  world.progress("unlock", 0, 1);
  const seed = deriveInvitationSeed(secret, spoken, fingerprint);
  world.progress("unlock", 1, 1);
  await knock(transport, seed, fingerprint);
  const directory = await fetchDirectory(transport, fingerprint);
  const invite = findInvite(directory, signingKey(seed));
  return [{ transport, fingerprint, seed, invite }, showInvitation(directory, invite)];
}

/** Return keys for a guest, to be kept before they are sent. */
export function newKeys({ fingerprint, transport, invite }: Guest, { random }: World): Keys {
  return {
    fingerprint,
    origin: transport.origin,
    person: invite.person,
    deviceSeed: random(32),
    boxSecret: random(32),
    readingSecrets: [random(32)],
    pins: [],
  };
}

/**
 * Take the place that is kept for a guest, with these keys.
 *
 * @throws {BadInvitation} the place is no longer kept.
 * @throws {Refused} the server does not take it.
 * @throws {Unreachable} it is not known whether the server has it.
 */
export async function join(guest: Guest, keys: Keys, device: string, world: World): Promise<void> {
  const { transport, fingerprint, seed, invite } = guest;
  const writer = { person: keys.person, seed: keys.deviceSeed };
  const key = signingKey(keys.deviceSeed);
  const publics = publicKeys(keys);
  const invited = [invite.id, signJoin(seed, fingerprint, invite.id, key, ...publics)] as const;
  let beaten = new StaleHead("", null);
  for (let count = 0; count < TRIES; count++) {
    const directory = await fetchDirectory(transport, fingerprint);
    if (directory.devices.has(key)) return;
    const time = Math.max(world.clock(), directory.time);
    const place = { log: DIRECTORY, head: directory.head, time, epoch: 0, directory: null };
    const entry = writing.join(writer, place, freshOf(world), invited, publics, device);
    const [, wrong] = directory.extend([entry]);
    if (wrong !== null) throw wrong;
    try {
      await twice(() => transport.append(DIRECTORY, [encodeEntry(entry)]));
    } catch (error) {
      if (!(error instanceof StaleHead)) throw error;
      beaten = error;
      continue;
    }
    return;
  }
  throw beaten;
}

function publicKeys({ boxSecret, readingSecrets }: Pick<Keys, "boxSecret" | "readingSecrets">) {
  const reading = readingSecrets.at(-1) ?? new Uint8Array();
  return [boxKey(boxSecret), boxKey(reading)] as const;
}

// The same entries sent again are answered as done, so this doubles nothing.
async function twice<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return attempt();
  }
}

async function knock(
  transport: Transport,
  seed: Uint8Array,
  fingerprint: Uint8Array,
): Promise<void> {
  const challenge = await transport.challenge();
  const signature = signKnock(
    seed,
    fingerprint,
    transport.origin,
    challenge.challenge,
    challenge.time,
  );
  try {
    await transport.signIn("invitation", signingKey(seed), challenge, signature);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "signed-out") throw error;
    throw new BadInvitation("the letters do not fit the link, or the place is gone");
  }
}

// The directory, checked from the fingerprint on; throws a ProtocolError if it is not.
async function fetchDirectory(transport: Transport, fingerprint: Uint8Array): Promise<Directory> {
  let directory = new Directory(fingerprint);
  for (;;) {
    const since = directory.ids.length;
    const replies = await transport.fetch(new BytesMap([[DIRECTORY, since]]));
    const mine = replies.filter(({ log }) => equalBytes(log, DIRECTORY));
    const entries = mine.flatMap((reply) => reply.entries).map(decodeEntry);
    const [longer, error] = directory.extend(entries);
    if (error !== null) throw error;
    directory = longer;
    if (entries.length === 0 || !mine.some(({ more }) => more)) return directory;
  }
}

function findInvite(directory: Directory, key: Uint8Array): Invite {
  for (const invite of directory.invites.values()) {
    if (equalBytes(invite.key, key) && invite.spent === "") return invite;
  }
  throw new BadInvitation("the place is gone: used, taken back, or never there");
}
