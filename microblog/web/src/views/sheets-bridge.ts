// The page's end of the Worker for spreadsheets: started for one file, and ended after it.

import type { Chronology } from "../client/shown-rows.ts";
import type { Format, Read, Reason, Refused, SheetsAnswer, SheetsAsk } from "../sheets/messages.ts";
import { startSheets } from "./bridge.ts";

const MAX_FILE_BYTES = 20 * 2 ** 20;
const PATIENCE_MS = 120_000; // of 20,000 rows; what takes longer was made to

/** Why a spreadsheet was not read, or not written; views have the sentence. */
export class SheetRefused extends Error {
  override readonly name = "SheetRefused";
  readonly reason: Reason;
  readonly row: number;

  constructor({ reason, row }: Refused) {
    super(reason);
    this.reason = reason;
    this.row = row;
  }
}

/** Return the sheets of a file; throw `SheetRefused` with the reason. */
export async function readTable(file: File): Promise<Read> {
  if (file.size > MAX_FILE_BYTES) throw new SheetRefused({ reason: "too-big", row: 0 });
  let data: Uint8Array;
  try {
    data = new Uint8Array(await file.arrayBuffer());
  } catch {
    // It was moved, or changed, after it had been chosen.
    throw new SheetRefused({ reason: "gone", row: 0 });
  }
  const answer = await askSheets({ read: data }, [data.buffer]);
  if ("read" in answer) return answer.read;
  throw new SheetRefused(refusalOf(answer));
}

/** Return the bytes of a file in that format. */
export async function writeTable(
  { columns, rows }: Pick<Chronology, "columns" | "rows">,
  format: Format,
): Promise<Uint8Array> {
  const answer = await askSheets({ write: format, columns, rows: rows.map(({ cells }) => cells) });
  if ("written" in answer) return answer.written;
  throw new SheetRefused(refusalOf(answer));
}

function refusalOf(answer: SheetsAnswer): Refused {
  return "refused" in answer ? answer.refused : { reason: "damaged", row: 0 };
}

function askSheets(asked: SheetsAsk, given: Transferable[] = []): Promise<SheetsAnswer> {
  const worker = startSheets();
  let late: ReturnType<typeof setTimeout> | undefined;
  return new Promise<SheetsAnswer>((resolve) => {
    const refuse = (reason: Reason) => resolve({ refused: { reason, row: 0 } });
    late = setTimeout(() => refuse("too-slow"), PATIENCE_MS);
    worker.onmessage = ({ data }: MessageEvent<SheetsAnswer>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      refuse("stopped");
    };
    worker.postMessage(asked, given);
  }).finally(() => {
    clearTimeout(late);
    worker.terminate();
  });
}
