// Fields of forms: a label, a hint, what is wrong, and the box. What is typed goes nowhere else.

import type { ComponentChildren } from "preact";

import type { Form } from "../form.ts";
import type { Word } from "../words.ts";

/** Some browsers send what is typed to their makers; these keep it here. */
export const PRIVATE = {
  spellcheck: false,
  autocomplete: "off",
  writingsuggestions: "false",
} as const;

interface Base {
  id: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  form?: Form;
}

interface FieldProps extends Base {
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "tel" | "email";
  /** What about the person at the keyboard this asks for, so that the browser may fill it in. */
  own?: string;
  width?: "short" | "middle";
  max?: number;
}

export function Field({ value, onInput, type = "text", own, width, max, ...base }: FieldProps) {
  return (
    <Labelled {...base}>
      <input
        {...PRIVATE}
        {...(own ? { autocomplete: own } : {})}
        {...described(base)}
        {...asText(type)}
        class={`input ${width ?? ""}`}
        dir={type === "text" ? "auto" : undefined}
        maxLength={max ?? 120}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </Labelled>
  );
}

interface SelectProps extends Base {
  value: string;
  onInput: (value: string) => void;
  children: ComponentChildren;
}

export function Select({ value, onInput, children, ...base }: SelectProps) {
  return (
    <Labelled {...base}>
      <select
        {...described(base)}
        class="input"
        value={value}
        onChange={(event) => onInput(event.currentTarget.value)}
      >
        {children}
      </select>
    </Labelled>
  );
}

interface ChoiceProps extends Base {
  value: string;
  onInput: (value: string) => void;
  words: Word[];
  /** Side by side, where the words are short. */
  inline?: boolean;
}

export function Choice({ id, label, hint, form, value, onInput, words, inline }: ChoiceProps) {
  const wrong = form?.wrong(id) ?? "";
  return (
    <fieldset
      id={id}
      class={`field ${wrong && "wrong"}`}
      aria-describedby={describedBy(id, hint, wrong)}
    >
      <legend>{label}</legend>
      <Hints id={id} hint={hint} wrong={wrong} />
      <div class={inline ? "choices inline" : "choices"}>
        {words.map((word) => (
          <label key={word.value} class="choice">
            <input
              type="radio"
              name={id}
              checked={value === word.value}
              onChange={() => onInput(word.value)}
            />
            <span>
              {word.label}
              {word.hint && <span class="hint">{word.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface CheckProps {
  id: string;
  value: boolean;
  onInput: (value: boolean) => void;
  children: ComponentChildren;
}

export function Check({ id, value, onInput, children }: CheckProps) {
  return (
    <label class="choice" for={id}>
      <input
        id={id}
        type="checkbox"
        checked={value}
        onChange={(event) => onInput(event.currentTarget.checked)}
      />
      <span>{children}</span>
    </label>
  );
}

/** The label, hint and mistake around a box of any sort. */
export function Labelled({
  id,
  label,
  hint,
  form,
  children,
}: Base & { children: ComponentChildren }) {
  const wrong = form?.wrong(id) ?? "";
  return (
    <div class={`field ${wrong && "wrong"}`}>
      <label for={id}>{label}</label>
      <Hints id={id} hint={hint} wrong={wrong} />
      {children}
    </div>
  );
}

/** The types of Preact want a literal here. */
export function asText(type: string): { type: "text" } {
  return { type } as { type: "text" };
}

/** What ties a box to its hint and its mistake. */
export function described({ id, hint, form }: Base) {
  const wrong = form?.wrong(id) ?? "";
  return {
    id,
    "aria-describedby": describedBy(id, hint, wrong),
    "aria-invalid": wrong ? ("true" as const) : undefined,
  };
}

/** The hint of a field, and what is wrong with it. */
export function Hints({ id, hint, wrong }: { id: string; hint: ComponentChildren; wrong: string }) {
  return (
    <>
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
    </>
  );
}

/** Name the two for whoever hears the page. */
export function describedBy(id: string, hint: ComponentChildren, wrong: string): string | undefined {
  return [hint && `${id}-hint`, wrong && `${id}-mistake`].filter(Boolean).join(" ") || undefined;
}
