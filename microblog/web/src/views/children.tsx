// The children I follow, a line each.

import type { Child } from "../client/shown.ts";
import { age, ago, momentMs, plural } from "./dates.ts";
import { ButtonLink } from "./parts/button.tsx";
import { NoChildren } from "./parts/no-children.tsx";
import { Page } from "./parts/page.tsx";
import { overview } from "./state.ts";
import { nameOf } from "./words.ts";

export function Children() {
  const children = overview.value?.children ?? [];
  if (children.length === 0) {
    return (
      <Page title="Children I follow">
        <NoChildren />
      </Page>
    );
  }
  const mine = children.filter(({ removed }) => !removed).sort((a, b) => b.lastPost - a.lastPost);
  const past = children.filter(({ removed }) => removed);
  return (
    <Page title="Children I follow">
      <p>{mine.length === 1 ? "1 child" : `${mine.length} children`}, the newest post first.</p>
      <ul class="lines">
        {mine.map((child) => (
          <Line key={child.log} child={child} />
        ))}
      </ul>
      <ButtonLink href="#/children/begin" look="second">
        Begin a child
      </ButtonLink>
      {past.length > 0 && (
        <>
          <h2>No longer</h2>
          <ul class="lines">
            {past.map((child) => (
              <Line key={child.log} child={child} />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function Line({ child }: { child: Child }) {
  return (
    <li class="line">
      <div>
        <a class="name" href={`#/child/${child.log}`}>
          <bdi>{child.name || "Not opened yet"}</bdi>
        </a>{" "}
        <span class="small">{age(child.birth)}</span>
        <p class="small">{state(child)}</p>
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
  const seen = child.lastSeen
    ? `Seen ${ago(momentMs(child.lastSeen.time))}`
    : "No visit with the child seen yet";
  const posts =
    child.posts === 0
      ? "no posts yet"
      : `${plural(child.posts, "post")}, last ${ago(child.lastPost)}`;
  return `${seen} · ${posts}`;
}
