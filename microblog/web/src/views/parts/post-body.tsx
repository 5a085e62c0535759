// What a post says, or why it says nothing; corrected, how it now stands, and what stood before.

import type { Child, Post } from "../../client/shown.ts";
import { date, moment } from "../dates.ts";
import { KINDS, nameOf, OUTCOMES, say, sayScale, SIDES, SURES } from "../words.ts";
import { sourceName } from "./author.tsx";
import { Marked } from "./marked.tsx";

/** The short ones, beside the kind. */
export function Marks({ post }: { post: Post }) {
  return (
    <>
      {post.outcome && (
        <span class="tag">
          <Marked text={say(OUTCOMES, post.outcome)} />
        </span>
      )}
      {post.sure && <span class="tag">{say(SURES, post.sure)}</span>}
      {post.side && <span class={`tag ${post.side}`}>{say(SIDES, post.side)}</span>}
      {post.nudge && <span class="tag">Nudge</span>}
    </>
  );
}

export function PostBody({ post, child }: { post: Post; child: Child | undefined }) {
  switch (post.state) {
    case "destroyed":
      return <Destroyed post={post} child={child} />;
    case "erased":
      return (
        <Gone post={post} text="The words were erased: they had been put on the wrong child." />
      );
    case "void":
      return (
        <p class="gone">
          An entry by <bdi>{nameOf(post.author)}</bdi> that cannot be read. Nobody on the team can
          read it. Ask them to post it again.
        </p>
      );
    case "withheld":
      return (
        <p class="gone">
          The server has not handed over the words of this post. The app asks for them again by
          itself.
        </p>
      );
    case "waiting":
      return (
        <p class="gone">
          The key to this post has not reached this device yet. It comes when a colleague on the
          team next opens the app.
        </p>
      );
    case "withdrawn":
      return (
        <>
          <Gone post={post} text="Withdrawn." />
          <s class="withdrawn">
            <Words post={post} />
          </s>
        </>
      );
    default:
      return post.stands ? <Corrected post={post} stands={post.stands} /> : <Words post={post} />;
  }
}

/** Its author set it right: the newest comes first, and what was known then stays to be read. */
function Corrected({ post, stands }: { post: Post; stands: Post }) {
  return (
    <>
      <p class="post-how">
        <strong>Corrected</strong> on{" "}
        <a class="tall" href={`#/child/${post.log}/post/${stands.seq}`}>
          {date(stands.time)}
        </a>
      </p>
      <Words post={stands} />
      <details class="plain-fold before">
        <summary>What stood before</summary>
        <p class="post-head">
          <strong>{say(KINDS, post.kind)}</strong> <Marks post={post} />
        </p>
        <Words post={post} />
      </details>
    </>
  );
}

function Words({ post }: { post: Post }) {
  return (
    <>
      {post.text && (
        <p class="post-text" dir="auto">
          <Marked text={post.text} />
        </p>
      )}
      <dl class="post-facts">
        <Fact name={sourceName(post)} value={post.source} />
        <Fact name="Reason" value={post.reason} />
        <Fact name="Review" value={post.review && moment(post.review)} />
        <Fact name="When" value={post.happened && moment(post.happened)} />
        <Fact
          name="Scale"
          value={post.scale && `${post.scale} of 10`}
          after={sayScale(post.scale)}
        />
        {!post.row && <Fact name="First written by" value={post.original} />}
      </dl>
      {post.newer && (
        <p class="small">Written with a newer version: there may be more to it than is shown.</p>
      )}
      {post.doubtful && <Doubtful post={post} />}
      {post.oddTime && (
        <p class="small">Its time does not fit: a clock was wrong, or it was put back.</p>
      )}
    </>
  );
}

/** It stands, because it was signed before anyone knew; whether they wrote it, only they can say. */
function Doubtful({ post: { author, mine } }: { post: Post }) {
  return (
    <p class="doubtful">
      <span class="tag alert">Doubtful</span>{" "}
      {mine ? (
        "Signed with a device of yours that was lost by then. If you did not write it, withdraw it."
      ) : (
        <>
          Signed with a device of <bdi>{nameOf(author)}</bdi> that was lost by then. Ask them, on the phone,
          whether they wrote it.
        </>
      )}
    </p>
  );
}

function Fact({ name, value, after }: { name: string; value: string; after?: string }) {
  if (!value) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>
          <Marked text={value} />
        </bdi>
        {after && <span class="small"> ({after})</span>}
      </dd>
    </div>
  );
}

function Gone({ post, text }: { post: Post; text: string }) {
  const by = post.withdrawn;
  return (
    <p class="gone">
      {text}
      {by && (
        <>
          {" "}
          By <bdi>{nameOf(by.by)}</bdi> on {date(by.time)}.{" "}
          {by.why && (
            <>
              Why: <bdi>{by.why}</bdi>
            </>
          )}
        </>
      )}
    </p>
  );
}

function Destroyed({ post, child }: { post: Post; child: Child | undefined }) {
  const shred = child?.shreds.find(({ done, seqs }) => done && seqs.includes(post.seq));
  return (
    <p class="gone">
      Destroyed for good
      {shred?.done ? (
        <>
          {" "}
          on {date(shred.done.time)} by <bdi>{nameOf(shred.by)}</bdi> and{" "}
          <bdi>{nameOf(shred.done.by)}</bdi>. Why: <bdi>{shred.why}</bdi>
        </>
      ) : (
        "."
      )}
    </p>
  );
}
