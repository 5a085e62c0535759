// Which screen stands: by the stage we are at and, once inside, by the address.

import type { Child as Shown } from "../client/shown.ts";
import type { Entrance } from "./entrance.ts";
import { About } from "./about.tsx";
import { AddMember } from "./add-member.tsx";
import { Agency } from "./agency.tsx";
import { AskToFollow } from "./ask.tsx";
import { BeginChild, BeginHousehold } from "./begin-child.tsx";
import { Blind } from "./blind.tsx";
import { Child } from "./child.tsx";
import { Children } from "./children.tsx";
import { Destroy } from "./destroy.tsx";
import { Device } from "./device.tsx";
import { Door } from "./door.tsx";
import { Missing, Stopped, Welcome } from "./doors.tsx";
import { Ended, hasEnded } from "./ended.tsx";
import { FromHousehold, homesOf } from "./from-household.tsx";
import { HandOver } from "./hand-over.tsx";
import { Hold } from "./hold.tsx";
import { Household } from "./household.tsx";
import { lockSoon } from "./idle.ts";
import { Invite } from "./invite.tsx";
import { LetIn } from "./let-in.tsx";
import { Keeping } from "./keeping.tsx";
import { Me } from "./me.tsx";
import { Member } from "./member.tsx";
import { Move, MoveIn } from "./move.tsx";
import { Numbers } from "./numbers.tsx";
import { Button } from "./parts/button.tsx";
import { Checking } from "./parts/checking.tsx";
import { Header, PlainHeader } from "./parts/header.tsx";
import { mayConfirm, mayHold } from "./parts/keeping.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Trouble } from "./parts/trouble.tsx";
import { VouchingBanner } from "./parts/vouching.tsx";
import { Working } from "./parts/working.tsx";
import { People } from "./people.tsx";
import { Left, Person } from "./person.tsx";
import { Post } from "./post.tsx";
import { Propose } from "./propose.tsx";
import { Retention } from "./retention.tsx";
import { focusOn, route } from "./route.ts";
import { NewSheet } from "./sheet.tsx";
import { childOf, hidden, overview, refresh, refused, stage, stopped } from "./state.ts";
import { Slip } from "./slip.tsx";
import { Stream } from "./stream.tsx";
import { TakeOut } from "./take-out.tsx";
import { Team } from "./team.tsx";
import { Unlock } from "./unlock.tsx";
import { Witnesses } from "./witnesses.tsx";

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
      {stage.value === "open" && <Checking />}
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
      return <Door door={door} fragment={fragment} />;
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
  const failure = refused.value;
  // A server that answers, and refuses this device, can be reached.
  const silent = failure === null || failure.error === "Unreachable";
  const offline = silent && overview.value !== null && !overview.value.online;
  return (
    <div class="banners">
      {trouble && <Trouble trouble={trouble} of="This is about the list of people who work here" />}
      <VouchingBanner />
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
      {overview.value?.restoring && (
        <Notice sort="note">
          <p role="status">
            <strong>The server is being put back from a backup.</strong> You can read, not post. Your
            app gives back by itself what the server lacks, and what you are writing is kept. Nobody
            has to do anything.
          </p>
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
  const { device } = overview.value;
  if (device && hasEnded(device)) return <Ended device={device} />;
  switch (place) {
    case undefined:
      return <Stream />;
    case "children":
      return <OfChildren part={rest[0]} />;
    case "child":
      return <OfChild log={rest[0] ?? ""} rest={rest.slice(1)} />;
    case "people":
      return <OfPeople parts={rest} />;
    case "me":
      return <OfMe parts={rest} />;
    case "ask":
      return <AskToFollow />;
    default:
      return <Nowhere />;
  }
}

function OfChildren({ part }: { part: string | undefined }) {
  switch (part) {
    case undefined:
      return <Children />;
    case "begin":
      return <BeginChild />;
    case "begin-household":
      return <BeginHousehold />;
    case "hand-over":
      return <HandOver />;
    default:
      return <Nowhere />;
  }
}

function OfChild({ log, rest }: { log: string; rest: string[] }) {
  const [part, which = "", act] = rest;
  const child = childOf(log);
  if (!child) return <Nowhere />;
  const household = child.sort === "household";
  switch (part) {
    case undefined:
      return household ? <Household household={child} /> : <Child child={child} />;
    case "post":
      return /^[0-9]+$/.test(which) ? (
        <Post child={child} seq={Number(which)} act={act} />
      ) : (
        <Nowhere />
      );
    case "about":
      return child.keeper ? <About child={child} /> : <Nowhere />;
    case "move":
      return child.keeper && !household ? <Move child={child} /> : <Nowhere />;
    case "slip":
      return child.myRole ? <Slip child={child} /> : <Nowhere />;
    case "move-in":
      return household ? <MoveIn household={child} /> : <Nowhere />;
    case "keeping":
      return <OfKeeping child={child} which={which} />;
    case "take-out":
      return child.myRole && !child.trouble ? <TakeOut child={child} /> : <Nowhere />;
    case "team":
      return <OfTeam child={child} which={which} />;
    default:
      return <Nowhere />;
  }
}

function OfTeam({ child, which }: { child: Shown; which: string }) {
  if (!which) return <Team child={child} />;
  if (!child.keeper) return <Nowhere />;
  if (which === "add") return <AddMember child={child} />;
  const home = homesOf(child).find(({ log }) => which === `from-${log}`);
  if (home) return <FromHousehold child={child} home={home} />;
  const member = child.members.find(({ person }) => person.id === which);
  return member ? <Member child={child} member={member} /> : <Nowhere />;
}

function OfKeeping({ child, which }: { child: Shown; which: string }) {
  if (!which) return <Keeping child={child} />;
  if (which === "hold") return mayHold(child) ? <Hold child={child} /> : <Nowhere />;
  const proposing = /^propose(?:-([0-9]+))?$/.exec(which);
  if (proposing && child.keeper && !child.held) {
    const [, seq] = proposing;
    return <Propose child={child} {...(seq ? { seq: Number(seq) } : {})} />;
  }
  const shred = child.shreds.find(({ id }) => id === which);
  return shred && mayConfirm(child, shred) ? <Destroy child={child} shred={shred} /> : <Nowhere />;
}

function OfMe({ parts: [part, which = ""] }: { parts: string[] }) {
  switch (part) {
    case undefined:
      return <Me />;
    case "devices":
      return <Device which={which} />;
    case "link":
      return <LetIn />;
    case "sheet":
      return <NewSheet />;
    default:
      return <Nowhere />;
  }
}

function OfPeople({ parts: [part, act, which = ""] }: { parts: string[] }) {
  if (!part) return <People />;
  const steward = overview.value?.me.role === "steward";
  if (steward && part === "invite") return <Invite />;
  if (steward && part === "numbers") return <Numbers />;
  if (steward && part === "agency") return <Agency />;
  if (steward && part === "witnesses") return <Witnesses />;
  if (steward && part === "retention") return <Retention />;
  const anew = steward && part === "anew";
  const person = overview.value?.people.find(({ id }) => id === (anew ? act : part));
  if (!person) return <Nowhere />;
  if (anew) return <Invite former={person} />;
  if (steward && act === "devices") return <Device which={which} person={person} />;
  if (person.left) return <Left person={person} />;
  return steward ? <Person person={person} /> : <Nowhere />;
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
