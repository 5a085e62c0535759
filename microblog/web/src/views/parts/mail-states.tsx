// For stewards: whose round-up did not go out, what that means, and what to do.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { MailStates as States } from "../../client/shown-rounds.ts";
import { ask } from "../bridge.ts";
import { sayMail, sayUnlooked } from "../round-words.ts";
import { mails, overview, version } from "../state.ts";
import { nameOf } from "../words.ts";
import { Notice } from "./notice.tsx";

export function MailStates() {
  const known = useSignal<States | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    let stale = false;
    ask("mailStates").then(
      (answer) => !stale && (known.value = answer),
      () => !stale && (failed.value = true),
    );
    return () => {
      stale = true;
    };
  }, [version.value]);
  return (
    <section>
      <h2>Round-ups by mail</h2>
      {mails.value === false ? (
        <p>This server sends no mail. Whoever runs it can set that up.</p>
      ) : known.value === null ? (
        <p role="status">{failed.value ? "The server did not say what became of the mails." : "Asking the server…"}</p>
      ) : (
        <Known known={known.value} />
      )}
    </section>
  );
}

function Known({ known: { looked, states } }: { known: States }) {
  const stopped = sayUnlooked(looked);
  const troubled = states.filter(({ state }) => state !== "sent");
  const people = overview.value?.people ?? [];
  return (
    <>
      {stopped && (
        <Notice sort="warning" title={stopped}>
          <p>
            Tell whoever runs the server: <code>microblogd round-ups</code> has to run every few minutes. No post is lost;
            everyone can look at the Round-up screen.
          </p>
        </Notice>
      )}
      {troubled.length === 0 && !stopped && <p>Every newest one was taken by the mail server.</p>}
      <ul class="lines">
        {troubled.map((one) => {
          const person = people.find(({ id }) => id === one.person);
          const [what, next] = sayMail(one);
          return (
            <li key={one.person} class="line">
              <div>
                <bdi class="name">{person ? nameOf(person) : "Somebody who is not known here"}</bdi>
                {person?.email && (
                  <p class="small">
                    <bdi>{person.email}</bdi>
                  </p>
                )}
                <p>{what}</p>
                <p class="small">{next}</p>
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}
