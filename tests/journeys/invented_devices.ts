// Devices in an invented practice: good ones, lost ones, one for a shift, and a sheet of paper.

import type { DeviceRow } from "../../microblog/web/src/client/shown.ts";
import { DAY, HOUR, now, scenario } from "./invented_people.ts";

function device(key: string, name: string, days: number, part: Partial<DeviceRow>): DeviceRow {
  return {
    key,
    name,
    sort: "",
    since: now - days * DAY,
    until: 0,
    revoked: false,
    mine: false,
    lastUse: now - days * HOUR,
    ...part,
  };
}

const ended = scenario === "ended";
const shutOut = scenario === "shutout";

export const mine: DeviceRow[] = [
  device("d1", "work phone", 90, {
    mine: true,
    lastUse: now - HOUR / 2,
    until: ended ? now - HOUR : scenario === "shift" ? now + HOUR / 6 : 0,
    revoked: shutOut,
  }),
  device("d2", "council laptop with a rather long name", 60, {}),
  device("d3", "clinic computer", 0, { until: now + 4 * HOUR, lastUse: 0 }),
  device("d4", "old phone", 400, { revoked: true, lastUse: now - 95 * DAY }),
  device("d5", "duty desk", 12, { until: now - 11 * DAY }),
  ...(scenario === "nosheet" ? [] : [device("d6", "", 90, { sort: "paper", lastUse: 0 })]),
];

export const theirs: DeviceRow[] =
  scenario === "lostall"
    ? [device("e1", "school laptop", 200, { revoked: true })]
    : [
        device("e1", "school laptop", 200, {}),
        device("e2", "", 3, {}),
        device("e6", "", 200, { sort: "paper", lastUse: 0 }),
      ];

export const sheetLetters = ["K7QM", "2XRD", "0ABC", "9TVW", "H3JN", "PQ84", "ZZ1E", "5GKM", "X0Y2"];
