// A choice of one tap. Where nothing need be chosen, a second tap takes it back.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

// For the edge of what has focus.
const ROOM = 8;

interface Props {
  name: string;
  checked: boolean;
  onPick: () => void;
  onTakeBack?: () => void;
  children: ComponentChildren;
}

export function Chip({ name, checked, onPick, onTakeBack, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  // One that was chosen elsewhere, by its letters, may stand further along.
  useLayoutEffect(() => {
    if (checked) show(input.current);
  }, [checked]);
  return (
    <label class="chip">
      <input
        ref={input}
        type="radio"
        name={name}
        checked={checked}
        // A radio that is on already says nothing of a second tap but this.
        onClick={() => checked && onTakeBack?.()}
        onChange={onPick}
        // Never under a finger, which would then lift from another.
        onFocus={({ currentTarget }) => currentTarget.matches(":focus-visible") && show(currentTarget)}
      />
      <span>{children}</span>
    </label>
  );
}

/** Move the row that a choice stands in, and not the page, until all of it is seen. */
function show(input: HTMLInputElement | null): void {
  const row = input?.closest(".chips");
  if (!input || !row) return;
  const [one, all] = [input.getBoundingClientRect(), row.getBoundingClientRect()];
  if (one.right + ROOM > all.right) row.scrollLeft += one.right + ROOM - all.right;
  if (one.left - ROOM < all.left) row.scrollLeft -= all.left + ROOM - one.left;
}
