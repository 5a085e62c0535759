// Opening the keys: those kept on this device with the passphrase, or those in a key file.

import { useSignal } from "@preact/signals";

import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, described, Labelled } from "./parts/field.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { FirstWords } from "./parts/first-words.tsx";
import { PassphraseField } from "./parts/passphrase.tsx";
import { Working } from "./parts/working.tsx";
import { settle } from "./route.ts";
import { emptyPage, enter, farewell, linking, opened, stage, start } from "./state.ts";
import { hasPasskeys, unlockByTouch } from "./touch.ts";
import { WHOSE } from "./words.ts";

export function Unlock() {
  const passphrase = useSignal("");
  const withFile = useSignal(false);
  const form = useForm(
    () => must(passphrase.value !== "", "passphrase", "Enter your passphrase"),
    async () => {
      await ask("unlock", { passphrase: passphrase.value });
      passphrase.value = "";
      await arrive();
    },
  );
  // The words need not wait until the Worker has said what is kept here.
  if (start.value === null) {
    return (
      <Page title="Starting">
        <FirstWords />
        <Farewell />
        <p role="status">Loading the part that holds the keys…</p>
      </Page>
    );
  }
  if (withFile.value || !start.value.stored) {
    return <OpenFile {...(start.value.stored ? { onBack: () => (withFile.value = false) } : {})} />;
  }
  return (
    <Page title="Unlock">
      <FirstWords />
      <Farewell />
      <Touch />
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} />
        <PassphraseField
          id="passphrase"
          label="Passphrase"
          form={form}
          value={passphrase.value}
          onInput={(value) => (passphrase.value = value)}
        />
        <Button submit busy={form.busy}>
          Unlock
        </Button>
        {form.busy && <Working idle="unlock" />}
      </form>
      <p>
        <Button look="plain" onClick={() => (withFile.value = true)}>
          Open a key file instead
        </Button>
      </p>
      <p class="small">
        A forgotten passphrase cannot be reset. <a href="/recover">Use your recovery sheet</a>.
        Without one, ask a steward to invite you anew.
      </p>
    </Page>
  );
}

/** One tap, where a passkey of this device opens its keys. Nothing is asked for before that tap. */
function Touch() {
  const passkeys = start.value?.passkeys ?? [];
  const form = useForm(
    () => [],
    async () => {
      await unlockByTouch(passkeys);
      await arrive();
    },
  );
  if (passkeys.length === 0 || !hasPasskeys()) return null;
  return (
    <form class="touch" onSubmit={form.submit} noValidate>
      <ErrorSummary form={form} title="Not unlocked." />
      <Button submit busy={form.busy}>
        Unlock with a touch
      </Button>
      <p class="small">Or with your passphrase:</p>
    </form>
  );
}

function OpenFile({ onBack }: { onBack?: () => void }) {
  const passphrase = useSignal("");
  const file = useSignal<File | null>(null);
  const keep = useSignal("");
  const form = useForm(
    () => [
      ...must(file.value !== null, "file", "Choose your key file"),
      ...must(passphrase.value !== "", "passphrase", "Enter the passphrase of the key file"),
      ...must(keep.value !== "", "keep", "Choose who uses this device"),
    ],
    async () => {
      const bytes = new Uint8Array((await file.value?.arrayBuffer()) ?? []);
      await ask("openKeyFile", {
        file: bytes,
        passphrase: passphrase.value,
        keep: keep.value === "own",
      });
      passphrase.value = "";
      await arrive();
    },
  );
  const base = {
    id: "file",
    label: "Key file",
    hint: "The file microblog.keys that you saved",
    form,
  };
  return (
    <Page title="Open a key file">
      <Farewell />
      {!onBack && (
        <p class="inset">
          <strong>Invited?</strong> Open the link you were sent, in this browser. If you opened it
          before and came back here, open it again: it is not kept.
        </p>
      )}
      {!onBack && (
        <ul class="plain">
          <li>
            You use the app on another device: <a href="/link">link this one to it</a>
          </li>
          <li>
            Every device is lost, or the passphrase: <a href="/recover">use your recovery sheet</a>
          </li>
        </ul>
      )}
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} />
        <Labelled {...base}>
          <input
            {...described(base)}
            class="input"
            type="file"
            onChange={(event) => (file.value = event.currentTarget.files?.[0] ?? null)}
          />
        </Labelled>
        <PassphraseField
          id="passphrase"
          label="Passphrase"
          form={form}
          value={passphrase.value}
          onInput={(value) => (passphrase.value = value)}
        />
        <Choice
          id="keep"
          label="This device"
          words={WHOSE}
          form={form}
          value={keep.value}
          onInput={(value) => (keep.value = value)}
        />
        <p class="row">
          <Button submit busy={form.busy}>
            Open
          </Button>
          {onBack && (
            <Button look="plain" onClick={onBack}>
              Back
            </Button>
          )}
        </p>
        {form.busy && <Working idle="unlock" />}
      </form>
    </Page>
  );
}

/** What the last visit left behind, and what this one came for. */
function Farewell() {
  const unsent = start.value?.unsent ?? 0;
  return (
    <>
      {unsent > 0 && (
        <Notice sort="note">
          <p>
            {unsent === 1
              ? "1 post is not yet sent. It goes when you unlock."
              : `${unsent} posts are not yet sent. They go when you unlock.`}
          </p>
        </Notice>
      )}
      {farewell.value && (
        <Notice sort="warning">
          <p>{farewell.value}</p>
        </Notice>
      )}
      {opened.value && (
        <Notice sort="note">
          <p>You have opened a follow slip. Once your keys are open you see who may let you in.</p>
        </Notice>
      )}
      {linking.value && (
        <Notice sort="note">
          <p>
            You have opened the code of a new device. Unlock only if you are holding that device now:
            then you see what it calls itself, and decide.
          </p>
        </Notice>
      )}
    </>
  );
}

/** Go in, and hear from the Worker what this device keeps now. */
async function arrive(): Promise<void> {
  settle();
  await enter();
  start.value = await ask("start");
}

/** Remove keys and everything kept from this device. */
export async function removeKeys(): Promise<void> {
  await ask("forget");
  // Whoever sits down here next is told nothing of mine.
  void import("./subscribing.ts").then(({ unsubscribe }) => unsubscribe()).catch(() => null);
}

/** Remove keys and everything kept from this device, and stand at the door. */
export async function forgetDevice(): Promise<void> {
  await removeKeys();
  emptyPage();
  if (start.value) start.value = { ...start.value, stored: false, passkeys: [] };
  stage.value = "welcome";
  settle();
}
