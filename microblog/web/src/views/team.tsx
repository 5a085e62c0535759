// Who can read about this child, since when, let in by whom, and why.

import type { Child, Member } from "../client/shown.ts";
import { date } from "./dates.ts";
import { homesOf, notFrom } from "./from-household.tsx";
import { Requests } from "./parts/asking.tsx";
import { ButtonLink } from "./parts/button.tsx";
import { MayStillRead } from "./parts/may-still-read.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Trouble } from "./parts/trouble.tsx";
import { TakenOut } from "./parts/taken-out.tsx";
import { VouchedFor } from "./parts/vouching.tsx";
import { Ring, Who } from "./parts/who.tsx";
import { childOf } from "./state.ts";
import { agencies, keepers, list, nameOf, people, say, TEAM_ROLES } from "./words.ts";

export function Team({ child }: { child: Child }) {
  const { log, sort, name, members, keeper, trouble } = child;
  return (
    <Page
      title="Team"
      heading={
        <>
          Who can read about <bdi>{name || "this child"}</bdi>
        </>
      }
      back={{ href: `#/child/${log}`, text: sort === "household" ? "Back to the household" : "Back to the child" }}
    >
      {trouble && <Trouble trouble={trouble} of="This is about the list on this page" />}
      <MayStillRead child={child} />
      <Few members={members} />
      <Requests child={child} />
      <p>
        <strong>
          {people(members.length)} in {agencies(child.agencies)}
        </strong>
        . Every post is sealed to exactly these. Whoever joins reads everything from the beginning.
      </p>
      <VouchedFor child={child} />
      {child.myRole && !trouble && (
        <p class="row">
          {keeper && <ButtonLink href={`#/child/${log}/team/add`}>Add someone</ButtonLink>}
          <ButtonLink href={`#/child/${log}/slip`} look="second">
            Follow slip
          </ButtonLink>
        </p>
      )}
      <ul class="lines">
        {members.map((member) => (
          <Row key={member.person.id} member={member} child={child} />
        ))}
      </ul>
      {keeper && !trouble && <FromHouseholds child={child} />}
      {!keeper && (
        <p>
          To add or remove someone, ask a keeper:{" "}
          <bdi>{list(keepers(members).map(({ person }) => nameOf(person)))}</bdi>.
        </p>
      )}
      <TakenOut child={child} />
    </Page>
  );
}

/** Who reads about the household and not about this child: each child has a team of its own. */
function FromHouseholds({ child }: { child: Child }) {
  return (
    <>
      {homesOf(child).map((home) => {
        const missing = notFrom(home, child);
        if (missing.length === 0) return null;
        return (
          <section key={home.log} class="card">
            <p>
              On the team of <bdi class="name">{home.name}</bdi> and not on this one:{" "}
              <bdi>{list(missing.map(({ person }) => nameOf(person)))}</bdi>.
            </p>
            <ButtonLink href={`#/child/${child.log}/team/from-${home.log}`} look="second">
              Add some of them
            </ButtonLink>
          </section>
        );
      })}
    </>
  );
}

function Row({ member, child }: { member: Member; child: Child }) {
  const { person, role, since, by, why, via } = member;
  const home = via ? childOf(via)?.name : "";
  return (
    <li class="line">
      <div>
        <Who person={person} /> <span class="tag">{say(TEAM_ROLES, role)}</span>
        <p class="small">
          Since {date(since)},{" "}
          {by.id === person.id ? (
            "began this stream"
          ) : (
            <>
              let in by <bdi>{nameOf(by)}</bdi>
            </>
          )}
          {home && (
            <>
              {" "}
              with <bdi>{home}</bdi>
            </>
          )}
          {why && (
            <>
              : <bdi>{why}</bdi>
            </>
          )}
        </p>
        {person.phone && (
          <p>
            <Ring number={person.phone} />
          </p>
        )}
      </div>
      {child.keeper && !child.trouble && (
        <a class="tall" href={`#/child/${child.log}/team/${person.id}`}>
          Change<span class="unseen"> {nameOf(person)}</span>
        </a>
      )}
    </li>
  );
}

/** Warn while the whole history hangs on one person. */
function Few({ members }: { members: Member[] }) {
  if (members.length === 1) {
    return (
      <Notice sort="warning" title="Only one person can read this.">
        <p>
          If that person loses their keys, everything posted here is lost for good. Add a second
          person, as keeper.
        </p>
      </Notice>
    );
  }
  if (keepers(members).length > 1) return null;
  return (
    <Notice sort="warning" title="There is only one keeper.">
      <p>When that person is away, nobody can add or remove anyone. Make a second person keeper.</p>
    </Notice>
  );
}
