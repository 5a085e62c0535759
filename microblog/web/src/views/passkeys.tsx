// Passkeys: unlocking this device's keys with a touch, beside the passphrase.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { PasskeyRow } from "../client/shown-hand.ts";
import { ask } from "./bridge.ts";
import { date } from "./dates.ts";
import { useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { start } from "./state.ts";
import { hasPasskeys, makePasskey } from "./touch.ts";

/** `stored`: keys are kept on this device; where they are not, there is nothing for a passkey to open. */
export function Passkeys({ stored }: { stored: boolean }) {
  const rows = useSignal<PasskeyRow[]>([]);
  const said = useSignal("");
  const look = async () => {
    rows.value = await ask("passkeys");
    start.value = await ask("start");
  };
  useEffect(() => {
    if (stored) void look().catch(() => {});
  }, [stored]);
  const adding = useForm(
    () => [],
    async () => {
      said.value = "";
      await makePasskey();
      await look();
      said.value = "Added. From now on a touch unlocks the app on this device.";
    },
  );
  const removed = async () => {
    await look();
    said.value = "Removed: it opens nothing here any more. You may delete it from this device’s own list of passkeys, too.";
  };
  return (
    <>
      <h2>Unlock with a touch</h2>
      <p>{stored ? ABOUT : "On a shared computer nothing is kept that a touch could open."}</p>
      {stored && !hasPasskeys() && <p>This browser has no passkeys. Your passphrase opens your keys.</p>}
      {rows.value.length > 0 && (
        <ul class="lines">
          {rows.value.map((row) => (
            <Row key={row.id} row={row} onRemoved={removed} />
          ))}
        </ul>
      )}
      <p role="status">{said.value}</p>
      {stored && hasPasskeys() && (
        <form onSubmit={adding.submit} noValidate>
          <ErrorSummary form={adding} title="Not added." />
          <Button submit look="second" busy={adding.busy}>
            {rows.value.length > 0 ? "Add another passkey" : "Add a passkey"}
          </Button>
        </form>
      )}
    </>
  );
}

const ABOUT =
  "A passkey lets this device’s fingerprint, face or PIN open your keys, on this device only. Whoever can unlock this device so can then read what you read: if others can, add none. The server never hears of it, and your passphrase goes on working.";

function Row({ row, onRemoved }: { row: PasskeyRow; onRemoved: () => Promise<void> }) {
  const asking = useSignal(false);
  const name = row.name || "A passkey that cannot be read";
  const form = useForm(
    () => [],
    async () => {
      await ask("removePasskey", { id: row.id });
      await onRemoved();
    },
  );
  return (
    <li class={asking.value ? "line under" : "line"}>
      <div>
        <span class="name">{name}</span>
        {row.since > 0 && <p class="small">since {date(row.since)}</p>}
        <ErrorSummary form={form} title="Not removed." />
      </div>
      {asking.value ? (
        <p class="row">
          <Button look="warning" busy={form.busy} onClick={form.submit}>
            Yes, remove it
          </Button>
          <Button look="second" onClick={() => (asking.value = false)}>
            No, keep it
          </Button>
        </p>
      ) : (
        <Button look="second" onClick={() => (asking.value = true)}>
          Remove<span class="unseen"> {name}</span>
        </Button>
      )}
    </li>
  );
}
