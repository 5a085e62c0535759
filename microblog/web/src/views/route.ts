// Where we are, out of the fragment; and where focus and the scroll position go when that changes.

import { signal } from "@preact/signals";

export interface Route {
  path: string;
  parts: string[];
}

export const route = signal<Route>(read());

/** Which page this is of those that were gone to, and whether by the browser's own way back. */
export const visit = { number: 0, back: false };

/** What is to be done while the page that is left still stands. */
export const leaving = new Set<() => void>();

const heights = new Map<string, number>();
let clicked = false;
let settling = 0;

/** Follow the address from now on. */
export function followAddress(): void {
  history.scrollRestoration = "manual";
  route.value = read();
  addEventListener("hashchange", () => {
    const next = read();
    if (next.path === route.value.path) return;
    heights.set(route.value.path, scrollY);
    for (const work of leaving) work();
    visit.number += 1;
    visit.back = !clicked;
    route.value = next;
    settle(clicked ? 0 : (heights.get(next.path) ?? 0));
    clicked = false;
  });
  addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href^='#/']");
    clicked = Boolean(link);
  });
}

export function go(path: string): void {
  clicked = true;
  location.hash = `#${path}`;
}

/** Put the reader at the heading of what has just been shown. */
export function settle(height = 0): void {
  const newest = ++settling;
  // Two frames: the first draws the page, the second has its height.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      // Once only: a second time it would take focus from where the reader has gone on to.
      if (newest !== settling) return;
      document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
      scrollTo(0, height);
    }),
  );
}

/** Move focus to an element without touching the address. */
export function focusOn(id: string): void {
  const found = document.getElementById(id);
  const target = found?.matches("fieldset, [role=radiogroup]")
    ? found.querySelector<HTMLElement>("input, select, textarea, button")
    : found;
  target?.focus({ preventScroll: true });
  (found?.closest(".field") ?? found)?.scrollIntoView();
}

function read(): Route {
  const path = location.hash.startsWith("#/") ? location.hash.slice(1) : "/";
  return { path, parts: path.split("/").filter(Boolean) };
}
