// Opening a follow slip: who may let me in, why I ask, and asking.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Slip } from "../client/messages.ts";
import type { Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type KeptForm, type Mistake, must, useKeptForm } from "./form.ts";
import { ButtonLink } from "./parts/button.tsx";
import { described, Labelled, PRIVATE } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Who } from "./parts/who.tsx";
import { settle } from "./route.ts";
import { type Failure, failureOf } from "./sentences.ts";
import { look, opened, overview } from "./state.ts";
import { codePoints, list, nameOf } from "./words.ts";

const MOST_REASON = 120;

export function AskToFollow() {
  const fragment = opened.value;
  const slip = useSignal<Slip | null>(null);
  const sent = useSignal<Person[] | null>(null);
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    if (!fragment) return;
    ask("readSlip", { fragment }).then(
      (read) => (slip.value = read),
      (error) => (failure.value = failureOf(error)),
    );
  }, [fragment]);
  if (sent.value) return <Sent keepers={sent.value} />;
  if (failure.value) return <Refused failure={failure.value} />;
  if (!fragment) return <Gone />;
  if (!slip.value) {
    return (
      <Page title="Follow slip">
        <p role="status">Asking who may let you in…</p>
      </Page>
    );
  }
  if (slip.value.following) return <Already log={slip.value.log} />;
  return (
    <Ask
      slip={slip.value}
      fragment={fragment}
      onSent={(keepers) => {
        opened.value = "";
        sent.value = keepers;
        settle();
      }}
    />
  );
}

interface AskProps {
  slip: Slip;
  fragment: string;
  onSent: (keepers: Person[]) => void;
}

function Ask({ slip, fragment, onSent }: AskProps) {
  const keepers = useSignal(slip.keepers);
  const changed = useSignal(false);
  const form = useKeptForm(
    `ask:${slip.log}`,
    { reason: "" },
    ({ reason }) => checkReason(reason.trim()),
    async ({ reason }) => {
      const shown = keepers.value.map(({ id }) => id);
      const answer = await ask("askToFollow", { fragment, reason: reason.trim(), shown });
      keepers.value = answer.keepers;
      changed.value = !answer.sent;
      if (!answer.sent) return false;
      await look();
      onSent(answer.keepers);
      return true;
    },
  );
  const asked = overview.value?.asked.some(({ log }) => log === slip.log);
  return (
    <Page title="Ask to follow">
      {asked && (
        <Notice sort="note">
          <p>You have asked already. Asking again replaces what you wrote.</p>
        </Notice>
      )}
      <p>
        The slip does not say whom it is about: whoever gave it to you knows. If you are let in, you
        read everything from the beginning.
      </p>
      {keepers.value.length === 0 ? (
        <Notice sort="warning" title="There is nobody here who may let you in.">
          <p>Ask whoever gave you the slip.</p>
        </Notice>
      ) : (
        <FormFrame form={form} failed="Not asked." button="Ask to follow">
          {changed.value && (
            <Notice sort="warning" title="Other people may let you in now. Nothing has been sent.">
              <p>Look at the names again before you ask.</p>
            </Notice>
          )}
          <Keepers keepers={keepers.value} />
          <Reason form={form} />
        </FormFrame>
      )}
    </Page>
  );
}

function checkReason(reason: string): Mistake[] {
  const length = codePoints(reason);
  return [
    ...must(reason !== "", "reason", "Say why you should follow"),
    ...must(
      length <= MOST_REASON,
      "reason",
      `Say it in at most ${MOST_REASON} characters: these are ${length}`,
    ),
  ];
}

function Keepers({ keepers }: { keepers: Person[] }) {
  return (
    <>
      <h2>Who is asked</h2>
      <p>The server says that these may let you in. You know them by name, or ask first.</p>
      <ul class="plain">
        {keepers.map((person) => (
          <li key={person.id}>
            <Who person={person} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Reason({ form }: { form: KeptForm<{ reason: string }> }) {
  const base = {
    id: "reason",
    label: "Why you should follow",
    hint: `At most ${MOST_REASON} characters. Only the people above can read it; if you are let in, the whole team does.`,
    form,
  };
  return (
    <Labelled {...base}>
      <textarea
        {...PRIVATE}
        {...described(base)}
        class="input"
        rows={3}
        dir="auto"
        value={form.now.reason}
        onInput={(event) => form.set({ reason: event.currentTarget.value })}
      />
    </Labelled>
  );
}

function Sent({ keepers }: { keepers: Person[] }) {
  return (
    <Page title="You have asked to follow">
      <Notice sort="done">
        <p>
          <bdi>{list(keepers.map(nameOf))}</bdi> {keepers.length === 1 ? "sees" : "see"} it when{" "}
          {keepers.length === 1 ? "they next open" : "one of them next opens"} the app. Once let in,
          you find the child under Children.
        </p>
      </Notice>
      <p>
        Nobody is mailed. If it is urgent, ring one of them. You can take it back under Children
        until then; after 30 days it lapses.
      </p>
      <ButtonLink href="#/children">Done</ButtonLink>
    </Page>
  );
}

function Already({ log }: { log: string }) {
  useEffect(() => () => void (opened.value = ""), []);
  return (
    <Page title="You follow this already">
      <p>The slip is for a stream whose team you are on.</p>
      <ButtonLink href={`#/child/${log}`}>Open it</ButtonLink>
    </Page>
  );
}

function Refused({ failure }: { failure: Failure }) {
  const other = failure.error === "WrongLog" || failure.error === "not-found";
  return (
    <Page title="This slip cannot be used">
      <p>
        {other
          ? "It is for another practice, is not whole, or the stream does not exist here. Open the whole link again from where you got it, or ask for a new slip."
          : `${failure.title} ${failure.next}`}
      </p>
      <p class="small">Name of the error: {failure.error}</p>
      <ButtonLink href="#/" look="second">
        Go to the stream
      </ButtonLink>
    </Page>
  );
}

/** The link without its fragment, or long after it was dealt with. */
function Gone() {
  return (
    <Page title="Open the slip again">
      <p>
        The part of the link that counts is not here: a reload loses it, and some mail programs cut
        it off. Open the whole link again from where you got it.
      </p>
      <ButtonLink href="#/" look="second">
        Go to the stream
      </ButtonLink>
    </Page>
  );
}
