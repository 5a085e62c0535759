// The page is emptied at once: out of the document in the moment of the tap, and painted so, before the next one is built.

import { effect } from "@preact/signals";
import { options } from "preact";

import { hidden, stage } from "./state.ts";

const EMPTY = "Hidden";
const UNPAINTED_MS = 100; // out of sight nothing is painted

let root: HTMLElement | null = null;
let height = 0;

/** Empty the page whenever the blind comes down, or the app locks. */
export function watchEmptying(element: HTMLElement): void {
  root = element;
  let wasOpen = false;
  effect(() => {
    const isOpen = stage.value === "open";
    const isBlind = hidden.value;
    if (isOpen ? isBlind : wasOpen) empty();
    else if (isOpen) fill();
    wasOpen = isOpen;
  });
}

/** Put what stands in the place of the page back into the document. */
export function fill(): void {
  delete options.debounceRendering;
  if (root && !root.isConnected) document.body.append(root);
}

/** How far down the reader was when the blind came. */
export function heightBefore(): number {
  return height;
}

// A tree leaves the document in one step. Taking it apart, for which a slow phone may need a second, comes after.
function empty(): void {
  if (!root?.isConnected) return;
  height = scrollY;
  document.title = EMPTY;
  root.remove();
  options.debounceRendering = afterPaint;
}

function afterPaint(work: () => void): void {
  let isDone = false;
  const once = () => {
    if (!isDone) work();
    isDone = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, UNPAINTED_MS);
}
