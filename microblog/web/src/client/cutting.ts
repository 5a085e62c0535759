// A text that is too long for one post, cut into parts that put together are exactly it again (PROTOCOL.md 7.6).

import { MAX_NOTES, MAX_TEXT, type Post } from "../protocol/post.ts";

const SEEK = 80; // characters before the limit among which a good place for a cut is sought

/** Return a post as it is if it fits one, else its parts. What it is marked with stands in the first alone. */
export function cutPost(whole: Post): Post[] {
  const texts = cutText(whole.text);
  const notes = cutNotes([whole.source, whole.original, whole.reason]);
  const count = Math.max(texts.length, notes.length);
  if (count === 1) return [whole];
  return Array.from({ length: count }, (_, at) => {
    const marks = at === 0 ? {} : { sure: "", scale: "", side: "", how: "", outcome: "", review: "", refers: [] };
    const [source = "", original = "", reason = ""] = notes[at] ?? [];
    return { ...whole, ...marks, text: texts[at] ?? "", source, original, reason, part: at + 1, parts: count };
  });
}

/** Return a text in pieces of at most 280 characters: cut after a sentence or a line, else after a word, else anywhere. */
export function cutText(text: string): string[] {
  const letters = Array.from(text);
  const pieces: string[] = [];
  let start = 0;
  while (letters.length - start > MAX_TEXT) {
    const end = start + cutAt(letters, start);
    pieces.push(letters.slice(start, end).join(""));
    start = end;
  }
  return [...pieces, letters.slice(start).join("")];
}

// How many letters from `start` on go together.
function cutAt(letters: readonly string[], start: number): number {
  let word = 0;
  for (let length = MAX_TEXT; length > MAX_TEXT - SEEK; length--) {
    const [before, last] = [letters[start + length - 2]!, letters[start + length - 1]!];
    if (last === "\n" || (last === " " && ".!?".includes(before))) return length;
    if (last === " " && word === 0) word = length;
  }
  return word || MAX_TEXT;
}

// Source, original and reason share what a post has room for.
function cutNotes(notes: readonly string[]): string[][] {
  const left = notes.map((note) => Array.from(note));
  const pieces: string[][] = [];
  do {
    let room = MAX_NOTES;
    pieces.push(
      left.map((letters) => {
        const piece = letters.splice(0, room);
        room -= piece.length;
        return piece.join("");
      }),
    );
  } while (left.some((letters) => letters.length > 0));
  return pieces;
}
