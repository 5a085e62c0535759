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
  /** Do each round; return whether all of it is done now. What was done stays done. */
  run: (rounds: Round[]) => Promise<boolean>;
}

export function useHanding(): Handing {
  const misses = useSignal<Miss[]>([]);
  const run = async (rounds: Round[]) => {
    const missed: Miss[] = [];
    for (const { who, run: round } of rounds) {
      const handed = await round();
      missed.push(...handed.filter(({ done }) => !done).map((one) => ({ ...one, who })));
    }
    misses.value = missed;
    return missed.length === 0;
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
    <Notice sort="alarm" title={`Not all of it is done: ${plural(missed.length, "stream")} left.`}>
      <ul>
        {missed.map(({ log, who, error, code }) => (
          <li key={log + who}>
            <bdi class="name">{called(childOf(log) ?? { name: "" })}</bdi>, <bdi>{who}</bdi>:{" "}
            {failureNamed(error, code).title} {failureNamed(error, code).next}
          </li>
        ))}
      </ul>
      <p>The rest is done. Press the button again to try these once more.</p>
    </Notice>
  );
}

