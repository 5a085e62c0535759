// The screens at a door that leads nowhere: keys are here already, or are not, or the link is not whole.

import { ask } from "./bridge.ts";
import { useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Page } from "./parts/page.tsx";
import { stage, start } from "./state.ts";
import { removeKeys } from "./unlock.tsx";

/** An invitation or founding link on a device that already holds somebody's keys. */
export function Taken({ onUnlock }: { onUnlock: () => void }) {
  return (
    <Page title="This device already holds keys">
      <p>
        Somebody has joined from this browser. A second person, or a second set of keys, needs a
        browser or a device of its own.
      </p>
      <p>
        If these are your old keys and you no longer need them, unlock, choose “Forget this device”
        under Me, and open the link again.
      </p>
      <Button onClick={onUnlock}>Unlock</Button>
    </Page>
  );
}

/** The code of a new device, opened where nobody's keys are. */
export function NoKeysHere() {
  return (
    <Page title="There are no keys on this device">
      <p>
        This code belongs to a new device that waits to be let in. Only a device that holds your keys
        already can do that. Open the code with that one, or type the letters there, under Me, “Link
        another device”.
      </p>
      <p>If someone sent you this as a link, do not go on: tell a steward.</p>
      <p>
        If this is the new device, <a href="/link">link this device</a>: it shows a code of its own.
      </p>
    </Page>
  );
}

/** The recovery sheet on a device that holds keys, of which perhaps the passphrase is forgotten. */
export function ForgetAndRecover({ onUnlock }: { onUnlock: () => void }) {
  const form = useForm(
    () => [],
    async () => {
      await removeKeys();
      start.value = await ask("start");
    },
  );
  return (
    <Page title="This device already holds keys">
      <p>Unlock with your passphrase, if you know it. You do not need the sheet then.</p>
      <Button onClick={onUnlock}>Unlock</Button>
      <h2>The passphrase is forgotten</h2>
      <p>
        Have the sheet in your hand first. The keys here, and everything kept on this device, are
        removed, and a post that was begun and not sent with them. Then the sheet brings you back, with
        a new passphrase. That cannot be undone.
      </p>
      <ErrorSummary form={form} title="Nothing was removed." />
      <Button look="warning" busy={form.busy} onClick={form.submit}>
        Remove the keys here and use the sheet
      </Button>
    </Page>
  );
}

/** A link without its secret: reloaded, or cut off by a mail program. */
export function Cut() {
  return (
    <Page title="Open the link again">
      <p>
        The secret part of the link is not here. It leaves the address as soon as it has been read,
        so a reload loses it; some mail programs cut it off.
      </p>
      <p>Open the whole link again from where you got it.</p>
      <Button
        look="second"
        onClick={() => (stage.value = start.value?.stored ? "locked" : "welcome")}
      >
        I have no link
      </Button>
    </Page>
  );
}
