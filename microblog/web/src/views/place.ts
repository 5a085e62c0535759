// How far I have read goes to my other devices as this one is left, and not only when it is next looked at.

import { ask } from "./bridge.ts";
import { stage } from "./state.ts";

const AT_MOST_MS = 10_000;

let told = 0;

/** Tell them whenever the page goes out of sight; nothing waits for it. */
export function keepPlaceOnLeaving(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || stage.value !== "open") return;
    if (Date.now() - told < AT_MOST_MS) return;
    told = Date.now();
    void ask("keepPlace").catch(() => {});
  });
}
