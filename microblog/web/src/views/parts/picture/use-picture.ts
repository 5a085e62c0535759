// The picture as the Worker counts it now: asked again whenever there may be something new.

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Picture } from "../../../client/shown-picture.ts";
import { ask } from "../../bridge.ts";
import { type Failure, failureOf } from "../../sentences.ts";
import { version } from "../../state.ts";

export interface Asked {
  picture: Signal<Picture | null>;
  failure: Signal<Failure | null>;
}

/** `log` empty: all I follow; `others` are drawn in step. */
export function usePicture(log: string, others: string[]): Asked {
  const picture = useSignal<Picture | null>(null);
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    let stale = false;
    ask("picture", { log, with: others }).then(
      (drawn) => {
        if (stale) return;
        picture.value = drawn;
        failure.value = null;
      },
      (error) => !stale && (failure.value = failureOf(error)),
    );
    return () => {
      stale = true;
    };
  }, [log, others.join(), version.value]);
  return { picture, failure };
}
