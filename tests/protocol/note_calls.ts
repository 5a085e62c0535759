// What the vectors may call of the note of my own.

import { MAX_UINT } from "../../microblog/web/src/protocol/encoding.ts";
import * as note from "../../microblog/web/src/protocol/note.ts";

export const NOTE_CALLS: readonly (readonly [string, (...given: never[]) => unknown])[] = [
  ["note.seal_note", note.sealNote],
  ["note.seal_crowded", sealCrowded],
  ["note.read_number", note.readNumber],
  ["note.open_note", note.openNote],
  ["note.merge_notes", note.mergeNotes],
  ["note.merge_marks", note.mergeMarks],
  ["note.merge_visits", note.mergeVisits],
  ["note.last_here", note.lastHere],
];

// Rows with large numbers, over which so many single posts are spread.
function sealCrowded(
  secret: Uint8Array,
  reader: note.Reader,
  rows: number,
  singles: number,
  nonce: Uint8Array,
): number {
  const said = Array.from({ length: rows }, (_, at) => {
    const log = new Uint8Array(16);
    new DataView(log.buffer).setUint32(12, at);
    const seqs = Array.from({ length: singles }, (_, seq) => seq).filter((seq) => seq % rows === at);
    const marks = { again: MAX_UINT, read: MAX_UINT, id: new Uint8Array(16) };
    return [log, { ...marks, singles: seqs.map((seq) => [seq, MAX_UINT, 1] as const) }] as const;
  });
  return note.sealNote(secret, reader, { visits: [[0, MAX_UINT]], rows: said }, nonce).length;
}
