// A date in three boxes, with a tap for the usual ones.

import type { ComponentChildren } from "preact";

import { type DateParts, daysFromNow } from "../date-parts.ts";
import type { Form } from "../form.ts";
import { describedBy, Hints, PRIVATE } from "./field.tsx";

interface Props {
  id: string;
  label: string;
  hint?: string;
  form?: Form;
  value: DateParts;
  onInput: (value: DateParts) => void;
  /** Taps that fill it in: words, and days from now. */
  taps?: [text: string, days: number][];
  children?: ComponentChildren;
}

export function DateField({ id, label, hint, form, value, onInput, taps, children }: Props) {
  const wrong = form?.wrong(id) ?? "";
  const box = (part: keyof DateParts, text: string) => (
    <label class={`date-${part}`}>
      <span>{text}</span>
      <input
        {...PRIVATE}
        class="input"
        inputMode="numeric"
        maxLength={part === "year" ? 4 : 2}
        aria-invalid={wrong ? "true" : undefined}
        value={value[part]}
        onInput={(event) => onInput({ ...value, [part]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <fieldset id={id} class={`field ${wrong && "wrong"}`} aria-describedby={describedBy(id, hint, wrong)}>
      <legend>{label}</legend>
      <Hints id={id} hint={hint} wrong={wrong} />
      <div class="date">
        {box("day", "Day")}
        {box("month", "Month")}
        {box("year", "Year")}
        {children}
        {taps?.map(([text, days]) => (
          <button
            key={text}
            type="button"
            class="button second"
            onClick={() => onInput(daysFromNow(days))}
          >
            {text}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
