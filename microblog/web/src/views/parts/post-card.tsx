// One post: what kind, about whom, by whom, when, its words and what others replied.

import type { Child, Post } from "../../client/shown.ts";
import { age, clock, date, moment } from "../dates.ts";
import { called, HOWS, KINDS, list, nameOf, OUTCOMES, say, sayScale, SIDES, SURES } from "../words.ts";
import { KindMark, markOf } from "./kind-mark.tsx";
import { Notice } from "./notice.tsx";
import { Who } from "./who.tsx";

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
}

export function PostCard({ post, child, about, fresh, alone, first }: Props) {
  const mark = markOf(post.kind, post.outcome);
  const words = post.state === "shown" || post.state === "withdrawn";
  const Heading = alone ? "h2" : "h3";
  const link = `#/child/${post.log}/post/${post.seq}`;
  const time = (
    <time dateTime={new Date(post.time).toISOString()}>
      {alone ? `${date(post.time)}, ${clock(post.time)}` : clock(post.time)}
    </time>
  );
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
              <KindMark mark={mark} /> {say(KINDS, post.kind)}
            </>
          ) : (
            "Post"
          )}
        </Heading>
        <Marks post={post} />
        <span class="post-time">
          {fresh && <span class="new">new</span>} {alone ? time : <a href={link}>{time}</a>}
        </span>
      </div>
      <p class="post-who">
        {about && child && (
          <>
            <a class="name" href={`#/child/${post.log}`}>
              <bdi>{called(child)}</bdi>
            </a>
            {age(child.birth) && ` ${age(child.birth)}`} ·{" "}
          </>
        )}
        <Who person={post.author} />
      </p>
      {post.how && <Refers post={post} first={first} />}
      <Body post={post} child={child} />
      <Replies post={post} />
      {!alone && post.state === "shown" && child?.myRole && (
        <p class="post-acts">
          {post.mine ? (
            <a href={link}>Correct or withdraw</a>
          ) : (
            <>
              <a href={`${link}/same`}>I see this too</a>
              <a href={`${link}/different`}>I see it differently</a>
            </>
          )}
        </p>
      )}
    </article>
  );
}

function Marks({ post }: { post: Post }) {
  return (
    <>
      {post.outcome && <span class="tag">{say(OUTCOMES, post.outcome)}</span>}
      {post.sure && <span class="tag">{say(SURES, post.sure)}</span>}
      {post.side && <span class={`tag ${post.side}`}>{say(SIDES, post.side)}</span>}
      {post.nudge && <span class="tag">Nudge</span>}
    </>
  );
}

function Body({ post, child }: { post: Post; child: Child | undefined }) {
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
      return <Words post={post} />;
  }
}

function Words({ post }: { post: Post }) {
  return (
    <>
      {post.text && (
        <p class="post-text" dir="auto">
          {post.text}
        </p>
      )}
      <dl class="post-facts">
        <Fact name={post.kind === "records" ? "Record" : "Told by"} value={post.source} />
        <Fact name="Reason" value={post.reason} />
        <Fact name="Review" value={post.review && moment(post.review)} />
        <Fact name="When" value={post.happened && moment(post.happened)} />
        <Fact
          name="Scale"
          value={post.scale && `${post.scale} of 10`}
          after={sayScale(post.scale)}
        />
        <Fact name="First written by" value={post.original} />
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
        <bdi>{value}</bdi>
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

function Refers({ post, first }: { post: Post; first: Post | undefined }) {
  return (
    <p class="post-how">
      <strong>{say(HOWS, post.how)}</strong>
      {first && (
        <>
          {post.how === "correction" ? " of " : ": "}
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

function Replies({ post }: { post: Post }) {
  const by = (how: string) => [
    ...new Set(
      post.replies.filter((reply) => reply.how === how).map(({ author }) => nameOf(author)),
    ),
  ];
  const same = by("same");
  const different = by("different");
  const corrections = post.replies.filter(({ how }) => how === "correction");
  return (
    <>
      {corrections.length > 0 && (
        <Notice sort="note">
          <p>
            Corrected:{" "}
            {corrections.map(({ seq }, index) => (
              <a key={seq} href={`#/child/${post.log}/post/${seq}`}>
                {index === 0 ? "see the correction" : `and correction ${index + 1}`}{" "}
              </a>
            ))}
          </p>
        </Notice>
      )}
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
    </>
  );
}
