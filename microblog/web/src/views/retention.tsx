// For how long a practice keeps what is posted: its classes, each with its source, and how long backups live.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { RetentionRow } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useForm, useKeptForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Page } from "./parts/page.tsx";
import {
  checkClasses,
  type ClassDraft,
  draftOf,
  NO_CLASS,
  RetentionFields,
  rowOf,
  sayClass,
} from "./parts/retention-fields.tsx";
import { look, overview } from "./state.ts";

const RULE = "backups-kept-days";

export function Retention() {
  return (
    <Page title="How long posts are kept" back={{ href: "#/people", text: "People" }}>
      <p>
        Nothing is ever destroyed by itself. A class says from when a child’s posts may be destroyed,
        and where that comes from; two people on the team then have to agree.
      </p>
      <Classes />
      <Backups />
    </Page>
  );
}

function Classes() {
  const confirmed = overview.value?.retention ?? [];
  const examples = useSignal<RetentionRow[]>([]);
  const done = useSignal(false);
  useEffect(() => {
    void ask("retentionExamples").then((rows) => (examples.value = rows), () => {});
  }, []);
  const form = useKeptForm<{ rows: ClassDraft[] }>(
    "retention",
    { rows: confirmed.map(draftOf) },
    ({ rows }) => checkClasses(rows),
    async ({ rows }) => {
      await ask("setRetention", { rows: rows.map(rowOf) });
      done.value = true;
      await look();
    },
  );
  const { rows } = form.now;
  const set = (next: ClassDraft[]) => {
    done.value = false;
    form.set({ rows: next });
  };
  const left = examples.value.filter((one) => !rows.some(({ cls }) => cls === one.cls));
  return (
    <>
      <h2>Classes</h2>
      {rows.length === 0 && <p>None is confirmed yet.</p>}
      <FormFrame form={form} failed="Not confirmed." button="Confirm these classes">
        <RetentionFields rows={rows} onInput={set} form={form} />
        <p>
          <Button look="second" onClick={() => set([...rows, NO_CLASS])}>
            {rows.length === 0 ? "A class" : "Another class"}
          </Button>
        </p>
      </FormFrame>
      <p role="status">
        {done.value && "Confirmed. It stands on the page of every child to whom it gives a date."}
      </p>
      {left.length > 0 && (
        <>
          <h2>Examples</h2>
          <p>
            These are off. Check each with whoever looks after records where you work; then use it and
            confirm it above.
          </p>
          <ul class="lines">
            {left.map((one) => (
              <li key={one.cls} class="line">
                <div>
                  <bdi class="name">{one.cls}</bdi>
                  <p>{sayClass(one)}</p>
                  <p class="small">
                    From: <bdi>{one.source}</bdi>
                  </p>
                </div>
                <Button look="plain" onClick={() => set([...rows, draftOf(one)])}>
                  Use<span class="unseen"> the example {one.cls}</span>
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Backups() {
  const now = overview.value?.rules.find(({ name }) => name === RULE)?.value ?? 0;
  const days = useSignal(now ? String(now) : "");
  const done = useSignal(false);
  const form = useForm(
    () => must(/^[1-9][0-9]{0,3}$/.test(days.value.trim()), "days", "Enter a number of days, like 35"),
    async () => {
      await ask("setRules", { rules: [{ name: RULE, value: Number(days.value) }] });
      done.value = true;
      await look();
    },
  );
  return (
    <>
      <h2>Backups</h2>
      <FormFrame form={form} failed="Not saved." look="second" button="Save">
        <Field
          id="days"
          label="For how many days are backups of the server kept?"
          hint="Ask whoever runs the server. After so many days, what was destroyed is gone from backups too, and the screens say from which date."
          width="short"
          max={4}
          form={form}
          value={days.value}
          onInput={(value) => {
            days.value = value;
            done.value = false;
          }}
        />
      </FormFrame>
      <p role="status">{done.value && "Saved."}</p>
    </>
  );
}
