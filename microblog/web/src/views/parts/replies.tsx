// What a post answers, and what answers it.

import type { Post } from "../../client/shown.ts";
import { date } from "../dates.ts";
import { HOWS, list, nameOf, say } from "../words.ts";
import { Copies } from "./copied.tsx";

/** What it answers, and how. */
export function Refers({ post, first }: { post: Post; first: Post | undefined }) {
  return (
    <p class="post-how">
      <strong>{post.how ? say(HOWS, post.how) : "Review"}</strong>
      {first && (
        <>
          {post.how === "correction" || !post.how ? " of " : ": "}
          <a href={`#/child/${first.log}/post/${first.seq}`}>
            {first.author.id === post.author.id ? (
              "an earlier post"
            ) : (
              <>
                <bdi>{nameOf(first.author)}</bdi>’s post
              </>
            )}{" "}
            of {date(first.time)}
          </a>
        </>
      )}
    </p>
  );
}

/** What others say of it. */
export function Replies({ post }: { post: Post }) {
  const by = (how: string) => [
    ...new Set(
      post.replies.filter((reply) => reply.how === how).map(({ author }) => nameOf(author)),
    ),
  ];
  const same = by("same");
  const different = by("different");
  // Its author's own is how it now stands.
  const corrections = post.replies.filter(({ how, author }) => how === "correction" && author.id !== post.author.id);
  return (
    <>
      {corrections.map(({ seq, author, time }) => (
        <p key={seq} class="replies">
          <bdi>{nameOf(author)}</bdi> sets something right:{" "}
          <a class="tall" href={`#/child/${post.log}/post/${seq}`}>
            correction of {date(time)}
          </a>
        </p>
      ))}
      {same.length > 0 && (
        <p class="replies">
          {same.length === 1 ? "1 person sees" : `${same.length} people see`} this too:{" "}
          <bdi>{list(same)}</bdi>
        </p>
      )}
      {different.length > 0 && (
        <p class="replies">
          {different.length === 1 ? "1 person sees" : `${different.length} people see`} it
          differently: <bdi>{list(different)}</bdi>
        </p>
      )}
      <Copies post={post} />
    </>
  );
}
