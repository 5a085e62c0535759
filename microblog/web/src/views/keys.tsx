// Making one's keys: whose device this is, what it is called, and the passphrase.

import type { Signal } from "@preact/signals";

import type { Opened } from "../client/messages.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { checkPassphrase, NewPassphrase } from "./parts/passphrase.tsx";
import { Working } from "./parts/working.tsx";
import { start } from "./state.ts";
import { WHOSE } from "./words.ts";

export interface Chosen {
  keep: string; // own, shared, or not chosen yet
  device: string;
  passphrase: string;
}

export const NOTHING: Chosen = { keep: "", device: "", passphrase: "" };

interface Props {
  kept: Signal<Chosen>;
  button: string;
  failed: string;
  onBack: () => void;
  send: (opened: Opened) => Promise<void>;
}

export function Keys({ kept, button, failed, onBack, send }: Props) {
  const { keep, device, passphrase } = kept.value;
  const set = (part: Partial<Chosen>) => (kept.value = { ...kept.value, ...part });
  const noStore = start.value?.missing.includes("storage") ?? false;
  const form = useForm(
    () => [
      ...must(keep !== "", "keep", "Choose who uses this device"),
      ...must(
        !(noStore && keep === "own"),
        "keep",
        "Keys cannot be kept in this browser: choose the shared computer, or use another browser",
      ),
      ...must(device.trim() !== "", "device", "Give this device a name"),
      ...checkPassphrase(passphrase),
    ],
    () => send({ passphrase, device: device.trim(), keep: keep === "own" }),
  );
  return (
    <Page title="Your keys">
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} title={failed} />
        <p>Your keys are made on this device and never leave it unsealed.</p>
        <Choice
          id="keep"
          label="This device"
          words={WHOSE}
          form={form}
          value={keep}
          onInput={(value) => set({ keep: value })}
        />
        <Field
          id="device"
          label="What to call this device"
          hint="Like “work phone”. Colleagues see it beside what it signs."
          form={form}
          value={device}
          width="middle"
          onInput={(value) => set({ device: value })}
        />
        <NewPassphrase
          form={form}
          value={passphrase}
          onInput={(value) => set({ passphrase: value })}
        />
        <p class="row">
          <Button submit busy={form.busy}>
            {button}
          </Button>
          <Button look="plain" busy={form.busy} onClick={onBack}>
            Back
          </Button>
        </p>
        {form.busy && <Working idle="unlock" />}
      </form>
    </Page>
  );
}
