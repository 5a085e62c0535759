// The sheets of an XLSX file, as rows of cells.

import type { Table } from "../client/shown-rows.ts";
import { isoText, momentText, numberText, type Shows, shows } from "./cells.ts";
import { type Attributes, walk } from "./markup.ts";
import type { Sheet } from "./messages.ts";
import { Package } from "./package.ts";
import { checkPlace, MAX_UNPACKED_BYTES, NotATable } from "./refusal.ts";

export const WORKBOOK = "xl/workbook.xml";

const REFERENCE = /^([A-Z]{1,3})([1-9][0-9]{0,6})$/;
const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;
const INDEX = /^[0-9]{1,9}$/;

/** What the cells of all sheets look up. */
interface Book {
  sheets: { name: string; id: string }[];
  since1904: boolean;
  strings: string[];
  formats: Shows[]; // of each style
  characters: number; // in the cells so far
}

/** Return the sheets of an XLSX file, in its own order, hidden ones too. */
export function readWorkbook(data: Uint8Array): Sheet[] {
  const file = new Package(data);
  if (!file.has(WORKBOOK)) throw new NotATable("not-a-table");
  const book: Book = { sheets: [], since1904: false, strings: [], formats: [], characters: 0 };
  readNames(file.part(WORKBOOK), book);
  const targets = readTargets(file);
  if (file.has("xl/sharedStrings.xml")) readStrings(file.part("xl/sharedStrings.xml"), book);
  if (file.has("xl/styles.xml")) readFormats(file.part("xl/styles.xml"), book);
  const read = new Set<string>();
  return book.sheets.flatMap(({ name, id }) => {
    const path = targets.get(id);
    // A part is one sheet, however often it is listed.
    if (!path || read.has(path)) return [];
    read.add(path);
    return [readSheet(name, file, path, book)];
  });
}

function readSheet(name: string, file: Package, path: string, book: Book): Sheet {
  try {
    return { name, table: new Rows(file.part(path), book).table(), refused: null };
  } catch (error) {
    if (!(error instanceof NotATable)) throw error;
    return { name, table: [], refused: error.refused() };
  }
}

function readNames(data: Uint8Array, book: Book): void {
  walk(data, {
    opened(name, attributes) {
      if (name === "sheet") {
        book.sheets.push({ name: attributes.get("name") ?? "", id: attributes.get("id") ?? "" });
      } else if (name === "workbookPr") {
        book.since1904 = ["1", "true"].includes(attributes.get("date1904") ?? "");
      }
    },
  });
}

/** Return where the part of each worksheet is, by its id; a chart is no worksheet. */
function readTargets(file: Package): Map<string, string> {
  const targets = new Map<string, string>();
  walk(file.part("xl/_rels/workbook.xml.rels"), {
    opened(name, attributes) {
      const target = attributes.get("Target") ?? "";
      if (name !== "Relationship" || !attributes.get("Type")?.endsWith("/worksheet")) return;
      targets.set(attributes.get("Id") ?? "", target.startsWith("/") ? target.slice(1) : `xl/${target}`);
    },
  });
  return targets;
}

function readStrings(data: Uint8Array, book: Book): void {
  const words = new Words();
  walk(data, {
    opened(name) {
      if (name === "si") words.clear();
      words.open(name);
    },
    closed(name) {
      words.close(name);
      if (name === "si") book.strings.push(words.text());
    },
    said: (text) => words.say(text),
  });
}

function readFormats(data: Uint8Array, book: Book): void {
  const codes = new Map<string, string>();
  const within: string[] = [];
  walk(data, {
    opened(name, attributes) {
      const number = attributes.get("numFmtId") ?? "0";
      if (name === "numFmt") codes.set(number, attributes.get("formatCode") ?? "");
      else if (name === "xf" && within.at(-1) === "cellXfs")
        book.formats.push(shows(INDEX.test(number) ? Number(number) : 0, codes.get(number)));
      within.push(name);
    },
    closed: () => void within.pop(),
  });
}

/** The text between the tags `t`, but for how it is pronounced. */
class Words {
  #pieces: string[] = [];
  #listens = false;
  #aside = false;

  clear(): void {
    this.#pieces = [];
  }

  open(name: string): void {
    this.#aside ||= name === "rPh";
    this.#listens = name === "t" && !this.#aside;
  }

