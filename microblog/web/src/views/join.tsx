// Joining: the letters, who invites me as whom to what, what this protects, and my keys.

import { useSignal } from "@preact/signals";

import type { Invitation } from "../client/messages.ts";
import { AfterKeys } from "./after-keys.tsx";
import { ask } from "./bridge.ts";
import { date } from "./dates.ts";
import { must, useForm } from "./form.ts";
import { Keys, NOTHING } from "./keys.tsx";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { ProtectsLink } from "./parts/protects-link.tsx";
import { Who } from "./parts/who.tsx";
import { Working } from "./parts/working.tsx";
import { settle } from "./route.ts";
import { ROLES, say } from "./words.ts";

type Step = "letters" | "who" | "what" | "keys" | "sheet";

export function Join({ fragment }: { fragment: string }) {
  const step = useSignal<Step>("letters");
  const letters = useSignal("");
  const invitation = useSignal<Invitation | null>(null);
  const keys = useSignal(NOTHING);
  const to = (next: Step) => {
    step.value = next;
    settle();
  };
  const form = useForm(
    () =>
      must(letters.value.replace(/[\s-]/g, "").length === 8, "letters", "Enter all eight letters"),
    async () => {
      invitation.value = await ask("readInvitation", { fragment, letters: letters.value });
      to("who");
    },
  );
  if (step.value === "who" && invitation.value) {
    return (
      <Inviter
        invitation={invitation.value}
        onYes={() => to("what")}
        onBack={() => to("letters")}
      />
    );
  }
  if (step.value === "what") return <Protects onYes={() => to("keys")} onBack={() => to("who")} />;
  if (step.value === "keys") {
    return (
      <Keys
        kept={keys}
        button="Join"
        failed="You have not joined."
        onBack={() => to("what")}
        send={async (opened) => {
          await ask("join", opened);
          to("sheet");
        }}
      />
    );
  }
  if (step.value === "sheet") return <AfterKeys keep={keys.value.keep === "own"} />;
  return (
    <Page title="You have been invited">
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} />
        <Field
          id="letters"
          label="The eight letters"
          hint="Whoever invited you tells you them, in person or on the phone. If they came in the same message as the link, ask for a new invitation."
          width="middle"
          form={form}
          value={letters.value}
          max={20}
          onInput={(value) => (letters.value = value)}
        />
        <Button submit busy={form.busy}>
          Open the invitation
        </Button>
        {form.busy && <Working idle="unlock" />}
      </form>
    </Page>
  );
}

interface StepProps {
  onYes: () => void;
  onBack: () => void;
}

function Inviter({ invitation, onYes, onBack }: StepProps & { invitation: Invitation }) {
  const { practice, name, job, agency, role, inviter, expiry } = invitation;
  return (
    <Page title="Is this you?">
      <dl class="summary">
        <div>
          <dt>Invited by</dt>
          <dd>
            <Who person={inviter} />
          </dd>
        </div>
        <div>
          <dt>To</dt>
          <dd>
            <bdi>{practice}</bdi>
          </dd>
        </div>
        <div>
          <dt>As</dt>
          <dd>
            <bdi class="name">{name}</bdi>, <bdi>{job}</bdi>, <bdi>{agency}</bdi>
          </dd>
        </div>
        <div>
          <dt>Role</dt>
          <dd>
            {say(ROLES, role)}: {ROLES.find(({ value }) => value === role)?.hint}
          </dd>
        </div>
        <div>
          <dt>Good until</dt>
          <dd>{date(expiry)}</dd>
        </div>
      </dl>
      <p>If any of this is wrong, stop here and ring the person who invited you.</p>
      <Steps yes="Yes, this is me" onYes={onYes} onBack={onBack} />
    </Page>
  );
}

function Protects({ onYes, onBack }: StepProps) {
  return (
    <Page title="What this protects, and what it cannot">
      <p class="inset">
        <strong>
          What you write is part of the child’s record. The child, a parent or a court may read it.
        </strong>
      </p>
      <h2>It protects</h2>
      <ul>
        <li>
          What you write is sealed on your device and opened on the devices of the child’s team.
          Whoever runs the server cannot read a word of it.
        </li>
        <li>Who can read a post is on the screen, by name, before you send it.</li>
        <li>
          Every post is signed. Nobody can change it, or write in your name, without it showing.
        </li>
      </ul>
      <h2>It cannot protect</h2>
      <ul>
        <li>
          A device that is open. Use Hide when someone looks over your shoulder, and Lock when you
          go.
        </li>
        <li>What a colleague copies or tells.</li>
        <li>
          That you posted, to which stream, when, and whether it was a nudge to supervisors: the server
          sees this, not about whom.
        </li>
        <li>Your name, job, agency, phone and email: the server holds these.</li>
        <li>Keys and passphrase that are lost. Nobody can reset them.</li>
      </ul>
      <h2>It is not</h2>
      <p>
        A referral, or a way to call for help. Nobody is on duty here. In danger ring 999. It is not
        for real children yet, until emergency access by two people exists.
      </p>
      <p>
        <ProtectsLink words="All of it, on one page" />
      </p>
      <Steps yes="I have read this" onYes={onYes} onBack={onBack} />
    </Page>
  );
}

function Steps({ yes, onYes, onBack }: StepProps & { yes: string }) {
  return (
    <p class="row">
      <Button onClick={onYes}>{yes}</Button>
      <Button look="plain" onClick={onBack}>
        Back
      </Button>
    </p>
  );
}
