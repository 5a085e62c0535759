// Ten seconds to say it: about whom, the words, and who can read them, before anything is sent.

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

import type { Caution } from "../client/shown-hand.ts";
import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type Form, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { Cautions } from "./parts/cautions.tsx";
import { Duty } from "./parts/duty.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Labelled, described, PRIVATE } from "./parts/field.tsx";
import { KindFields, Kinds, Marks, Nudge } from "./parts/marks.tsx";
import { Notice } from "./parts/notice.tsx";
import { PickChild } from "./parts/pick-child.tsx";
import { Readers } from "./parts/readers.tsx";
import { BLANK, checkDraft, left, type PostDraft, type Reply, toSend, withReaders } from "./post-draft.ts";
import { changeDraft, childOf, draft as keptDraft, look, overview } from "./state.ts";
import { called } from "./words.ts";

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
  /** What its ids begin with, where there is another composer on the page. */
  ids?: string;
}

export function Composer({ place, heading, log = "", reply, first, onSent, ids = "" }: Props) {
  const key = `post:${place}`;
  const blank: PostDraft = { ...BLANK, ...first, log };
  const kept = keptDraft<Partial<PostDraft>>(key, blank);
  // Words that were typed before the keys were open, or kept by an older version, come without marks.
  const draft: PostDraft = { ...blank, ...kept.value };
  const noticed = useSignal<Caution[]>([]);
  const child = childOf(draft.log);
  const top = useRef<HTMLHeadingElement>(null);
  // Until someone turns to it, it leaves the height to what was posted.
  const turnedTo = useSignal(Boolean(reply ?? first));
  const open = turnedTo.value || draft.text !== "" || (!log && draft.log !== "");

  const set = (part: Partial<PostDraft>) => {
    const next = { ...draft, ...part };
    noticed.value = [];
    kept.value = withReaders(draft, next, childOf(next.log));
  };

  const form = useForm(
    () => checkDraft(draft, reply).map(({ id, text }) => ({ id: ids + id, text })),
    async () => {
      const { log, shown, passed } = { ...draft, ...kept.value };
      const said = toSend(draft, reply);
      const found = await ask("cautions", { log, draft: said });
      noticed.value = found.filter(({ words }) => !passed.includes(words));
      if (noticed.value.length > 0) return;
      // A draft that waited for its first word was never shown to anyone by name.
      const seen = shown.length > 0 ? shown : (child?.members.map(({ person }) => person.id) ?? []);
      // It is in the outbox, durably, before its words leave the box.
      await changeDraft(key, blank, (drafts) => ask("queue", { log, draft: said, shown: seen, drafts }));
      turnedTo.value = false;
      top.current?.focus();
      await look();
      onSent?.();
    },
  );

  const asItIs = () => {
    kept.value = { ...draft, passed: [...draft.passed, ...noticed.value.map(({ words }) => words)] };
    noticed.value = [];
    form.submit();
  };
  return (
    <form
      class={open ? "composer card open" : "composer card"}
      onSubmit={form.submit}
      onFocusCapture={({ target }) => target !== top.current && (turnedTo.value = true)}
      noValidate
      aria-labelledby={`${ids}composer-heading`}
    >
      <h2 id={`${ids}composer-heading`} tabIndex={-1} ref={top}>
        {heading}
      </h2>
      <ErrorSummary form={form} title="Not sent." />
      <Text draft={draft} set={set} form={form} ids={ids} reply={reply} />
      {!log && <PickChild log={draft.log} onPick={(picked) => set({ log: picked, passed: [] })} form={form} />}
      {open && (
        <>
          <Kinds draft={draft} set={set} />
          <KindFields draft={draft} set={set} form={form} ids={ids} />
          <Marks draft={draft} set={set} form={form} ids={ids} />
          <Nudge draft={draft} set={set} ids={ids} />
          {noticed.value.length > 0 ? (
            <Cautions
              cautions={noticed.value}
              child={child}
              busy={form.busy}
              onAsItIs={asItIs}
              onChange={() => {
                selectWords(ids, noticed.value[0]?.words ?? "");
                noticed.value = [];
              }}
            />
          ) : (
            <Send child={child} busy={form.busy} />
          )}
        </>
      )}
      <Duty />
    </form>
  );
}

/** Go where the words stand, and select them. */
function selectWords(ids: string, words: string): void {
  const boxes = ["text", "source", "reason"].map((id) => document.getElementById(ids + id) as HTMLTextAreaElement | null);
  const box = boxes.find((one) => one?.value.includes(words)) ?? boxes[0];
  const at = box?.value.indexOf(words) ?? 0;
  box?.focus();
  box?.setSelectionRange(at, at + words.length);
}

interface PartProps {
  draft: PostDraft;
  set: (part: Partial<PostDraft>) => void;
  form: Form;
  ids: string;
}

/** The heading asks; a kind that asks for something else has a label of its own. */
function Text({ draft, set, form, ids, reply }: PartProps & { reply: Reply | undefined }) {
  const label = labelOf(draft.kind, reply);
  const base = { id: `${ids}text`, label: label || <span class="unseen">Your words</span>, form };
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
      {draft.text !== "" && <Count draft={draft} />}
    </Labelled>
  );
}

/** How many letters are left; said aloud only as they run out. */
function Count({ draft }: { draft: PostDraft }) {
  const rest = left(draft);
  return (
    <>
      <span class={rest < 0 ? "count over" : "count"}>{rest < 0 ? `${-rest} too many` : `${rest} left`}</span>
      <span class="unseen" role="status">
        {rest <= 20 && (rest < 0 ? `${-rest} characters too many` : `${rest} characters left`)}
      </span>
    </>
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
      <div class="send">
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
      </div>
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
  if (reply?.how === "copied") return "Where it is now, if it helps";
  if (reply?.how === "different") return "What you see, and why";
  if (reply?.how === "correction") return "How it should read";
  if (reply?.how === "review") return "What is decided now";
  const labels: Record<string, string> = {
    told: "What they told you",
    words: "The child’s words, as they said them",
    records: "What the record says",
    decision: "What was decided",
  };
  return labels[kind] ?? "";
}
