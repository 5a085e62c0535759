// The picture of the pattern, on a card: what it says in words, how far back it reaches, and the same as a table.

import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";

import type { Picture as Shown } from "../../../client/shown-picture.ts";
import { firstWords, moreWords } from "../../picture-words.ts";
import { moved, type Range, rangeOf, type Step, wholeOf } from "../../pictures.ts";
import { draft } from "../../state.ts";
import { Button } from "../button.tsx";
import { Notice } from "../notice.tsx";
import { type Open } from "./dots.tsx";
import { Legend } from "./legend.tsx";
import { Opened } from "./opened.tsx";
import { Plot, shortRange } from "./plot.tsx";
import { Tables } from "./tables.tsx";
import type { Asked } from "./use-picture.ts";
import { useWidth, useZoom } from "./use-reach.ts";

export const STEPS: [Step, string][] = [
  ["week", "Week"],
  ["quarter", "3 months"],
  ["year", "Year"],
  ["all", "All"],
];

interface Props {
  asked: Asked;
  of: "child" | "household" | "all";
  /** Where it is printed; empty: it is not. */
  print?: string;
}

export function PictureCard({ asked: { picture, failure }, of, print = "" }: Props) {
  const now = picture.value;
  return (
    <section class="card picture" aria-labelledby="the-picture">
      <h2 id="the-picture">The picture</h2>
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      )}
      {!now && !failure.value && <p role="status">Drawing the picture…</p>}
      {now && <Drawing picture={now} of={of} print={print} />}
    </section>
  );
}

function Drawing({ picture, of, print }: { picture: Shown; of: Props["of"]; print: string }) {
  const whole = useMemo(() => wholeOf(picture), [picture]);
  // Kept while the reader looks at a post, and comes back.
  const kept = draft<Range | null>(`picture:${picture.log}`, null);
  const range = kept.value ?? rangeOf("quarter", whole);
  const set = (next: Range) => (kept.value = next);
  const open = useSignal<Open | null>(null);
  const opener = useRef<Element | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  useZoom(place, (change) => set(change(kept.peek() ?? rangeOf("quarter", whole), whole)));
  const words = (
    <>
      <p class="said">{firstWords(picture, of)}</p>
      <p class="said small">
        <bdi>{moreWords(picture).join(" ")}</bdi>
      </p>
    </>
  );
  if (picture.marks.length === 0) return words;
  const opening = {
    open: open.value,
    set: (next: Open | null) => {
      if (next) opener.current = document.activeElement;
      open.value = next;
    },
  };
  const close = () => {
    open.value = null;
    (opener.current as HTMLElement | null)?.focus();
  };
  return (
    <>
      {words}
      <Reach range={range} whole={whole} set={set} />
      <div class="plot-place" ref={place}>
        {width > 0 && (
          <Plot
            picture={picture}
            child={of === "child"}
            range={range}
            width={lineWidth(width)}
            opening={opening}
          />
        )}
      </div>
      {open.value && <Opened open={open.value} onClose={close} />}
      <Legend marks={picture.marks} />
      <Folded picture={picture} child={of === "child"} range={range} />
      {print && (
        <p>
          <a class="tall" href={print}>
            Print one page
          </a>
        </p>
      )}
    </>
  );
}

/** On a phone names stand over their rows, on a laptop beside them: the line has what they leave. */
function lineWidth(width: number): number {
  return width >= WIDE ? width - NAMES : width;
}

export const WIDE = 560;
const NAMES = 170;

/** A table of thousands of rows is made when somebody asks for it. */
function Folded({ picture, child, range }: { picture: Shown; child: boolean; range: Range }) {
  const open = useSignal(false);
  return (
    <details class="plain-fold" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>Show as a table</summary>
      {open.value && <Tables picture={picture} child={child} range={range} />}
    </details>
  );
}

interface ReachProps {
  range: Range;
  whole: Range;
  set: (range: Range) => void;
}

function Reach({ range: now, whole, set }: ReachProps) {
  const steps = STEPS.map(([step, name]) => ({ name, to: rangeOf(step, whole) }));
  // All of it may be no more than a year: then it is the year.
  const here = steps.findIndex(({ to }) => to.from === now.from && to.to === now.to);
  return (
    <div class="reach">
      <div class="steps" role="group" aria-label="How far back">
        {steps.map(({ name, to }, at) => (
          <button
            key={name}
            type="button"
            aria-pressed={at === here}
            onClick={() => set(to)}
          >
            {name}
          </button>
        ))}
      </div>
      <p class="stretch-row">
        <Button look="plain" onClick={() => set(moved(now, -1, whole))}>
          Earlier
        </Button>
        <span class="small" role="status">
          {shortRange(now)}
        </span>
        <Button look="plain" onClick={() => set(moved(now, 1, whole))}>
          Later
        </Button>
      </p>
    </div>
  );
}
