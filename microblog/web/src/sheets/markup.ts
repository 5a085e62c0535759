// XML, told as it goes by: nothing is kept of it, no entity is followed, nothing is fetched.

import { NotATable } from "./refusal.ts";

export type Attributes = ReadonlyMap<string, string>;

export interface Listener {
  opened(name: string, attributes: Attributes): void;
  closed?(name: string): void;
  said?(text: string): void;
}

const NAME = "[\\p{L}_:][\\p{L}\\p{N}_:.\\-·]*";
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, "uy");
const OPENING = new RegExp(`<(${NAME})`, "uy");
const CLOSING = new RegExp(`</(${NAME})\\s*>`, "uy");
// What a document may begin with, and nothing else may.
const DECLARATION =
  /^\ufeff?<\?xml\s+version\s*=\s*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:\s+encoding\s*=\s*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>/;
const INSTRUCTION = new RegExp(`^<\\?(?!xml[\\s?]|xml$)${NAME}(?:\\s|$)`, "iu");
const END = /\s*(\/?)>/y;
const ENTITY = /&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|(amp|apos|gt|lt|quot));|&/g;
const ENTITIES: Record<string, string> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };
const NO_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** Tell of every element, without its prefix, and of every text in a document, in order.
 *
 * Throw for what is not XML, or has a document type: no spreadsheet has one.
 */
export function walk(data: Uint8Array, listener: Listener): void {
  new Walk(decoded(data), listener).go();
}

class Walk {
  readonly #text: string;
  readonly #listener: Listener;
  readonly #open: string[] = [];
  #place = 0;
  #roots = 0;

  constructor(text: string, listener: Listener) {
    this.#text = text;
    this.#place = DECLARATION.exec(text)?.[0].length ?? 0;
    this.#listener = listener;
  }

  go(): void {
    while (this.#place < this.#text.length) {
      if (this.#text[this.#place] === "<") this.#tag();
      else this.#say(this.#upTo("<", this.#text.length));
    }
    this.#expect(this.#roots === 1 && this.#open.length === 0);
  }

  #tag(): void {
    const begins = (mark: string) => this.#text.startsWith(mark, this.#place);
    if (begins("</")) this.#close();
    else if (begins("<?")) this.#expect(INSTRUCTION.test(this.#skip("?>")));
    else if (begins("<!--")) this.#expect(!/--|-$/.test(this.#skip("-->").slice(4)));
    else if (begins("<![CDATA[")) this.#tell(this.#skip("]]>").slice(9));
    else this.#begin();
  }

  #begin(): void {
    const raw = this.#read(OPENING)[1] ?? "";
    const attributes = new Map<string, string>();
    for (let found = this.#try(ATTRIBUTE); found; found = this.#try(ATTRIBUTE)) {
      const value = found[2] ?? found[3] ?? "";
      this.#expect(!attributes.has(found[1] ?? ""));
      attributes.set(local(found[1] ?? ""), unescape(value.replace(/[\t\n]/g, " ")));
    }
    this.#expect(this.#open.length > 0 || ++this.#roots === 1);
    const alone = this.#read(END)[1] === "/";
    this.#listener.opened(local(raw), attributes);
    if (alone) this.#listener.closed?.(local(raw));
    else this.#open.push(raw);
  }

  #close(): void {
    const raw = this.#read(CLOSING)[1] ?? "";
    this.#expect(this.#open.pop() === raw);
    this.#listener.closed?.(local(raw));
  }

  #say(raw: string): void {
    this.#expect(!raw.includes("]]>"));
    this.#tell(unescape(raw));
  }

  #tell(text: string): void {
    if (this.#open.length > 0) this.#listener.said?.(text);
    else this.#expect(/^[ \t\n]*$/.test(text));
  }

  #skip(mark: string): string {
    const passed = this.#upTo(mark, -1);
    this.#place += mark.length;
    return passed;
  }

  #expect(holds: boolean): void {
    if (!holds) throw new NotATable("damaged");
  }

  #upTo(mark: string, otherwise: number): string {
    const found = this.#text.indexOf(mark, this.#place);
    const end = found < 0 ? otherwise : found;
    if (end < 0) throw new NotATable("damaged");
    const passed = this.#text.slice(this.#place, end);
    this.#place = end;
    return passed;
  }

  #read(pattern: RegExp): RegExpExecArray {
    const found = this.#try(pattern);
    if (!found) throw new NotATable("damaged");
    return found;
  }

  #try(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#place;
    const found = pattern.exec(this.#text);
    if (found) this.#place = pattern.lastIndex;
    return found;
  }
}

function decoded(data: Uint8Array): string {
  const wide = data[0] === 0xff && data[1] === 0xfe ? "utf-16le" : data[0] === 0xfe && data[1] === 0xff ? "utf-16be" : "";
  let text: string;
  try {
    text = new TextDecoder(wide || "utf-8", { fatal: true }).decode(data);
  } catch {
    throw new NotATable("damaged");
  }
  if (NO_CHARACTER.test(text)) throw new NotATable("damaged");
  return text.replace(/\r\n?/g, "\n");
}

function unescape(raw: string): string {
  if (!raw.includes("&")) return raw;
  return raw.replace(ENTITY, (_all, tens?: string, sixteens?: string, name?: string) => {
    if (name) return ENTITIES[name] ?? "";
    const code = tens ? Number(tens) : sixteens ? Number.parseInt(sixteens, 16) : 0;
    const character = code <= 0x10ffff && (code < 0xd800 || code >= 0xe000) ? String.fromCodePoint(code) : "\0";
    if (NO_CHARACTER.test(character)) throw new NotATable("damaged");
    return character;
  });
}

function local(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}
