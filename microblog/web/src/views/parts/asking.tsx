// Requests to follow: those that I may grant, and my own.

import type { Asked as Mine, Child, Request } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { ago } from "../dates.ts";
import { useForm } from "../form.ts";
import { look, overview } from "../state.ts";
import { list, nameOf, people } from "../words.ts";
import { Button } from "./button.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { Who } from "./who.tsx";

/** How many wait for me to be let on to this team; on to any, if none is named. */
export function requestsTo(log = ""): Request[] {
  return (overview.value?.requests ?? []).filter((one) => !log || one.log === log);
}

export function Requests({ child }: { child: Child }) {
  const requests = requestsTo(child.log);
  if (requests.length === 0) return null;
  return (
    <section aria-labelledby="requests">
      <h2 id="requests" class="first">
        {people(requests.length)} {requests.length === 1 ? "asks" : "ask"} to follow
      </h2>
      <ul class="lines">
        {requests.map((request) => (
          <OneRequest key={request.person.id} request={request} />
        ))}
      </ul>
    </section>
  );
}

function OneRequest({ request }: { request: Request }) {
  const { log, person, reason, time } = request;
  const approve = useForm(
    () => [],
    async () => {
      await ask("approve", { log, person: person.id });
      await look();
    },
  );
  const decline = useForm(
    () => [],
    async () => {
      await ask("decline", { log, person: person.id });
      await look();
    },
  );
  const busy = approve.busy || decline.busy;
  return (
    <li class="card request">
      <p>
        <Who person={person} /> <span class="small">{ago(time)}</span>
      </p>
      <p class={reason ? "post-text" : "gone"} dir={reason ? "auto" : undefined}>
        {reason || "Why they ask could not be opened on this device. Ring them before you let them in."}
      </p>
      <ErrorSummary form={approve} title="Not let in." />
      <ErrorSummary form={decline} title="Not declined." />
      <p class="small">
        Let in, they read everything from the beginning. That cannot be undone.
      </p>
      <p class="row">
        <Button busy={busy} onClick={approve.submit}>
          Let in<span class="unseen"> {nameOf(person)}</span>
        </Button>
        <Button look="second" busy={busy} onClick={decline.submit}>
          Decline<span class="unseen"> {nameOf(person)}</span>
        </Button>
      </p>
    </li>
  );
}

/** What I have asked and nobody has answered yet. */
export function Asked() {
  const asked = overview.value?.asked ?? [];
  if (asked.length === 0) return null;
  return (
    <section aria-labelledby="asked">
      <h2 id="asked">You have asked to follow</h2>
      <ul class="lines">
        {asked.map((mine) => (
          <OneAsked key={mine.log} mine={mine} />
        ))}
      </ul>
    </section>
  );
}

function OneAsked({ mine: { log, keepers, time } }: { mine: Mine }) {
  const form = useForm(
    () => [],
    async () => {
      await ask("takeBack", { log });
      await look();
    },
  );
  return (
    <li class="line">
      <div>
        Asked <bdi class="name">{list(keepers.map(nameOf))}</bdi>
        <p class="small">{ago(time)}. Not answered yet</p>
        <ErrorSummary form={form} title="Not taken back." />
      </div>
      <Button look="plain" busy={form.busy} onClick={form.submit}>
        Take back<span class="unseen"> what you asked {list(keepers.map(nameOf))}</span>
      </Button>
    </li>
  );
}
