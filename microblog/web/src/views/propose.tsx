// Proposing to destroy posts for good: which, under which class, and why.

import { useSignal } from "@preact/signals";

import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type DateParts, NO_DATE, isLater, isWhole, readDate } from "./date-parts.ts";
import { type Mistake, must, useKeptForm } from "./form.ts";
import { DateField } from "./parts/date-field.tsx";
import { Choice, Field, Select } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { SomePosts } from "./parts/some-posts.tsx";
import { WhatGoes } from "./parts/what-goes.tsx";
import { go } from "./route.ts";
import { look, overview } from "./state.ts";

const WHICH = [
  { value: "all", label: "Everything until now", hint: "Every post, every name and detail" },
  { value: "until", label: "Posts up to a day", hint: "Names and details stay" },
];

interface Typed {
  which: string;
  until: DateParts;
  cls: string;
  why: string;
}

const BLANK: Typed = { which: "", until: NO_DATE, cls: "", why: "" };

/** `seq`: one post, chosen on its own page. */
export function Propose({ child, seq }: { child: Child; seq?: number }) {
  const { log } = child;
  const back = `/child/${log}/keeping`;
  const none = useSignal(false);
  const form = useKeptForm(
    `propose:${log}:${seq ?? ""}`,
    BLANK,
    (now) => check(now, seq !== undefined),
    async ({ which, until, cls, why }) => {
      const all = seq === undefined && which === "all";
      const seqs = seq !== undefined ? [seq] : all ? [] : await postsUntil(log, until);
      // Asked for with none, everything would go.
      none.value = !all && seqs.length === 0;
      if (none.value) return false;
      await ask("proposeShred", { log, seqs, cls, why: why.trim() });
      await look();
      go(back);
      return true;
    },
  );
  const { now, set } = form;
  const days = overview.value?.retention ?? [];
  return (
    <Page
      title="Propose to destroy posts for good"
      back={{ href: `#${back}`, text: "How long it is kept" }}
    >
      {seq !== undefined && <SomePosts child={child} seqs={[seq]} />}
      <FormFrame form={form} failed="Not proposed." look="warning" button="Propose it to the team">
        <p>
          Nothing is destroyed yet. The team sees your proposal at once. From the 14th day on a
          supervisor on the team, or another keeper, may confirm it; a hold stops it.
        </p>
        <WhatGoes child={child} />
        {seq === undefined && (
          <Choice {...form.of("which")} label="What is to be destroyed" words={WHICH} />
        )}
        {none.value && <Notice sort="warning" alert title="Nothing was posted up to that day." />}
        {seq === undefined && now.which === "until" && (
          <DateField
            id="until"
            label="Up to and including which day"
            hint="By the day it was posted"
            form={form}
            value={now.until}
            onInput={(until) => set({ until })}
          />
        )}
        <Select
          {...form.of("cls")}
          label="Under which class"
          hint={days.length === 0 ? "The practice has not settled any yet." : undefined}
        >
          <option value="">None of these: I say why below</option>
          {days.map(({ cls }) => (
            <option key={cls} value={cls}>
              {cls}
            </option>
          ))}
        </Select>
        <Field
          {...form.of("why")}
          label="Why"
          hint="The whole team reads this, and it stays. No detail of what is destroyed."
        />
      </FormFrame>
    </Page>
  );
}

function check({ which, until, why }: Typed, one: boolean): Mistake[] {
  const day = readDate(until);
  const dated = !one && which === "until";
  return [
    ...must(one || which !== "", "which", "Choose what is to be destroyed"),
    ...must(!dated || (day !== null && isWhole(day)), "until", "Enter a whole date, like 31 5 2001"),
    ...must(!dated || !day || !isLater(day), "until", "Enter a day that has come"),
    ...must(why.trim() !== "", "why", "Say why it is to be destroyed"),
  ];
}

/** The posts up to the end of a day. */
function postsUntil(log: string, { year, month, day }: DateParts): Promise<number[]> {
  // The next day's first moment: a day is not always 24 hours long.
  const end = new Date(Number(year), Number(month) - 1, Number(day) + 1).getTime();
  return ask("postsBefore", { log, end });
}
