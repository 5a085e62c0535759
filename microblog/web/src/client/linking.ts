// Linking one more device of mine: both ends, by four sealed messages (PROTOCOL.md 5.1).
//
// The new device shows letters, and believes nothing but what opens with them. The old one names what it lets in, hands it
// my reading keys through the directory, and says how far it has seen each log: so neither the server nor anyone between
// can give either end a false key or a false practice.

import { encodeBase64url } from "../protocol/base64url.ts";
import { BytesSet, equalBytes } from "../protocol/builtins.ts";
import { signDevice, verifyDevice } from "../protocol/device.ts";
import { DIRECTORY, type Entry } from "../protocol/entry.ts";
import { LinkOver, NotAuthentic, UnknownDevice } from "../protocol/errors.ts";
import * as link from "../protocol/link.ts";
import { boxKey, NONCE_BYTES, signingKey } from "../protocol/primitives.ts";
import type { Keys } from "../protocol/vault.ts";
import { addDevice, checkHoldsKeys, revokeDevice, SEED_BYTES } from "./devices.ts";
import { refreshDirectory } from "./directory.ts";
import type { Linked } from "./messages.ts";
import { look } from "./recovering.ts";
import { keysWithPins } from "./sealing.ts";
import { checkTrusted, type Session, type World } from "./session.ts";
import { practiceName, showPerson } from "./showing.ts";
import { Refused, type Transport } from "./transport.ts";

/** How often the old device looks whether the new one has answered. */
export const TRIES = 60;

/** A new device on its way in: its keys, its code, and how far it has come. */
export interface Newcomer {
  readonly transport: Transport;
  readonly world: World;
  readonly letters: string;
  readonly link: link.Link;
  readonly deviceSeed: Uint8Array;
  readonly boxSecret: Uint8Array;
  readonly began: number; // ms
  welcome: link.Welcome | null;
  consent: Uint8Array | null;
  pins: link.Pins | null;
  keys: Keys | null;
  practice: string;
  name: string;
}

/**
 * Make keys for a new device, and offer them under a fresh code.
 *
 * @throws {Malformed} its name is too long.
 * @throws {Refused} too many devices are being linked.
 * @throws {Unreachable} the server did not answer.
 */
export async function beginLink(transport: Transport, name: string, world: World): Promise<Newcomer> {
  const letters = link.encodeCode(world.random(link.CODE_BYTES));
  const newcomer: Newcomer = {
    transport,
    world,
    letters,
    link: link.deriveLink(letters),
    deviceSeed: world.random(SEED_BYTES),
    boxSecret: world.random(SEED_BYTES),
    began: world.clock(),
    welcome: null,
    consent: null,
    pins: null,
    keys: null,
    practice: "",
    name: "",
  };
  const { deviceSeed, boxSecret } = newcomer;
  const offer = { device: signingKey(deviceSeed), boxKey: boxKey(boxSecret), name };
  const message = link.sealOffer(newcomer.link, world.random(NONCE_BYTES), offer);
  await transport.putLink(newcomer.link.tag, link.OFFER, message);
  return newcomer;
}

/**
 * Go on as far as the other device has, and say how far that is.
 *
 * @throws {NotAuthentic | Malformed} what lies under the code was not sealed with it.
 * @throws {InTrouble | UnknownDevice} the server does not show what the other device has seen.
 * @throws {Refused | Unreachable} the server does not answer as it should; asked again, it goes on.
 */
export async function proceed(newcomer: Newcomer): Promise<Linked> {
  const { began, world } = newcomer;
  if (newcomer.keys === null && world.clock() >= began + link.LIFE_MS) {
    return { state: "over", practice: "", name: "" };
  }
  if (newcomer.welcome === null) await takeWelcome(newcomer);
  if (newcomer.welcome !== null && newcomer.pins === null) await takePins(newcomer, newcomer.welcome);
  if (newcomer.pins !== null && newcomer.keys === null) await enter(newcomer, newcomer.pins);
  const { practice, name } = newcomer;
  const state = newcomer.keys ? "done" : newcomer.welcome ? "welcomed" : "waiting";
  return { state, practice, name };
}

async function takeWelcome(newcomer: Newcomer): Promise<void> {
  const { boxSecret, deviceSeed, transport, world } = newcomer;
  const message = await transport.link(newcomer.link.tag, link.WELCOME);
  if (message === null) return;
  const welcome = link.openWelcome(newcomer.link, message);
  const { fingerprint, person, until } = welcome;
  if (newcomer.consent === null) {
    const signature = signDevice(deviceSeed, fingerprint, person, boxKey(boxSecret), until);
    newcomer.consent = link.sealConsent(newcomer.link, world.random(NONCE_BYTES), signature);
  }
  await transport.putLink(newcomer.link.tag, link.CONSENT, newcomer.consent);
  newcomer.welcome = welcome;
  newcomer.practice = welcome.practice;
  newcomer.name = welcome.name;
}

