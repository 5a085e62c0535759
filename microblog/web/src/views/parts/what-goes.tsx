// What destroying for good does, and what it cannot do, said before anyone agrees to it.

import type { Child } from "../../client/shown.ts";
import { date } from "../dates.ts";
import { overview } from "../state.ts";
import { plural } from "../dates.ts";

const DAY_MS = 86_400_000;

/** `at`: when it happens, if it happens now. */
export function WhatGoes({ child, at }: { child: Child; at?: number }) {
  const days = overview.value?.rules.find(({ name }) => name === "backups-kept-days")?.value ?? 0;
  const copies = child.exports.length;
  return (
    <>
      <p>Destroying for good does this, and it cannot be undone:</p>
      <ul>
        <li>
          The words are deleted on the server, and in every colleague’s app as soon as it hears of
          it. A trace stays: that there was a post, by whom and when, and who had it destroyed.
        </li>
        <li>
          {days === 0
            ? "Backups of the server may go on holding it, sealed: how long they are kept is not settled. A steward enters it under People."
            : at === undefined
              ? `Backups of the server hold it, sealed, for up to ${plural(days, "day")} more.`
              : `Backups of the server hold it, sealed, until ${date(at + days * DAY_MS)}.`}
        </li>
        <li>
          Whoever has read it has read it.
          {copies > 0 &&
            ` Posts were taken out of the app ${copies === 1 ? "once" : `${copies} times`}; the team page says by whom. Those files stay.`}
        </li>
      </ul>
    </>
  );
}
