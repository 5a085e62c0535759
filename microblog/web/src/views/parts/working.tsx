// Long work says what it does and how far it is; nothing spins.

import { progress } from "../state.ts";

const WORDS = {
  unlock: "Opening your keys. This is slow on purpose: about a second, up to five on an old phone.",
  fetch: "Fetching what is new",
  check: "Checking every entry",
  bring: "Bringing in",
  hand: "Going through the streams",
};

/** Say what is being worked on; `idle` stands in until the Worker says more. */
export function Working({ idle }: { idle?: keyof typeof WORDS }) {
  const now = progress.value;
  const what = now?.what ?? idle;
  const counted = now !== null && now.total > 1 && what !== "unlock";
  return (
    <div class="working" role="status">
      {what && (
        <>
          <p>
            {WORDS[what]}
            {counted && `: ${now.done} of ${now.total}`}
          </p>
          {counted && <progress value={now.done} max={now.total} aria-label={WORDS[what]} />}
        </>
      )}
    </div>
  );
}
