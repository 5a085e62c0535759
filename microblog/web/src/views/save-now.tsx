// On a shared computer nothing is kept: the key file is saved before anything else.

import { useSignal } from "@preact/signals";

import { Button } from "./parts/button.tsx";
import { SaveKeyFile } from "./parts/key-file.tsx";
import { Page } from "./parts/page.tsx";

export function SaveNow({ onDone }: { onDone: () => void }) {
  const saved = useSignal(false);
  return (
    <Page title="Save your key file now">
      <p>
        You are in. On a shared computer nothing is kept: with the key file and your passphrase you
        come back in a moment, with the recovery sheet in two minutes. Nobody can make it for you
        again, not even whoever runs the server.
      </p>
      <p>
        Put it where only you can reach it: your own network folder or a memory stick. Not in a
        mail.
      </p>
      <SaveKeyFile onSaved={() => (saved.value = true)} look={saved.value ? "second" : "main"} />
      {saved.value && <Button onClick={onDone}>Continue</Button>}
    </Page>
  );
}
