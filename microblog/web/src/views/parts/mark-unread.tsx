// One post: unread again, or read after all.

import { useSignal } from "@preact/signals";

import type { Child, Post } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { useForm } from "../form.ts";
import { look } from "../state.ts";
import { Button } from "./button.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { Which } from "./which.tsx";

/** My own, and rows brought in, are never unread. */
export function MarkUnread({ post: { log, seq, unread, mine, quiet } }: { post: Post }) {
  const tried = useSignal(false);
  const form = useForm(
    () => [],
    async () => {
      await (unread ? ask("markRead", { log, seq, how: "alone" }) : ask("markUnread", { log, seq }));
      tried.value = unread;
      await look();
    },
  );
  if (mine || quiet) return null;
  return (
    <p class="row">
      <span role="status">{unread ? "You have not read this post." : "You have read this post."}</span>
      <Button look="plain" busy={form.busy} onClick={form.submit}>
        {unread ? "Mark read" : "Mark unread"}
      </Button>
      {unread && tried.value && !form.busy && (
        <span>
          There are unread posts before it. <a href="#/catch-up">Read child by child</a>
        </span>
      )}
      <ErrorSummary form={form} title="Not noted." />
    </p>
  );
}

/** In a list, where a post is read by standing on the screen. */
export function MarkAgain({ post, of }: { post: Post; of: Child | undefined }) {
  const { log, seq, again, mine, quiet } = post;
  const form = useForm(
    () => [],
    async () => {
      await (again ? ask("markRead", { log, seq, how: "alone" }) : ask("markUnread", { log, seq }));
      await look();
    },
  );
  if (mine || quiet) return null;
  return (
    <>
      <Button look="plain" busy={form.busy} onClick={form.submit}>
        {again ? "Mark read" : "Mark unread"}
        <Which post={post} of={of} />
      </Button>
      <ErrorSummary form={form} title="Not noted." />
    </>
  );
}
