// Letting someone on to a team: with whom, as what, why; for a household, to its children's teams.

import type { Child, Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type KeptForm, must, useKeptForm } from "./form.ts";
import { childTicks, mayHand } from "./parts/child-ticks.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { HandingState, type Round, useHanding } from "./parts/handing.tsx";
import { Page } from "./parts/page.tsx";
import { PickPerson } from "./parts/pick.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { Who } from "./parts/who.tsx";
import { go } from "./route.ts";
import { childOf, look, overview } from "./state.ts";
import { codePoints, nameOf, TEAM_ROLES } from "./words.ts";

const MOST_WHY = 120;

interface Typed {
  person: string;
  role: string;
  why: string;
  also: string[]; // supervisor and deputies who come with the person
  children: string[]; // of a household
}

export function AddMember({ child }: { child: Child }) {
  const { log, name } = child;
  const { form, handing } = useAdding(child);
  // Who was let in by half of it stays on the screen until all of it is done.
  const others = notListed(child, [form.now.person, ...form.now.also]);
  return (
    <Page
      title="Add to the team"
      heading={
        <>
          Add someone to <bdi>{name}</bdi>’s team
        </>
      }
      back={{ href: `#/child/${log}/team`, text: "Back to the team" }}
    >
      {others.length === 0 ? (
        <p>Everyone who works here is on the team already. A steward can invite more people.</p>
      ) : (
        <FormFrame
          form={form}
          failed="Nobody was added."
          button={label(form.now.also.length + 1)}
        >
          <WhoAsWhat form={form} others={others} />
          <Backers form={form} others={others} />
          <Inside form={form} children={childrenOf(child)} />
          <HandingState handing={handing} busy={form.busy} />
        </FormFrame>
      )}
    </Page>
  );
}

function useAdding(child: Child) {
  const handing = useHanding();
  const blank: Typed = {
    person: "",
    role: "follower",
    why: "",
    also: [],
    children: childrenOf(child)
      .filter(mayHand)
      .map(({ log }) => log),
  };
  const form = useKeptForm(
    `member:${child.log}`,
    blank,
    ({ person, why }) => [
      ...must(person !== "", "person", "Choose whom to add"),
      ...must(why.trim() !== "", "why", "Say why this person should read about the child"),
      ...must(codePoints(why.trim()) <= MOST_WHY, "why", "Say why in at most 120 characters"),
    ],
    async (now) => {
      const done = await handing.run(rounds(child, now));
      await look();
      if (done) go(`/child/${child.log}/team`);
      return done;
    },
  );
  return { form, handing };
}

interface PartProps {
  form: KeptForm<Typed>;
  others: Person[];
}

function WhoAsWhat({ form, others }: PartProps) {
  const pick = (person: string) => {
    const { supervisor = "" } = find(person) ?? {};
    const proposed = others.some(({ id }) => id === supervisor);
    form.set({ person, also: proposed ? [supervisor] : [] });
  };
  return (
    <>
      <PickPerson
        {...form.of("person")}
        onInput={pick}
        label="Who"
        hint="Someone who is missing has to be invited by a steward first."
        among={others}
      />
      <Choice {...form.of("role")} label="As" words={TEAM_ROLES} />
      <Field
        {...form.of("why")}
        label="Why"
        hint="The whole team sees this, and it stays in the record."
      />
    </>
  );
}

/** Those who answer for the person, as the person has noted under Me. */
function Backers({ form, others }: PartProps) {
  const person = find(form.now.person);
  const backing = person ? backers(person, others) : [];
  if (!person || backing.length === 0) return null;
  return (
    <Ticks
      id="also"
      label={
        <>
          With <bdi>{nameOf(person)}</bdi>
        </>
      }
      hint="Added as supervisors, to read, post and record decisions."
      ticks={backing.map((one) => ({
        id: one.id,
        text: (
          <>
            <Who person={one} />{" "}
            <span class="hint">
              {one.id === person.supervisor ? "their supervisor" : "stands in for their supervisor"}
            </span>
          </>
        ),
      }))}
      value={form.now.also}
      onInput={(also) => form.set({ also })}
    />
  );
}

/** A household's children, and what being let in means. */
function Inside({ form, children }: { form: KeptForm<Typed>; children: Child[] }) {
  return (
    <>
      {children.length > 0 && (
        <Ticks
          id="children"
          label="And on to these children’s teams"
          hint="Each child has a team of its own. Without a tick they read about the household only."
          ticks={childTicks(children)}
          value={form.now.children}
          onInput={(ticked) => form.set({ children: ticked })}
        />
      )}
      <p>
        <strong>
          They will read everything posted here
          {form.now.children.length > 0 && " and about each child ticked"}, from the beginning.
        </strong>{" "}
        That cannot be undone. The team sees that you let them in.
      </p>
    </>
  );
}

/** First the stream itself, then a household's children; first the person, then who answers for them. */
function rounds(child: Child, { person, role, why, also, children }: Typed): Round[] {
  const each = (who: string, as: string, because: string): Round[] => {
    const grant = (logs: string[], via: string) => () =>
      ask("grantMany", { person: who, role: as as "follower", why: because, via, logs });
    const name = nameOf(find(who) ?? { name: "" });
    return [
      { who: name, run: grant([child.log], "") },
      ...(children.length > 0 ? [{ who: name, run: grant(children, child.log) }] : []),
    ];
  };
  const supervises = [...`Supervises ${nameOf(find(person) ?? { name: "" })}`];
  return [
    ...each(person, role, why.trim()),
    ...also.flatMap((one) =>
      each(one, "supervisor", supervises.slice(0, MOST_WHY).join("")),
    ),
  ];
}

function childrenOf(household: Child): Child[] {
  return household.children.filter(({ to }) => !to).flatMap(({ log }) => childOf(log) ?? []);
}

/** Who works here and is not on the team, or is one of these. */
function notListed(child: Child, these: string[]): Person[] {
  const listed = new Set(child.members.map(({ person }) => person.id));
  return (overview.value?.people ?? []).filter(
    ({ id, left }) => !left && (!listed.has(id) || these.includes(id)),
  );
}

function backers({ id, supervisor, deputies }: Person, among: Person[]): Person[] {
  const ids = [...new Set([supervisor, ...deputies])].filter((one) => one !== id);
  return ids.flatMap((one) => among.find((person) => person.id === one) ?? []);
}

function find(id: string): Person | undefined {
  return overview.value?.people.find((person) => person.id === id);
}

function label(count: number): string {
  return count === 1 ? "Add to the team" : `Add ${count} people to the team`;
}
