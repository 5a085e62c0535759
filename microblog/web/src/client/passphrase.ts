// The passphrase that locks a vault: how long it must be, and one to offer.

import { countCodePoints } from "../protocol/builtins.ts";
import { Malformed } from "../protocol/errors.ts";
import { MIN_PASSPHRASE } from "../protocol/vault.ts";

const CONSONANTS = "bdfghklmnprstvwz";
const VOWELS = "aeiu";
const WORDS = 6;

/**
 * Check that a passphrase is long enough.
 *
 * @throws {Malformed} it is not.
 */
export function checkPassphrase(passphrase: string): void {
  if (countCodePoints(passphrase) < MIN_PASSPHRASE) {
    throw new Malformed(`a passphrase has at least ${MIN_PASSPHRASE} characters`);
  }
}

/**
 * Return six made-up words of four letters, such as "bafi-lemu-…": 72 bits.
 *
 * Each word is twice a consonant (4 bits) and a vowel (2 bits): easy to say, read and type anywhere.
 */
export function suggestPassphrase(random: (size: number) => Uint8Array): string {
  let bits = random((WORDS * 12) / 8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const draw = (letters: string): string => {
    const letter = letters[Number(bits % BigInt(letters.length))];
    bits /= BigInt(letters.length);
    return letter ?? "";
  };
  const word = () => [CONSONANTS, VOWELS, CONSONANTS, VOWELS].map(draw).join("");
  return Array.from({ length: WORDS }, word).join("-");
}
