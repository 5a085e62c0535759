// The screens on which a child is begun, asked for, or handed over.

export { AskToFollow } from "./ask.tsx";
export { BeginChild, BeginHousehold } from "./begin-child.tsx";
export { HandOver } from "./hand-over.tsx";
