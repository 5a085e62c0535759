// Taking posts out of the app, as a bundle that a reviewer can check without a network or an account.

import { useSignal } from "@preact/signals";

import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type DateParts, daysFromNow, isLater, isWhole, NO_DATE, readDate } from "./date-parts.ts";
import { type Mistake, must, useKeptForm } from "./form.ts";
import { DateField } from "./parts/date-field.tsx";
import { Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { download } from "./parts/key-file.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { look, overview } from "./state.ts";
import { people } from "./words.ts";

interface Typed {
  from: DateParts;
  to: DateParts;
  why: string;
}

const BLANK: Typed = { from: NO_DATE, to: NO_DATE, why: "" };

export function TakeOut({ child }: { child: Child }) {
  const { log, members } = child;
  const file = useSignal("");
  const form = useKeptForm(`take-out:${log}`, BLANK, check, async ({ from, to, why }) => {
    file.value = "";
    const days = { from: readDate(from) ?? "", to: readDate(to) ?? "" };
    const bytes = await ask("exportBundle", { log, ...days, why: why.trim() });
    // No name in it: what a file is called is seen by whoever looks over a shoulder.
    file.value = `stream-${log.slice(0, 8)}-${today()}.bundle`;
    download(bytes, file.value);
    await look();
  });
  const { now, set } = form;
  return (
    <Page
      title="Take posts out"
      heading={
        <>
          Take out what was posted about <bdi>{child.name}</bdi>
        </>
      }
      back={{ href: `#/child/${log}/team`, text: "Back to the team" }}
    >
      <p>
        For a reviewer, or a court: one file, called a bundle. It can be checked and read on a
        machine without a network and without an account, and whoever changes one letter of it is
        found out.
      </p>
      <FormFrame
        form={form}
        failed="Nothing was taken out."
        button="Tell the team, and save the bundle"
      >
        <Notice sort="warning" title="Whoever has the file can read it.">
          <ul>
            <li>
              The words in it are open: the file holds the keys to the posts you choose. Keep it as you
              would keep the paper.
            </li>
            <li>
              All {people(members.length)} on the team see that you took it out, which days, and why.
              That stays, also if you throw the file away.
            </li>
            <li>
              Of posts that you do not choose it still holds that they were there, by whom and when.
            </li>
            <li>What is later destroyed for good in the app stays in the file.</li>
          </ul>
        </Notice>
        <DateField
          id="from"
          label="From which day (optional)"
          hint="Empty: from the beginning. Posts are locked in stretches: some from before that day may come along."
          form={form}
          value={now.from}
          onInput={(from) => set({ from })}
        />
        <DateField
          id="to"
          label="Until which day (optional)"
          hint="Empty: until now"
          form={form}
          value={now.to}
          onInput={(to) => set({ to })}
        />
        <Field
          {...form.of("why")}
          label="Why"
          hint="Who asked for it, and where it goes. The whole team reads this."
        />
      </FormFrame>
      <div role="status" class={file.value && "hanging"}>
        {file.value && (
          <Notice sort="done" title={`Saved as ${file.value}.`}>
            <p>
              Look in your downloads, and move it to a safe place. Whoever gets it compares the
              fingerprint of the practice, which you tell them another way:
            </p>
            <p class="code small">{overview.value?.fingerprint}</p>
          </Notice>
        )}
      </div>
    </Page>
  );
}

function today(): string {
  return readDate(daysFromNow(0)) ?? "";
}

function check({ from, to, why }: Typed): Mistake[] {
  const [first, last] = [readDate(from), readDate(to)];
  const whole = (day: string | null) => day === "" || (day !== null && isWhole(day));
  return [
    ...must(whole(first), "from", "Enter a whole date, like 31 5 2026, or nothing"),
    ...must(!first || !isLater(first), "from", "Enter a day that has come"),
    ...must(whole(last), "to", "Enter a whole date, like 31 5 2026, or nothing"),
    ...must(!first || !last || first <= last, "to", "Enter a day that is not before the first"),
    ...must(why.trim() !== "", "why", "Say who asked for it and why"),
  ];
}
