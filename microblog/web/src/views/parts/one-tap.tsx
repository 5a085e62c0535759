// An answer of one tap: it waits in the outbox like any post, where it can be taken back for five seconds.

import { useSignal } from "@preact/signals";

import type { Child, Draft, Post } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { useForm } from "../form.ts";
import { look, overview } from "../state.ts";
import { Button } from "./button.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { Which } from "./which.tsx";

const BARE: Draft = {
  text: "",
  kind: "hunch",
  sure: "",
  scale: "",
  side: "",
  happened: "",
  source: "",
  outcome: "",
  reason: "",
  review: "",
  refers: [],
  how: "",
  nudge: false,
};

interface Props {
  post: Post;
  child: Child;
  /** As in Which. */
  of?: Child | undefined;
  how: "same" | "copied";
  kind: string;
  label: string;
  /** What stands there once it is said. */
  said: string;
  failed: string;
}

export function OneTap({ post, child, of, how, kind, label, said, failed }: Props) {
  const { log, id, replies } = post;
  const tapped = useSignal(false);
  const { outgoing = [], me } = overview.value ?? {};
  const waits = outgoing.some(({ draft }) => draft.how === how && draft.refers.includes(id));
  const stands = replies.some((one) => one.how === how && one.author.id === me?.id);
  const form = useForm(
    () => [],
    async () => {
      const shown = child.members.map(({ person }) => person.id);
      await ask("queue", { log, draft: { ...BARE, kind, how, refers: [id] }, shown });
      tapped.value = true;
      await look();
    },
  );
  // What has just been tapped does not vanish from under the finger.
  if (stands && !tapped.value) return null;
  const done = waits || stands;
  return (
    <>
      <Button look="plain" busy={form.busy || done} onClick={form.submit}>
        {done ? said : label}
        <Which post={post} of={of} />
      </Button>
      <ErrorSummary form={form} title={failed} />
    </>
  );
}
