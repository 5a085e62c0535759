// Ten seconds to say it: about whom, the words, and who can read them, before anything is sent.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

import type { Child, Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type Form, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { Duty } from "./parts/duty.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Labelled, described, PRIVATE } from "./parts/field.tsx";
import { KindMark, markOf } from "./parts/kind-mark.tsx";
import { Details, DetailsToggle, KindFields, Nudge } from "./parts/marks.tsx";
import { Newcomers } from "./parts/newcomers.tsx";
import { Notice } from "./parts/notice.tsx";
import { PickChild } from "./parts/pick-child.tsx";
import { Readers } from "./parts/readers.tsx";
import { Unvouched } from "./parts/vouching.tsx";
import {
  BLANK,
  checkDraft,
  left,
  type PostDraft,
  type Reply,
  toSend,
  withReaders,
} from "./post-draft.ts";
import { childOf, draft as keptDraft, look, overview } from "./state.ts";
import { called, KINDS } from "./words.ts";

/** An answer can be lost on its way back; the Worker sees to it that the same words do not stand there twice. */
const AGAIN =
  "Your words are kept. If they did arrive after all, posting them again does not post them twice.";

interface Props {
  /** Where it is written; a draft waits there until it is sent. */
  place: string;
  heading: string;
  /** The child, where the page is that child's; else none is chosen until the writer chooses. */
  log?: string;
  reply?: Reply;
  /** What to begin with: a correction begins with the words it corrects. */
  first?: Partial<PostDraft>;
  onSent?: () => void;
}

export function Composer({ place, heading, log = "", reply, first, onSent }: Props) {
  const blank: PostDraft = { ...BLANK, ...first, log };
  const draft = keptDraft<PostDraft>(`post:${place}`, blank);
  const newcomers = useSignal<Person[]>([]);
  const unvouched = useSignal(0); // since when, in ms
  const allTheSame = useSignal(false);
  const done = useSignal("");
  const child = childOf(draft.value.log);
  // Until someone turns to it, it leaves the height to what was posted.
  const turnedTo = useSignal(Boolean(reply));
  const details = useSignal(false);
  const open = turnedTo.value || draft.value.text !== "" || (!log && draft.value.log !== "");

  const set = (part: Partial<PostDraft>) => {
    const next = { ...draft.value, ...part };
    done.value = "";
    newcomers.value = [];
    unvouched.value = 0;
    allTheSame.value = false;
    draft.value = withReaders(draft.value, next, childOf(next.log));
  };

  const form = useForm(
    () => checkDraft(draft.value, reply),
    async () => {
      const { log, shown } = draft.value;
      // A draft that waited for its first word was never shown to anyone by name.
      const seen = shown.length > 0 ? shown : (child?.members.map(({ person }) => person.id) ?? []);
      const said = { log, draft: toSend(draft.value, reply), shown: seen };
      // Said of this attempt; the next one is warned anew.
      const warned = allTheSame.value;
      allTheSame.value = false;
      const answer = await ask("post", { ...said, allTheSame: warned });
      unvouched.value = answer.unvouched;
      if (!answer.sent) {
        await look();
        newcomers.value = answer.newcomers;
        allTheSame.value = warned && answer.newcomers.length > 0;
        return;
      }
      done.value = `Posted to ${childOf(log)?.name ?? "the"}’s team (${childOf(log)?.members.length ?? 0}).`;
      draft.value = blank;
      turnedTo.value = false;
      await look();
      onSent?.();
    },
  );

  const unfolded = details.value || Boolean(form.wrong("happened"));
  return (
    <form
      class="composer card"
      onSubmit={form.submit}
      onFocusCapture={() => (turnedTo.value = true)}
      noValidate
      aria-labelledby="composer-heading"
    >
      <h2 id="composer-heading">{heading}</h2>
      <ErrorSummary
        form={form}
        title="Not sent."
        more={form.failure?.error === "Unreachable" ? AGAIN : ""}
      />
      {!log && (
        <PickChild log={draft.value.log} onPick={(picked) => set({ log: picked })} form={form} />
      )}
      <Text draft={draft.value} set={set} form={form} reply={reply} />
      {open && (
        <>
          <Marks draft={draft.value} set={set}>
            <DetailsToggle open={unfolded} onClick={() => (details.value = !unfolded)} />
          </Marks>
          <KindFields draft={draft.value} set={set} form={form} />
          <Details draft={draft.value} set={set} form={form} open={unfolded} />
          <Nudge draft={draft.value} set={set} />
          {newcomers.value.length > 0 && child ? (
            <Newcomers
              newcomers={newcomers.value}
              child={child}
              busy={form.busy}
              onYes={() => {
                const ids = newcomers.value.map(({ id }) => id);
                draft.value = {
                  ...draft.value,
                  shown: [...new Set([...draft.value.shown, ...ids])],
                };
                newcomers.value = [];
                form.submit();
              }}
              onNo={() => {
                newcomers.value = [];
                allTheSame.value = false;
              }}
            />
          ) : unvouched.value > 0 && child ? (
            <Unvouched
              child={child}
              when={unvouched.value}
              busy={form.busy}
              onAgain={form.submit}
              onAllTheSame={() => {
                allTheSame.value = true;
                form.submit();
              }}
            />
          ) : (
            <Send child={child} busy={form.busy} />
          )}
        </>
      )}
      <p role="status" class="done">
        {form.busy ? "Sealing and sending…" : done.value}
      </p>
      <Duty />
    </form>
  );
}

interface PartProps {
  draft: PostDraft;
  set: (part: Partial<PostDraft>) => void;
  form: Form;
}

type MarksProps = Omit<PartProps, "form"> & { children: ComponentChildren };

/** The heading asks; a kind that asks for something else has a label of its own. */
function Text({ draft, set, form, reply }: PartProps & { reply: Reply | undefined }) {
  const label = labelOf(draft.kind, reply);
  const base = { id: "text", label: label || <span class="unseen">Your words</span>, form };
  return (
    <Labelled {...base}>
      <textarea
        {...PRIVATE}
        {...described(base)}
        class="input"
        rows={2}
        dir="auto"
        value={draft.text}
        onInput={(event) => set({ text: event.currentTarget.value })}
      />
    </Labelled>
  );
}

function Marks({ draft, set, children }: MarksProps) {
  const { kind, outcome, log } = draft;
  const rest = left(draft);
  const role = childOf(log)?.myRole;
  const kinds = KINDS.filter(({ value }) => value !== "decision" || role !== "follower");
  return (
    <div class="composer-row">
      <span class="kind-pick">
        <KindMark mark={markOf(kind, outcome)} />
        <select
          class="input"
          aria-label="Kind of post"
          value={kind}
          onChange={(event) => set({ kind: event.currentTarget.value })}
        >
          {kinds.map(({ value, label: words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </span>
      <span class={rest < 0 ? "count over" : "count"}>
        {rest < 0 ? `${-rest} too many` : `${rest} left`}
      </span>
      <span class="unseen" role="status">
        {rest <= 20 && (rest < 0 ? `${-rest} characters too many` : `${rest} characters left`)}
      </span>
      {children}
    </div>
  );
}

function Send({ child, busy }: { child: Child | undefined; busy: boolean }) {
  const everywhere = overview.value?.trouble;
  if (everywhere || child?.trouble) {
    return (
      <Notice sort="warning" title="Nothing can be posted here until this is put right.">
        <p>
          The warning {everywhere ? "at the top" : "on the child’s page"} says what is wrong. Ring
          the team meanwhile.
        </p>
      </Notice>
    );
  }
  if (overview.value?.restoring) {
    return (
      <Notice sort="warning" title="Nothing can be posted just now.">
        <p>The server is being put back from a backup. What you write here is kept until it is.</p>
      </Notice>
    );
  }
  if (child?.waiting) {
    return (
      <Notice sort="warning" title="You cannot post here yet.">
        <p>
          The key has not reached this device. It comes when a colleague on the team next opens the
          app.
        </p>
      </Notice>
    );
  }
  return (
    <>
      {child && <Alone child={child} />}
      {child && <Readers child={child} />}
      <Button submit busy={busy}>
        {child ? (
          <>
            Post to <bdi>{called(child)}</bdi>’s team ({child.members.length})
          </>
        ) : (
          "Post"
        )}
      </Button>
    </>
  );
}

/** While the whole stream hangs on one person, what that risks is said before anything is posted. */
function Alone({ child }: { child: Child }) {
  if (child.members.length > 1) return null;
  return (
    <Notice sort="warning" title="Only you can read this.">
      <p>
        If you lose your keys, everything posted here is lost for good.{" "}
        <a href={`#/child/${child.log}/team/add`}>Add a second person</a>, as keeper
        {child.posts === 0 && ", before you post or soon after"}.
      </p>
    </Notice>
  );
}

function labelOf(kind: string, reply: Reply | undefined): string {
  if (reply?.how === "same") return "In your own words, if you like";
  if (reply?.how === "different") return "What you see, and why";
  if (reply?.how === "correction") return "How it should read";
  const labels: Record<string, string> = {
    told: "What they told you",
    words: "The child’s words, as they said them",
    records: "What the record says",
    decision: "What was decided",
  };
  return labels[kind] ?? "";
}
