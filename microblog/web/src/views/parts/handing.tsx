// One act on many streams, one after another: how far it is, what failed, and trying again.

import { type Signal, useSignal } from "@preact/signals";

import type { Handed } from "../../client/messages.ts";
import { plural } from "../dates.ts";
import { failureNamed } from "../sentences.ts";
import { childOf } from "../state.ts";
import { called } from "../words.ts";
import { Notice } from "./notice.tsx";
import { Working } from "./working.tsx";

/** What did not work, of whom, and where. */
export interface Miss extends Handed {
  who: string;
}

/** Something to be done on several streams, for one person. */
export interface Round {
  who: string;
  run: () => Promise<Handed[]>;
}

export interface Handing {
  misses: Signal<Miss[]>;
  /**
   * Do one round after another, up to the first that is not wholly done; return whether all are.
   * What was done stays done, and is skipped when it is asked again.
   */
  run: (rounds: Round[]) => Promise<boolean>;
}

export function useHanding(): Handing {
  const misses = useSignal<Miss[]>([]);
  const run = async (rounds: Round[]) => {
    misses.value = [];
    for (const { who, run: round } of rounds) {
      const missed = (await round()).filter(({ done }) => !done);
      misses.value = missed.map((one) => ({ ...one, who }));
      if (missed.length > 0) return false;
    }
    return true;
  };
  return { misses, run };
}

interface Props {
  handing: Handing;
  busy: boolean;
}

export function HandingState({ handing, busy }: Props) {
  const missed = handing.misses.value;
  if (busy) return <Working idle="hand" />;
  if (missed.length === 0) return null;
  return (
    <Notice sort="alarm" title={`It did not work for ${plural(missed.length, "stream")}.`}>
      <ul>
        {missed.map(({ log, who, error, code }) => (
          <li key={log + who}>
            <bdi class="name">{called(childOf(log) ?? { name: "" })}</bdi>, <bdi>{who}</bdi>:{" "}
            {failureNamed(error, code).title} {failureNamed(error, code).next}
          </li>
        ))}
      </ul>
      <p>What was done stays done. Press the button again to go on from here.</p>
    </Notice>
  );
}

