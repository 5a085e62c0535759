// The children and households I follow, a line each; who asks to follow them; and beginning one.

import type { Child } from "../client/shown.ts";
import { age, ago, momentMs, plural } from "./dates.ts";
import { Asked, requestsTo } from "./parts/asking.tsx";
import { ButtonLink } from "./parts/button.tsx";
import { NoChildren } from "./parts/no-children.tsx";
import { Page } from "./parts/page.tsx";
import { Proposals } from "./parts/proposals.tsx";
import { Returns } from "./parts/returns.tsx";
import { overview } from "./state.ts";
import { called, list, nameOf } from "./words.ts";

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
      <Returns />
      <Proposals />
      <p>{counted(open.length - homes, homes)}, the newest post first.</p>
      <Lines of={open} />
      <p class="row">
        <ButtonLink href="#/children/begin" look="second">
          Begin a child
        </ButtonLink>
        <ButtonLink href="#/children/begin-household" look="second">
          Begin a household
        </ButtonLink>
        {open.some(({ myRole }) => myRole === "keeper") && (
          <ButtonLink href="#/children/hand-over" look="second">
            Hand over children
          </ButtonLink>
        )}
      </p>
      <Asked />
      <More title="Closed" of={mine.filter(({ closed }) => closed)} />
      <More title="No longer" of={children.filter(({ removed }) => removed)} />
    </Page>
  );
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
  return (
    <ul class="lines">
      {of.map((child) => (
        <Line key={child.log} child={child} />
      ))}
    </ul>
  );
}

function Line({ child }: { child: Child }) {
  const asking = requestsTo(child.log).length;
  const homes = child.households.filter(({ name, to }) => name && !to).map(({ name }) => name);
  return (
    <li class="line">
      <div>
        <a class="name" href={`#/child/${child.log}`}>
          <bdi>{called(child)}</bdi>
        </a>{" "}
        <span class="small">{child.sort === "household" ? "household" : age(child.birth)}</span>
        {homes.length > 0 && (
          <p class="small">
            <bdi>{list(homes)}</bdi>
          </p>
        )}
        <p class="small">{state(child)}</p>
        {asking > 0 && (
          <a class="tall above" href={`#/child/${child.log}/team`}>
            <span class="new">{asking}</span> {asking === 1 ? "asks" : "ask"} to follow
          </a>
        )}
      </div>
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
