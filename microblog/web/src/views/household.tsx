// One household: who lives there, its own stream, and its children's streams on demand.

import type { Child, Stay } from "../client/shown.ts";
import { Columns, Facts, States } from "./child.tsx";
import { age } from "./dates.ts";
import { Apart } from "./parts/apart.tsx";
import { span } from "./parts/about-card.tsx";
import { NO_ABOUT } from "./parts/about-text.ts";
import { ConcernCard } from "./parts/concern.tsx";
import { Page } from "./parts/page.tsx";
import { WhoSeesWhom } from "./parts/picture/lazily.ts";
import { usePicture } from "./parts/picture/use-picture.ts";
import { childOf, draft } from "./state.ts";
import { called } from "./words.ts";

export function Household({ household }: { household: Child }) {
  const here = household.children.filter(({ to }) => !to);
  const before = household.children.filter(({ to }) => to);
  const asked = usePicture(household.log, here.map(({ log }) => log));
  return (
    <Page title="Household" heading={<bdi>{called(household)}</bdi>} wide>
      <Facts child={household} />
      <States child={household} />
      <section aria-labelledby="lives-here">
        <h2 id="lives-here" class="first">
          Who lives here
        </h2>
        {here.length === 0 && (
          <p>No child that you follow lives here. Say below who moves in, or ask a colleague for a follow slip.</p>
        )}
        <Stays stays={here} />
        {household.myRole && !household.trouble && <Comers household={household} />}
        {before.length > 0 && (
          <details class="plain-fold">
            <summary>Lived here before ({before.length})</summary>
            <Stays stays={before} />
          </details>
        )}
      </section>
      <ConcernCard child={household} />
      <WhoSeesWhom household={household} here={here} />
      <Columns child={household} more={here} asked={asked} />
    </Page>
  );
}

function Stays({ stays }: { stays: Stay[] }) {
  if (stays.length === 0) return null;
  return (
    <ul class="lines tiles">
      {stays.map((stay) => (
        <Line key={stay.log + stay.from} stay={stay} />
      ))}
    </ul>
  );
}

function Line({ stay }: { stay: Stay }) {
  const child = childOf(stay.log);
  return (
    <li class="line">
      <div>
        <a class="name" href={`#/child/${stay.log}`}>
          <bdi>{stay.name}</bdi>
          <Apart log={stay.log} />
        </a>{" "}
        {child && <span class="small">{age(child.birth)}</span>}
        <p class="small">{span(stay)}</p>
      </div>
      {child && child.unread > 0 && (
        <span class="new">
          {child.unread}
          <span class="unseen"> unread</span>
        </span>
      )}
    </li>
  );
}

function Comers({ household: { log } }: { household: Child }) {
  const blank = { ...NO_ABOUT, homes: [] as string[] };
  return (
    <p class="row">
      <a class="tall" href={`#/child/${log}/move-in`}>
        A child moves in
      </a>
      <a
        class="tall"
        href="#/children/begin"
        onClick={() => {
          const begun = draft("begin-child", blank);
          begun.value = { ...begun.value, homes: [log] };
        }}
      >
        Begin a child here
      </a>
    </p>
  );
}
