// Several ticked out of many: people, or children, each by name.

import type { ComponentChildren } from "preact";

import type { Form } from "../form.ts";
import { describedBy, Hints } from "./field.tsx";

export interface Tick {
  id: string;
  text: ComponentChildren;
  /** Why it cannot be ticked, where it cannot. */
  not?: ComponentChildren;
}

interface Props {
  id: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  form?: Form;
  ticks: Tick[];
  value: string[];
  onInput: (ids: string[]) => void;
  /** Side by side, where the words are short. */
  inline?: boolean;
  /** Never all of them: nothing ticks them at once. */
  some?: boolean;
}

export function Ticks({ id, label, hint, form, ticks, value, onInput, inline, some }: Props) {
  const wrong = form?.wrong(id) ?? "";
  const open = ticks.filter(({ not }) => !not);
  const all = open.every((tick) => value.includes(tick.id));
  const tick = (which: string, on: boolean) =>
    onInput(on ? [...value, which] : value.filter((one) => one !== which));
  return (
    <fieldset id={id} class={`field ${wrong && "wrong"}`} aria-describedby={describedBy(id, hint, wrong)}>
      <legend>{label}</legend>
      <Hints id={id} hint={hint} wrong={wrong} />
      {open.length > 3 && !some && (
        <button
          type="button"
          class="button plain"
          onClick={() => onInput(all ? [] : open.map((one) => one.id))}
        >
          {all ? "Tick none" : "Tick all"}
        </button>
      )}
      <div class={inline ? "choices inline" : "choices"}>
        {ticks.map(({ id: which, text, not }) =>
          not ? (
            <p key={which} class="not">
              {text} <span class="hint">{not}</span>
            </p>
          ) : (
            <label key={which} class="choice">
              <input
                type="checkbox"
                name={id}
                checked={value.includes(which)}
                onChange={(event) => tick(which, event.currentTarget.checked)}
              />
              <span>{text}</span>
            </label>
          ),
        )}
      </div>
    </fieldset>
  );
}
