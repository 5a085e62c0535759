// A steward changes what the directory says of a person, or notes that they have left.

import { useSignal } from "@preact/signals";

import type { Person as Shown } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field, Select } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { go } from "./route.ts";
import { draft, dropDrafts, look, overview } from "./state.ts";
import { nameOf, ROLES } from "./words.ts";

export function Person({ person }: { person: Shown }) {
  const { id, name, job, agencyId, role } = person;
  const kept = draft(`person:${id}`, { name, job, agency: agencyId, role });
  const now = kept.value;
  const set = (part: Partial<typeof now>) => (kept.value = { ...kept.value, ...part });
  const asking = useSignal(false);
  const done = async () => {
    dropDrafts("person:");
    await look();
    go("/people");
  };
  const change = useForm(
    () => [
      ...must(now.name.trim() !== "", "name", "Enter the person’s name"),
      ...must(now.job.trim() !== "", "job", "Enter what the person is"),
    ],
    async () => {
      await ask("changePerson", {
        ...now,
        name: now.name.trim(),
        job: now.job.trim(),
        person: id,
        left: false,
      });
      await done();
    },
  );
  const leave = useForm(
    () => [],
    async () => {
      await ask("changePerson", { person: id, name, job, agency: agencyId, role, left: true });
      await done();
    },
  );
  return (
    <Page
      title="Change a person"
      heading={<bdi>{nameOf(person)}</bdi>}
      back={{ href: "#/people", text: "People" }}
    >
      <form onSubmit={change.submit} noValidate>
        <ErrorSummary form={change} title="Not changed." />
        <Field
          id="name"
          label="Name"
          form={change}
          value={now.name}
          onInput={(value) => set({ name: value })}
        />
        <Field
          id="job"
          label="Job"
          form={change}
          value={now.job}
          onInput={(value) => set({ job: value })}
        />
        <Select
          id="agency"
          label="Agency"
          value={now.agency}
          onInput={(value) => set({ agency: value })}
        >
          {overview.value?.agencies.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </Select>
        <Choice
          id="role"
          label="Role"
          words={ROLES}
          value={now.role}
          onInput={(value) => set({ role: value as Shown["role"] })}
        />
        <Button submit busy={change.busy}>
          Save
        </Button>
      </form>
      <h2>Has left</h2>
      <p>
        The server stops serving <bdi>{nameOf(person)}</bdi> at once, and each team’s next post is
        under a new key that shuts them out. Someone who has left cannot be let back in under the
        same keys: they are invited anew, and keepers add them again.
      </p>
      <ErrorSummary form={leave} title="Not noted." />
      {asking.value ? (
        <div class="notice warning" role="alert">
          <p class="notice-title">This cannot be undone.</p>
          <p class="row">
            <Button look="warning" busy={leave.busy} onClick={leave.submit}>
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
    </Page>
  );
}
