// Two devices of one person find each other: a code that one shows and the other is given.
//
// PROTOCOL.md 5.1. Four sealed messages lie at the server, in numbered places under a tag; code,
// key and tag follow from the letters, which are never sent. So whoever does not have the letters
// can neither read nor write a message, and what opens comes from the other end.

import { joinBytes } from "./builtins.ts";
import { decodeArray, encode, MAX_UINT, type Value } from "./encoding.ts";
import { BadLetters, Malformed, NotAuthentic, Unreadable } from "./errors.ts";
import { encodeLetters, readLetters } from "./invitation.ts";
import type { Head } from "./log.ts";
import { decrypt, derive, encrypt, hashLabelled, NONCE_BYTES } from "./primitives.ts";
import * as shape from "./shape.ts";

export const CODE_BYTES = 13;
export const LETTERS = 20;
export const TAG_BYTES = 16;
export const LIFE_MS = 10 * 60 * 1000;
export const MAX_MESSAGE_BYTES = 96 * 1024;
export const MAX_PINS = 1500;
export const OFFER = 1;
export const WELCOME = 2;
export const CONSENT = 3;
export const PINS = 4;

const MAX_NAME = 120;
const MANY = 2 ** 16;

/** What follows from the letters: the key of all messages, and the tag under which they lie. */
export interface Link {
  readonly key: Uint8Array;
  readonly tag: Uint8Array;
}

/** A new device's public keys, and what it is to be called. */
export interface Offer {
  readonly device: Uint8Array;
  readonly boxKey: Uint8Array;
  readonly name: string;
}

/**
 * Whose device it is to be, in which practice, and until when (ms; 0: no end).
 *
 * `practice` and `name` are what is shown until the directory is there.
 */
export interface Welcome {
  readonly fingerprint: Uint8Array;
  readonly person: Uint8Array;
  readonly until: number;
  readonly practice: string;
  readonly name: string;
}

/** The entry that let the device in, and how far the old one has seen each log. */
export interface Pins {
  readonly fingerprint: Uint8Array;
  readonly person: Uint8Array;
  readonly entry: Uint8Array;
  readonly heads: readonly (readonly [log: Uint8Array, head: Head])[];
}

/** Return the letters of a new code; `data` (13) is fresh, of which 100 bits count. */
export function encodeCode(data: Uint8Array): string {
  return encodeLetters(data);
}

/**
 * Return the letters as `encodeCode` writes them, from what someone typed.
 *
 * @throws {BadLetters} there are more or fewer, or one is not in the alphabet.
 */
export function readCode(typed: string): string {
  try {
    return readLetters(typed, LETTERS);
  } catch (error) {
    throw error instanceof Malformed ? new BadLetters(error.message) : error;
  }
}

/** Return the key and the tag of a code. */
export function deriveLink(letters: string): Link {
  const key = hashLabelled("msb/1/link", new TextEncoder().encode(letters));
  return { key, tag: derive(key, "msb/1/link-tag").slice(0, TAG_BYTES) };
}

/**
 * Seal what the new device offers; `nonce` (24) is fresh.
 *
 * @throws {Malformed} its name is too long.
 */
export function sealOffer(link: Link, nonce: Uint8Array, offer: Offer): Uint8Array {
  shape.text(offer.name, 0, MAX_NAME, "device name");
  return seal(link, OFFER, nonce, ["msb/1/offer", offer.device, offer.boxKey, offer.name]);
}

/**
 * Return what a new device offers.
 *
 * @throws {NotAuthentic} the message was not sealed with these letters, for this place.
 * @throws {Malformed} it is no offer.
 */
export function openOffer(link: Link, message: Uint8Array): Offer {
  const [, device, key, name] = open(link, OFFER, message, "msb/1/offer", 4);
  return {
    device: shape.octets(device, [32], "device key"),
    boxKey: shape.octets(key, [32], "box key"),
    name: shape.text(name, 0, MAX_NAME, "device name"),
  };
}

