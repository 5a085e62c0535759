// Passkeys, as the browser has them: making one, and having one answer. What it answers goes to the Worker and is wiped here.

import type { Answer, Start } from "../client/messages.ts";
import { ask, WorkerError } from "./bridge.ts";
import { beside } from "./leaving.ts";

const WAIT_MS = 60_000;
const NAME = "microblog";

type Salts = Start["passkeys"];

/** Has this browser anything of the kind? Whether it can make keys is known only once it is asked. */
export function hasPasskeys(): boolean {
  return "PublicKeyCredential" in globalThis && "credentials" in navigator;
}

/** Have one of the passkeys of this device answer, and open the keys with that. */
export async function unlockByTouch(passkeys: Salts): Promise<void> {
  const { id, prf } = await touch(passkeys);
  await handOver(prf, () => ask("unlockWithPasskey", { id, prf }));
}

/**
 * Make a passkey that opens the keys of this device.
 *
 * @throws {WorkerError} NoTouch: nobody touched it; KnownPasskey: it is one already; NoPrf: it cannot make keys.
 */
export async function makePasskey(): Promise<void> {
  const wanted = await ask("newPasskey");
  const made = await beside(() => create(wanted));
  const id = encode(made.rawId);
  const { prf } = made.getClientExtensionResults();
  if (!prf?.enabled && !prf?.results) {
    await drop(id);
    throw new WorkerError("NoPrf", "");
  }
  const first = prf.results?.first;
  // Some say only on being asked again.
  const bytes = first ? bytesOf(first) : (await touch([{ id, salt: wanted.salt }])).prf;
  await handOver(bytes, () => ask("addPasskey", { id, name: nameOf(made), salt: wanted.salt, prf: bytes }));
}

/** Post the bytes, and wipe them: what the Worker gets is a copy. */
async function handOver(prf: Uint8Array, send: () => Promise<void>): Promise<void> {
  const sent = send();
  prf.fill(0);
  await sent;
}

// No name of a person is in it: whoever keeps passkeys for this device, perhaps on a server of their own, can read it.
async function create({ user, name, salt, known }: Answer<"newPasskey">): Promise<PublicKeyCredential> {
  const id = known.map((one) => ({ type: "public-key", id: decode(one) }) as const);
  const title = name || NAME;
  const publicKey: PublicKeyCredentialCreationOptions = {
    rp: { id: location.hostname, name: NAME },
    user: { id: copy(user), name: title, displayName: title },
    // Nobody checks what is signed: the passkey only makes a key here.
    challenge: copy(salt),
    pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: id,
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    timeout: WAIT_MS,
  };
  const make = (prf: AuthenticationExtensionsPRFInputs) =>
    navigator.credentials.create({ publicKey: { ...publicKey, extensions: { prf } } });
  try {
    return credential(await make({ eval: { first: copy(salt) } }));
  } catch (error) {
    // Some refuse to answer while they are being made, and will do it afterwards.
    if (isFinal(error)) throw named(error);
    return credential(await make({}).catch((again: unknown) => Promise.reject(named(again))));
  }
}

async function touch(passkeys: Salts): Promise<{ id: string; prf: Uint8Array }> {
  const evalByCredential = Object.fromEntries(
    passkeys.map(({ id, salt }) => [id, { first: copy(salt) }]),
  );
  const publicKey: PublicKeyCredentialRequestOptions = {
    rpId: location.hostname,
    challenge: copy(passkeys[0]?.salt ?? new Uint8Array(32)),
    allowCredentials: passkeys.map(({ id }) => ({ type: "public-key", id: decode(id) })),
    userVerification: "required",
    timeout: WAIT_MS,
    extensions: { prf: { evalByCredential } },
  };
  const found = await beside(() => navigator.credentials.get({ publicKey })).catch((error: unknown) =>
    Promise.reject(named(error)),
  );
  const answered = credential(found);
  const first = answered.getClientExtensionResults().prf?.results?.first;
  if (!first) throw new WorkerError("NoPrf", "");
  return { id: encode(answered.rawId), prf: bytesOf(first) };
}

// Nobody will ever use it: have it leave the list of whoever keeps passkeys, where that can be asked for.
async function drop(credentialId: string): Promise<void> {
  type Signal = (about: { rpId: string; credentialId: string }) => Promise<void>;
  const { signalUnknownCredential } = PublicKeyCredential as { signalUnknownCredential?: Signal };
  const about = { rpId: location.hostname, credentialId };
  await signalUnknownCredential?.call(PublicKeyCredential, about).catch(() => {});
}

function nameOf({ authenticatorAttachment }: PublicKeyCredential): string {
  return authenticatorAttachment === "cross-platform"
    ? "A security key, or another phone"
    : "This device’s fingerprint, face or PIN";
}

function credential(found: Credential | null): PublicKeyCredential {
  if (found === null) throw new WorkerError("NoTouch", "");
  return found as PublicKeyCredential;
}

function isFinal(error: unknown): boolean {
  const { name } = error as DOMException;
  return ["NotAllowedError", "InvalidStateError", "SecurityError", "AbortError"].includes(name);
}

function named(error: unknown): WorkerError {
  if (error instanceof WorkerError) return error;
  const { name } = error as DOMException;
  if (name === "NotAllowedError" || name === "AbortError") return new WorkerError("NoTouch", "");
  if (name === "InvalidStateError") return new WorkerError("KnownPasskey", "");
  return new WorkerError("NoPrf", "");
}

// Bytes, as this interface wants and gives them.

function bytesOf(source: BufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

function encode(buffer: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
}
