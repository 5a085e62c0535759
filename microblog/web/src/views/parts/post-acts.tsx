// What may be done about a post where it stands.

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

import type { Child, Post } from "../../client/shown.ts";
import { CopiedButton } from "./copied.tsx";
import { lazyPart } from "./lazy.tsx";
import { MarkAgain } from "./mark-unread.tsx";
import { OneTap } from "./one-tap.tsx";
import { Which } from "./which.tsx";

const Answer = lazyPart(async () => (await import("../of-post.ts")).Answer);

interface Props {
  post: Post;
  child: Child;
  /** As in Which. */
  of: Child | undefined;
  /** It is read by standing on the screen, and can be marked unread again. */
  markable: boolean;
}

export function PostActs({ post, child, of, markable }: Props) {
  const open = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const link = `#/child/${post.log}/post/${post.seq}`;
  const answer = `answer-${post.log}-${post.seq}`;
  const close = () => {
    open.value = false;
    opener.current?.focus();
  };
  // There is nothing in it to be seen differently.
  const isBare = post.text === "" && (post.how === "same" || post.how === "copied");
  return (
    <>
      <div class="post-acts">
        {post.mine ? (
          <a href={link}>
            Correct or withdraw
            <Which post={post} of={of} />
          </a>
        ) : isBare ? null : (
          <>
            <SameButton post={post} child={child} of={of} />
            <button
              type="button"
              class="button plain"
              ref={opener}
              aria-expanded={open.value}
              aria-controls={answer}
              onClick={() => (open.value = !open.value)}
            >
              I see it differently
              <Which post={post} of={of} />
            </button>
          </>
        )}
        {post.how !== "copied" && <CopiedButton post={post} child={child} of={of} />}
        {markable && <MarkAgain post={post} of={of} />}
      </div>
      {!post.mine && !isBare && (
        <div id={answer} hidden={!open.value}>
          {open.value && <Answer post={post} child={child} onClose={close} />}
        </div>
      )}
    </>
  );
}

function SameButton({ post, child, of }: Omit<Props, "markable">) {
  const words = { label: "I see this too", said: "You see this too", failed: "Not sent." };
  return <OneTap post={post} child={child} of={of} how="same" kind="hunch" {...words} />;
}
