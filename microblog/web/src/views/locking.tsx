// When this device hides the page, and when it locks.

import type { Preferences } from "../client/messages.ts";
import { chooseLocking, locking } from "./idle.ts";
import { isPhone } from "./leaving.ts";
import { Check, Select } from "./parts/field.tsx";

const UNTOUCHED = [5, 15, 30, 60];
const AWAY = [1, 5, 15, 30, 60];

/** `stored`: keys are kept on this device, and so is what is chosen here. */
export function Locking({ stored }: { stored: boolean }) {
  const { lockMinutes, awayMinutes, hideOnLeaving } = locking.value;
  const phone = isPhone();
  const both = phone || hideOnLeaving;
  return (
    <>
      <h2>Hiding and locking</h2>
      <p>
        Hide (or the Escape key) empties the screen at once; one tap brings it back. After five
        minutes hidden the app locks. {phone && "On this device it hides whenever you leave it."}
      </p>
      {!phone && (
        <Check
          id="hide-on-leaving"
          value={hideOnLeaving}
          onInput={(chosen) => void chooseLocking({ hideOnLeaving: chosen })}
        >
          Hide whenever another window comes to the front
        </Check>
      )}
      <Minutes of="lockMinutes" label="Lock when untouched for" value={lockMinutes} offered={UNTOUCHED} />
      {both && (
        <Minutes of="awayMinutes" label="Lock when out of sight for" value={awayMinutes} offered={AWAY} />
      )}
      <p class="hint">
        {both && "Whichever comes first. "}
        {stored ? "Kept on this device." : "Until you close this page; then it is as usual again."}
      </p>
    </>
  );
}

interface Props {
  of: "lockMinutes" | "awayMinutes";
  label: string;
  value: Preferences["lockMinutes"];
  offered: number[];
}

function Minutes({ of, label, value, offered }: Props) {
  const all = [...new Set([...offered, value])].sort((a, b) => a - b);
  return (
    <Select
      id={of}
      label={label}
      value={String(value)}
      onInput={(chosen) => void chooseLocking({ [of]: Number(chosen) })}
    >
      {all.map((minutes) => (
        <option key={minutes} value={minutes}>
          {minutes === 1 ? "1 minute" : `${minutes} minutes`}
        </option>
      ))}
    </Select>
  );
}
