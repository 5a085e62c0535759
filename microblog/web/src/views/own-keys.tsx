// A device that someone brings to keys they already have: who that is, and the passphrase that keeps them here.

import { useSignal } from "@preact/signals";

import type { Opened } from "../client/messages.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { checkPassphrase, NewPassphrase } from "./parts/passphrase.tsx";
import { Working } from "./parts/working.tsx";
import { start } from "./state.ts";

const WHOSE = [
  {
    value: "own",
    label: "Keep my keys on it",
    hint: "Sealed under your passphrase. You unlock with it each time",
  },
  {
    value: "shared",
    label: "Keep nothing on it",
    hint: "For a computer that others use too: closing the page forgets everything",
  },
];

interface Props {
  who: { practice: string; name: string };
  /** What it is called, where that has been said already. */
  device?: string;
  failed: string;
  button: string;
  send: (opened: Opened) => Promise<void>;
  onBack?: () => void;
}

export function OwnKeys({ who, device, failed, button, send, onBack }: Props) {
  const keep = useSignal("");
  const name = useSignal(device ?? "");
  const passphrase = useSignal("");
  const noStore = start.value?.missing.includes("storage") ?? false;
  const form = useForm(
    () => [
      ...must(name.value.trim() !== "", "device", "Give this device a name"),
      ...must(keep.value !== "", "keep", "Choose whether to keep your keys on this device"),
      ...must(
        !(noStore && keep.value === "own"),
        "keep",
        "Keys cannot be kept in this browser: choose to keep nothing, or use another browser",
      ),
      ...checkPassphrase(passphrase.value),
    ],
    async () => {
      const opened = { passphrase: passphrase.value, device: name.value.trim() };
      await send({ ...opened, keep: keep.value === "own" });
    },
  );
  return (
    <Page title="Your keys on this device">
      <p class="inset">
        This becomes a device of <bdi class="name">{who.name}</bdi>, <bdi>{who.practice}</bdi>. If
        that is not you, close this page.
      </p>
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} title={failed} />
        {device === undefined && (
          <Field
            id="device"
            label="What to call this device"
            hint="Like “work phone”. Colleagues see it beside what it signs."
            width="middle"
            max={60}
            form={form}
            value={name.value}
            onInput={(value) => (name.value = value)}
          />
        )}
        <Choice
          id="keep"
          label="This device"
          words={WHOSE}
          form={form}
          value={keep.value}
          onInput={(value) => (keep.value = value)}
        />
        <NewPassphrase
          form={form}
          value={passphrase.value}
          onInput={(value) => (passphrase.value = value)}
        />
        <p class="row">
          <Button submit busy={form.busy}>
            {button}
          </Button>
          {onBack && (
            <Button look="plain" busy={form.busy} onClick={onBack}>
              Back
            </Button>
          )}
        </p>
        {form.busy && <Working idle="unlock" />}
      </form>
    </Page>
  );
}
