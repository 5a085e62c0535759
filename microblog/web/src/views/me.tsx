// My details, my passphrase and my keys on this device.

import { useSignal } from "@preact/signals";

import { ask } from "./bridge.ts";
import { MyDevices } from "./devices.tsx";
import { must, useForm } from "./form.ts";
import { Locking } from "./locking.tsx";
import { Passkeys } from "./passkeys.tsx";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { KeptHere } from "./parts/kept-here.tsx";
import { SaveKeyFile } from "./parts/key-file.tsx";
import { Page } from "./parts/page.tsx";
import { checkPassphrase, NewPassphrase, PassphraseField } from "./parts/passphrase.tsx";
import { Vouched } from "./parts/vouching.tsx";
import { Who } from "./parts/who.tsx";
import { Working } from "./parts/working.tsx";
import { Profile } from "./profile.tsx";
import { overview, unsentTexts } from "./state.ts";
import { forgetDevice } from "./unlock.tsx";
import { ROLES, say } from "./words.ts";

export function Me() {
  const seen = overview.value;
  if (!seen) return <Page title="Me">{null}</Page>;
  return (
    <Page title="Me">
      <p>
        <Who person={seen.me} />
        {seen.me.role !== "practitioner" && <span class="tag">{say(ROLES, seen.me.role)}</span>}
      </p>
      <p class="small">
        {seen.stored
          ? "Your keys are kept on this device, sealed under your passphrase."
          : "Shared computer: your keys are in memory only. Closing the page forgets them, and you need your key file to come back."}
      </p>
      <MyDevices />
      <Profile me={seen.me} />
      <h2>Round-ups by mail</h2>
      <p>
        A mail that says how many posts there are, never what they say.{" "}
        <a class="tall within" href="#/me/round-ups">
          When it comes
        </a>
      </p>
      <h2>Notices on this device</h2>
      <p>
        Off unless you switch them on. They say that something is new, never what.{" "}
        <a class="tall within" href="#/me/notices">
          Notices
        </a>
      </p>
      <h2>Key file</h2>
      <p>
        Your keys in a file, sealed under your passphrase: for a shared computer, or the command
        line. Keep it where only you can reach it; save it anew after you change the passphrase.
      </p>
      <SaveKeyFile look="second" />
      <ChangePassphrase />
      <Passkeys stored={seen.stored} />
      <Locking stored={seen.stored} />
      <KeptHere />
      <Forget />
      <h2>What this protects</h2>
      <p>
        <a class="tall" href="#/protects">
          How this protects a family, and what it cannot do
        </a>
      </p>
      <p>
        <a class="tall" href="#/check">
          Check this computer
        </a>
      </p>
      <h2>Who vouches for the server</h2>
      <Vouched />
      <h2>This practice</h2>
      <p>
        Fingerprint of the practice. A colleague’s screen shows the same; if not, ring a steward.
      </p>
      <p class="code small">{seen.fingerprint}</p>
    </Page>
  );
}

function ChangePassphrase() {
  const old = useSignal("");
  const next = useSignal("");
  const open = useSignal(false);
  const done = useSignal(false);
  const form = useForm(
    () => [
      ...must(old.value !== "", "old", "Enter the passphrase you have now"),
      ...checkPassphrase(next.value),
    ],
    async () => {
      await ask("changePassphrase", { passphrase: old.value, next: next.value });
      old.value = next.value = "";
      done.value = true;
      open.value = false;
    },
  );
  return (
    <form onSubmit={form.submit} noValidate>
      <h2>Passphrase</h2>
      {!open.value && (
        <Button look="second" onClick={() => (open.value = true)}>
          Change the passphrase
        </Button>
      )}
      <p role="status">
        {done.value &&
          "Changed. A key file saved before opens with the old passphrase only: save a new one."}
      </p>
      {open.value && (
        <>
          <ErrorSummary form={form} title="Not changed." />
          <PassphraseField
            id="old"
            label="Passphrase you have now"
            form={form}
            value={old.value}
            onInput={(value) => (old.value = value)}
          />
          <NewPassphrase
            label="New passphrase"
            form={form}
            value={next.value}
            onInput={(value) => (next.value = value)}
          />
          <Button submit busy={form.busy}>
            Change it
          </Button>
          {form.busy && <Working idle="unlock" />}
        </>
      )}
    </form>
  );
}

function Forget() {
  const asking = useSignal(false);
  const form = useForm(() => [], forgetDevice);
  return (
    <>
      <h2>Forget this device</h2>
      <p>
        Removes your keys and everything kept from this device. Without the recovery sheet, the key
        file or another device you cannot come back: you would have to be invited anew and let in to
        each team again.
      </p>
      <ErrorSummary form={form} title="Not forgotten." />
      {asking.value ? (
        <div class="notice warning" role="alert">
          <p class="notice-title">Have you your recovery sheet, or another device?</p>
          {unsentTexts().length > 0 && (
            <p>
              <strong>What you have written and not sent goes with it.</strong> It stands on the
              stream, and in the box you wrote it in: send it, or copy it, first.
            </p>
          )}
          <p class="row">
            <Button look="warning" busy={form.busy} onClick={form.submit}>
              Yes, forget this device
            </Button>
            <Button look="second" onClick={() => (asking.value = false)}>
              No, keep it
            </Button>
          </p>
        </div>
      ) : (
        <Button look="warning" onClick={() => (asking.value = true)}>
          Forget this device
        </Button>
      )}
    </>
  );
}
