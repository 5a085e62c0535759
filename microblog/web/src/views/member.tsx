// Letting someone on to a team, giving them another role, and taking them off.

import type { Child, Member as Listed, Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field, Select } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { Who } from "./parts/who.tsx";
import { go } from "./route.ts";
import { draft, dropDrafts, look, overview } from "./state.ts";
import { nameOf, TEAM_ROLES } from "./words.ts";

const BLANK = { person: "", role: "follower", why: "" };

export function AddMember({ child }: { child: Child }) {
  const kept = draft(`member:${child.log}`, BLANK);
  const { person, role, why } = kept.value;
  const set = (part: Partial<typeof BLANK>) => (kept.value = { ...kept.value, ...part });
  const listed = new Set(child.members.map((member) => member.person.id));
  const others = (overview.value?.people ?? []).filter(({ id, left }) => !left && !listed.has(id));
  const team = `/child/${child.log}/team`;

  const form = useForm(
    () => [
      ...must(person !== "", "person", "Choose whom to add"),
      ...must(why.trim() !== "", "why", "Say why this person should read about the child"),
    ],
    async () => {
      await ask("grant", { log: child.log, person, role, why: why.trim() });
      dropDrafts("member:");
      await look();
      go(team);
    },
  );

  return (
    <Page
      title="Add to the team"
      heading={
        <>
          Add someone to <bdi>{child.name}</bdi>’s team
        </>
      }
      back={{ href: `#${team}`, text: "Back to the team" }}
    >
      {others.length === 0 ? (
        <p>Everyone who works here is on the team already. A steward can invite more people.</p>
      ) : (
        <form onSubmit={form.submit} noValidate>
          <ErrorSummary form={form} title="Nobody was added." />
          <Select
            id="person"
            label="Who"
            hint="Someone who is missing has to be invited by a steward first."
            form={form}
            value={person}
            onInput={(value) => set({ person: value })}
          >
            <option value="">Choose a person</option>
            {byAgency(others).map(([agency, members]) => (
              <optgroup key={agency} label={agency}>
                {members.map((one) => (
                  <option key={one.id} value={one.id}>
                    {[nameOf(one), one.job].filter(Boolean).join(", ")}
                  </option>
                ))}
              </optgroup>
            ))}
          </Select>
          <Choice
            id="role"
            label="As"
            words={TEAM_ROLES}
            value={role}
            onInput={(value) => set({ role: value })}
          />
          <Field
            id="why"
            label="Why"
            hint="The whole team sees this, and it stays in the record."
            form={form}
            value={why}
            onInput={(value) => set({ why: value })}
          />
          <p>
            <strong>They will read everything posted here, from the beginning.</strong> That cannot
            be undone. The team sees that you let them in.
          </p>
          <Button submit busy={form.busy}>
            Add to the team
          </Button>
        </form>
      )}
    </Page>
  );
}

export function Member({ child, member }: { child: Child; member: Listed }) {
  const { person } = member;
  const key = `member:${child.log}:${person.id}`;
  const role = draft<string>(`${key}:role`, member.role);
  const why = draft(`${key}:why`, "");
  const team = `/child/${child.log}/team`;
  const leave = async () => {
    dropDrafts("member:");
    await look();
    go(team);
  };
  const change = useForm(
    () => must(role.value !== member.role, "role", "Choose another role, or go back"),
    async () => {
      await ask("grant", {
        log: child.log,
        person: person.id,
        role: role.value,
        why: why.value.trim(),
      });
      await leave();
    },
  );
  const remove = useForm(
    () => [],
    async () => {
      await ask("remove", { log: child.log, person: person.id });
      await leave();
    },
  );
  const me = overview.value?.me.id === person.id;
  return (
    <Page
      title="Someone on the team"
      heading={<bdi>{nameOf(person)}</bdi>}
      back={{ href: `#${team}`, text: "Back to the team" }}
    >
      <p>
        <Who person={person} />
      </p>
      <form onSubmit={change.submit} noValidate>
        <ErrorSummary form={change} title="Not changed." />
        <Choice
          id="role"
          label="Role on this team"
          words={TEAM_ROLES}
          form={change}
          value={role.value}
          onInput={(value) => (role.value = value)}
        />
        <Field
          id="why"
          label="Why (optional)"
          value={why.value}
          onInput={(value) => (why.value = value)}
        />
        <Button submit busy={change.busy} look="second">
          Change the role
        </Button>
      </form>
      <h2>Take off the team</h2>
      {me ? (
        <p>
          You cannot take yourself off: removing someone changes the key, and somebody who stays has
          to do it. Ask another keeper.
        </p>
      ) : (
        <form onSubmit={remove.submit} noValidate>
          <ErrorSummary form={remove} title="Nobody was removed." />
          <p>
            <bdi>{nameOf(person)}</bdi> will read nothing that is posted from now on. What they have
            read before they may keep; that cannot be taken back. The team sees that you did it.
          </p>
          <Button submit busy={remove.busy} look="warning">
            Take <bdi>{nameOf(person)}</bdi> off the team
          </Button>
        </form>
      )}
    </Page>
  );
}

export function byAgency(people: Person[]): [string, Person[]][] {
  const found = new Map<string, Person[]>();
  for (const person of [...people].sort((a, b) => a.name.localeCompare(b.name))) {
    const agency = person.agency || "Agency withheld";
    found.set(agency, [...(found.get(agency) ?? []), person]);
  }
  return [...found].sort(([a], [b]) => a.localeCompare(b));
}
