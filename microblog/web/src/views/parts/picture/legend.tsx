// What the marks mean: those that stand in the picture, and no others.

import type { Mark } from "../../../client/shown-picture.ts";
import { KINDS } from "../../words.ts";
import { KindMark, markOf } from "../kind-mark.tsx";
import { Differs } from "./dots.tsx";

export function Legend({ marks }: { marks: Mark[] }) {
  const shown = new Set(marks.map(({ kind, outcome }) => markOf(kind, outcome)));
  const kinds = KINDS.filter(({ value }) => shown.has(value));
  const inexact = marks.some(({ when: { first, last } }) => first !== last);
  if (marks.length === 0) return null;
  return (
    <ul class="legend" aria-label="What the marks mean">
      {kinds.map(({ value, label }) => (
        <li key={value}>
          <KindMark mark={value} /> {label}
        </li>
      ))}
      {shown.has("failed") && (
        <li>
          <KindMark mark="failed" /> Tried, not seen
        </li>
      )}
      {shown.has("other") && (
        <li>
          <KindMark mark="other" /> Of a newer version
        </li>
      )}
      <li>
        <span class="several" data-count="3" /> Several close together
      </li>
      {marks.some(({ differs }) => differs) && (
        <li>
          <Differs /> Seen differently
        </li>
      )}
      {marks.some(({ side }) => side === "well") && (
        <li>
          <span class="side-mark well" /> Marked working well
        </li>
      )}
      {marks.some(({ side }) => side === "worried") && (
        <li>
          <span class="side-mark worried" /> Marked worried
        </li>
      )}
      {inexact && (
        <li>
          <svg class="lane" width="24" height="16" aria-hidden="true" focusable="false">
            <path class="stretch" d="M1 5v6M1 8H23M23 5v6" />
          </svg>{" "}
          Only the month or year is known
        </li>
      )}
    </ul>
  );
}
