// Someone's supervisor is not on the team of children whom I keep: asked once for all of them.

import type { Proposal } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { useForm } from "../form.ts";
import { childOf, look, overview } from "../state.ts";
import { called, codePoints, list, nameOf } from "../words.ts";
import { Button } from "./button.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { HandingState, useHanding } from "./handing.tsx";
import { Who } from "./who.tsx";

const MOST_WHY = 120;

export function Proposals() {
  const proposals = overview.value?.proposals ?? [];
  return (
    <>
      {proposals.map((one) => (
        <OneProposal key={one.key} proposal={one} />
      ))}
    </>
  );
}

function OneProposal({ proposal }: { proposal: Proposal }) {
  const { person, supervisor, logs, key } = proposal;
  const handing = useHanding();
  const why = `Supervises ${nameOf(person)}`;
  const accept = useForm(
    () => [],
    async () => {
      const reason = codePoints(why) > MOST_WHY ? "Supervises someone on the team" : why;
      const grant = { person: supervisor.id, role: "supervisor" as const, why: reason, via: "", logs };
      await handing.run([{ who: nameOf(supervisor), run: () => ask("grantMany", grant) }]);
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
  const names = logs.map((log) => called(childOf(log) ?? { name: "" }));
  return (
    <section class="notice warning" aria-label={`About ${nameOf(supervisor)}`}>
      <p class="notice-title">
        <bdi>{nameOf(person)}</bdi> is supervised by <bdi>{nameOf(supervisor)}</bdi>, who cannot
        read about {logs.length === 1 ? "a child" : `${logs.length} children`} you keep.
      </p>
      <p>
        <bdi>{list(names)}</bdi>. Let <Who person={supervisor} /> in, as supervisor? They read
        everything posted there, from the beginning.
      </p>
      <ErrorSummary form={accept} title="Not let in." />
      <ErrorSummary form={dismiss} />
      <HandingState handing={handing} busy={accept.busy} />
      <p class="row">
        <Button busy={accept.busy || dismiss.busy} onClick={accept.submit}>
          Let in{logs.length > 1 && ` on all ${logs.length}`}
          <span class="unseen"> {nameOf(supervisor)}</span>
        </Button>
        <Button look="second" busy={accept.busy || dismiss.busy} onClick={dismiss.submit}>
          Not now<span class="unseen">, {nameOf(supervisor)}</span>
        </Button>
      </p>
    </section>
  );
}
