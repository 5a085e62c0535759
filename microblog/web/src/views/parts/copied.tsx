// That someone has copied a post to their own agency's record: one tap, and who and when stands beside the post.

import type { Child, Post } from "../../client/shown.ts";
import { date } from "../dates.ts";
import { nameOf } from "../words.ts";
import { OneTap } from "./one-tap.tsx";

/** Each copy, with who and when. */
export function Copies({ post }: { post: Post }) {
  const copies = post.replies.filter(({ how }) => how === "copied");
  return (
    <>
      {copies.map(({ author, time, id }) => (
        <p key={id} class="replies">
          Copied to the record by <bdi>{nameOf(author)}</bdi> on {date(time)}
        </p>
      ))}
    </>
  );
}

/** Nothing, where I have said so already. */
export function CopiedButton({ post, child, of }: { post: Post; child: Child; of?: Child | undefined }) {
  const words = { label: "Copied to my record", said: "Copied to your record", failed: "Not marked as copied." };
  return <OneTap post={post} child={child} of={of} how="copied" kind="records" {...words} />;
}
