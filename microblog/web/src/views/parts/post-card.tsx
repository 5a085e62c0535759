// One post: what kind, about whom, by whom, when, its words and what others replied.

import type { Child, Post } from "../../client/shown.ts";
import { isLater } from "../date-parts.ts";
import { age, clock, date, moment } from "../dates.ts";
import { called, KINDS, mayDecide, say } from "../words.ts";
import { Apart } from "./apart.tsx";
import { Author } from "./author.tsx";
import { KindMark, markOf } from "./kind-mark.tsx";
import { Marked } from "./marked.tsx";
import { PostActs } from "./post-acts.tsx";
import { Marks, PostBody } from "./post-body.tsx";
import { Refers, Replies } from "./replies.tsx";
import { Which } from "./which.tsx";

interface Props {
  post: Post;
  child: Child | undefined;
  /** Say whom it is about, where more than one child's posts stand together. */
  about?: boolean;
  fresh?: boolean;
  /** On its own page a post does not link to itself. */
  alone?: boolean;
  /** The post that this one refers to, where it is at hand. */
  first?: Post | undefined;
  /** A later decision answers this one. */
  reviewed?: boolean;
  /** It is read by standing on the screen. */
  markable?: boolean;
}

export function PostCard({ post, child, about, fresh, alone, first, reviewed, markable = false }: Props) {
  // How it now stands, where its author has corrected it.
  const now = post.state === "shown" ? (post.stands ?? post) : post;
  const mark = markOf(now.kind, now.outcome);
  const words = post.state === "shown" || post.state === "withdrawn";
  const of = about ? child : undefined;
  const Heading = alone ? "h2" : "h3";
  const link = `#/child/${post.log}/post/${post.seq}`;
  const time = (
    <time dateTime={new Date(post.time).toISOString()}>
      {alone ? `${date(post.time)}, ${clock(post.time)}` : clock(post.time)}
    </time>
  );
  // Of a row, what stands at the top is when it happened: that it was brought in is nobody's news.
  const happened = post.happened ? moment(post.happened) : "Not sure when";
  return (
    <article
      class={`post ${words ? mark : "other"}`}
      aria-labelledby={`post-${post.log}-${post.seq}`}
      data-seen={`${post.log} ${post.seq}`}
    >
      <div class="post-head">
        <Heading id={`post-${post.log}-${post.seq}`} class="post-kind">
          {words ? (
            <>
              <KindMark mark={mark} /> {say(KINDS, now.kind)}
            </>
          ) : (
            "Post"
          )}
        </Heading>
        <Marks post={now} />
        <span class="post-time">
          {fresh && <span class="new">new</span>}{" "}
          {alone ? (
            time
          ) : (
            <a href={link}>
              {post.row ? happened : time}
              <Which post={post} of={of} />
            </a>
          )}
        </span>
      </div>
      <p class="post-who">
        {about && child && (
          <>
            <a class="name" href={`#/child/${post.log}`}>
              <bdi>
                <Marked text={called(child)} />
              </bdi>
              <Apart log={child.log} />
            </a>
            {age(child.birth) && ` ${age(child.birth)}`} ·{" "}
          </>
        )}
        <Author post={post} />
      </p>
      {(post.how || post.refers.length > 0) && <Refers post={post} first={first} />}
      <PostBody post={post} child={child} />
      {isDue(post) && !reviewed && (
        <p>
          <span class="tag alert">Review due</span>{" "}
          {!alone && child && mayDecide(child) && (
            <a class="tall" href={`${link}/review`}>
              Review it
              <Which post={post} of={of} />
            </a>
          )}
        </p>
      )}
      <Replies post={post} />
      {!alone && post.state === "shown" && child?.myRole && (
        <PostActs post={post} child={child} of={of} markable={markable} />
      )}
    </article>
  );
}

// Where there is a correction, that says when.
function isDue({ kind, review, state, replies }: Post): boolean {
  if (kind !== "decision" || state !== "shown" || review === "" || isLater(review)) return false;
  return !replies.some(({ how }) => how === "correction");
}
