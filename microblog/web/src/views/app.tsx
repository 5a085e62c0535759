// Which screen stands: by the stage we are at and, once inside, by the address.

import { useLayoutEffect } from "preact/hooks";

import type { Entrance } from "./entrance.ts";
import { Blind } from "./blind.tsx";
import { Child } from "./child.tsx";
import { Children } from "./children.tsx";
import { Missing, Stopped, Welcome } from "./doors.tsx";
import { fill } from "./emptying.ts";
import { Household } from "./household.tsx";
import { lockSoon } from "./idle.ts";
import { Button } from "./parts/button.tsx";
import { Checking } from "./parts/checking.tsx";
import { DeviceBanners } from "./parts/device-banners.tsx";
import { Header, PlainHeader } from "./parts/header.tsx";
import { lazyScreen } from "./parts/lazy.tsx";
import { Notice } from "./parts/notice.tsx";
import { NotOnTeam, Nowhere } from "./parts/nowhere.tsx";
import { Page } from "./parts/page.tsx";
import { OutsideFoot } from "./parts/protects-link.tsx";
import { Trouble } from "./parts/trouble.tsx";
import { UndoBar } from "./parts/undo-bar.tsx";
import { VouchingBanner } from "./parts/vouching.tsx";
import { Working } from "./parts/working.tsx";
import { focusOn, route } from "./route.ts";
import { asked, childOf, hidden, overview, refresh, refused, stage, stopped } from "./state.ts";
import { Stream } from "./stream.tsx";
import { Unlock } from "./unlock.tsx";
import { isGood, mayBringIn, mayDecide } from "./words.ts";

// What is not on the first load comes in a few chunks, one for each file that is named here.
const beginnings = () => import("./of-beginnings.ts");
const mine = () => import("./of-me.tsx");
const ofPost = () => import("./of-post.ts");
const rounds = () => import("./of-rounds.ts");
const sheets = () => import("./of-sheets.ts");

const AskToFollow = lazyScreen(async () => (await beginnings()).AskToFollow);
const BeginChild = lazyScreen(async () => (await beginnings()).BeginChild);
const BeginHousehold = lazyScreen(async () => (await beginnings()).BeginHousehold);
const BringChildren = lazyScreen(async () => (await sheets()).BringChildren);
const BringIn = lazyScreen(async () => (await sheets()).BringIn);
const BroughtIn = lazyScreen(async () => (await sheets()).BroughtIn);
const CatchUp = lazyScreen(async () => (await rounds()).CatchUp);
const Conference = lazyScreen(async () => (await import("./of-picture.ts")).Conference);
const Decide = lazyScreen(async () => (await ofPost()).Decide);
const Door = lazyScreen(async () => (await import("./door.tsx")).Door);
const Ended = lazyScreen(async () => (await mine()).Ended);
const HandOver = lazyScreen(async () => (await beginnings()).HandOver);
const OfChildsTeam = lazyScreen(async () => (await import("./of-team.tsx")).OfChildsTeam);
const OfMe = lazyScreen(async () => (await mine()).OfMe);
const OfPeople = lazyScreen(async () => (await import("./of-people.tsx")).OfPeople);
const Post = lazyScreen(async () => (await ofPost()).Post);
const PrintPicture = lazyScreen(async () => (await import("./of-picture.ts")).PrintPicture);
const Check = lazyScreen(async () => (await import("./check.tsx")).Check);
const Protects = lazyScreen(async () => (await import("./protects.tsx")).Protects);
const RoundUp = lazyScreen(async () => (await rounds()).RoundUp);
const Supervision = lazyScreen(async () => (await rounds()).Supervision);
const TakeOut = lazyScreen(async () => (await sheets()).TakeOut);
const TakeOutAll = lazyScreen(async () => (await sheets()).TakeOutAll);