  close(name: string): void {
    this.#aside &&= name !== "rPh";
    this.#listens = false;
  }

  say(text: string): void {
    if (this.#listens) this.#pieces.push(text);
  }

  text(): string {
    return unescape(this.#pieces.join(""));
  }
}

/** The rows of one sheet, while it goes by. */
class Rows {
  readonly #book: Book;
  readonly #cells = new Map<number, Map<number, string>>();
  #row = -1;
  #column = -1;
  #sort = "";
  #style = 0;
  #tag = "";
  #value = "";
  #formula: string | null = null;
  #words = new Words();

  constructor(data: Uint8Array, book: Book) {
    this.#book = book;
    walk(data, {
      opened: (name, attributes) => this.#opened(name, attributes),
      closed: (name) => this.#closed(name),
      said: (text) => this.#said(text),
    });
  }

  /** Return the rows, as far as the last one with something in it. */
  table(): Table {
    const rows: Table = [];
    for (const [at, cells] of this.#cells) {
      while (rows.length <= at) rows.push([]);
      const row = rows[at] ?? [];
      for (const [column, text] of cells) {
        while (row.length <= column) row.push("");
        row[column] = text;
      }
    }
    return rows;
  }

  #opened(name: string, attributes: Attributes): void {
    this.#tag = name;
    this.#words.open(name);
    if (name === "row") {
      this.#row = index(attributes.get("r"), this.#row + 2) - 1;
      this.#column = -1;
    } else if (name === "c") this.#beginCell(attributes);
    else if (name === "f") this.#formula = "";
  }

  #beginCell(attributes: Attributes): void {
    const reference = attributes.get("r");
    if (reference === undefined) this.#column += 1;
    else {
      const [, letters, row] = REFERENCE.exec(reference) ?? [];
      if (!letters) throw new NotATable("damaged", this.#row + 1);
      this.#row = Number(row) - 1;
      this.#column = columnOf(letters);
    }
    this.#sort = attributes.get("t") ?? "n";
    this.#style = index(attributes.get("s"), 0);
    this.#value = "";
    this.#formula = null;
    this.#words.clear();
  }

  #said(text: string): void {
    if (this.#tag === "v") this.#value += text;
    else if (this.#tag === "f") this.#formula += text;
    this.#words.say(text);
  }

  #closed(name: string): void {
    this.#tag = "";
    this.#words.close(name);
    if (name !== "c") return;
    const text = this.#text();
    if (text === "") return;
    checkPlace(this.#row, this.#column, text);
    // A text that is there once may stand in a million cells.
    this.#book.characters += text.length;
    if (this.#book.characters > MAX_UNPACKED_BYTES) throw new NotATable("too-big-inside");
    const cells = this.#cells.get(this.#row) ?? new Map<number, string>();
    this.#cells.set(this.#row, cells.set(this.#column, text));
  }

  #text(): string {
    if (this.#sort === "inlineStr") return this.#words.text();
    // A formula that was never worked out is not lost.
    if (this.#value === "") return this.#formula ? `=${this.#formula}` : "";
    switch (this.#sort) {
      case "s":
        return this.#string();
      case "b":
        return this.#value === "1" ? "TRUE" : "FALSE";
      case "n":
        return this.#number();
      case "d":
        return isoText(this.#value);
      default:
        return unescape(this.#value);
    }
  }

  #string(): string {
    const found = INDEX.test(this.#value) ? this.#book.strings[Number(this.#value)] : undefined;
    if (found === undefined) throw new NotATable("damaged", this.#row + 1);
    return found;
  }

  #number(): string {
    const shown = this.#book.formats[this.#style];
    if (shown && (shown.day || shown.time)) return momentText(this.#value, shown, this.#book.since1904);
    return numberText(this.#value);
  }
}

function columnOf(letters: string): number {
  let place = 0;
  for (const letter of letters) place = place * 26 + letter.charCodeAt(0) - 64;
  return place - 1;
}

function index(raw: string | undefined, otherwise: number): number {
  if (raw === undefined) return otherwise;
  if (!INDEX.test(raw)) throw new NotATable("damaged");
  return Number(raw);
}

function unescape(text: string): string {
  return text.replace(ESCAPED, (all, digits: string) => {
    const code = Number.parseInt(digits, 16);
    // Half a character stays as it is written.
    return code >= 0xd800 && code < 0xe000 ? all : String.fromCharCode(code);
  });
}
