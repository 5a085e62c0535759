// Making the recovery sheet: on to paper first, then two groups typed back from it.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Sheet } from "../client/messages.ts";
import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Paper } from "./parts/paper.tsx";
import { Working } from "./parts/working.tsx";
import { go, settle } from "./route.ts";
import { type Failure, failureOf } from "./sentences.ts";
import { draft, dropDrafts, look } from "./state.ts";

const FOUR = 4;

interface Props {
  /** What comes after it; under Me, the list of devices again. */
  onDone: () => void | Promise<void>;
  /** Where it is a step on the way in, what stands when it cannot be made now. */
  onLater?: () => void;
}

/** Under Me, at any time. */
export function NewSheet() {
  const done = async () => {
    // There it is known that there is one.
    await look();
    go("/me");
  };
  return <MakeSheet onDone={done} />;
}

/**
 * A step that is done, and not one that is offered: only where it fails may it wait. What was drawn outlives the
 * blind, for a phone hides itself while it prints, and other letters would stand there afterwards than on the paper.
 */
export function MakeSheet({ onDone, onLater }: Props) {
  const sheet = draft<Sheet | null>("sheet:drawn", null);
  const typing = draft("sheet:typing", false);
  const failure = useSignal<Failure | null>(null);
  const draw = () => {
    failure.value = null;
    ask("draftSheet").then(
      (drawn) => (sheet.value = drawn),
      (error) => (failure.value = failureOf(error)),
    );
  };
  useEffect(() => void (sheet.value ?? draw()), []);
  const back = onLater ? undefined : { href: "#/me", text: "Back to Me" };
  if (!sheet.value) {
    return (
      <Page title="Your recovery sheet" back={back}>
        {failure.value ? (
          <NotNow failure={failure.value} onAgain={draw} {...(onLater ? { onLater } : {})} />
        ) : (
          <p role="status">Drawing the sheet…</p>
        )}
      </Page>
    );
  }
  const to = (next: boolean) => {
    typing.value = next;
    settle();
  };
  if (typing.value) {
    return (
      <TypeBack
        sheet={sheet.value}
        onBack={() => to(false)}
        onDone={async () => {
          await onDone();
          dropDrafts("sheet:");
        }}
        {...(onLater ? { onLater } : {})}
      />
    );
  }
  return (
    <Page title="Your recovery sheet" back={back}>
      <div class="unprinted">
        <p>
          If every device is lost or broken, or the passphrase is forgotten, this page brings you
          back. Nobody else can: no steward, and not whoever runs the server.
        </p>
        <p class="row">
          <Button onClick={() => print()}>Print it</Button>
          <Button look="second" onClick={() => to(true)}>
            I have it on paper
          </Button>
        </p>
        <p class="small">
          Fetch it from the printer at once, and do not save it as a file. No printer? Write the
          nine groups on paper by hand, with the address: that is enough.
        </p>
      </div>
      <Paper sheet={sheet.value} />
      <p class="unprinted">
        <Button onClick={() => to(true)}>
          I have it on paper<span class="unseen">, as it stands above</span>
        </Button>
      </p>
    </Page>
  );
}

function TypeBack({ sheet, onBack, onDone, onLater }: Props & { sheet: Sheet; onBack: () => void }) {
  const first = useSignal("");
  const second = useSignal("");
  const typed = [first, second];
  const form = useForm(
    () =>
      sheet.asked.flatMap((at, which) => {
        const letters = lettersOf(typed[which]?.value ?? "");
        const wrong = `Group ${at + 1} is not what the sheet says`;
        const text = letters === "" ? `Enter group ${at + 1}` : wrong;
        return must(letters === sheet.letters[at], `group-${at + 1}`, text);
      }),
    async () => {
      await ask("keepSheet", { typed: [first.value, second.value] });
      await onDone();
    },
  );
  return (
    <Page title="Type two groups from the paper">
      <form onSubmit={form.submit} noValidate>
        <p>
          So that you know the paper can be read. Take it in your hand; the letters are not on this
          screen now.
        </p>
        <ErrorSummary form={form} title="The sheet does not count yet." />
        {sheet.asked.map((at, which) => (
          <Field
            key={at}
            id={`group-${at + 1}`}
            label={`Group ${at + 1}`}
            hint={which === 0 ? "Four letters or figures. Small letters will do." : undefined}
            width="short"
            max={12}
            form={form}
            value={typed[which]?.value ?? ""}
            onInput={(value) => typed[which] && (typed[which].value = value)}
          />
        ))}
        <p class="row">
          <Button submit busy={form.busy}>
            Check it
          </Button>
          <Button look="plain" busy={form.busy} onClick={onBack}>
            Show the sheet again
          </Button>
          {form.failure && onLater && <Later onLater={onLater} />}
        </p>
        {form.busy && <Working idle="check" />}
      </form>
    </Page>
  );
}

function NotNow({
  failure,
  onAgain,
  onLater,
}: {
  failure: Failure;
  onAgain: () => void;
  onLater?: () => void;
}) {
  return (
    <>
      <Notice sort="warning" title={`The sheet could not be made now. ${failure.title}`}>
        <p>{failure.next}</p>
      </Notice>
      <p class="row">
        <Button onClick={onAgain}>Try again</Button>
        {onLater && <Later onLater={onLater} />}
      </p>
    </>
  );
}

function Later({ onLater }: { onLater: () => void }) {
  return (
    <Button look="plain" onClick={onLater}>
      Go on without it: the app asks again
    </Button>
  );
}

/** What was typed, as it stands on the paper: nobody has to tell O from 0, or I and L from 1. */
function lettersOf(typed: string): string {
  const letters = typed.replace(/[\s-]/g, "").toUpperCase().slice(0, FOUR + 1);
  return letters.replace(/O/g, "0").replace(/[IL]/g, "1");
}
