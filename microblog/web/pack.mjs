// Compress what is served, once and as well as it can be, so that no server has to: the same bytes from the same bytes.

import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const PACKED = /\.(css|js|svg|wasm)$/;

/** Return [name, bytes] pairs with, beside each text, its forms .br and .gz where they are shorter. */
export function pack(files) {
  return files.flatMap(([name, bytes]) => [[name, bytes], ...(PACKED.test(name) ? forms(name, bytes) : [])]);
}

function forms(name, bytes) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const gzipped = gzipSync(bytes, { level: 9 });
  // Which system packed it is no business of the bytes; of when, zlib writes nothing.
  gzipped[9] = 255;
  const made = [
    [`${name}.br`, brotliCompressSync(bytes, { params })],
    [`${name}.gz`, gzipped],
  ];
  return made.filter(([, packed]) => packed.length < bytes.length);
}
