// A bundle: posts in one file that a reviewer can check without a network or an account.

import { useSignal } from "@preact/signals";

import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type DateParts, daysFromNow, NO_DATE, readDate } from "./date-parts.ts";
import { useKeptForm } from "./form.ts";
import { DaysAndWhy } from "./parts/days-and-why.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { download } from "./parts/key-file.tsx";
import { Notice } from "./parts/notice.tsx";
import { look, overview } from "./state.ts";
import { checkDays, fileName } from "./taking.ts";
import { people } from "./words.ts";

interface Typed {
  from: DateParts;
  to: DateParts;
  why: string;
}

const BLANK: Typed = { from: NO_DATE, to: NO_DATE, why: "" };

export function BundleForm({ child }: { child: Child }) {
  const { log, members } = child;
  const file = useSignal("");
  const form = useKeptForm(`take-out:${log}`, BLANK, checkDays, async ({ from, to, why }) => {
    file.value = "";
    const days = { from: readDate(from) ?? "", to: readDate(to) ?? "" };
    const bytes = await ask("exportBundle", { log, ...days, why: why.trim() });
    file.value = fileName(log, "bundle", today());
    download(bytes, file.value);
    await look();
  });
  return (
    <>
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
        <DaysAndWhy
          form={form}
          hint="Empty: from the beginning. Posts are locked in stretches: some from before that day may come along."
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
    </>
  );
}

function today(): string {
  return readDate(daysFromNow(0)) ?? "";
}
