// Is there room for two columns? As the styles see it, and as it changes.

import { signal } from "@preact/signals";

export const isWide = signal(false);

/** Follow the width of the window from now on. */
export function watchWidth(): void {
  const wide = matchMedia("(min-width: 900px)");
  isWide.value = wide.matches;
  wide.addEventListener("change", ({ matches }) => (isWide.value = matches));
}
