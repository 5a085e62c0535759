// The screens that sum up: what is new of one child after the other, one's own round-up, and that of those whom one
// supervises.

export { CatchUp } from "./catch-up.tsx";
export { RoundUp } from "./round-up.tsx";
export { ToMark } from "./parts/to-mark.tsx";
export { Supervision } from "./supervision.tsx";
