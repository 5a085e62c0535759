// Which screen stands: by the stage we are at and, once inside, by the address.

import type { Entrance } from "./entrance.ts";
import { AddMember, Member } from "./member.tsx";
import { Agency } from "./agency.tsx";
import { BeginChild } from "./begin-child.tsx";
import { Blind } from "./blind.tsx";
import { Child } from "./child.tsx";
import { Children } from "./children.tsx";
import { Cut, Missing, Stopped, Taken, Welcome } from "./doors.tsx";
import { Founding } from "./founding.tsx";
import { lockSoon } from "./idle.ts";
import { Invite } from "./invite.tsx";
import { Join } from "./join.tsx";
import { Me } from "./me.tsx";
import { Numbers } from "./numbers.tsx";
import { Button } from "./parts/button.tsx";
import { Header, PlainHeader } from "./parts/header.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Trouble } from "./parts/trouble.tsx";
import { Working } from "./parts/working.tsx";
import { People } from "./people.tsx";
import { Person } from "./person.tsx";
import { Post } from "./post.tsx";
import { focusOn, route } from "./route.ts";
import { childOf, hidden, overview, refresh, refused, stage, start, stopped } from "./state.ts";
import { Stream } from "./stream.tsx";
import { Team } from "./team.tsx";
import { Unlock } from "./unlock.tsx";

export function App({ entrance, onGoOn }: { entrance: Entrance; onGoOn: () => void }) {
  if (hidden.value && stage.value === "open") return <Blind />;
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          focusOn("main");
        }}
      >
        Skip to main content
      </a>
      {stage.value === "open" ? <Header /> : <PlainHeader />}
      {stage.value === "open" && <Banners />}
      <div class="outer">
        {/* A page for each address: what one page holds in its fields is not another's. */}
        <Screen key={`${stage.value} ${route.value.path}`} entrance={entrance} onGoOn={onGoOn} />
      </div>
    </>
  );
}

function Screen({ entrance, onGoOn }: { entrance: Entrance; onGoOn: () => void }) {
  if (stopped.value) return <Stopped />;
  const { door, fragment } = entrance;
  switch (stage.value) {
    case "starting":
      return (
        <Page title="Starting">
          <p role="status">Loading the part that holds the keys…</p>
        </Page>
      );
    case "missing":
      return <Missing onGoOn={onGoOn} />;
    case "door":
      if (start.value?.stored) return <Taken onUnlock={() => (stage.value = "locked")} />;
      if (!fragment) return <Cut />;
      return door === "found" ? <Founding token={fragment} /> : <Join fragment={fragment} />;
    case "welcome":
      return <Welcome />;
    case "locked":
      return <Unlock />;
    default:
      return <Inside />;
  }
}

/** What stands above every screen and cannot be put away. */
function Banners() {
  const trouble = overview.value?.trouble;
  const offline = overview.value !== null && !overview.value.online;
  const failure = refused.value;
  return (
    <div class="banners">
      {trouble && <Trouble trouble={trouble} of="This is about the list of people who work here" />}
      {offline && (
        <Notice sort="note">
          <p role="status">
            The server cannot be reached. You see what this device has; nothing new comes in or goes
            out.{" "}
            <Button look="plain" onClick={() => void refresh()}>
              Try again
            </Button>
          </p>
        </Notice>
      )}
      {!offline &&
        failure &&
        failure.error !== "Unreachable" &&
        failure.error !== trouble?.error && (
          <Notice sort="warning" title={failure.title}>
            <p>{failure.next}</p>
          </Notice>
        )}
      {lockSoon.value && (
        <Notice sort="warning">
          <p role="alert">
            The app locks in less than a minute. Touch the screen or press a key to stay.
          </p>
        </Notice>
      )}
    </div>
  );
}

function Inside() {
  const [place, ...rest] = route.value.parts;
  if (overview.value === null) {
    return (
      <Page title="Opening">
        <Working idle="check" />
      </Page>
    );
  }
  switch (place) {
    case undefined:
      return <Stream />;
    case "children":
      return rest[0] === "begin" ? <BeginChild /> : <Children />;
    case "child":
      return <OfChild log={rest[0] ?? ""} rest={rest.slice(1)} />;
    case "people":
      return <OfPeople part={rest[0]} />;
    case "me":
      return <Me />;
    default:
      return <Nowhere />;
  }
}

function OfChild({ log, rest }: { log: string; rest: string[] }) {
  const [part, which = "", act] = rest;
  const child = childOf(log);
  if (!child) return <Nowhere />;
  if (!part) return <Child child={child} />;
  if (part === "post" && /^[0-9]+$/.test(which))
    return <Post child={child} seq={Number(which)} act={act} />;
  if (part !== "team") return <Nowhere />;
  if (!which) return <Team child={child} />;
  if (!child.keeper) return <Nowhere />;
  if (which === "add") return <AddMember child={child} />;
  const member = child.members.find(({ person }) => person.id === which);
  return member ? <Member child={child} member={member} /> : <Nowhere />;
}

function OfPeople({ part }: { part: string | undefined }) {
  if (!part) return <People />;
  if (overview.value?.me.role !== "steward") return <Nowhere />;
  if (part === "invite") return <Invite />;
  if (part === "numbers") return <Numbers />;
  if (part === "agency") return <Agency />;
  const person = overview.value.people.find(({ id, left }) => id === part && !left);
  return person ? <Person person={person} /> : <Nowhere />;
}

function Nowhere() {
  return (
    <Page title="Nothing here">
      <p>
        This page does not exist, or you may not see it. If you followed a child here, a keeper may
        have taken you off the team.
      </p>
      <p>
        <a class="tall" href="#/">
          Go to the stream
        </a>
      </p>
    </Page>
  );
}