/** Seal, once their person has agreed, whose device it is to be; `nonce` (24) is fresh. */
export function sealWelcome(link: Link, nonce: Uint8Array, welcome: Welcome): Uint8Array {
  const { fingerprint, person, until, practice, name } = welcome;
  const items = ["msb/1/welcome", fingerprint, person, until, practice, name];
  return seal(link, WELCOME, nonce, items);
}

/** Return whose device this is to be; throws as `openOffer` does. */
export function openWelcome(link: Link, message: Uint8Array): Welcome {
  const items = open(link, WELCOME, message, "msb/1/welcome", 6);
  const [, fingerprint, person, until, practice, name] = items;
  return {
    fingerprint: shape.octets(fingerprint, [32], "fingerprint"),
    person: shape.octets(person, [16], "person"),
    until: shape.uint(until, MAX_UINT, "until"),
    practice: shape.text(practice, 0, MAX_NAME, "practice name"),
    name: shape.text(name, 0, MAX_NAME, "name"),
  };
}

/** Seal the new device's signature that it is to be the person's; `nonce` (24) is fresh. */
export function sealConsent(link: Link, nonce: Uint8Array, signature: Uint8Array): Uint8Array {
  return seal(link, CONSENT, nonce, ["msb/1/consent", signature]);
}

/** Return the new device's signature, not verified yet; throws as `openOffer` does. */
export function openConsent(link: Link, message: Uint8Array): Uint8Array {
  const [, signature] = open(link, CONSENT, message, "msb/1/consent", 2);
  return shape.octets(signature, [64], "signature");
}

/** Seal what the new device must find at the server; `nonce` (24) is fresh. */
export function sealPins(link: Link, nonce: Uint8Array, pins: Pins): Uint8Array {
  const { fingerprint, person, entry, heads } = pins;
  const rows = heads.slice(0, MAX_PINS).map(([log, { seq, id }]) => [log, seq, id]);
  return seal(link, PINS, nonce, ["msb/1/pins", fingerprint, person, entry, rows]);
}

/** Return what must be found at the server; throws as `openOffer` does. */
export function openPins(link: Link, message: Uint8Array): Pins {
  const [, fingerprint, person, entry, rows] = open(link, PINS, message, "msb/1/pins", 5);
  return {
    fingerprint: shape.octets(fingerprint, [32], "fingerprint"),
    person: shape.octets(person, [16], "person"),
    entry: shape.octets(entry, [32], "entry"),
    heads: shape.array(rows, 0, MAX_PINS, "pins").map(readPin),
  };
}

function readPin(value: Value): readonly [log: Uint8Array, head: Head] {
  const [log, seq, id] = shape.array(value, 3, 3, "pin");
  const head = { seq: shape.uint(seq, MAX_UINT, "seq"), id: shape.octets(id, [32], "id") };
  return [shape.octets(log, [16], "log"), head];
}

function seal(link: Link, slot: number, nonce: Uint8Array, items: readonly Value[]): Uint8Array {
  const key = derive(link.key, "msb/1/link-key", slot);
  const context = joinBytes(link.tag, Uint8Array.of(slot));
  return joinBytes(nonce, encrypt(key, nonce, encode(items), context));
}

function open(
  link: Link,
  slot: number,
  message: Uint8Array,
  label: string,
  count: number,
): readonly Value[] {
  const items = shape.array(decodeArray(unseal(link, slot, message)), count, MANY, "message");
  shape.word(items[0], [label], "message");
  return items.slice(0, count);
}

function unseal(link: Link, slot: number, message: Uint8Array): Uint8Array {
  const key = derive(link.key, "msb/1/link-key", slot);
  const context = joinBytes(link.tag, Uint8Array.of(slot));
  const [nonce, sealed] = [message.slice(0, NONCE_BYTES), message.slice(NONCE_BYTES)];
  try {
    return decrypt(key, nonce, sealed, context);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new NotAuthentic("the message was not sealed with these letters");
  }
}
