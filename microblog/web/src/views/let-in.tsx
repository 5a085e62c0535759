// Letting in a new device of one's own: its letters, what it calls itself, and for how long.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { ask } from "./bridge.ts";
import { by } from "./dates.ts";
import { must, useForm } from "./form.ts";
import { Button, ButtonLink } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Groups } from "./parts/groups.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Working } from "./parts/working.tsx";
import { settle } from "./route.ts";
import { draft, linking, look, overview } from "./state.ts";

const LETTERS = 20;
const HOUR_MS = 3_600_000;
const BACK = { href: "#/me", text: "Back to Me" };

const WHERES = [
  { value: "here", label: "In front of me, and it shows these letters", hint: "" },
  { value: "away", label: "Somewhere else, or someone sent me the link", hint: "" },
];

const HOW_LONGS = [
  { value: "0", label: "For good", hint: "It is mine, or only I use it" },
  { value: "4", label: "For 4 hours", hint: "" },
  { value: "8", label: "For 8 hours", hint: "A shift on a computer that others use too" },
  { value: "12", label: "For 12 hours", hint: "" },
];

interface Found {
  device: string;
  letters: string;
}

/** It outlives the blind: a phone hides itself while its owner looks at the other screen. */
export function LetIn() {
  const found = draft<Found | null>("let-in:found", null);
  const done = draft<{ device: string; until: number } | null>("let-in:done", null);
  // What stood in the address is used once.
  const scanned = useSignal(linking.value);
  useEffect(() => void (linking.value = ""), []);
  if (done.value) return <Done {...done.value} />;
  if (found.value) {
    return (
      <Who
        found={found.value}
        onIn={(until) => {
          done.value = { device: found.value?.device ?? "", until };
          settle();
        }}
        onBack={() => {
          scanned.value = "";
          found.value = null;
          settle();
        }}
      />
    );
  }
  return (
    <Letters
      scanned={scanned.value}
      onRead={(read) => {
        found.value = read;
        settle();
      }}
    />
  );
}

/** The letters, typed, or read by this phone's camera out of the code on the other screen. */
function Letters({ scanned, onRead }: { scanned: string; onRead: (found: Found) => void }) {
  const typed = useSignal(scanned);
  const form = useForm(
    () => must(bare(typed.value).length === LETTERS, "letters", "Enter all twenty letters"),
    async () => {
      const letters = bare(typed.value);
      const { device } = await ask("readLink", { letters });
      onRead({ device, letters });
    },
  );
  useEffect(() => void (scanned && form.submit()), []);
  return (
    <Page title="Link another device" back={BACK}>
      <ol>
        <li>
          On the new device open <span class="code">{location.origin}/link</span> and give it a name.
        </li>
        <li>
          It shows a code. Point this phone’s own camera at it. Or type the letters that stand under
          it here.
        </li>
      </ol>
      <FormFrame form={form} failed="Not found." button="Continue">
        <Field
          id="letters"
          label="The twenty letters"
          hint="In any size, with or without spaces. They are good for ten minutes."
          max={40}
          form={form}
          value={typed.value}
          onInput={(value) => (typed.value = value)}
        />
        {form.busy && <p role="status">Looking for the new device…</p>}
      </FormFrame>
    </Page>
  );
}

interface WhoProps {
  found: Found;
  onIn: (until: number) => void;
  onBack: () => void;
}

/** Nothing is let in before its owner has said that it is in front of them, and for how long. */
function Who({ found: { device, letters }, onIn, onBack }: WhoProps) {
  const where = useSignal("");
  const long = useSignal("");
  const form = useForm(
    () => [
      ...must(where.value !== "", "where", "Choose where the new device is"),
      ...must(
        where.value !== "away",
        "where",
        "Do not let it in: only a device that you can see. Go back, and tell a steward who asked you",
      ),
      ...must(long.value !== "", "long", "Choose for how long"),
    ],
    async () => {
      const hours = Number(long.value);
      const until = hours === 0 ? 0 : Date.now() + hours * HOUR_MS;
      await ask("letIn", { letters, until });
      await look();
      onIn(until);
    },
  );
  const { me, practice } = overview.value ?? {};
  return (
    <Page title="Let this device in?" back={BACK}>
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} title="Not let in." />
        <dl class="summary">
          <div>
            <dt>It calls itself</dt>
            <dd>
              <bdi class="name">{device || "nothing"}</bdi>
            </dd>
          </div>
          <div>
            <dt>Letters on its screen</dt>
            <dd>
              <Groups letters={letters} />
            </dd>
          </div>
          <div>
            <dt>It would be a device of</dt>
            <dd>
              <bdi>{me?.name}</bdi>, <bdi>{practice}</bdi>
            </dd>
          </div>
        </dl>
        <Notice sort="warning" title="Only a device that you are holding">
          <p>
            Whoever holds it will read all that you read, and post in your name. Nobody ever needs
            you to do this for them: no steward, no service desk, no colleague on the phone. If
            someone sent you a link or asks for letters, stop here and ring a steward.
          </p>
        </Notice>
        <Choice
          id="where"
          label="Where is the new device?"
          words={WHERES}
          form={form}
          value={where.value}
          onInput={(value) => (where.value = value)}
        />
        <Choice
          id="long"
          label="For how long?"
          words={HOW_LONGS}
          form={form}
          value={long.value}
          onInput={(value) => (long.value = value)}
        />
        <p class="row">
          <Button submit busy={form.busy}>
            Let it in
          </Button>
          <Button look="plain" busy={form.busy} onClick={onBack}>
            No, stop here
          </Button>
        </p>
        {form.busy && <Waiting />}
      </form>
    </Page>
  );
}

function Waiting() {
  return (
    <>
      <p role="status">Waiting for the new device to answer. Leave both open.</p>
      <Working />
    </>
  );
}

function Done({ device, until }: { device: string; until: number }) {
  return (
    <Page title="It is in" back={BACK}>
      <Notice sort="done">
        <p>
          <bdi class="name">{device}</bdi> is one of your devices now
          {until > 0 && `, until ${by(until)}`}.
        </p>
      </Notice>
      <p>
        Go on there: it asks for a passphrase of its own, and then fetches what you follow.
        {until > 0 && " When its time is over the server serves it no longer."}
      </p>
      <ButtonLink href="#/me" look="second">
        Back to my devices
      </ButtonLink>
    </Page>
  );
}

function bare(typed: string): string {
  return typed.replace(/[\s-]/g, "");
}
