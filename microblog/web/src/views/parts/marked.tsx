// Words that were looked for, marked where they stand.

import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** What is marked in what stands inside, as it stands there; nothing: nothing is looked for. */
export const Looked = createContext<string[]>([]);

export function Marked({ text }: { text: string }) {
  const words = useContext(Looked);
  if (words.length === 0) return <>{text}</>;
  return <>{pieces(text, words).map((piece, at) => (at % 2 === 1 ? <mark key={at}>{piece}</mark> : piece))}</>;
}

/** Cut a text where words begin and end: every second piece is one of them. */
export function pieces(text: string, words: readonly string[]): string[] {
  const found = [""];
  for (let at = 0; at < text.length; ) {
    const word = longest(text, at, words);
    if (word === "") {
      found.push(found.pop() + text[at]!);
      at += 1;
    } else {
      found.push(word, "");
      at += word.length;
    }
  }
  return found;
}

function longest(text: string, at: number, words: readonly string[]): string {
  const here = words.filter((word) => word !== "" && text.startsWith(word, at));
  return here.reduce((one, other) => (other.length > one.length ? other : one), "");
}
