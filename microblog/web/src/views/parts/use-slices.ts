// A long list drawn a few rows at a time, so that the page answers between them.

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

const SLICE = 10;

/**
 * Return how many of so many rows are drawn by now. Where the list begins anew (another `key`) it begins with a few; what
 * comes after them comes in the next frames, and what was drawn stays.
 */
export function useSlices(key: string, count: number): number {
  const drawn = useRef({ key, count: 0 });
  const frames = useSignal(0);
  const before = drawn.current.key === key ? drawn.current.count : 0;
  const now = Math.min(before + SLICE, count);
  useLayoutEffect(() => {
    drawn.current = { key, count: now };
    if (now === count) return;
    const frame = requestAnimationFrame(() => (frames.value += 1));
    return () => cancelAnimationFrame(frame);
  }, [key, now, count, frames.value]);
  return now;
}
