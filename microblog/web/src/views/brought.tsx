// The rows that one line of a stream stands for, by when they happened.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Child, Post } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { date } from "./dates.ts";
import { Button } from "./parts/button.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { PostCard } from "./parts/post-card.tsx";
import { Who } from "./parts/who.tsx";
import { type Failure, failureOf } from "./sentences.ts";
import { version } from "./state.ts";
import { many } from "./words.ts";

const STEP = 50;

export function BroughtIn({ child, seq }: { child: Child; seq: number }) {
  const { log } = child;
  const posts = useSignal<Post[] | null>(null);
  const count = useSignal(STEP);
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    let stale = false;
    ask("broughtIn", { log, seq }).then(
      (found) => {
        if (!stale) posts.value = found;
      },
      (error) => {
        if (!stale) failure.value = failureOf(error);
      },
    );
    return () => {
      stale = true;
    };
  }, [log, seq, version.value]);
  const [first] = posts.value ?? [];
  return (
    <Page
      title="Rows brought in"
      heading={
        <>
          Rows brought in about <bdi>{child.name}</bdi>
        </>
      }
      back={{ href: `#/child/${log}`, text: "Back to the stream" }}
    >
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      )}
      {!posts.value && !failure.value && <p role="status">Opening the rows…</p>}
      {posts.value && !first && <p>There are no rows here.</p>}
      {first && (
        <p>
          {many(posts.value?.length ?? 0, "row")}, by when they happened. Brought in by{" "}
          <Who person={first.author} /> on {date(first.time)}.
        </p>
      )}
      <div class="feed">
        {years(posts.value?.slice(0, count.value) ?? []).map(([year, ofYear]) => (
          <section key={year} aria-label={year}>
            <h2 class="day">{year}</h2>
            {ofYear.map((post) => (
              <PostCard key={post.seq} post={post} child={child} />
            ))}
          </section>
        ))}
      </div>
      {(posts.value?.length ?? 0) > count.value && (
        <Button look="second" onClick={() => (count.value += STEP)}>
          Show more rows
        </Button>
      )}
    </Page>
  );
}

/** They come by when they happened, those not sure when last. */
function years(posts: Post[]): [string, Post[]][] {
  const found = new Map<string, Post[]>();
  for (const post of posts) {
    const year = post.happened.slice(0, 4) || "Not sure when";
    found.set(year, [...(found.get(year) ?? []), post]);
  }
  return [...found];
}
