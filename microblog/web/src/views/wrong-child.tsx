// A post put on the wrong child: its words go at once, and may go to the right child's team.

import { useSignal } from "@preact/signals";

import type { Child, Person, Post } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Newcomers } from "./parts/newcomers.tsx";
import { Page } from "./parts/page.tsx";
import { PickChild } from "./parts/pick-child.tsx";
import { PostCard } from "./parts/post-card.tsx";
import { Readers } from "./parts/readers.tsx";
import { Unvouched } from "./parts/vouching.tsx";
import { go } from "./route.ts";
import { childOf, look } from "./state.ts";

interface Props {
  post: Post;
  child: Child;
  back: { href: string; text: string };
}

export function WrongChild({ post, child, back }: Props) {
  const to = useSignal("");
  const shown = useSignal<string[]>([]);
  const newcomers = useSignal<Person[]>([]);
  const unvouched = useSignal(0); // since when, in ms
  const allTheSame = useSignal(false);
  const why = useSignal("Put on the wrong child");
  const right = childOf(to.value);
  // Only its author can sign the same words again.
  const movable = post.mine;

  const form = useForm(
    () => [],
    async () => {
      const { log, seq } = post;
      if (right) {
        const warned = allTheSame.value;
        allTheSame.value = false;
        const sent = await ask("moveToRightChild", {
          log,
          seq,
          to: right.log,
          shown: shown.value,
          why: why.value.trim(),
          allTheSame: warned,
        });
        await look();
        unvouched.value = sent.unvouched;
        if (!sent.sent) {
          newcomers.value = sent.newcomers;
          allTheSame.value = warned && sent.newcomers.length > 0;
          return;
        }
        go(`/child/${right.log}`);
      } else {
        await ask("withdraw", { log, seq, erase: true, why: why.value.trim() });
        await look();
        go(back.href.slice(1));
      }
    },
  );
  return (
    <Page title="A post on the wrong child" back={back}>
      <PostCard post={post} child={child} alone />
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary
          form={form}
          title="Nothing was changed, or not all of it. Look at both children’s posts before you try again."
        />
        <p>This does the following, and cannot be undone:</p>
        <ul>
          <li>
            The words are erased from <bdi>{child.name}</bdi>’s stream at once: on the server and,
            as soon as it hears of it, in every colleague’s app. Whoever has read them has read
            them.
          </li>
          <li>A trace stays, that you posted and erased something, and why.</li>
          {movable && (
            <li>If you choose the right child, the same words are posted to that child’s team.</li>
          )}
        </ul>
        {movable && (
          <PickChild
            log={to.value}
            except={post.log}
            legend="The right child (optional)"
            onPick={(log) => {
              to.value = log;
              newcomers.value = [];
              unvouched.value = 0;
              allTheSame.value = false;
              shown.value = childOf(log)?.members.map(({ person }) => person.id) ?? [];
            }}
            form={form}
          />
        )}
        <Field
          id="why"
          label="Why"
          hint="Give no detail about the other child. The whole team reads this."
          form={form}
          value={why.value}
          onInput={(value) => (why.value = value)}
        />
        {newcomers.value.length > 0 && right ? (
          <Newcomers
            newcomers={newcomers.value}
            child={right}
            busy={form.busy}
            onYes={() => {
              shown.value = [...new Set([...shown.value, ...newcomers.value.map(({ id }) => id)])];
              newcomers.value = [];
              form.submit();
            }}
            onNo={() => {
              newcomers.value = [];
              allTheSame.value = false;
            }}
          />
        ) : unvouched.value > 0 && right ? (
          <Unvouched
            child={right}
            when={unvouched.value}
            busy={form.busy}
            onAgain={form.submit}
            onAllTheSame={() => {
              allTheSame.value = true;
              form.submit();
            }}
          />
        ) : (
          <>
            {right && <Readers child={right} />}
            <Button submit look="warning" busy={form.busy}>
              {right ? (
                <>
                  Erase here and post to <bdi>{right.name}</bdi>’s team ({right.members.length})
                </>
              ) : (
                "Erase the words here"
              )}
            </Button>
          </>
        )}
      </form>
    </Page>
  );
}
