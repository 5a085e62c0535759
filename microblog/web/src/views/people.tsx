// Who works here, by agency; and for stewards, the doors: invitations, agencies, numbers to ring.

import type { Invite, Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { date } from "./dates.ts";
import { useForm } from "./form.ts";
import { Button, ButtonLink } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { MailStates } from "./parts/mail-states.tsx";
import { Page } from "./parts/page.tsx";
import { sayClass } from "./parts/retention-fields.tsx";
import { Vouched } from "./parts/vouching.tsx";
import { Ring } from "./parts/who.tsx";
import { look, overview } from "./state.ts";
import { byAgency, nameOf, people, ROLES, say } from "./words.ts";

export function People() {
  const seen = overview.value;
  if (!seen) return <Page title="People">{null}</Page>;
  const steward = seen.me.role === "steward";
  const here = seen.people.filter(({ left }) => !left);
  const gone = seen.people.filter(({ left }) => left);
  return (
    <Page title="People">
      <p>
        {people(here.length)} {here.length === 1 ? "works" : "work"} here. To be listed here opens
        nothing: who reads about a child is on that child’s team.
      </p>
      {steward && <ButtonLink href="#/people/invite">Invite someone</ButtonLink>}
      {steward && <Invites invites={seen.invites} />}
      {byAgency(here).map(([agency, members]) => (
        <section key={agency}>
          <h2>
            <bdi>{agency}</bdi>
          </h2>
          <ul class="lines">
            {members.map((person) => (
              <Line key={person.id} person={person} steward={steward} />
            ))}
          </ul>
        </section>
      ))}
      {gone.length > 0 && (
        <section>
          <h2>Have left</h2>
          <ul class="plain">
            {gone.map((person) => (
              <li key={person.id}>
                <a class="tall" href={`#/people/${person.id}`}>
                  <bdi>{nameOf(person)}</bdi>
                </a>
                {person.agency && (
                  <>
                    , <bdi>{person.agency}</bdi>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Numbers steward={steward} />
      {steward && <MailStates />}
      <Watch steward={steward} />
      <Kept steward={steward} />
    </Page>
  );
}

function Line({ person, steward }: { person: Person; steward: boolean }) {
  return (
    <li class="line">
      <div>
        <bdi class="name">{nameOf(person)}</bdi>
        {person.job && (
          <>
            , <bdi>{person.job}</bdi>
          </>
        )}
        {person.role !== "practitioner" && <span class="tag">{say(ROLES, person.role)}</span>}
        {person.phone && (
          <p>
            <Ring number={person.phone} />
          </p>
        )}
        {person.email && (
          <p class="small">
            <bdi>{person.email}</bdi>
          </p>
        )}
      </div>
      {steward && (
        <a class="tall" href={`#/people/${person.id}`}>
          Change<span class="unseen"> {nameOf(person)}</span>
        </a>
      )}
    </li>
  );
}

function Invites({ invites }: { invites: Invite[] }) {
  const open = invites.filter(({ state }) => state === "open");
  if (open.length === 0) return null;
  return (
    <section>
      <h2>Open invitations</h2>
      <ul class="lines">
        {open.map((invite) => (
          <OpenInvite key={invite.id} invite={invite} />
        ))}
      </ul>
    </section>
  );
}

function OpenInvite({ invite }: { invite: Invite }) {
  const form = useForm(
    () => [],
    async () => {
      await ask("revokeInvite", { id: invite.id });
      await look();
    },
  );
  return (
    <li class="line">
      <div>
        <bdi class="name">{invite.name}</bdi>, <bdi>{invite.job}</bdi>, <bdi>{invite.agency}</bdi>
        <p class="small">
          {say(ROLES, invite.role)}, good until {date(invite.expiry)}
        </p>
        <ErrorSummary form={form} title="Not taken back." />
      </div>
      <Button look="plain" busy={form.busy} onClick={form.submit}>
        Take back<span class="unseen"> the invitation of {invite.name}</span>
      </Button>
    </li>
  );
}

function Numbers({ steward }: { steward: boolean }) {
  const seen = overview.value;
  const agencyOf = (id: string) => seen?.agencies.find((agency) => agency.id === id)?.name ?? "";
  return (
    <section>
      <h2>Numbers to ring</h2>
      <ul class="plain">
        <li>
          Danger now: <Ring number="999" />
        </li>
        {seen?.numbers.map(({ agencyId, label, number, hours }) => (
          <li key={agencyId + label + number}>
            <bdi>{label}</bdi> <Ring number={number} />
            {[hours, agencyOf(agencyId)].filter(Boolean).map((words) => (
              <span key={words} class="small">
                {" · "}
                <bdi>{words}</bdi>
              </span>
            ))}
          </li>
        ))}
      </ul>
      {steward && (
        <p class="row">
          <ButtonLink href="#/people/numbers" look="second">
            Change the numbers
          </ButtonLink>
          <ButtonLink href="#/people/agency" look="second">
            Add an agency
          </ButtonLink>
        </p>
      )}
    </section>
  );
}

function Watch({ steward }: { steward: boolean }) {
  return (
    <section>
      <h2>Who vouches for the server</h2>
      <Vouched />
      {steward && (
        <ButtonLink href="#/people/witnesses" look="second">
          {overview.value?.witness.named ? "Change the witnesses" : "Name a witness"}
        </ButtonLink>
      )}
    </section>
  );
}

function Kept({ steward }: { steward: boolean }) {
  const rows = overview.value?.retention ?? [];
  return (
    <section>
      <h2>How long posts are kept</h2>
      {rows.length === 0 && (
        <p>The practice has not settled it. Nothing is destroyed. {!steward && "Ask a steward to settle it."}</p>
      )}
      <ul class="plain">
        {rows.map((row) => (
          <li key={row.cls}>
            <bdi class="name">{row.cls}</bdi>: {sayClass(row)}
            <p class="small">
              From: <bdi>{row.source}</bdi>
            </p>
          </li>
        ))}
      </ul>
      {steward && (
        <ButtonLink href="#/people/retention" look="second">
          {rows.length === 0 ? "Settle how long" : "Change how long"}
        </ButtonLink>
      )}
    </section>
  );
}
