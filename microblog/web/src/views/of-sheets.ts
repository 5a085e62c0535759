// The screens on which posts and children come out of spreadsheets, and posts go into files.

export { BringChildren } from "./bring-children.tsx";
export { BringIn } from "./bring-in.tsx";
export { BroughtIn } from "./brought.tsx";
export { TakeOut, TakeOutAll } from "./take-out.tsx";
