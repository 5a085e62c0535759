// Letting someone in: a link that is sent, and eight letters that are said.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Issued } from "../client/messages.ts";
import type { Person as Shown } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { date } from "./dates.ts";
import { must, useKeptForm } from "./form.ts";
import { ButtonLink } from "./parts/button.tsx";
import { Copy } from "./parts/copy.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { PickAgency } from "./parts/pick.tsx";
import { settle } from "./route.ts";
import { look } from "./state.ts";
import { nameOf, ROLES } from "./words.ts";

const BLANK = { name: "", job: "", agency: "", role: "practitioner" };
const BACK = { href: "#/people", text: "People" };

/** `former`: someone who lost every device, and comes back as a new person. */
export function Invite({ former }: { former?: Shown }) {
  const issued = useSignal<(Issued & { name: string }) | null>(null);
  const form = useKeptForm(
    former ? `invite:${former.id}` : "invite",
    former ? kept(former) : BLANK,
    ({ name, job, agency }) => [
      ...must(name.trim() !== "", "name", "Enter the person’s name"),
      ...must(job.trim() !== "", "job", "Enter what the person is, like “health visitor”"),
      ...must(agency !== "", "agency", "Choose the agency the person works for"),
    ],
    async ({ name, job, agency, role }) => {
      const person = { name: name.trim(), job: job.trim(), agency, role: role as Shown["role"] };
      if (former && !former.left) await noteGone(former);
      const again = former ? { formerly: former.id } : {};
      issued.value = { ...(await ask("invite", { ...person, ...again })), name: person.name };
      await look();
    },
  );
  if (issued.value) return <Ready {...issued.value} />;
  return (
    <Page
      title={former ? "Invite someone anew" : "Invite someone"}
      heading={former && <>Invite <bdi>{nameOf(former)}</bdi> anew</>}
      back={BACK}
    >
      {former && <Anew former={former} />}
      <FormFrame form={form} failed="Nobody was invited." button="Make the invitation" slow>
        <Field {...form.of("name")} label="Name" />
        <Field
          {...form.of("job")}
          label="Job"
          hint="What the person is, like “health visitor”"
        />
        <PickAgency
          {...form.of("agency")}
          hint={<a href="#/people/agency">Add one that is missing</a>}
        />
        <Choice {...form.of("role")} label="Role" words={ROLES} />
      </FormFrame>
    </Page>
  );
}

function Anew({ former }: { former: Shown }) {
  return (
    <Notice sort="warning" title="Only when every device and the recovery sheet are lost">
      <ul>
        {!former.left && (
          <li>
            The old keys of <bdi>{nameOf(former)}</bdi> are shut out for good, as if they had left.
            That cannot be undone.
          </li>
        )}
        <li>They join again as a new person. You open nothing for them by this.</li>
        <li>
          Each keeper of a team they were on is asked once, by name, whether to let them in again.
          What they read before comes back with that.
        </li>
      </ul>
      <p>
        Be sure who asks you: meet, or ring a number that you knew before. Someone else may want to
        come in under their name.
      </p>
    </Notice>
  );
}

/** Whoever has lost every key is as good as gone; the new person is another. */
async function noteGone({ id, name, job, agencyId, role }: Shown): Promise<void> {
  await ask("changePerson", { person: id, name, job, agency: agencyId, role, left: true });
}

function kept({ name, job, agencyId, role }: Shown): typeof BLANK {
  return { name, job, agency: agencyId, role };
}

function Ready({ link, letters, expiry, name }: Issued & { name: string }) {
  useEffect(() => settle(), []);
  return (
    <Page title="Send the link. Say the letters." back={BACK}>
      <p>
        For <bdi>{name}</bdi>, once, until {date(expiry)}. This is shown only now.
      </p>
      <h2>1. Send the link</h2>
      <p>By mail or message. Alone it opens nothing.</p>
      <p class="code boxed">{link}</p>
      <Copy text={link} />
      <h2>2. Say the letters</h2>
      <p>
        On the phone or face to face, to someone whose voice you know. Never in the same message as
        the link.
      </p>
      <p class="code letters">{letters}</p>
      <p>
        Ring again afterwards: under People you see who joined, and when. If you have not heard from
        them in seven days, invite again.
      </p>
      <ButtonLink href="#/people">Done</ButtonLink>
    </Page>
  );
}
