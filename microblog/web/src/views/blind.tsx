// The blind: the page is empty, not covered up. One tap brings it back.

import { useEffect, useRef } from "preact/hooks";

import { heightBefore } from "./emptying.ts";
import { hidden, lock } from "./state.ts";
import { settle } from "./route.ts";

export function Blind() {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    document.title = "Hidden";
    button.current?.focus();
  }, []);
  const show = () => {
    hidden.value = false;
    settle(heightBefore());
  };
  return (
    <main class="blind" id="main">
      <h1 class="unseen">Hidden</h1>
      <button type="button" class="button second" ref={button} onClick={show}>
        Show
      </button>
      <button type="button" class="button plain" onClick={() => void lock()}>
        Lock
      </button>
      <p class="small">Locks after five minutes.</p>
    </main>
  );
}