export function App({ entrance, onGoOn }: { entrance: Entrance; onGoOn: () => void }) {
  const blind = hidden.value && stage.value === "open";
  // The page left the document in the moment of hiding or locking: what stands in its place now is built.
  useLayoutEffect(fill, [blind, stage.value]);
  if (blind) return <Blind />;
  // Others look on: no name is in what stands around it either.
  const shown = stage.value === "open" && isShownToOthers();
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
      {stage.value === "open" ? <Header shown={shown} /> : <PlainHeader />}
      {stage.value === "open" && (shown ? <LocksSoon /> : <Banners />)}
      {stage.value === "open" && !shown && <UndoBar />}
      <div class="outer">
        {/* A page for each address: what one page holds in its fields is not another's. What is typed while the app
            starts stays under the fingers until it is unlocked. */}
        <Screen key={`${stage.value.replace("starting", "locked")} ${route.value.path}`} entrance={entrance} onGoOn={onGoOn} />
      </div>
      {stage.value === "open" && <Checking />}
      {stage.value !== "open" && entrance.door !== "protects" && <OutsideFoot check={entrance.door !== "check"} />}
    </>
  );
}

function Screen({ entrance, onGoOn }: { entrance: Entrance; onGoOn: () => void }) {
  const { door, fragment } = entrance;
  // It wants no keys, nor anything of the Worker.
  if (door === "protects") return <Protects />;
  // It says what is missing, whatever it is.
  if (door === "check") return <Check />;
  if (stopped.value) return <Stopped />;
  switch (stage.value) {
    case "starting":
      if (!door) return <Unlock />;
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
  const offline = asked.value && silent && overview.value !== null && !overview.value.online;
  return (
    <div class="banners">
      {trouble && <Trouble trouble={trouble} of="This is about the list of people who work here" />}
      <VouchingBanner />
      <DeviceBanners />
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
      <LocksSoon />
    </div>
  );
}

function LocksSoon() {
  if (!lockSoon.value) return null;
  return (
    <Notice sort="warning">
      <p role="alert">
        The app locks in less than a minute. Touch the screen or press a key to stay.
      </p>
    </Notice>
  );
}

function isShownToOthers(): boolean {
  const [place, , part] = route.value.parts;
  return place === "child" && part === "conference";
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
  if (device && !isGood(device)) return <Ended device={device} />;
  switch (place) {
    case undefined:
      return <Stream />;
    case "children":
      return <OfChildren part={rest[0]} />;
    case "child":
      return <OfChild log={rest[0] ?? ""} rest={rest.slice(1)} />;
    case "catch-up":
      return <CatchUp />;
    case "round-up":
      return <RoundUp />;
    case "supervision":
      return <Supervision />;
    case "people":
      return <OfPeople parts={rest} />;
    case "check":
      return <Check inside />;
    case "protects":
      return <Protects inside />;
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
    case "bring-in":
      return <BringChildren />;
    case "take-out":
      return <TakeOutAll />;
    default:
      return <Nowhere />;
  }
}

function OfChild({ log, rest }: { log: string; rest: string[] }) {
  const [part, which = "", act] = rest;
  const child = childOf(log);
  if (!child) return part === "post" ? <NotOnTeam /> : <Nowhere />;
  switch (part) {
    case undefined:
      return child.sort === "household" ? <Household household={child} /> : <Child child={child} />;
    case "post":
      return /^[0-9]+$/.test(which) ? (
        <Post child={child} seq={Number(which)} act={act} />
      ) : (
        <Nowhere />
      );
    case "decide":
      return mayDecide(child) ? <Decide child={child} /> : <Nowhere />;
    case "bring-in":
      return mayBringIn(child) ? <BringIn child={child} /> : <Nowhere />;
    case "brought":
      return /^[0-9]+$/.test(which) ? (
        <BroughtIn child={child} seq={Number(which)} />
      ) : (
        <Nowhere />
      );
    case "take-out":
      return child.myRole && !child.trouble ? (
        <TakeOut child={child} print={which === "print"} />
      ) : (
        <Nowhere />
      );
    case "conference":
      return mayBringIn(child) ? <Conference log={log} /> : <Nowhere />;
    case "picture":
      return which === "print" && child.myRole && !child.waiting && !child.trouble ? (
        <PrintPicture child={child} />
      ) : (
        <Nowhere />
      );
    default:
      return <OfChildsTeam child={child} part={part} which={which} />;
  }
}
