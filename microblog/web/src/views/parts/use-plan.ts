// What would become of a spreadsheet, asked anew whenever what it is asked of changes; the newest answer counts.

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { type Failure, failureOf } from "../sentences.ts";

const TYPING_MS = 300;

export interface Planned<P> {
  plan: Signal<P | null>;
  failure: Signal<Failure | null>;
  /** The plan on the screen is of what was asked before. */
  stale: Signal<boolean>;
}

/** `key` says what is asked; null: nothing to ask yet. */
export function usePlan<P>(key: unknown[] | null, asked: () => Promise<P>): Planned<P> {
  const plan = useSignal<P | null>(null);
  const failure = useSignal<Failure | null>(null);
  const stale = useSignal(false);
  useEffect(() => {
    if (key === null) {
      plan.value = null;
      return;
    }
    let over = false;
    stale.value = true;
    const begin = () =>
      void asked().then(
        (found) => {
          if (over) return;
          plan.value = found;
          failure.value = null;
          stale.value = false;
        },
        (error) => {
          if (over) return;
          failure.value = failureOf(error);
          stale.value = false;
        },
      );
    const timer = setTimeout(begin, plan.peek() ? TYPING_MS : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, key ?? [null]);
  return { plan, failure, stale };
}
