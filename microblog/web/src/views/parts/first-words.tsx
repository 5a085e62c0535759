// What someone noticed, typed before the keys are open: in this page's memory only, and out of sight when the page is.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { firstWords } from "../state.ts";
import { described, Labelled, PRIVATE } from "./field.tsx";

const FORGOTTEN_MS = 15 * 60_000;
const LOOK_EVERY_MS = 10_000;

export function FirstWords() {
  const away = useSignal(document.visibilityState === "hidden");
  const typed = useSignal(Date.now());
  useEffect(() => {
    const look = () => {
      away.value = document.visibilityState === "hidden";
      // By the clock, not by counting: a sleeping device runs no timers.
      if (Date.now() - typed.peek() > FORGOTTEN_MS) firstWords.value = "";
    };
    document.addEventListener("visibilitychange", look);
    const looking = setInterval(look, LOOK_EVERY_MS);
    return () => {
      document.removeEventListener("visibilitychange", look);
      clearInterval(looking);
    };
  }, []);
  const base = {
    id: "first-words",
    label: "What did you notice?",
    hint: "Write now, unlock below. It is kept only once you have unlocked.",
  };
  return (
    <div class="card first-words">
      <Labelled {...base}>
        <textarea
          {...PRIVATE}
          {...described(base)}
          class="input"
          rows={2}
          dir="auto"
          value={away.value ? "" : firstWords.value}
          onInput={(event) => {
            typed.value = Date.now();
            firstWords.value = event.currentTarget.value;
          }}
        />
      </Labelled>
    </div>
  );
}
