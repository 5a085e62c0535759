// Withdrawing a post: it stays to be read, struck through, with who took it back and why.

import { useSignal } from "@preact/signals";

import type { Child, Post } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { PostCard } from "./parts/post-card.tsx";
import { go } from "./route.ts";
import { look } from "./state.ts";

interface Props {
  post: Post;
  child: Child;
  back: { href: string; text: string };
}

export function Withdraw({ post, child, back }: Props) {
  const why = useSignal("");
  const form = useForm(
    () => must(why.value.trim() !== "", "why", "Say why it is withdrawn"),
    async () => {
      await ask("withdraw", { log: post.log, seq: post.seq, erase: false, why: why.value.trim() });
      await look();
      go(back.href.slice(1));
    },
  );
  return (
    <Page title="Withdraw a post" back={back}>
      <PostCard post={post} child={child} alone />
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} title="Not withdrawn." />
        <p>
          The post stays in the stream, struck through, with your name and your reason. What was
          known then stays known. This cannot be undone.
        </p>
        <Field
          id="why"
          label="Why"
          hint="The whole team reads this."
          form={form}
          value={why.value}
          onInput={(value) => (why.value = value)}
        />
        <Button submit look="warning" busy={form.busy}>
          Withdraw it
        </Button>
      </form>
    </Page>
  );
}
