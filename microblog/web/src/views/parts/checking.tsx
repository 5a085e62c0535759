// How far the checking of what came in has got. It stands over the foot of the page and never goes back,
// so that nothing shifts under a finger.

import { useRef } from "preact/hooks";

import { checking } from "../state.ts";

/** Fewer are done before anyone has read that they are being done. */
const MANY = 200;
const figures = new Intl.NumberFormat("en-GB");

export function Checking() {
  const furthest = useRef(0);
  const now = checking.value;
  if (now === null || now.total < MANY) {
    furthest.current = 0;
    return null;
  }
  furthest.current = Math.max(furthest.current, now.done / now.total);
  return (
    <footer class="checking">
      <p>
        Checking older posts: {figures.format(now.done)} of {figures.format(now.total)}
      </p>
      <progress value={furthest.current} max={1} aria-label="Checking older posts" />
    </footer>
  );
}
