// Someone lost every device and was invited anew: keepers are asked once, for all the teams they were on.

import type { Return } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { useForm } from "../form.ts";
import { childOf, look, overview } from "../state.ts";
import { called, codePoints, nameOf, say, TEAM_ROLES } from "../words.ts";
import { Button } from "./button.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { HandingState, type Round, useHanding } from "./handing.tsx";
import { Who } from "./who.tsx";

const MOST_WHY = 120;

export function Returns() {
  return (
    <>
      {(overview.value?.returns ?? []).map((one) => (
        <OneReturn key={one.key} back={one} />
      ))}
    </>
  );
}

function OneReturn({ back }: { back: Return }) {
  const { person, former, logs, roles, key } = back;
  const handing = useHanding();
  const accept = useForm(
    () => [],
    async () => {
      await handing.run(rounds(back));
      await look();
    },
  );
  const dismiss = useForm(
    () => [],
    async () => {
      await ask("dismissProposal", { key });
      await look();
    },
  );
  const busy = accept.busy || dismiss.busy;
  return (
    <section class="notice warning" aria-label={`${nameOf(person)} is back`}>
      <p class="notice-title">
        <bdi>{nameOf(person)}</bdi> is back with new keys. Let them in again?
      </p>
      <p>
        <Who person={person} /> lost every device and was invited anew. Before, as{" "}
        <bdi>{nameOf(former)}</bdi>, they were on{" "}
        {logs.length === 1 ? "a team" : `${logs.length} teams`} that you keep:
      </p>
      <ul>
        {logs.map((log, at) => (
          <li key={log}>
            <bdi class="name">{called(childOf(log) ?? { name: "" })}</bdi>, as{" "}
            {say(TEAM_ROLES, roles[at] ?? "follower").toLowerCase()}
          </li>
        ))}
      </ul>
      <p>
        Ring them first, at a number you know: let in, they read everything from the beginning, and
        that cannot be undone.
      </p>
      <ErrorSummary form={accept} title="Not let in." />
      <ErrorSummary form={dismiss} />
      <HandingState handing={handing} busy={accept.busy} />
      <p class="row">
        <Button busy={busy} onClick={accept.submit}>
          Let in again{logs.length > 1 && ` on all ${logs.length}`}
          <span class="unseen"> {nameOf(person)}</span>
        </Button>
        <Button look="second" busy={busy} onClick={dismiss.submit}>
          Not now<span class="unseen">, {nameOf(person)}</span>
        </Button>
      </p>
    </section>
  );
}

/** Each gets the role back that they had. */
function rounds({ person, former, logs, roles }: Return): Round[] {
  const words = `Back with new keys, before as ${nameOf(former)}`;
  const why = codePoints(words) > MOST_WHY ? "Back with new keys" : words;
  return [...new Set(roles)].map((role) => ({
    who: nameOf(person),
    run: () => {
      const these = logs.filter((_, at) => roles[at] === role);
      return ask("grantMany", { person: person.id, role, why, via: "", logs: these });
    },
  }));
}
