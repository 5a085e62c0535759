// A steward changes what the directory says of a person, or notes that they have left; what still hangs on them.

import { useSignal } from "@preact/signals";

import type { Person as Shown } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { TheirDevices } from "./devices.tsx";
import { must, useForm, useKeptForm } from "./form.ts";
import { Hanging } from "./hanging.tsx";
import { Button, ButtonLink } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Page } from "./parts/page.tsx";
import { PickAgency } from "./parts/pick.tsx";
import { Who } from "./parts/who.tsx";
import { go } from "./route.ts";
import { look, overview } from "./state.ts";
import { nameOf, ROLES } from "./words.ts";

const BACK = { href: "#/people", text: "People" };

export function Person({ person }: { person: Shown }) {
  const { id, name, job, agencyId, role } = person;
  const form = useKeptForm(
    `person:${id}`,
    { name, job, agency: agencyId, role: role as string },
    (now) => [
      ...must(now.name.trim() !== "", "name", "Enter the person’s name"),
      ...must(now.job.trim() !== "", "job", "Enter what the person is"),
    ],
    async (now) => {
      await ask("changePerson", {
        person: id,
        name: now.name.trim(),
        job: now.job.trim(),
        agency: now.agency,
        role: now.role as Shown["role"],
        left: false,
      });
      await look();
      go("/people");
    },
  );
  return (
    <Page title="Change a person" heading={<bdi>{nameOf(person)}</bdi>} back={BACK}>
      <FormFrame form={form} failed="Not changed." button="Save">
        <Field {...form.of("name")} label="Name" />
        <Field {...form.of("job")} label="Job" />
        <PickAgency {...form.of("agency")} />
        <Choice {...form.of("role")} label="Role" words={ROLES} />
      </FormFrame>
      <TheirDevices person={person} />
      <Hanging person={person} />
      <Leave person={person} />
    </Page>
  );
}

/** Someone who has left, and what hangs on them still. */
export function Left({ person }: { person: Shown }) {
  return (
    <Page title="Someone who has left" heading={<bdi>{nameOf(person)}</bdi>} back={BACK}>
      <p>
        <Who person={person} /> <span class="tag">Has left</span>
      </p>
      <p>
        The server serves them no longer, and nothing posted since is sealed to them. To come back
        they are invited anew.
      </p>
      {overview.value?.me.role === "steward" && (
        <ButtonLink href={`#/people/anew/${person.id}`} look="second">
          <span>
            Invite <bdi>{nameOf(person)}</bdi> anew
          </span>
        </ButtonLink>
      )}
      <Hanging person={person} />
    </Page>
  );
}

function Leave({ person }: { person: Shown }) {
  const { id, name, job, agencyId, role } = person;
  const asking = useSignal(false);
  const form = useForm(
    () => [],
    async () => {
      await ask("changePerson", { person: id, name, job, agency: agencyId, role, left: true });
      await look();
      go(`/people/${id}`);
    },
  );
  return (
    <>
      <h2>Has left</h2>
      <p>
        The server stops serving <bdi>{nameOf(person)}</bdi> at once, and each team’s next post is
        under a new key that shuts them out. Someone who has left cannot be let back in under the
        same keys: they are invited anew, and keepers add them again.
      </p>
      <ErrorSummary form={form} title="Not noted." />
      {asking.value ? (
        <div class="notice warning" role="alert">
          <p class="notice-title">This cannot be undone.</p>
          <p class="row">
            <Button look="warning" busy={form.busy} onClick={form.submit}>
              Yes, <bdi>{nameOf(person)}</bdi> has left
            </Button>
            <Button look="second" onClick={() => (asking.value = false)}>
              No, go back
            </Button>
          </p>
        </div>
      ) : (
        <Button look="warning" onClick={() => (asking.value = true)}>
          Note that <bdi>{nameOf(person)}</bdi> has left
        </Button>
      )}
    </>
  );
}
