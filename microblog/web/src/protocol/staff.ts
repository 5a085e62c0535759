// The records that the directory's entries add up to: agencies, persons, devices, invitations,
// policy (PROTOCOL.md 4).

export const SORTS: readonly string[] = [
  "council", "health", "school", "police", "housing", "other",
];
export const ROLES: readonly string[] = ["practitioner", "supervisor", "steward"];

/** A body that people work for. */
export interface Agency {
  readonly id: Uint8Array;
  readonly name: string;
  readonly sort: string;
}

/** A member of staff who has joined; texts are empty where a body is missing. */
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
}

/** A phone, laptop or command line that signs for a person. */
export interface Device {
  readonly key: Uint8Array;
  readonly boxKey: Uint8Array;
  readonly person: Uint8Array;
  readonly since: number;
  readonly name: string;
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

/** A telephone number to ring, of one agency or (empty) of all. */
export interface Number {
  readonly agency: Uint8Array;
  readonly label: string;
  readonly number: string;
  readonly hours: string;
}

/** What a practice has settled, by its stewards. */
export interface Policy {
  readonly name: string;
  readonly numbers: readonly Number[];
  readonly retention: readonly (readonly [name: string, months: number, source: string])[];
  readonly rules: ReadonlyMap<string, number>;
}
