// The screens outside: where something is missing, and where nobody has keys yet.

import { ask } from "./bridge.ts";
import { useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { LACKS } from "./sentences.ts";
import { missing, stage, start } from "./state.ts";
import { Unlock } from "./unlock.tsx";
import { list } from "./words.ts";

const NAMES: Record<string, string> = {
  webassembly: "WebAssembly",
  workers: "Web Workers",
  storage: "site storage (IndexedDB)",
};

/** Say what this browser lacks and whom to ask; without storage alone one can go on, in memory. */
export function Missing({ onGoOn }: { onGoOn: () => void }) {
  const lacks = missing.value;
  const bearable = lacks.length > 0 && lacks.every((what) => what === "storage");
  return (
    <Page title="This browser cannot run the app">
      <ul>
        {lacks.map((what) => (
          <li key={what}>{LACKS[what] ?? what}</li>
        ))}
      </ul>
      <h2>What to do</h2>
      <ul>
        <li>
          Bring the browser up to date, or try Edge, Chrome, Firefox or Safari of the last two
          years, not in a private window.
        </li>
        <li>
          On a work device ask your IT service desk to allow, for this address only:{" "}
          {list(lacks.map((what) => NAMES[what] ?? what))}.
        </li>
        <li>If a child is in danger now, ring 999. This app is not needed for that.</li>
      </ul>
      {bearable && (
        <>
          <p>
            You can go on as on a shared computer: your keys stay in memory, and you need your key
            file each time.
          </p>
          <Button look="second" onClick={onGoOn}>
            Go on without storage
          </Button>
        </>
      )}
    </Page>
  );
}

/** The Worker itself did not start. */
export function Stopped() {
  return (
    <Page title="The app did not start">
      <p>A part of it could not be loaded or was blocked: the Worker that holds the keys.</p>
      <ul>
        <li>Reload the page.</li>
        <li>
          If that does not help, tell your IT service desk that this address must be allowed Web
          Workers and WebAssembly.
        </li>
        <li>If a child is in danger now, ring 999. This app is not needed for that.</li>
      </ul>
      <Button onClick={() => location.reload()}>Reload</Button>
    </Page>
  );
}

/** Nobody's keys are here. */
export function Welcome() {
  const known = start.value;
  if (known && !known.reachable) {
    return (
      <Page title="The server cannot be reached">
        <p>
          Check that you are online, then try again. If others are online and it still says so, tell
          whoever runs the server.
        </p>
        <Button onClick={() => location.reload()}>Try again</Button>
      </Page>
    );
  }
  if (known && !known.founded) {
    return (
      <Page title="Not founded yet">
        <p>
          There is no practice here yet. Whoever runs the server has a founding link, good once and
          for 24 hours. Open that link in this browser.
        </p>
        <Notice sort="warning" title="Not for real children yet">
          <p>Until emergency access by two people exists, use this with invented children only.</p>
        </Notice>
      </Page>
    );
  }
  return <Unlock />;
}

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
      await ask("forget");
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
