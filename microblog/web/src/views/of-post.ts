// The screens of one post: alone, and a decision to be written.

export { Answer } from "./parts/answer.tsx";
export { Decide } from "./decide.tsx";
export { Post } from "./post.tsx";
