// The parts of an XLSX file, unpacked only as far as they are asked for and the limits allow.

import { unzipSync } from "fflate";

import { MAX_UNPACKED_BYTES, NotATable } from "./refusal.ts";

const MAX_PARTS = 10_000;

/** A file of parts. What all of them take unpacked is counted before the first is unpacked, and no part gives more
 * than it says.
 */
export class Package {
  readonly #data: Uint8Array;
  readonly #sizes = new Map<string, number>();

  constructor(data: Uint8Array) {
    this.#data = data;
    let parts = 0;
    let bytes = 0;
    unpack(data, ({ name, originalSize }) => {
      parts += 1;
      bytes += originalSize;
      this.#sizes.set(name, originalSize);
      return false;
    });
    if (parts > MAX_PARTS || bytes > MAX_UNPACKED_BYTES) throw new NotATable("too-big-inside");
  }

  has(name: string): boolean {
    return this.#sizes.has(name);
  }

  /** Return a part; throw where there is none. */
  part(name: string): Uint8Array {
    const part = unpack(this.#data, (one) => one.name === name)[name];
    // It is written into as many bytes as it says; of one that says too little the rest is not there.
    if (!part || part.length !== this.#sizes.get(name)) throw new NotATable("damaged");
    return part;
  }
}

function unpack(
  data: Uint8Array,
  filter: (part: { name: string; originalSize: number }) => boolean,
): Record<string, Uint8Array> {
  try {
    return unzipSync(data, { filter });
  } catch {
    throw new NotATable("damaged");
  }
}
