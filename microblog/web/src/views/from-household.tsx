// People on a household's team, let on to the team of a child who lives there: each by name.

import type { Child, Member } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useKeptForm } from "./form.ts";
import { Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { HandingState, useHanding } from "./parts/handing.tsx";
import { Page } from "./parts/page.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { Who } from "./parts/who.tsx";
import { go } from "./route.ts";
import { childOf, look } from "./state.ts";
import { nameOf, say, TEAM_ROLES } from "./words.ts";

interface Props {
  child: Child;
  home: Child;
}

export function FromHousehold({ child, home }: Props) {
  const { log, name } = child;
  const missing = notFrom(home, child);
  const handing = useHanding();
  const form = useKeptForm(
    `from:${log}:${home.log}`,
    { people: missing.map(({ person }) => person.id), why: "" },
    ({ people, why }) => [
      ...must(people.length > 0, "people", "Tick at least one person"),
      ...must(why.trim() !== "", "why", "Say why they should read about the child"),
    ],
    async ({ people, why }) => {
      const chosen = missing.filter(({ person }) => people.includes(person.id));
      const done = await handing.run(
        chosen.map(({ person, role }) => ({
          who: nameOf(person),
          run: () =>
            ask("grantMany", {
              person: person.id,
              role,
              why: why.trim(),
              via: home.log,
              logs: [log],
            }),
        })),
      );
      await look();
      if (done) go(`/child/${log}/team`);
      return done;
    },
  );
  return (
    <Page
      title="Add from the household"
      heading={
        <>
          From <bdi>{home.name}</bdi> to <bdi>{name}</bdi>’s team
        </>
      }
      back={{ href: `#/child/${log}/team`, text: "Back to the team" }}
    >
      <FormFrame form={form} failed="Nobody was added." button="Add to the team">
        <Ticks
          id="people"
          label="Who"
          form={form}
          ticks={missing.map(({ person, role }) => ({
            id: person.id,
            text: (
              <>
                <Who person={person} /> <span class="hint">{say(TEAM_ROLES, role)}</span>
              </>
            ),
          }))}
          value={form.now.people}
          onInput={(people) => form.set({ people })}
        />
        <Field
          {...form.of("why")}
          label="Why"
          hint="The whole team sees this, and it stays in the record."
        />
        <p>
          <strong>They will read everything posted here, from the beginning.</strong> That cannot be
          undone. The team sees that you let them in.
        </p>
        <HandingState handing={handing} busy={form.busy} />
      </FormFrame>
    </Page>
  );
}

/** The households that a child lives in and I follow. */
export function homesOf(child: Child): Child[] {
  return child.households.filter(({ to }) => !to).flatMap(({ log }) => childOf(log) ?? []);
}

/** Who is on the household's team and not on the child's. */
export function notFrom(home: Child, child: Child): Member[] {
  const listed = new Set(child.members.map(({ person }) => person.id));
  return home.members.filter(({ person }) => !person.left && !listed.has(person.id));
}
