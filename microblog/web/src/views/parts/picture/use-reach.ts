// How wide a picture may be drawn, and the fingers and the wheel that reach further back or come nearer.

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { EDGE, type Range, zoomed } from "../../pictures.ts";

type Place = RefObject<HTMLDivElement | null>;

/** Return the width of what may be drawn on, now and whenever it changes; 0: it does not stand yet. */
export function useWidth(place: Place): number {
  const width = useSignal(0);
  useLayoutEffect(() => {
    const line = place.current;
    if (!line) return;
    const measure = () => (width.value = Math.floor(line.clientWidth));
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(line);
    return () => watcher.disconnect();
  }, []);
  return width.value;
}

export type Change = (range: Range, whole: Range) => Range;

/** Two fingers, or the wheel with Control held: the time under them stays where it is. */
export function useZoom(place: Place, change: (change: Change) => void): void {
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => {
    const line = place.current;
    if (!line) return;
    const zoom = (factor: number, x: number) => {
      const at = placeOf(line, x);
      latest.current((range, whole) => zoomed(range, factor, at, whole));
    };
    return listen(line, zoom);
  }, []);
}

function listen(line: HTMLElement, zoom: (factor: number, x: number) => void): () => void {
  const fingers = new Map<number, number>();
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY / WHEEL), event.clientX);
  };
  const down = ({ pointerType, pointerId, clientX }: PointerEvent) => {
    if (pointerType === "touch") fingers.set(pointerId, clientX);
  };
  const move = ({ pointerId, clientX }: PointerEvent) => {
    if (!fingers.has(pointerId)) return;
    const before = spread(fingers);
    fingers.set(pointerId, clientX);
    const after = spread(fingers);
    // Fingers that nearly touch would make a hair's breadth into a leap.
    if (fingers.size !== 2 || Math.min(before, after) < FINGER) return;
    const middle = [...fingers.values()].reduce((sum, x) => sum + x, 0) / 2;
    zoom(before / after, middle);
  };
  const up = ({ pointerId }: PointerEvent) => void fingers.delete(pointerId);
  const ends = new AbortController();
  const { signal } = ends;
  // The page can only be kept from zooming itself where that is said beforehand.
  line.addEventListener("wheel", wheel, { passive: false, signal });
  line.addEventListener("pointerdown", down, { signal });
  line.addEventListener("pointermove", move, { signal });
  for (const name of ["pointerup", "pointercancel"] as const) line.addEventListener(name, up, { signal });
  return () => ends.abort();
}

const WHEEL = 300;
const FINGER = 16;

/** Return where along the line a point of the screen is, 0 to 1. */
function placeOf(line: HTMLElement, x: number): number {
  const plot = line.querySelector(".grid")?.getBoundingClientRect() ?? line.getBoundingClientRect();
  return Math.min(1, Math.max(0, (x - plot.left - EDGE) / (plot.width - 2 * EDGE)));
}

function spread(fingers: Map<number, number>): number {
  const [a, b] = [...fingers.values()];
  return a === undefined || b === undefined ? 0 : Math.abs(a - b);
}