async function takePins(newcomer: Newcomer, welcome: link.Welcome): Promise<void> {
  const message = await newcomer.transport.link(newcomer.link.tag, link.PINS);
  if (message === null) return;
  const pins = link.openPins(newcomer.link, message);
  const same = equalBytes(pins.fingerprint, welcome.fingerprint);
  if (!same || !equalBytes(pins.person, welcome.person)) {
    throw new NotAuthentic("it was let in as somebody else than was said");
  }
  newcomer.pins = pins;
}

// Take the reading keys from the directory, which must be as the other device has seen it.
async function enter(newcomer: Newcomer, pins: link.Pins): Promise<void> {
  const { boxSecret, deviceSeed, transport, world } = newcomer;
  const { fingerprint, person, heads } = pins;
  const { origin } = transport;
  const keys = { fingerprint, origin, person, deviceSeed, boxSecret, readingSecrets: [], pins: heads };
  const session = await look(keys, transport, world);
  if (!new BytesSet(session.directory.ids).has(pins.entry)) {
    throw new UnknownDevice("the entry that let this device in is not there");
  }
  newcomer.practice = practiceName(session.directory);
  newcomer.name = showPerson(session.directory, person).name;
  newcomer.keys = keysWithPins(session);
}

/**
 * Return which device shows these letters.
 *
 * @throws {BadLetters} they are not complete.
 * @throws {LinkOver} no device waits under them.
 * @throws {NotAuthentic | Malformed} what lies there was not sealed with them.
 */
export async function readLink(transport: Transport, letters: string): Promise<link.Offer> {
  const code = link.deriveLink(link.readCode(letters));
  const message = await transport.link(code.tag, link.OFFER);
  if (message === null) throw new LinkOver("no device waits under these letters");
  return link.openOffer(code, message);
}

/**
 * Let the device that shows these letters in, once its person has agreed to its name.
 *
 * @param until when its time is over, in ms; 0: never.
 * @param pause waits a moment, for the other device to answer.
 * @throws {LinkOver} it does not answer, or somebody else has.
 * @throws {NotAuthentic} what it signed is not what it was asked to.
 * @throws as `addDevice`.
 */
export async function letIn(
  session: Session,
  letters: string,
  until: number,
  pause: () => Promise<void>,
): Promise<void> {
  const code = link.deriveLink(link.readCode(letters));
  const offer = await readLink(session.transport, letters);
  await refreshDirectory(session);
  checkTrusted(session);
  checkHoldsKeys(session);
  await sendWelcome(session, code, until);
  const signature = await waitForConsent(session.transport, code, pause);
  const { fingerprint, person } = session.keys;
  const { device, boxKey: box, name } = offer;
  verifyDevice(fingerprint, person, [device, box], until, signature);
  const entry = await addDevice(session, { key: device, boxKey: box, name, sort: "", until, signature });
  await handPins(session, code, entry, device);
}

async function sendWelcome(session: Session, code: link.Link, until: number): Promise<void> {
  const { directory, keys, transport, world } = session;
  const { fingerprint, person } = keys;
  const practice = practiceName(directory);
  const welcome = { fingerprint, person, until, practice, name: showPerson(directory, person).name };
  const message = link.sealWelcome(code, world.random(NONCE_BYTES), welcome);
  try {
    await transport.putLink(code.tag, link.WELCOME, message);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "taken") throw overOr(error);
    // By an attempt of mine that broke off, or by somebody else who has the letters.
    const there = await transport.link(code.tag, link.WELCOME);
    if (there === null || !sameWelcome(link.openWelcome(code, there), welcome)) {
      throw new LinkOver("another device has answered");
    }
  }
}

function sameWelcome(a: link.Welcome, b: link.Welcome): boolean {
  const samePlace = equalBytes(a.fingerprint, b.fingerprint) && equalBytes(a.person, b.person);
  return samePlace && a.until === b.until && a.practice === b.practice && a.name === b.name;
}

async function waitForConsent(
  transport: Transport,
  code: link.Link,
  pause: () => Promise<void>,
): Promise<Uint8Array> {
  for (let count = 0; count < TRIES; count++) {
    const message = await transport.link(code.tag, link.CONSENT);
    if (message !== null) return link.openConsent(code, message);
    await pause();
  }
  throw new LinkOver("the new device does not answer");
}

// Say how far each log was seen; a device that cannot hear of it is shut out again.
async function handPins(
  session: Session,
  code: link.Link,
  entry: Entry,
  device: Uint8Array,
): Promise<void> {
  const { fingerprint, person, pins } = keysWithPins(session);
  const isFirst = ([log]: (typeof pins)[number]): boolean => equalBytes(log, DIRECTORY);
  const heads = [...pins.filter(isFirst), ...pins.filter((row) => !isFirst(row))];
  const told = { fingerprint, person, entry: entry.id, heads };
  const message = link.sealPins(code, session.world.random(NONCE_BYTES), told);
  try {
    await session.transport.putLink(code.tag, link.PINS, message);
  } catch (error) {
    if (error instanceof Refused && error.code === "not-found") {
      await revokeDevice(session, encodeBase64url(device), entry.header.time);
    }
    throw overOr(error);
  }
}

function overOr(error: unknown): unknown {
  const over = error instanceof Refused && error.code === "not-found";
  return over ? new LinkOver("its ten minutes are over") : error;
}
