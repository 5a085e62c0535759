// The witnesses of a practice: naming one by its key, ending one, and what holds while none speaks.

import { useSignal } from "@preact/signals";

import type { Witness } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { date } from "./dates.ts";
import { must, useForm, useKeptForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { A_WITNESS, Vouched } from "./parts/vouching.tsx";
import { look, overview } from "./state.ts";

const RULE = "send-unvouched";
const MAY = [
  { value: "1", label: "Yes, after a warning", hint: "Nobody is kept from telling the team" },
  { value: "0", label: "No", hint: "A post waits until a witness speaks again" },
];

export function Witnesses() {
  const witnesses = overview.value?.witnesses ?? [];
  const good = witnesses.filter(({ ended }) => !ended);
  const ended = witnesses.filter((one) => one.ended);
  return (
    <Page title="Witnesses" back={{ href: "#/people", text: "People" }}>
      <p>{A_WITNESS}</p>
      <Vouched />
      {good.length > 0 && (
        <ul class="lines">
          {good.map((one) => (
            <Named key={one.key} witness={one} last={good.length === 1} />
          ))}
        </ul>
      )}
      <Add />
      <Rule />
      {ended.length > 0 && (
        <section>
          <h2>Ended</h2>
          <ul class="plain">
            {ended.map(({ key, since }) => (
              <li key={key}>
                <span class="code small">{inFours(key)}</span>{" "}
                <span class="small">named on {date(since)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}

function Named({ witness, last }: { witness: Witness; last: boolean }) {
  const { key, since, accuses } = witness;
  const asking = useSignal(false);
  const form = useForm(
    () => [],
    async () => {
      await ask("endWitness", { key });
      await look();
    },
  );
  return (
    <li class="card">
      <p class="code">{inFours(key)}</p>
      <p class="small">Named on {date(since)}</p>
      {accuses && (
        <Notice sort="warning" title="This witness has seen something else than the server shows you.">
          <p>
            One of the two does not tell the truth. Ask whoever runs it, by telephone or face to
            face, what it has seen. End it only if it is wrong. If it is right, the server is
            hiding something: keep the witness, and post nothing.
          </p>
        </Notice>
      )}
      <ErrorSummary form={form} title="Not ended." />
      {asking.value ? (
        <Notice sort="warning" alert title="End this witness?">
          <p>
            {last
              ? "It is the only one. Without it nobody notices when the server hides what is new, or keeps a removal from somebody."
              : "Its word will not count any more. It cannot be named again: a new witness makes a new key."}
          </p>
          <p class="row">
            <Button look="warning" busy={form.busy} onClick={form.submit}>
              Yes, end it
            </Button>
            <Button look="second" onClick={() => (asking.value = false)}>
              No, keep it
            </Button>
          </p>
        </Notice>
      ) : (
        <Button look="second" onClick={() => (asking.value = true)}>
          End<span class="unseen"> the witness {inFours(key.slice(0, 8))}</span>
        </Button>
      )}
    </li>
  );
}

function Add() {
  const done = useSignal(false);
  const form = useKeptForm(
    "witness",
    { key: "" },
    ({ key }) =>
      must(
        /^[A-Za-z0-9_-]{43}$/.test(bare(key)),
        "key",
        "Enter the 43 letters and figures that the witness printed",
      ),
    async ({ key }) => {
      await ask("addWitness", { key: bare(key) });
      done.value = true;
      await look();
    },
  );
  return (
    <>
      <h2>Name a witness</h2>
      <p>
        Have someone start this on a machine that whoever runs the server cannot reach, and keep it
        running. It prints its key.
      </p>
      <p class="boxed code small">
        microblog witness <span class="together">--url {location.origin}</span>{" "}
        <span class="together">--store witness</span>{" "}
        <span class="together">--fingerprint {overview.value?.fingerprint}</span>
      </p>
      <FormFrame form={form} failed="Not named." button="Name this witness">
        <Field
          {...form.of("key")}
          label="Key of the witness"
          hint="43 letters and figures, as the witness printed them. Have them read to you by somebody whose voice you know."
        />
      </FormFrame>
      <p role="status">
        {done.value && "Named. It counts as soon as it has vouched for the server once, within minutes."}
      </p>
    </>
  );
}

function Rule() {
  const may = overview.value?.maySendUnvouched ? "1" : "0";
  const chosen = useSignal(may);
  const done = useSignal(false);
  const form = useForm(
    () => [],
    async () => {
      await ask("setRules", { rules: [{ name: RULE, value: Number(chosen.value) }] });
      done.value = true;
      await look();
    },
  );
  return (
    <>
      <h2>While no witness speaks</h2>
      <FormFrame form={form} failed="Not saved." look="second" button="Save">
        <Choice
          id="may"
          label="May people post when no witness has spoken for 15 minutes?"
          words={MAY}
          value={chosen.value}
          onInput={(value) => {
            chosen.value = value;
            done.value = false;
          }}
        />
      </FormFrame>
      <p role="status">{done.value && "Saved."}</p>
    </>
  );
}

/** A key as it is read aloud. */
function inFours(key: string): string {
  return key.match(/.{1,4}/g)?.join(" ") ?? "";
}

function bare(key: string): string {
  return key.replace(/\s/g, "");
}
