// What a steward settles in the directory, and what each says of themselves.

import { decodeBase64url, encodeBase64url } from "../protocol/base64url.ts";
import { equalBytes } from "../protocol/builtins.ts";
import { DIRECTORY } from "../protocol/entry.ts";
import { NotAllowed } from "../protocol/errors.ts";
import {
  deriveInvitationSeed,
  encodeFragment,
  encodeLetters,
  LETTERS_BYTES,
  LIFE_MS,
  SECRET_BYTES,
} from "../protocol/invitation.ts";
import { signingKey } from "../protocol/primitives.ts";
import type { Policy } from "../protocol/staff.ts";
import type { Issued, Requests } from "./messages.ts";
import { sendToDirectory } from "./sending.ts";
import { writerOf, type Session } from "./session.ts";
import type { Overview, PhoneNumber } from "./shown.ts";
import * as writing from "./writing.ts";

const NO_POLICY: Policy = { name: "", numbers: [], retention: [], rules: new Map() };

export type Change = Parameters<Requests["changePerson"]>[0];
export type Profile = Parameters<Requests["setProfile"]>[0];

/** Enter an agency and return its id. */
export async function addAgency(session: Session, name: string, sort: string): Promise<string> {
  const agency = { id: session.world.random(DIRECTORY.length), name, sort };
  await sendToDirectory(session, (place, fresh) =>
    writing.addAgency(writerOf(session), place, fresh, agency),
  );
  return encodeBase64url(agency.id);
}

/**
 * Keep a place for someone, and return the link and the letters that let them take it.
 *
 * The link and the letters must travel two ways: who has both can take the place. `formerly`: whom they were before they
 * lost every device.
 */
export async function invite(
  session: Session,
  { name, job, agency, role, formerly = "" }: Parameters<Requests["invite"]>[0],
): Promise<Issued> {
  const { random } = session.world;
  const { fingerprint } = session.keys;
  const secret = random(SECRET_BYTES);
  const letters = encodeLetters(random(LETTERS_BYTES));
  const key = signingKey(deriveInvitationSeed(secret, letters, fingerprint));
  const person = random(DIRECTORY.length);
  const before = decodeBase64url(formerly);
  const staff = { person, name, job, agency: decodeBase64url(agency), role, left: false, formerly: before };
  const { header } = await sendToDirectory(session, (place, fresh) =>
    writing.invite(writerOf(session), place, fresh, staff, key, place.time + LIFE_MS),
  );
  return {
    link: `${session.keys.origin}/join#${encodeFragment(secret, fingerprint)}`,
    letters: `${letters.slice(0, 4)} ${letters.slice(4)}`,
    expiry: header.time + LIFE_MS,
  };
}

/** Take an unused invitation back. */
export async function revokeInvite(session: Session, inviteId: string): Promise<void> {
  const spent = decodeBase64url(inviteId);
  await sendToDirectory(session, (place, fresh) =>
    writing.revokeInvite(writerOf(session), place, fresh, spent),
  );
}

/** Change someone's name, job, agency or role, or say that they have left, which is final. */
export async function changePerson(session: Session, change: Change): Promise<void> {
  const { name, job, role, left } = change;
  const person = decodeBase64url(change.person);
  const staff = { person, name, job, agency: decodeBase64url(change.agency), role, left };
  await sendToDirectory(session, (place, fresh) =>
    writing.changePerson(writerOf(session), place, fresh, staff),
  );
}

/**
 * Say how to reach me, who supervises me, and who does when they are away; what is not given stays.
 *
 * It lets nobody in anywhere: keepers are asked whether to.
 */
export async function setProfile(session: Session, ask: Profile): Promise<void> {
  const { phone, email } = ask;
  await sendToDirectory(session, (place, fresh) => {
    const me = session.directory.persons.get(session.keys.person);
    const supervisor = idOr(ask.supervisor, me?.supervisor ?? writing.NOTHING);
    const deputies = ask.deputies?.map((id) => decodeBase64url(id)) ?? me?.deputies ?? [];
    checkElsewhere(session, [supervisor, ...deputies]);
    const profile = { phone, email, supervisor, deputies };
    return writing.setProfile(writerOf(session), place, fresh, profile);
  });
}

function idOr(id: string | undefined, otherwise: Uint8Array): Uint8Array {
  return id === undefined ? otherwise : decodeBase64url(id);
}

function checkElsewhere({ keys }: Session, people: readonly Uint8Array[]): void {
  if (people.some((person) => equalBytes(person, keys.person))) {
    throw new NotAllowed("nobody supervises themselves");
  }
}

/** Settle some of the practice's rules; those not named, and all else, stay as they are. */
export async function setRules(session: Session, rules: Overview["rules"]): Promise<void> {
  await sendToDirectory(session, (place, fresh) => {
    const old = session.directory.policy ?? NO_POLICY;
    const settled = new Map([...old.rules, ...rules.map((it) => [it.name, it.value] as const)]);
    return writing.setPolicy(writerOf(session), place, fresh, { ...old, rules: settled });
  });
}

/** Settle the practice's name and the numbers to ring; retention and rules stay as they are. */
export async function setPolicy(
  session: Session,
  practice: string,
  rows: readonly PhoneNumber[],
): Promise<void> {
  const numbers = rows.map(numberOf);
  await sendToDirectory(session, (place, fresh) => {
    const old = session.directory.policy;
    const { retention, rules } = old ?? { retention: [], rules: new Map<string, number>() };
    const policy = { name: practice, numbers, retention, rules };
    return writing.setPolicy(writerOf(session), place, fresh, policy);
  });
}

/** Return a number to ring as the directory has it. */
export function numberOf({ agencyId, label, number, hours }: PhoneNumber) {
  return { agency: decodeBase64url(agencyId), label, number, hours };
}
