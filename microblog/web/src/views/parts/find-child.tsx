// A child by two letters of any of its names: a combobox, whose list says enough to tell two of one name apart.

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

import type { Child } from "../../client/shown.ts";
import { findChildren, isAlsoCalled, tellApart } from "../child-names.ts";
import { plural } from "../dates.ts";
import { PRIVATE } from "./field.tsx";

const MOST = 8;

interface Props {
  children: Child[];
  wrong: boolean;
  onPick: (log: string) => void;
}

export function FindChild({ children, wrong, onPick }: Props) {
  const typed = useSignal("");
  const at = useSignal(0);
  const box = useRef<HTMLInputElement>(null);
  const all = findChildren(children, typed.value);
  const found = all.slice(0, MOST);
  const active = found[at.value];

  const type = (text: string) => {
    typed.value = text;
    at.value = 0;
  };
  const pick = (log: string) => {
    type("");
    onPick(log);
  };
  // Escape stays the blind; Tab leaves without choosing, for the wrong child is worse than none.
  const press = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: found.length - 1, Enter: 0 };
    const step = steps[event.key];
    if (step === undefined || event.isComposing) return;
    // Enter here never sends the form.
    event.preventDefault();
    if (event.key !== "Enter") at.value = found.length && (at.value + step) % found.length;
    else if (active) pick(active.log);
  };
  return (
    <div class="find">
      <input
        {...PRIVATE}
        ref={box}
        class="input find-child"
        role="combobox"
        aria-label="Find a child by two letters"
        aria-autocomplete="list"
        aria-expanded={found.length > 0}
        aria-controls="found-children"
        aria-activedescendant={active ? `found-${active.log}` : undefined}
        aria-invalid={wrong ? "true" : undefined}
        placeholder="Find…"
        enterkeyhint="done"
        value={typed.value}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={press}
        onBlur={() => type("")}
      />
      <span class="unseen" role="status">
        {typed.value.trim() && (all.length === 0 ? "No child of that name" : `${plural(all.length, "child", "children")} found`)}
      </span>
      <ul id="found-children" role="listbox" aria-label="Children found" class="found-children" hidden={found.length === 0}>
        {found.map((child, index) => (
          <li
            key={child.log}
            id={`found-${child.log}`}
            role="option"
            aria-selected={index === at.value}
            // The box keeps the focus, so that the list is still there when the finger lifts.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(child.log)}
          >
            <bdi class="name">{child.name}</bdi>
            <bdi class="small">{[isAlsoCalled(child, typed.value), tellApart(child)].filter(Boolean).join(" · ")}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}
