// The screens outside: where something is missing, and where nobody has keys yet.

import { Button } from "./parts/button.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { LACKS } from "./sentences.ts";
import { missing, start } from "./state.ts";
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
