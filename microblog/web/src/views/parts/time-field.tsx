// A time of the day, by the practice's clock.

import type { Form } from "../form.ts";
import { describedBy, Hints, PRIVATE } from "./field.tsx";

interface Props {
  id: string;
  label: string;
  hint?: string;
  form: Form;
  value: string; // HH:MM
  onInput: (value: string) => void;
}

export function TimeField({ id, label, hint, form, value, onInput }: Props) {
  const wrong = form.wrong(id);
  return (
    <div class={`field ${wrong && "wrong"}`}>
      <label for={id}>{label}</label>
      <Hints id={id} hint={hint} wrong={wrong} />
      <input
        {...PRIVATE}
        id={id}
        class="input clock"
        type="time"
        aria-describedby={describedBy(id, hint, wrong)}
        aria-invalid={wrong ? "true" : undefined}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

/** Say which clock a time is of. */
export function byClock(zone: string): string {
  return `By the practice’s clock (${zone})`;
}

/** Is a time of the day entered, whole? */
export function isTime(text: string): boolean {
  return /^\d\d:\d\d$/.test(text);
}
