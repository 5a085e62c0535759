// Letting someone in: a link that is sent, and eight letters that are said.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Issued } from "../client/messages.ts";
import type { Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { date } from "./dates.ts";
import { must, useForm } from "./form.ts";
import { Button, ButtonLink } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field, Select } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { Working } from "./parts/working.tsx";
import { settle } from "./route.ts";
import { draft, dropDrafts, look, overview } from "./state.ts";
import { ROLES } from "./words.ts";

const BLANK = { name: "", job: "", agency: "", role: "practitioner" as Person["role"] };
const BACK = { href: "#/people", text: "People" };

export function Invite() {
  const kept = draft("invite", BLANK);
  const issued = useSignal<Issued | null>(null);
  const { name, job, agency, role } = kept.value;
  const set = (part: Partial<typeof BLANK>) => (kept.value = { ...kept.value, ...part });
  const form = useForm(
    () => [
      ...must(name.trim() !== "", "name", "Enter the person’s name"),
      ...must(job.trim() !== "", "job", "Enter what the person is, like “health visitor”"),
      ...must(agency !== "", "agency", "Choose the agency the person works for"),
    ],
    async () => {
      issued.value = await ask("invite", { name: name.trim(), job: job.trim(), agency, role });
      await look();
    },
  );
  if (issued.value) return <Ready issued={issued.value} name={name} />;
  return (
    <Page title="Invite someone" back={BACK}>
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} title="Nobody was invited." />
        <Field
          id="name"
          label="Name"
          form={form}
          value={name}
          onInput={(value) => set({ name: value })}
        />
        <Field
          id="job"
          label="Job"
          hint="What the person is, like “health visitor”"
          form={form}
          value={job}
          onInput={(value) => set({ job: value })}
        />
        <Select
          id="agency"
          label="Agency"
          hint={<a href="#/people/agency">Add one that is missing</a>}
          form={form}
          value={agency}
          onInput={(value) => set({ agency: value })}
        >
          <option value="">Choose an agency</option>
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
          value={role}
          onInput={(value) => set({ role: value as Person["role"] })}
        />
        <Button submit busy={form.busy}>
          Make the invitation
        </Button>
        {form.busy && <Working idle="unlock" />}
      </form>
    </Page>
  );
}

function Ready({ issued, name }: { issued: Issued; name: string }) {
  useEffect(() => {
    settle();
    return () => dropDrafts("invite");
  }, []);
  return (
    <Page title="Send the link. Say the letters." back={BACK}>
      <p>
        For <bdi>{name}</bdi>, once, until {date(issued.expiry)}. This is shown only now.
      </p>
      <h2>1. Send the link</h2>
      <p>By mail or message. Alone it opens nothing.</p>
      <p class="code boxed">{issued.link}</p>
      <Copy text={issued.link} />
      <h2>2. Say the letters</h2>
      <p>
        On the phone or face to face, to someone whose voice you know. Never in the same message as
        the link.
      </p>
      <p class="code letters">{issued.letters}</p>
      <p>
        Ring again afterwards: under People you see who joined, and when. If you have not heard from
        them in seven days, invite again.
      </p>
      <ButtonLink href="#/people">Done</ButtonLink>
    </Page>
  );
}

function Copy({ text }: { text: string }) {
  const said = useSignal("");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => (said.value = "Copied."),
      () =>
        (said.value =
          "The browser does not let the app copy. Select the link and copy it yourself."),
    );
  return (
    <div class="row">
      <Button look="second" onClick={() => void copy()}>
        Copy the link
      </Button>
      <span role="status">{said.value}</span>
    </div>
  );
}
