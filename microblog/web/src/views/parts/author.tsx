// By whom a post is: whoever wrote it here, or, of a row brought in, whoever wrote it elsewhere first.

import type { Post } from "../../client/shown.ts";
import { Marked } from "./marked.tsx";
import { Who } from "./who.tsx";

/** Whoever brought a row in has neither seen nor heard what it says. */
export function Author({ post: { row, original, author } }: { post: Post }) {
  if (!row) return <Who person={author} />;
  return (
    <>
      <bdi class="name">
        <Marked text={original || "Nobody named"} />
      </bdi>{" "}
      · brought in by <Who person={author} />
    </>
  );
}

/** What the source of a post is called. */
export function sourceName({ kind, row }: Post): string {
  if (kind === "records") return "Record";
  return row && kind !== "told" ? "Source" : "Told by";
}
