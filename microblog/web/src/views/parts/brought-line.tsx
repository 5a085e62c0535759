// Rows brought in, one after another by one person: one line of the stream, and no news.

import type { Child, Post } from "../../client/shown.ts";
import { age, clock } from "../dates.ts";
import { called, many } from "../words.ts";
import { Apart } from "./apart.tsx";
import { KindMark } from "./kind-mark.tsx";
import { Who } from "./who.tsx";

interface Props {
  post: Post;
  child: Child | undefined;
  /** Say whom they are about, where more than one child's posts stand together. */
  about: boolean;
}

export function BroughtLine({ post, child, about }: Props) {
  return (
    <article
      class="post records brought"
      aria-labelledby={`post-${post.log}-${post.seq}`}
      data-seen={`${post.log} ${post.seq}`}
    >
      <div class="post-head">
        <h3 id={`post-${post.log}-${post.seq}`} class="post-kind">
          <KindMark mark="records" />{" "}
          <a class="tall" href={`#/child/${post.log}/brought/${post.seq}`}>
            <span>
              {many(post.rows, "row")}
              {post.source && (
                <>
                  {" "}
                  from <bdi>{post.source}</bdi>
                </>
              )}
            </span>
          </a>
        </h3>
        <span class="post-time">
          <time dateTime={new Date(post.time).toISOString()}>{clock(post.time)}</time>
        </span>
      </div>
      <p class="post-who">
        {about && child && (
          <>
            <a class="name" href={`#/child/${post.log}`}>
              <bdi>{called(child)}</bdi>
              <Apart log={child.log} />
            </a>
            {age(child.birth) && ` ${age(child.birth)}`} ·{" "}
          </>
        )}
        brought in by <Who person={post.author} />
      </p>
    </article>
  );
}
