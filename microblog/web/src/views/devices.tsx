// The devices that hold someone's keys, a line each; for oneself, linking one more, and the recovery sheet.

import { useEffect } from "preact/hooks";

import type { DeviceRow, Person } from "../client/shown.ts";
import { ButtonLink } from "./parts/button.tsx";
import { deviceName, DeviceTags, DeviceTimes, isSheet, useDevices } from "./parts/device.tsx";
import { NoSheet } from "./parts/no-sheet.tsx";
import { dropDrafts } from "./state.ts";
import { isGood, nameOf } from "./words.ts";

export function MyDevices() {
  const rows = useDevices();
  // Whoever stands here is done with the device they let in, or the sheet they made.
  useEffect(() => ["let-in:", "sheet:"].forEach(dropDrafts), []);
  const sheets = rows?.filter((one) => isSheet(one) && isGood(one)) ?? [];
  return (
    <>
      <h2>My devices</h2>
      <p>Each holds your keys: whoever opens one reads what you read, and posts in your name.</p>
      <Lines rows={rows} at="/me/devices" what="Lost?" />
      <p class="row">
        <ButtonLink href="#/me/link" look="second">
          Link another device
        </ButtonLink>
        <ButtonLink href="#/me/sheet" look="second">
          Make a {sheets.length > 0 ? "new " : ""}recovery sheet
        </ButtonLink>
      </p>
      <NoSheet />
    </>
  );
}

/** A steward looks at somebody's devices, because one of them is lost. */
export function TheirDevices({ person }: { person: Person }) {
  const rows = useDevices(person.id);
  const lost = rows !== null && !rows.some((one) => isGood(one));
  return (
    <section aria-labelledby="devices">
      <h2 id="devices">Devices</h2>
      <p>
        Lost or stolen, and <bdi>{nameOf(person)}</bdi> cannot shut it out themselves? You can. It
        opens nothing for you.
      </p>
      {lost && <p>No device and no recovery sheet is left.</p>}
      <Lines rows={rows} at={`/people/${person.id}/devices`} what="Lost?" />
      <h2>Has lost everything</h2>
      <p>
        With no device and no recovery sheet left, nobody can bring the old keys back. Invite{" "}
        <bdi>{nameOf(person)}</bdi> anew: they get new keys, and each keeper is asked once to let
        them in again.
      </p>
      <ButtonLink href={`#/people/anew/${person.id}`} look="second">
        <span>
          Invite <bdi>{nameOf(person)}</bdi> anew
        </span>
      </ButtonLink>
    </section>
  );
}

interface LinesProps {
  rows: DeviceRow[] | null;
  at: string;
  what: string;
}

function Lines({ rows, at, what }: LinesProps) {
  if (rows === null) return null;
  const good = rows.filter((one) => isGood(one)).sort(mineFirst);
  const gone = rows.filter((one) => !isGood(one)).sort((a, b) => b.since - a.since);
  return (
    <>
      <ul class="lines">
        {good.map((device) => (
          <Line key={device.key} device={device} at={at} what={device.mine ? "About" : what} />
        ))}
      </ul>
      {gone.length > 0 && (
        <details class="plain-fold">
          <summary>No longer good ({gone.length})</summary>
          <ul class="lines">
            {gone.map((device) => (
              <Line key={device.key} device={device} at={at} what="About" />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Line({ device, at, what }: { device: DeviceRow; at: string; what: string }) {
  return (
    <li class="line">
      <div>
        <bdi class="name">{deviceName(device)}</bdi>
        <DeviceTags device={device} />
        <p class="small">
          <DeviceTimes device={device} />
        </p>
      </div>
      <a class="tall" href={`#${at}/${device.key}`}>
        {what}
        <span class="unseen"> {deviceName(device)}</span>
      </a>
    </li>
  );
}

/** This one, then the others as they came, then what is of paper. */
function mineFirst(a: DeviceRow, b: DeviceRow): number {
  const rank = (one: DeviceRow) => (one.mine ? 0 : isSheet(one) ? 2 : 1);
  return rank(a) - rank(b) || b.since - a.since;
}
