// The stand-in's guard: it knows these words, and that the address of BBBB is protected.

import type { Requests } from "../../microblog/web/src/client/messages.ts";
import type { Caution } from "../../microblog/web/src/client/shown-hand.ts";

const NOTICED: [Caution["sort"], string][] = [
  ["address", "14 Sycamore Road"],
  ["phone", "07700 900123"],
  ["school", "St Invented’s Primary School"],
  ["child", "Sample C"],
  ["sibling", "Lettice"],
];

export const guarding = {
  cautions: ({ log, draft }: Parameters<Requests["cautions"]>[0]): Caution[] =>
    NOTICED.filter(([, words]) => draft.text.includes(words)).map(([sort, words]) => ({
      sort,
      words,
      hard: log === "BBBB" && sort !== "child" && sort !== "sibling",
    })),
};
