// A date in three boxes, with a tap for the usual ones.

import type { ComponentChildren } from "preact";

import { type DateParts, daysFromNow } from "../date-parts.ts";
import type { Form } from "../form.ts";
import { PRIVATE } from "./field.tsx";

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
  const help = [hint && `${id}-hint`, wrong && `${id}-mistake`].filter(Boolean).join(" ");
  return (
    <fieldset id={id} class={`field ${wrong && "wrong"}`} aria-describedby={help || undefined}>
      <legend>{label}</legend>
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {wrong && (
        <p class="mistake" id={`${id}-mistake`}>
          <span class="unseen">Error: </span>
          {wrong}
        </p>
      )}
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
