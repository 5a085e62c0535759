// Seeing it differently, said where the post stands. What is begun here goes on in the whole composer, if more is wanted.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Caution } from "../../client/shown-hand.ts";
import type { Child, Post } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { useForm } from "../form.ts";
import { BLANK, checkDraft, left, type PostDraft, type Reply, toSend, withReaders } from "../post-draft.ts";
import { changeDraft, draft as keptDraft, look, overview } from "../state.ts";
import { called } from "../words.ts";
import { Button } from "./button.tsx";
import { Cautions } from "./cautions.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { described, Labelled, PRIVATE } from "./field.tsx";
import { Readers } from "./readers.tsx";

const HOW = "different";

interface Props {
  post: Post;
  child: Child;
  onClose: () => void;
}

export function Answer({ post, child, onClose }: Props) {
  const { log, seq } = post;
  const key = `post:${log}:${seq}:${HOW}`;
  const field = `text-${log}-${seq}`;
  const blank: PostDraft = { ...BLANK, log };
  const kept = keptDraft<Partial<PostDraft>>(key, blank);
  const draft: PostDraft = { ...blank, ...kept.value };
  const noticed = useSignal<Caution[]>([]);
  const box = useRef<HTMLTextAreaElement>(null);
  const reply: Reply = { how: HOW, id: post.id };
  useEffect(() => box.current?.focus(), []);

  const form = useForm(
    () => checkDraft(draft, reply).map((mistake) => (mistake.id === "text" ? { ...mistake, id: field } : mistake)),
    async () => {
      const { shown, passed } = { ...draft, ...kept.value };
      const said = toSend(draft, reply);
      const found = await ask("cautions", { log, draft: said });
      noticed.value = found.filter(({ words }) => !passed.includes(words));
      if (noticed.value.length > 0) return;
      // It is in the outbox, durably, before its words leave the box.
      await changeDraft(key, blank, (drafts) => ask("queue", { log, draft: said, shown, drafts }));
      onClose();
      await look();
    },
  );
  const type = (text: string) => {
    noticed.value = [];
    kept.value = withReaders(draft, { ...draft, text }, child);
  };
  const asItIs = () => {
    kept.value = { ...draft, passed: [...draft.passed, ...noticed.value.map(({ words }) => words)] };
    noticed.value = [];
    form.submit();
  };
  const base = { id: field, label: "What you see, and why", form };
  return (
    <form class="answer" onSubmit={form.submit} noValidate aria-label="I see it differently">
      <ErrorSummary form={form} title="Not sent." />
      <Labelled {...base}>
        <textarea
          {...PRIVATE}
          {...described(base)}
          ref={box}
          class="input"
          rows={2}
          dir="auto"
          value={draft.text}
          onInput={(event) => type(event.currentTarget.value)}
        />
        {draft.text !== "" && <span class={left(draft) < 0 ? "count over" : "count"}>{sayLeft(left(draft))}</span>}
      </Labelled>
      {noticed.value.length > 0 ? (
        <Cautions
          cautions={noticed.value}
          child={child}
          busy={form.busy}
          onAsItIs={asItIs}
          onChange={() => {
            noticed.value = [];
            box.current?.focus();
          }}
        />
      ) : (
        <Send child={child} busy={form.busy} />
      )}
      <p class="row">
        <a class="tall" href={`#/child/${log}/post/${seq}/${HOW}`}>
          Say what kind it is, how sure, or when
        </a>
        <Button look="plain" onClick={onClose}>
          {draft.text ? "Close, and keep my words" : "Close"}
        </Button>
      </p>
    </form>
  );
}

function Send({ child, busy }: { child: Child; busy: boolean }) {
  if (overview.value?.trouble || child.trouble || child.waiting || overview.value?.restoring) {
    return (
      <p>
        <strong>Nothing can be posted here just now.</strong> The child’s page, or the top of this one, says why. What you
        write is kept.
      </p>
    );
  }
  return (
    <>
      <Readers child={child} />
      <Button submit busy={busy}>
        Post to <bdi>{called(child)}</bdi>’s team ({child.members.length})
      </Button>
    </>
  );
}

function sayLeft(rest: number): string {
  return rest < 0 ? `${-rest} too many` : `${rest} left`;
}
