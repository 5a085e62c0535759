// The children and households I follow, a line each; who asks to follow them; and beginning one.

import { useSignal } from "@preact/signals";

import type { Child } from "../client/shown.ts";
import { concernTitle } from "./concern-words.ts";
import { age, ago, momentMs, plural } from "./dates.ts";
import { Apart } from "./parts/apart.tsx";
import { Asked, requestsTo } from "./parts/asking.tsx";
import { ButtonLink } from "./parts/button.tsx";
import { lazyPart } from "./parts/lazy.tsx";
import { NoChildren } from "./parts/no-children.tsx";
import { Page } from "./parts/page.tsx";
import { PictureCard } from "./parts/picture/lazily.ts";
import { Spark } from "./parts/picture/spark.tsx";
import { usePicture } from "./parts/picture/use-picture.ts";
import { overview } from "./state.ts";
import { called, list, nameOf } from "./words.ts";

const Proposals = lazyPart(async () => (await import("./of-requests.ts")).Proposals);
const Returns = lazyPart(async () => (await import("./of-requests.ts")).Returns);
const ToMark = lazyPart(async () => (await import("./of-rounds.ts")).ToMark);

export function Children() {
  const children = overview.value?.children ?? [];
  if (children.length === 0) {
    return (
      <Page title="Children I follow">
        <NoChildren />
        <Asked />
      </Page>
    );
  }
  const mine = children.filter(({ removed }) => !removed).sort((a, b) => b.lastPost - a.lastPost);
  const open = mine.filter(({ closed }) => !closed);
  const homes = open.filter(({ sort }) => sort === "household").length;
  return (
    <Page title="Children I follow">
      {overview.value?.returns.length ? <Returns /> : null}
      {overview.value?.proposals.length ? <Proposals /> : null}
      <p>{counted(open.length - homes, homes)}, the newest post first. Bars: posts a week, the last 12.</p>
      <NewOnes of={mine} />
      <Lines of={open} />
      <AllOfThem />
      <Marking of={mine} />
      <p class="row">
        <ButtonLink href="#/children/begin" look="second">
          Begin a child
        </ButtonLink>
        <ButtonLink href="#/children/begin-household" look="second">
          Begin a household
        </ButtonLink>
        <ButtonLink href="#/children/bring-in" look="second">
          Bring in a list
        </ButtonLink>
        {open.some(({ myRole }) => myRole === "keeper") && (
          <ButtonLink href="#/children/hand-over" look="second">
            Hand over children
          </ButtonLink>
        )}
        <ButtonLink href="#/children/take-out" look="second">
          Take posts out
        </ButtonLink>
      </p>
      <Asked />
      <More title="Closed" of={mine.filter(({ closed }) => closed)} />
      <More title="No longer" of={children.filter(({ removed }) => removed)} />
    </Page>
  );
}

/** How much is unread, and the way through it. */
function NewOnes({ of }: { of: Child[] }) {
  const unread = of.reduce((sum, child) => sum + child.unread, 0);
  if (unread === 0) return null;
  return (
    <p>
      <a class="tall" href="#/catch-up">
        {unread} unread: read child by child
      </a>
    </p>
  );
}

function Marking({ of }: { of: Child[] }) {
  const open = useSignal(false);
  return (
    <details class="plain-fold" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>Mark as read, or unread</summary>
      {open.value && <ToMark of={of} />}
    </details>
  );
}

/** Of all of them together; counted when somebody asks for it. */
function AllOfThem() {
  const open = useSignal(false);
  return (
    <details class="plain-fold" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>The picture of all you follow</summary>
      {open.value && <All />}
    </details>
  );
}

function All() {
  return <PictureCard asked={usePicture("", [])} of="all" />;
}

function counted(children: number, households: number): string {
  const counts = [
    (children > 0 || households === 0) && (children === 1 ? "1 child" : `${children} children`),
    households > 0 && plural(households, "household"),
  ];
  return list(counts.filter((one) => one !== false));
}

function More({ title, of }: { title: string; of: Child[] }) {
  if (of.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <Lines of={of} />
    </>
  );
}

function Lines({ of }: { of: Child[] }) {
  const most = Math.max(0, ...of.flatMap(({ weeks }) => weeks));
  return (
    <ul class="lines">
      {of.map((child) => (
        <Line key={child.log} child={child} most={most} />
      ))}
    </ul>
  );
}

function Line({ child, most }: { child: Child; most: number }) {
  const asking = requestsTo(child.log).length;
  const homes = child.households.filter(({ name, to }) => name && !to).map(({ name }) => name);
  return (
    <li class="line">
      <div>
        <a class="name" href={`#/child/${child.log}`}>
          <bdi>{called(child)}</bdi>
          <Apart log={child.log} />
        </a>{" "}
        <span class="small">{child.sort === "household" ? "household" : age(child.birth)}</span>
        {homes.length > 0 && (
          <p class="small">
            <bdi>{list(homes)}</bdi>
          </p>
        )}
        <p class="small">{state(child)}</p>
        {child.concern && (
          <p>
            <span class="tag">{concernTitle(child.concern)}</span>
          </p>
        )}
        {asking > 0 && (
          <a class="tall above" href={`#/child/${child.log}/team`}>
            <span class="new">{asking}</span> {asking === 1 ? "asks" : "ask"} to follow
          </a>
        )}
      </div>
      {child.myRole && !child.waiting && <Spark weeks={child.weeks} most={most} />}
      {child.unread > 0 && (
        <span class="new">
          {child.unread}
          <span class="unseen"> unread</span>
        </span>
      )}
    </li>
  );
}

function state(child: Child): string {
  if (child.trouble) return "Cannot be trusted at the moment: open it to see why";
  if (child.removed)
    return `You were taken off the team by ${nameOf(child.removed.by)}, ${ago(child.removed.time)}`;
  if (child.waiting) return "Waiting for the key from a colleague on the team";
  const posts =
    child.posts === 0
      ? "no posts yet"
      : `${plural(child.posts, "post")}, last ${ago(child.lastPost)}`;
  if (child.sort === "household") {
    const here = child.children.filter(({ to }) => !to).map(({ name }) => name);
    return here.length > 0 ? `${list(here)} · ${posts}` : posts;
  }
  const seen = child.lastSeen
    ? `Seen ${ago(momentMs(child.lastSeen.time))}`
    : "No visit with the child seen yet";
  return `${seen} · ${posts}`;
}
