// Someone on a team: giving them another role, and taking them off.

import type { Child, Member as Listed } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useForm, useKeptForm } from "./form.ts";
import { Choice, Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { HandingState, useHanding } from "./parts/handing.tsx";
import { childTicks, mayHand } from "./parts/child-ticks.tsx";
import { Page } from "./parts/page.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { Who } from "./parts/who.tsx";
import { go } from "./route.ts";
import { childOf, draft, dropDrafts, look, overview } from "./state.ts";
import { nameOf, TEAM_ROLES } from "./words.ts";

interface Props {
  child: Child;
  member: Listed;
}

export function Member({ child, member }: Props) {
  const { person } = member;
  const me = overview.value?.me.id === person.id;
  return (
    <Page
      title="Someone on the team"
      heading={<bdi>{nameOf(person)}</bdi>}
      back={{ href: `#${teamOf(child)}`, text: "Back to the team" }}
    >
      <p>
        <Who person={person} />
      </p>
      <Role child={child} member={member} />
      <h2>Take off the team</h2>
      {me ? (
        <p>
          You cannot take yourself off: removing someone changes the key, and somebody who stays has
          to do it. Ask another keeper.
        </p>
      ) : (
        <Remove child={child} member={member} />
      )}
    </Page>
  );
}

function Role({ child, member }: Props) {
  const { person, role } = member;
  const form = useKeptForm(
    `member:${child.log}:${person.id}`,
    { role: role as string, why: "" },
    (now) => must(now.role !== role, "role", "Choose another role, or go back"),
    async (now) => {
      await ask("grant", {
        log: child.log,
        person: person.id,
        role: now.role,
        why: now.why.trim(),
      });
      await look();
      go(teamOf(child));
    },
  );
  return (
    <FormFrame form={form} failed="Not changed." button="Change the role" look="second">
      <Choice {...form.of("role")} label="Role on this team" words={TEAM_ROLES} />
      <Field {...form.of("why")} label="Why (optional)" />
    </FormFrame>
  );
}

/** Off this team; from a household, off its children's teams too, in one act. */
function Remove({ child, member: { person } }: Props) {
  const theirs = child.children
    .flatMap(({ log }) => childOf(log) ?? [])
    .filter(({ members }) => members.some((one) => one.person.id === person.id));
  const ticked = draft(
    `remove:${child.log}:${person.id}`,
    theirs.filter(mayHand).map(({ log }) => log),
  );
  const handing = useHanding();
  const form = useForm(
    () => [],
    async () => {
      // The household last: off its team, they are off this screen, and with them what failed.
      const rounds = [ticked.value, [child.log]].filter((logs) => logs.length > 0);
      const done = await handing.run(
        rounds.map((logs) => ({
          who: nameOf(person),
          run: () => ask("removeMany", { person: person.id, logs }),
        })),
      );
      await look();
      if (!done) return;
      dropDrafts(`remove:${child.log}`);
      go(teamOf(child));
    },
  );
  return (
    <FormFrame
      form={form}
      failed="Nobody was removed."
      look="warning"
      button={
        <>
          Take <bdi>{nameOf(person)}</bdi> off{" "}
          {ticked.value.length > 0 ? `${ticked.value.length + 1} teams` : "the team"}
        </>
      }
    >
      <p>
        <bdi>{nameOf(person)}</bdi> will read nothing that is posted from now on. What they have
        read before they may keep; that cannot be taken back. The team sees that you did it.
      </p>
      {theirs.length > 0 && (
        <Ticks
          id="children"
          label="And off these children’s teams"
          ticks={childTicks(theirs)}
          value={ticked.value}
          onInput={(ids) => (ticked.value = ids)}
        />
      )}
      <HandingState handing={handing} busy={form.busy} />
    </FormFrame>
  );
}

function teamOf(child: Child): string {
  return `/child/${child.log}/team`;
}
