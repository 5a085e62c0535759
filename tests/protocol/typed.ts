// Values of the vectors as JSON, as tests/vectors/typed.py has them: bytes are {"hex": …}, and
// records have Python's names.

const decoder = new TextDecoder();

/** Return the value that JSON stands for; records come with camelCase names. */
export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== "object" || value === null) return value;
  const rows = Object.entries(value);
  const [first] = rows;
  if (rows.length === 1 && first?.[0] === "hex") return fromHex(String(first[1]));
  if (rows.length === 1 && first?.[0] === "runs") return fromRuns(first[1] as (string | number)[]);
  return Object.fromEntries(rows.map(([name, item]) => [camelCase(name), fromJson(item)]));
}

/** Return a value as JSON can hold it; nothing stays undefined, so that it can be compared. */
export function toJson(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  const rows = Object.entries(value);
  return Object.fromEntries(rows.map(([name, item]) => [snakeCase(name), toJson(item)]));
}

/** Return bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** Return JSON read from the bytes of a file or of standard input. */
export function parse(data: Uint8Array): unknown {
  return JSON.parse(decoder.decode(data));
}

function fromHex(digits: string): Uint8Array {
  // A plain Uint8Array, as in the browser: a Buffer's slice is no copy.
  return new Uint8Array(Buffer.from(digits, "hex"));
}

function fromRuns(runs: readonly (string | number)[]): Uint8Array {
  return fromHex(runs.map((run) => (typeof run === "number" ? "00".repeat(run) : run)).join(""));
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
