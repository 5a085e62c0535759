// Handing over a caseload: one colleague becomes keeper of many streams in one act.

import { useSignal } from "@preact/signals";

import type { Child, Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useKeptForm } from "./form.ts";
import { ButtonLink } from "./parts/button.tsx";
import { childTicks, mayHand } from "./parts/child-ticks.tsx";
import { Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { HandingState, useHanding } from "./parts/handing.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { PickPerson } from "./parts/pick.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { settle } from "./route.ts";
import { look, overview } from "./state.ts";
import { called, list, nameOf } from "./words.ts";

const BACK = { href: "#/children", text: "Children I follow" };

export function HandOver() {
  const seen = overview.value;
  const mine = (seen?.children ?? []).filter(
    (child) => child.myRole === "keeper" && mayHand(child) && !child.closed,
  );
  const done = useSignal<{ person: Person; children: Child[] } | null>(null);
  const handing = useHanding();
  const form = useKeptForm(
    "hand-over",
    { person: "", why: "", logs: mine.map(({ log }) => log) },
    ({ person, why, logs }) => [
      ...must(person !== "", "person", "Choose who takes over"),
      ...must(why.trim() !== "", "why", "Say why, like “takes over while I am on leave”"),
      ...must(logs.length > 0, "logs", "Tick at least one child"),
    ],
    async ({ person, why, logs }) => {
      const to = seen?.people.find(({ id }) => id === person);
      if (!to) return false;
      const grant = { person, role: "keeper" as const, why: why.trim(), via: "", logs };
      const all = await handing.run([{ who: nameOf(to), run: () => ask("grantMany", grant) }]);
      await look();
      if (!all) return false;
      done.value = { person: to, children: mine.filter(({ log }) => logs.includes(log)) };
      settle();
      return true;
    },
  );
  if (done.value) return <Done {...done.value} />;
  const others = (seen?.people ?? []).filter(({ id, left }) => !left && id !== seen?.me.id);
  return (
    <Page title="Hand over children" back={BACK}>
      {mine.length === 0 || others.length === 0 ? (
        <p>
          {mine.length === 0
            ? "You are keeper of no child, so there is none to hand over. Who keeps a child stands on its team’s page."
            : "There is nobody to hand over to yet. A steward can invite a colleague, under People."}
        </p>
      ) : (
        <FormFrame
          form={form}
          failed="Nothing was handed over."
          button={`Hand over ${form.now.logs.length}`}
        >
          <PickPerson {...form.of("person")} label="To whom" among={others} />
          <Ticks
            id="logs"
            label="Children and households"
            form={form}
            ticks={childTicks(mine)}
            value={form.now.logs}
            onInput={(logs) => form.set({ logs })}
          />
          <Field
            {...form.of("why")}
            label="Why"
            hint="Each team sees this, and it stays in the record."
          />
          <p>
            <strong>
              They become keeper of each, and read everything posted there, from the beginning.
            </strong>{" "}
            You stay on the teams until they take you off.
          </p>
          <HandingState handing={handing} busy={form.busy} />
        </FormFrame>
      )}
    </Page>
  );
}

function Done({ person, children }: { person: Person; children: Child[] }) {
  return (
    <Page title="Handed over" back={BACK}>
      <Notice sort="done">
        <p>
          <bdi class="name">{nameOf(person)}</bdi> is now keeper of{" "}
          <bdi>{list(children.map(called))}</bdi>.
        </p>
      </Notice>
      <p>
        You are still on these teams, as keeper too. If you are leaving them, ask{" "}
        <bdi>{nameOf(person)}</bdi> to take you off.
      </p>
      <ButtonLink href="#/children">Done</ButtonLink>
    </Page>
  );
}
