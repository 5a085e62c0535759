// One post by itself: all of it, what others replied, and what may be done about it.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Child, Post as Shown } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { Composer } from "./composer.tsx";
import { date } from "./dates.ts";
import { Copy } from "./parts/copy.tsx";
import { MarkUnread } from "./parts/mark-unread.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { PostCard } from "./parts/post-card.tsx";
import { CopiedButton } from "./parts/copied.tsx";
import { NO_DATE } from "./date-parts.ts";
import type { PostDraft, Reply } from "./post-draft.ts";
import { go } from "./route.ts";
import { type Failure, failureOf } from "./sentences.ts";
import { version } from "./state.ts";
import { HOWS, mayDecide, nameOf, say } from "./words.ts";
import { Withdraw } from "./withdraw.tsx";
import { WrongChild } from "./wrong-child.tsx";

const WEEK_MS = 7 * 86_400_000;

interface Props {
  child: Child;
  seq: number;
  act: string | undefined; // same, different, correction, copied, withdraw, wrong-child
}

export function Post({ child, seq, act }: Props) {
  const found = useSignal<Found>("looking");
  useEffect(() => {
    let stale = false;
    find(child.log, seq).then(
      (answer) => !stale && (found.value = answer),
      (error) => !stale && (found.value = failureOf(error)),
    );
    return () => {
      stale = true;
    };
  }, [child.log, seq, version.value]);

  const back = { href: `#/child/${child.log}`, text: "Back to the child" };
  const now = found.value;
  if (now === "looking" || now === "none" || "title" in now) {
    return (
      <Page title="Post" back={back}>
        {now === "looking" && <p role="status">Opening the post…</p>}
        {now === "none" && (
          <p>There is no such post here. It may be newer than what this device has.</p>
        )}
        {typeof now === "object" && (
          <Notice sort="warning" title={now.title}>
            <p>{now.next}</p>
          </Notice>
        )}
      </Page>
    );
  }
  const { post, replies } = now;
  const here = { href: `#/child/${child.log}/post/${seq}`, text: "Back to the post" };
  const to = { post, child };
  if (act === "withdraw") return <Withdraw {...to} back={here} />;
  if (act === "wrong-child" && !child.held) return <WrongChild {...to} back={here} />;
  if (act === "review" && post.kind === "decision" && mayDecide(child)) {
    return <Answer {...to} how="review" back={here} />;
  }
  if (act === "same" || act === "different" || act === "correction" || act === "copied") {
    return <Answer {...to} how={act} back={here} />;
  }
  return (
    <Page
      title="Post"
      heading={
        <>
          Post about <bdi>{child.name}</bdi>
        </>
      }
      back={back}
    >
      <PostCard post={post} child={child} alone reviewed={isReviewed(post, replies)} />
      {post.state === "shown" && child.myRole && (
        <Acts post={post} link={here.href} child={child} />
      )}
      {["shown", "withdrawn"].includes(post.state) && child.keeper && !child.held && (
        <p>
          <a class="tall" href={`#/child/${child.log}/keeping/propose-${seq}`}>
            Propose to destroy it for good
          </a>
        </p>
      )}
      <MarkUnread post={post} />
      <Copy text={`${location.origin}/${here.href}`} />
      <p class="hint">The link says nothing about the child. It opens for people on the team, and for nobody else.</p>
      {replies.length > 0 && (
        <>
          <h2>Replies</h2>
          {replies.map((reply) => (
            <PostCard key={reply.seq} post={reply} child={child} first={post} />
          ))}
        </>
      )}
    </Page>
  );
}

function Acts({ post, link, child }: { post: Shown; link: string; child: Child }) {
  const { keeper, held } = child;
  const act = (name: string, text: string, hint: string) => (
    <li>
      <a class="tall" href={`${link}/${name}`}>
        {text}
      </a>{" "}
      <span class="hint">{hint}</span>
    </li>
  );
  return (
    <ul class="acts">
      {post.kind === "decision" && mayDecide(child) && act("review", "Review it", "A new decision stands in its place")}
      {!post.mine && act("same", "I see this too", "")}
      {!post.mine && act("different", "I see it differently", "")}
      {post.mine && act("correction", "Correct it", "Both stay to be read")}
      {post.how !== "copied" && (
        <li>
          <CopiedButton post={post} child={child} />
        </li>
      )}
      {(post.mine || keeper) && act("withdraw", "Withdraw it", "It stays, struck through")}
      {(post.mine || keeper) &&
        Date.now() - post.time < WEEK_MS &&
        (held ? (
          <li class="hint">
            Is it on the wrong child? Under the hold nothing is erased: withdraw it, and ask{" "}
            <bdi>{nameOf(held.by)}</bdi>.
          </li>
        ) : (
          act(
            "wrong-child",
            "It is on the wrong child",
            "The words go at once, here and for everyone",
          )
        ))}
    </ul>
  );
}

const TITLES: Partial<Record<Reply["how"], string>> = {
  correction: "Correct a post",
  review: "Review a decision",
};
const HEADINGS: Partial<Record<Reply["how"], string>> = {
  correction: "The correction",
  review: "The new decision",
};

interface AnswerProps {
  post: Shown;
  child: Child;
  how: Reply["how"];
  back: { href: string; text: string };
}

function Answer({ post, child, how, back }: AnswerProps) {
  const title = TITLES[how] ?? say(HOWS, how);
  return (
    <Page title={title} back={back}>
      <p>
        <bdi>{nameOf(post.author)}</bdi> wrote on {date(post.time)}:
      </p>
      <PostCard post={post} child={child} alone />
      <Composer
        place={`${post.log}:${post.seq}:${how}`}
        heading={HEADINGS[how] ?? "Your reply"}
        log={post.log}
        reply={{ how, id: post.id }}
        first={how === "correction" ? again(post.stands ?? post) : how === "review" ? { kind: "decision" } : how === "copied" ? { kind: "records" } : {}}
        onSent={() => go(back.href.slice(1))}
      />
    </Page>
  );
}

/** Has a later decision answered this one? */
function isReviewed({ id }: Shown, replies: Shown[]): boolean {
  return replies.some(({ kind, how, refers }) => kind === "decision" && how === "" && refers.includes(id));
}

/** A correction begins with all that the post said. */
function again(post: Shown): Partial<PostDraft> {
  const [whole = "", time = ""] = post.happened.split("T");
  const { text, kind, sure, scale, side, source, outcome, reason } = post;
  return {
    text,
    kind,
    sure,
    scale,
    side,
    source,
    outcome,
    reason,
    day: parts(whole),
    time,
    review: parts(post.review),
  };
}

function parts(text: string) {
  const [year = "", month = "", day = ""] = text.split("-");
  return text ? { year, month, day } : NO_DATE;
}

type Found = "looking" | "none" | Failure | { post: Shown; replies: Shown[] };

async function find(log: string, seq: number): Promise<Found> {
  const [post, ...replies] = await ask("thread", { log, seq });
  return post ? { post, replies } : "none";
}
