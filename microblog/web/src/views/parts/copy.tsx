// Copying a link, and saying whether the browser allowed it.

import { useSignal } from "@preact/signals";

import { Button } from "./button.tsx";

const REFUSED = "The browser does not let the app copy. Select the link and copy it yourself.";

export function Copy({ text }: { text: string }) {
  const said = useSignal("");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => (said.value = "Copied."),
      () => (said.value = REFUSED),
    );
  return (
    <div class="row">
      <Button look="second" onClick={() => void copy()}>
        Copy the link
      </Button>
      <span role="status">{said.value}</span>
    </div>
  );
}
