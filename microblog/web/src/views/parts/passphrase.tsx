// Passphrases: typing one, and choosing a new one with help.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { ask } from "../bridge.ts";
import { type Form, type Mistake, must } from "../form.ts";
import { codePoints } from "../words.ts";
import { Button } from "./button.tsx";
import { asText, described, Labelled, PRIVATE } from "./field.tsx";

const LEAST = 12;

interface Props {
  id: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
  form?: Form;
  fresh?: boolean; // a new one is being chosen
  hint?: string;
}

/** Pasting is allowed, and a password manager may fill it in. */
export function PassphraseField({ id, label, value, onInput, form, fresh, hint }: Props) {
  const shown = useSignal(false);
  const base = { id, label, ...(form ? { form } : {}), ...(hint ? { hint } : {}) };
  return (
    <Labelled {...base}>
      <div class="beside">
        <input
          {...PRIVATE}
          {...described(base)}
          {...asText(shown.value ? "text" : "password")}
          class="input"
          autocapitalize="none"
          autocomplete={fresh ? "new-password" : "current-password"}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        <button
          type="button"
          class="button second"
          onClick={() => (shown.value = !shown.value)}
        >
          {shown.value ? "Conceal" : "Show"}
          <span class="unseen">: {label}</span>
        </button>
      </div>
    </Labelled>
  );
}

interface NewProps {
  value: string;
  onInput: (value: string) => void;
  form: Form;
  label?: string;
}

/** Choose a passphrase: one is offered, and any of at least twelve characters will do. */
export function NewPassphrase({ value, onInput, form, label = "Passphrase" }: NewProps) {
  const offer = useSignal("");
  const more = () =>
    void ask("suggestPassphrase").then(
      (words) => (offer.value = words),
      () => {},
    );
  useEffect(more, []);
  return (
    <>
      <PassphraseField
        id="passphrase"
        label={label}
        hint="At least 12 characters. Several words are easier to type than signs. It opens your keys on this device and is never sent. Nobody can reset it."
        fresh
        {...{ value, onInput, form }}
      />
      {offer.value && (
        <div class="offer">
          <p>
            Here is one nobody has used: <strong class="code">{offer.value}</strong>
          </p>
          <p class="row">
            <Button look="second" onClick={() => onInput(offer.value)}>
              Use this one
            </Button>
            <Button look="plain" onClick={more}>
              Offer another
            </Button>
          </p>
          {value === offer.value && (
            <p role="status">
              It is filled in. Write it down and keep the paper away from this device.
            </p>
          )}
        </div>
      )}
    </>
  );
}

export function checkPassphrase(value: string): Mistake[] {
  return must(
    codePoints(value) >= LEAST,
    "passphrase",
    "Choose a passphrase of at least 12 characters",
  );
}
