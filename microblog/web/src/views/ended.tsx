// A device whose time is over, or that was shut out: what that means, and taking the keys off it.

import type { Overview } from "../client/shown.ts";
import { by } from "./dates.ts";
import { useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Page } from "./parts/page.tsx";
import { unsentTexts } from "./state.ts";
import { forgetDevice } from "./unlock.tsx";

type Device = NonNullable<Overview["device"]>;

export function Ended({ device }: { device: Device }) {
  const { revoked, until } = device;
  const form = useForm(() => [], forgetDevice);
  const unsent = unsentTexts();
  return (
    <Page title={revoked ? "This device has been shut out" : "This device’s time is over"}>
      {revoked ? (
        <p>
          You, or a steward, took it off your devices because it was lost or no longer used. The
          server serves it no longer: nothing new comes in, and nothing can be sent.
        </p>
      ) : (
        <p>
          It was linked until {by(until)}. The server serves it no longer: nothing new comes in, and
          nothing can be sent.
        </p>
      )}
      <p>
        To use it again, remove the keys here first. Then open{" "}
        <span class="code">{location.origin}/link</span> on it, with a device of yours at hand that
        is still good{revoked && ", or use your recovery sheet"}.
      </p>
      {revoked && <p>If you know of no reason, ring a steward before you do.</p>}
      {unsent.length > 0 && (
        <>
          <h2>Not sent</h2>
          <p>You had begun this. Copy what you still need: it goes with the keys.</p>
          {unsent.map((text, at) => (
            <p key={at} class="boxed post-text" dir="auto">
              {text}
            </p>
          ))}
        </>
      )}
      <ErrorSummary form={form} title="The keys are still here." />
      <p>Removing the keys takes everything kept on this device with it. It cannot be undone.</p>
      <Button look="warning" busy={form.busy} onClick={form.submit}>
        Remove the keys from this device
      </Button>
    </Page>
  );
}
