// The composer, then what was posted about all the children I follow, newest first.

import type { Child } from "../client/shown.ts";
import { Composer } from "./composer.tsx";
import { Feed } from "./parts/feed.tsx";
import { NoChildren } from "./parts/no-children.tsx";
import { NoSheet } from "./parts/no-sheet.tsx";
import { NotSent } from "./parts/outgoing.tsx";
import { Page } from "./parts/page.tsx";
import { Searching } from "./parts/searching.tsx";
import { ALL, type Search } from "./search.ts";
import { draft, overview } from "./state.ts";

export function Stream() {
  const search = draft<Search>("search:", ALL);
  const seen = overview.value;
  if (!seen) return <Page title="Stream">{null}</Page>;
  if (seen.children.length === 0) {
    return (
      <Page title="Stream">
        <NoSheet />
        <NoChildren />
      </Page>
    );
  }
  return (
    <Page title="Stream" wide quiet>
      <div class="columns">
        <div class="side">
          <Composer place="stream" heading="What did you notice?" />
          <NotSent />
          <NoSheet />
        </div>
        <div class="content">
          <Unread of={seen.children} />
          <Searching search={search} />
          <Feed
            place="stream"
            log=""
            search={search.value}
            onAll={() => (search.value = ALL)}
            empty="Nothing has been posted yet. What you or a colleague post about a child that you follow stands here."
          />
        </div>
      </div>
    </Page>
  );
}

/** The way to read it one child at a time, with an end. */
function Unread({ of }: { of: Child[] }) {
  const unread = of.reduce((sum, child) => sum + child.unread, 0);
  if (unread === 0) return null;
  return (
    <p class="unread">
      <a class="tall" href="#/catch-up">
        {unread} unread: read child by child
      </a>
    </p>
  );
}
