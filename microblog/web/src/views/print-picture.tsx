// The picture on one page A4: why it is printed is asked first, and the team is told before the printer is.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import type { Picture } from "../client/shown-picture.ts";
import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useKeptForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { PicturePaper } from "./parts/picture/paper.tsx";
import { dayOf, type Range, rangeOf, type Step, wholeOf } from "./pictures.ts";
import { settle } from "./route.ts";
import { draft, look } from "./state.ts";
import { called, people, type Word } from "./words.ts";

const REACHES: Word[] = [
  { value: "quarter", label: "The last three months", hint: "" },
  { value: "year", label: "The last year", hint: "" },
  { value: "all", label: "All of it", hint: "" },
];

interface Printing {
  picture: Picture;
  range: Range;
  time: number; // ms: when the team was told
}

/** One print is told once: whoever comes back to it later is asked anew. */
const STALE_MS = 10 * 60 * 1000;

/**
 * What was told and drawn outlives the blind, for a phone hides itself while it prints.
 */
export function PrintPicture({ child }: { child: Child }) {
  const { log } = child;
  const kept = draft<Printing | null>(`print:${log}`, null);
  const now = kept.value;
  if (now && Date.now() - now.time < STALE_MS) return <Printed child={child} now={now} />;
  return <Asking child={child} onTold={(printing) => (kept.value = printing)} />;
}

interface AskingProps {
  child: Child;
  onTold: (printing: Printing) => void;
}

function Asking({ child, onTold }: AskingProps) {
  const { log, members, sort, siblings, children } = child;
  const here = sort === "household" ? children.filter(({ to }) => !to) : siblings;
  const form = useKeptForm(
    `print-why:${log}`,
    { why: "", step: "quarter" as Step },
    ({ why }) => must(why.trim() !== "", "why", "Say who asked for it and why"),
    async ({ why, step }) => {
      const picture = await ask("picture", { log, with: here.map((one) => one.log) });
      const range = rangeOf(step, wholeOf(picture));
      const [from, to] = [dayOf(range.from), dayOf(range.to - 1)];
      await ask("tellTakenOut", { logs: [log], format: "print", from, to, why: why.trim() });
      onTold({ picture, range, time: Date.now() });
      await look();
    },
  );
  return (
    <Page
      title="Print the picture"
      heading={
        <>
          Print the picture of <bdi>{called(child)}</bdi>
        </>
      }
      back={{ href: `#/child/${log}`, text: sort === "household" ? "Back to the household" : "Back to the child" }}
    >
      <p>One page A4: the picture, what it says in words, and whom to ring.</p>
      <FormFrame form={form} failed="Nothing was printed." button="Tell the team, and print">
        <Notice sort="warning" title="Paper can be read by whoever holds it.">
          <p>
            It is part of the record: keep it as such. All {people(members.length)} on the team see
            that you printed it, and why.
          </p>
        </Notice>
        <Choice
          id="step"
          label="How far back"
          words={REACHES}
          value={form.now.step}
          onInput={(step) => form.set({ step: step as Step })}
        />
        <Field
          {...form.of("why")}
          label="Why"
          hint="Who asked for it, and where it goes. The whole team reads this."
        />
      </FormFrame>
    </Page>
  );
}

/** As wide and high as a page is inside its margins, at 96 pixels to the inch. */
const PAGE_WIDTH = 640;
const PAGE_HEIGHT = 940;
const SMALLER = 0.97;
/** Smaller nobody could read it. */
const LEAST = 0.4;

function Printed({ child, now }: { child: Child; now: Printing }) {
  const paper = useRef<HTMLDivElement>(null);
  const fit = useSignal(1);
  // Many agencies make it higher than the page: then all of it is drawn smaller, and nothing is cut off.
  useLayoutEffect(() => {
    const high = paper.current?.firstElementChild?.scrollHeight ?? 0;
    if (high * fit.value > PAGE_HEIGHT && fit.value > LEAST) fit.value *= SMALLER;
  }, [fit.value]);
  const width = Math.floor(PAGE_WIDTH / fit.value);
  useEffect(() => {
    settle();
    // What is printed is what stands after two frames: the second has its heights.
    const soon = setTimeout(() => print(), PRINT_AFTER_MS);
    return () => clearTimeout(soon);
  }, []);
  return (
    <Page
      title="Print the picture"
      back={{ href: `#/child/${child.log}`, text: "Back" }}
    >
      <p class="row unprinted">
        <Button onClick={() => print()}>Print it</Button>
        <span>The team has been told. Fetch it from the printer at once.</span>
      </p>
      <div class="paper-scroll" tabIndex={0} role="region" aria-label="The page as it is printed">
        <div class="paper picture-paper" ref={paper} style={{ "--fit": fit.value, "--page": `${width}px` }}>
          <PicturePaper child={child} picture={now.picture} range={now.range} time={now.time} width={width} />
        </div>
      </div>
    </Page>
  );
}

const PRINT_AFTER_MS = 150;
