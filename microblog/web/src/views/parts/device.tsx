// A device in words: what it is called, whether it is good, since when, and when it was last used.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { DeviceRow } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { ago, by, date } from "../dates.ts";
import { version } from "../state.ts";
import { isGood } from "../words.ts";

/** My devices, or, for a steward, somebody's; null until the Worker has said. */
export function useDevices(person = ""): DeviceRow[] | null {
  const rows = useSignal<DeviceRow[] | null>(null);
  useEffect(() => {
    const asked = person ? ask("devicesOf", { person }) : ask("devices");
    asked.then(
      (found) => (rows.value = found),
      () => (rows.value = []),
    );
  }, [person, version.value]);
  return rows.value;
}

export function isSheet({ sort }: DeviceRow): boolean {
  return sort === "paper";
}

/** What it is called; a sheet of paper has no name but the day on which it was made. */
export function deviceName(device: DeviceRow): string {
  if (isSheet(device)) return `Recovery sheet of ${date(device.since)}`;
  return device.name || "Device without a name";
}

export function DeviceTags({ device }: { device: DeviceRow }) {
  const { mine, revoked, until } = device;
  return (
    <>
      {mine && <span class="tag">This one</span>}
      {revoked && <span class="tag alert">Shut out</span>}
      {!revoked && until > 0 && (
        <span class="tag">{isGood(device) ? `Until ${by(until)}` : `Ended ${ago(until)}`}</span>
      )}
    </>
  );
}

/** "Since 3 May 2026 · last used today at 08:52". */
export function DeviceTimes({ device }: { device: DeviceRow }) {
  const { since, lastUse } = device;
  if (isSheet(device)) return <>{lastUse ? `Last used ${ago(lastUse)}` : "Not used yet"}</>;
  return (
    <>
      Since {date(since)} · {lastUse ? `last used ${ago(lastUse)}` : "has signed nothing yet"}
    </>
  );
}
