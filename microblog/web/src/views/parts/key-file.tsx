// Saving the key file: the keys, sealed under the passphrase, in a file of one's own.

import { useSignal } from "@preact/signals";

import { ask } from "../bridge.ts";
import { useForm } from "../form.ts";
import { Button } from "./button.tsx";
import { ErrorSummary } from "./error-summary.tsx";

export function SaveKeyFile({
  onSaved,
  look = "main",
}: {
  onSaved?: () => void;
  look?: "main" | "second";
}) {
  const saved = useSignal(false);
  const form = useForm(
    () => [],
    async () => {
      download(await ask("keyFile"), "microblog.keys");
      saved.value = true;
      onSaved?.();
    },
  );
  return (
    <>
      <ErrorSummary form={form} title="The key file was not saved." />
      <p class="row">
        <Button look={look} busy={form.busy} onClick={form.submit}>
          Save the key file
        </Button>
      </p>
      <p role="status">
        {saved.value &&
          "Saved as microblog.keys. Look in your downloads, and move it to a safe place."}
      </p>
    </>
  );
}

export function download(bytes: Uint8Array, name: string): void {
  const url = URL.createObjectURL(
    new Blob([bytes as BlobPart], { type: "application/octet-stream" }),
  );
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of the file by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
