// The records that the directory's entries add up to: agencies, persons, devices, invitations,
// witnesses, policy (PROTOCOL.md 4).

export const SORTS: readonly string[] = [
  "council", "health", "school", "police", "housing", "other",
];
export const ROLES: readonly string[] = ["practitioner", "supervisor", "steward"];
export const BEGINNINGS: readonly string[] = ["birth", "closed", "newest"];
export const DEVICE_SORTS: readonly string[] = ["", "paper"];

/** A body that people work for. */
export interface Agency {
  readonly id: Uint8Array;
  readonly name: string;
  readonly sort: string;
}

/**
 * A member of staff who has joined; texts are empty where a body is missing.
 *
 * `readingKeys` are all that they ever had, oldest first, each with the seq that brought it;
 * `readingKey` is the newest. `revoked` are the seqs at which a device of theirs was revoked.
 */
export interface Person {
  readonly id: Uint8Array;
  readonly agency: Uint8Array;
  readonly role: string;
  readonly readingKey: Uint8Array;
  readonly joined: number;
  readonly left: number | null;
  readonly name: string;
  readonly job: string;
  readonly supervisor: Uint8Array;
  readonly deputies: readonly Uint8Array[];
  readonly phone: string;
  readonly email: string;
  readonly formerly: Uint8Array;
  readonly readingKeys: readonly (readonly [seq: number, key: Uint8Array])[];
  readonly revoked: readonly number[];
}

/**
 * A phone, laptop, command line or recovery sheet that signs for a person.
 *
 * `since` is the seq that brought it, at `time`; from `until` on (0: never) it signs no more, nor
 * from the seq `revoked` on. What it signed after `doubtfulSince` stands, but in doubt.
 */
export interface Device {
  readonly key: Uint8Array;
  readonly boxKey: Uint8Array;
  readonly person: Uint8Array;
  readonly since: number;
  readonly name: string;
  readonly sort: string;
  readonly time: number;
  readonly until: number;
  readonly revoked: number | null;
  readonly doubtfulSince: number;
}

/** A place kept for someone who has not joined yet; `spent` is set once used or revoked. */
export interface Invite {
  readonly id: Uint8Array;
  readonly seq: number;
  readonly person: Uint8Array;
  readonly agency: Uint8Array;
  readonly role: string;
  readonly expiry: number;
  readonly key: Uint8Array;
  readonly formerly: Uint8Array;
  readonly inviter: Uint8Array;
  readonly inviterDevice: Uint8Array;
  readonly name: string;
  readonly job: string;
  readonly spent: string;
}

/** A key that vouches for heads of logs, from one seq of the directory until another. */
export interface Witness {
  readonly key: Uint8Array;
  readonly since: number;
  readonly fromSeq: number;
  readonly untilSeq: number | null;
}

/** A telephone number to ring, of one agency or (empty) of all. */
export interface Number {
  readonly agency: Uint8Array;
  readonly label: string;
  readonly number: string;
  readonly hours: string;
}

/** For how many months words of a class are kept, counted from when, and who says so. */
export interface Retention {
  readonly name: string;
  readonly months: number;
  readonly begins: string;
  readonly source: string;
}

/** What a practice has settled, by its stewards. */
export interface Policy {
  readonly name: string;
  readonly numbers: readonly Number[];
  readonly retention: readonly Retention[];
  readonly rules: ReadonlyMap<string, number>;
}
