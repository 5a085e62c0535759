// The last step of joining: save the key file before anything else.

import { useSignal } from "@preact/signals";

import { leaveDoor } from "./entrance.ts";
import { Button } from "./parts/button.tsx";
import { SaveKeyFile } from "./parts/key-file.tsx";
import { Page } from "./parts/page.tsx";
import { settle } from "./route.ts";
import { enter } from "./state.ts";

export function SaveNow({ keep }: { keep: boolean }) {
  const saved = useSignal(false);
  const goOn = () => {
    leaveDoor();
    settle();
    void enter();
  };
  return (
    <Page title="Save your key file now">
      <p>
        You are in.{" "}
        {keep
          ? "If this device is lost or broken, the key file and your passphrase bring you back."
          : "On a shared computer nothing is kept: without the key file you cannot come back."}{" "}
        Nobody can make it for you again, not even whoever runs the server.
      </p>
      <p>
        Put it where only you can reach it: your own network folder or a memory stick. Not in a
        mail.
      </p>
      <SaveKeyFile onSaved={() => (saved.value = true)} look={saved.value ? "second" : "main"} />
      {saved.value ? (
        <Button onClick={goOn}>Continue</Button>
      ) : (
        keep && (
          <Button look="plain" onClick={goOn}>
            Save it later, under Me
          </Button>
        )
      )}
    </Page>
  );
}
