// The mark of a kind of post: a shape and a colour, and a cross for a visit that failed. The words
// always stand beside it, so a screen reader skips the drawing.

import { FAILED } from "../words.ts";

const SHAPES: Record<string, string> = {
  hunch: "M8 1.5 14.5 8 8 14.5 1.5 8Z",
  observation: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z",
  told: "M8 1 15.5 15H.5Z",
  words: "M1 2h14v9H7l-5 5v-5H1Z",
  records: "M1.5 1.5h13v13h-13Z",
  visit: "M5.5 1h5v4.5H15v5h-4.5V15h-5v-4.5H1v-5h4.5Z",
  decision: "M2 1h13l-4 4 4 4H5v6H2Z",
  failed: "M3.5 1 8 5.5 12.5 1 15 3.5 10.5 8l4.5 4.5-2.5 2.5L8 10.5 3.5 15 1 12.5 5.5 8 1 3.5Z",
  other: "M1.5 6h13v4h-13Z",
};

/** Return the name of the mark: the kind's, or "failed" where a visit did not see the child. */
export function markOf(kind: string, outcome: string): string {
  if (kind === "visit" && FAILED.includes(outcome)) return "failed";
  return kind in SHAPES ? kind : "other";
}

export function KindMark({ mark }: { mark: string }) {
  return (
    <svg
      class={`mark ${mark}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[mark] ?? SHAPES["other"] ?? ""} />
    </svg>
  );
}
