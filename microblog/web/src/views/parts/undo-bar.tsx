// At the foot of every page, from the tap that sends until it is acknowledged: it can be taken back, or sent at once.
//
// It stands before the page, so that whoever uses the keyboard need not go through all of that first; and Ctrl+Z takes
// back what was posted last, unless something is being typed.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";

import type { Outgoing } from "../../client/shown-hand.ts";
import { ask } from "../bridge.ts";
import { putBack } from "../put-back.ts";
import { childOf, overview, posted } from "../state.ts";
import { called } from "../words.ts";
import { Button } from "./button.tsx";

const TICK_MS = 250;
const SAID_MS = 8_000;

export function UndoBar() {
  const now = useSignal(Date.now());
  const said = useSignal("");
  const rows = (overview.value?.outgoing ?? []).filter((row) => row.state === "undo");
  const count = rows.length;
  const sent = posted.value;
  useEffect(() => {
    if (count === 0) return;
    now.value = Date.now();
    said.value = "";
    const ticking = setInterval(() => (now.value = Date.now()), TICK_MS);
    return () => clearInterval(ticking);
  }, [count]);
  useEffect(() => {
    if (!sent) return;
    said.value = sentTo(sent.log);
    posted.value = null;
  }, [sent]);
  useEffect(() => {
    const passing = setTimeout(() => (said.value = ""), SAID_MS);
    return () => clearTimeout(passing);
  }, [said.value]);

  const undo = async (row: Outgoing) => {
    const taken = await putBack(row).catch(() => false);
    said.value = taken ? "Taken back. Nothing was sent." : "It has left already.";
  };
  // That words are back is seen; it is only said to whoever does not see.
  const isShown = count > 0 || (said.value !== "" && !said.value.startsWith("Taken"));
  // From the moment in which it says so.
  useLayoutEffect(() => {
    const last = rows.at(-1);
    if (!last) return;
    const press = (event: KeyboardEvent) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || isTyped(event.target)) return;
      event.preventDefault();
      void undo(last);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [rows.at(-1)?.id]);
  return (
    <div class={isShown ? "undo-bar" : "unseen"}>
      <p role="status" class={count === 0 && isShown ? "" : "unseen"}>
        {count > 0 ? `Posting to ${teamOf(rows.at(-1)!.log)} in five seconds. Control Z takes it back.` : said.value}
      </p>
      {rows.map((row, at) => (
        <p key={row.id} class="row">
          <span aria-hidden="true">
            Posting to <bdi>{teamOf(row.log)}</bdi> in {left(row, now.value)} s
          </span>
          <Button look="plain" onClick={() => void undo(row)}>
            Undo
            {rows.length > 1 && <Which row={row} at={at} of={rows.length} />}
          </Button>
          <Button look="plain" onClick={() => void ask("sendNow", { id: row.id }).catch(() => null)}>
            Send now
            {rows.length > 1 && <Which row={row} at={at} of={rows.length} />}
          </Button>
        </p>
      ))}
    </div>
  );
}

function Which({ row, at, of }: { row: Outgoing; at: number; of: number }) {
  return (
    <span class="unseen">
      : to {teamOf(row.log)}, {at + 1} of {of}
    </span>
  );
}

/** Is something written there, that the browser itself would undo? */
function isTyped(target: EventTarget | null): boolean {
  const field = target instanceof Element && target.closest<HTMLTextAreaElement>("textarea, input:not([type=radio], [type=checkbox])");
  return field ? field.value !== "" : false;
}

function left({ leaves }: Outgoing, now: number): number {
  return Math.max(0, Math.ceil((leaves - now) / 1000));
}

function teamOf(log: string): string {
  const child = childOf(log);
  return child ? `${called(child)}’s team` : "the team";
}

function sentTo(log: string): string {
  return `Posted to ${teamOf(log)} (${childOf(log)?.members.length ?? 0}).`;
}
