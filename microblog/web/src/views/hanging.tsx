// What still hangs on someone who leaves or has left, as far as one's own streams show.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Hanging as What } from "../client/messages.ts";
import type { Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { useForm } from "./form.ts";
import { Apart } from "./parts/apart.tsx";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { mayHand } from "./parts/child-ticks.tsx";
import { HandingState, useHanding } from "./parts/handing.tsx";
import { Notice } from "./parts/notice.tsx";
import { childOf, look, overview, version } from "./state.ts";
import { called, list, nameOf } from "./words.ts";

type Stream = What["streams"][number];

export function Hanging({ person }: { person: Person }) {
  const found = useSignal<What | null>(null);
  useEffect(() => {
    ask("hanging", { person: person.id }).then(
      (what) => (found.value = what),
      () => (found.value = null),
    );
  }, [person.id, version.value]);
  if (!found.value) return null;
  const { streams, soleKeeper, invites, supervises } = found.value;
  const open = streams.filter(({ closed }) => !closed);
  if (streams.length + invites.length + supervises.length === 0) {
    return (
      <p>
        Nothing hangs on <bdi>{nameOf(person)}</bdi> that your own streams show. Colleagues may know
        of more.
      </p>
    );
  }
  return (
    <section class="card hanging" aria-labelledby="hanging">
      <h2 id="hanging">
        What still hangs on <bdi>{nameOf(person)}</bdi>
      </h2>
      <p class="small">As far as the streams you follow show. Colleagues may know of more.</p>
      {soleKeeper.length > 0 && (
        <Notice sort="warning" title="Only keeper of">
          <Streams streams={soleKeeper} />
          <p>
            {person.left ? "Someone else has to be" : "Before they leave, someone else should be"}{" "}
            made keeper. Without one, the supervisors on the team may add and remove.
          </p>
        </Notice>
      )}
      {streams.length > 0 && (
        <>
          <h3>
            On {streams.length === 1 ? "the team" : "the teams"} of{" "}
            {open.length < streams.length && `(${open.length} still open)`}
          </h3>
          <Streams streams={streams} />
          <TakeOff person={person} streams={streams} />
        </>
      )}
      {invites.length > 0 && (
        <>
          <h3>Invitations they made that are still open</h3>
          <p>
            <bdi>{list(invites.map(({ name }) => name))}</bdi>. A steward takes them back under{" "}
            <a href="#/people">People</a>.
          </p>
        </>
      )}
      {supervises.length > 0 && (
        <>
          <h3>Supervisor or deputy of</h3>
          <p>
            <bdi>{list(supervises.map(nameOf))}</bdi>. Each chooses another under Me.
          </p>
        </>
      )}
    </section>
  );
}

function Streams({ streams }: { streams: Stream[] }) {
  return (
    <ul class="plain">
      {streams.map((stream) => (
        <li key={stream.log}>
          <a class="tall" href={`#/child/${stream.log}/team`}>
            <bdi>{called(stream)}</bdi>
            <Apart log={stream.log} />
          </a>{" "}
          {stream.closed ? <span class="tag">Closed</span> : <span class="small">still open</span>}
        </li>
      ))}
    </ul>
  );
}

/** Off all teams of which I am keeper, in one act. */
function TakeOff({ person, streams }: { person: Person; streams: Stream[] }) {
  const handing = useHanding();
  const logs = streams
    .map(({ log }) => childOf(log))
    .flatMap((child) => (child && mayHand(child) ? child.log : []));
  const form = useForm(
    () => [],
    async () => {
      const run = () => ask("removeMany", { person: person.id, logs });
      await handing.run([{ who: nameOf(person), run }]);
      await look();
    },
  );
  if (logs.length === 0 || person.id === overview.value?.me.id) return null;
  return (
    <>
      <ErrorSummary form={form} title="Not taken off." />
      <HandingState handing={handing} busy={form.busy} />
      <p>
        <Button look="second" busy={form.busy} onClick={form.submit}>
          Take <bdi>{nameOf(person)}</bdi> off{" "}
          {logs.length === 1 ? "the team you keep" : `the ${logs.length} teams you keep`}
        </Button>
      </p>
    </>
  );
}
