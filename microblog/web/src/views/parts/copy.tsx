// Copying a link or words, and saying whether the browser allowed it.

import { useSignal } from "@preact/signals";

import { Button } from "./button.tsx";

export function Copy({ text, what = "link" }: { text: string; what?: string }) {
  const said = useSignal("");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => (said.value = "Copied."),
      () => (said.value = `The browser does not let the app copy. Select the ${what} and copy it yourself.`),
    );
  return (
    <div class="row">
      <Button look="second" onClick={() => void copy()}>
        Copy the {what}
      </Button>
      <span role="status">{said.value}</span>
    </div>
  );
}
