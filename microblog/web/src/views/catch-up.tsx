// Catching up: what is new of one child after the other, oldest first, with an end.
//
// The children stand in an order that says nothing of them, by name, and it stays as it was when the reading began.

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { NewIn, NewPosts } from "../client/shown-hand.ts";
import type { Child, Post } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { age, ago, day, plural } from "./dates.ts";
import { useForm } from "./form.ts";
import { Button, ButtonLink } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Check } from "./parts/field.tsx";
import { NoChildren } from "./parts/no-children.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { PostCard } from "./parts/post-card.tsx";
import { Which } from "./parts/which.tsx";
import { settle } from "./route.ts";
import { type Failure, failureOf } from "./sentences.ts";
import { childOf, draft, look, overview } from "./state.ts";
import { called } from "./words.ts";

const PORTION = 50;

/** How far the reader has come. `since`: what came later, read or not (ms); 0: what is not read. */
interface Way {
  since: number;
  rows: NewIn[] | null; // null: not looked yet
  at: number; // which of them
  after: number; // of it, up to which post
  passed: Passed[];
}

interface Passed {
  log: string;
  count: number; // of posts
  left: boolean; // unread, as the reader wished
  undo: boolean; // may it be taken back
}

const BEGIN: Way = { since: 0, rows: null, at: 0, after: -1, passed: [] };

export function CatchUp() {
  const way = draft<Way>("catch-up", BEGIN);
  const failure = useSignal<Failure | null>(null);
  const { rows, since, at, after } = way.value;
  useEffect(() => {
    if (rows !== null) return;
    ask("newIn", { since }).then(
      (found) => (way.value = { ...way.peek(), rows: inOrder(found) }),
      (error) => (failure.value = failureOf(error)),
    );
  }, [rows, since]);

  if (overview.value?.children.length === 0) {
    return (
      <Page title="Catch up">
        <NoChildren />
      </Page>
    );
  }
  const row = rows?.[at];
  const child = row && childOf(row.log);
  if (row && child) return <One key={`${row.log} ${after}`} way={way} row={row} child={child} />;
  return (
    <Page title="Catch up">
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      )}
      {rows === null && !failure.value && <p role="status">Looking for what is new…</p>}
      {rows !== null && <End way={way} />}
    </Page>
  );
}

function inOrder(found: NewIn[]): NewIn[] {
  const counts = new Map(found.map((row) => [row.log, row]));
  return (overview.value?.children ?? []).flatMap(({ log }) => counts.get(log) ?? []);
}

interface OneProps {
  way: Signal<Way>;
  row: NewIn;
  child: Child;
}

function One({ way, row, child }: OneProps) {
  const { since, rows, at, after } = way.value;
  const found = useSignal<NewPosts | null>(null);
  const failure = useSignal<Failure | null>(null);
  const tries = useSignal(0);
  const kept = useSignal<readonly number[]>([]);
  // Once: what is being read does not move when something comes in.
  useEffect(() => {
    let stale = false;
    failure.value = null;
    ask("newPosts", { log: row.log, since, after, count: PORTION }).then(
      (answer) => !stale && (found.value = answer),
      (error) => !stale && (failure.value = failureOf(error)),
    );
    return () => {
      stale = true;
    };
  }, [tries.value]);
  const news = found.value;
  return (
    <Page title="Catch up" heading={<bdi>{called(child)}</bdi>}>
      <p class="way">
        {child.sort === "household" ? "Household" : age(child.birth)}
        {(child.sort === "household" || age(child.birth)) && " · "}
        {at + 1} of {rows?.length} · {row.count} {since > 0 ? "since you were last here" : "unread"}, oldest first
      </p>
      {after < 0 && <Way way={way} />}
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
          <Button look="second" onClick={() => (tries.value += 1)}>
            Try again
          </Button>
        </Notice>
      )}
      {!news && !failure.value && <p role="status">Opening posts…</p>}
      {byDay(news?.posts ?? []).map(([name, posts]) => (
        <section key={posts[0]?.seq} aria-label={name}>
          <h2 class="day">{name}</h2>
          {posts.map((post) => (
            <Kept key={post.seq} post={post} child={child} kept={kept} />
          ))}
        </section>
      ))}
      {news && <Pass way={way} news={news} child={child} kept={kept.value} />}
    </Page>
  );
}

function byDay(posts: Post[]): [name: string, posts: Post[]][] {
  const days: [string, Post[]][] = [];
  for (const post of posts) {
    const name = day(post.time);
    const last = days.at(-1);
    if (last?.[0] === name) last[1].push(post);
    else days.push([name, [post]]);
  }
  return days;
}

function Kept({ post, child, kept }: { post: Post; child: Child; kept: Signal<readonly number[]> }) {
  const isKept = kept.value.includes(post.seq);
  const others = kept.value.filter((seq) => seq !== post.seq);
  return (
    <div class="catch-up-post">
      <PostCard post={post} child={child} />
      <button
        type="button"
        class="button plain keep"
        aria-pressed={isKept}
        onClick={() => (kept.value = isKept ? others : [...others, post.seq])}
      >
        {isKept ? "Stays unread" : "Keep unread"}
        <Which post={post} />
      </button>
    </div>
  );
}

/** Read, or left unread: either goes on to what comes next, at whose heading the reader then is. */
function Pass({ way, news, child, kept }: { way: Signal<Way>; news: NewPosts; child: Child; kept: readonly number[] }) {
  const { rows, at, since } = way.value;
  const { log } = child;
  const pass = async (left: boolean) => {
    const seq = news.seqs.at(-1);
    if (!left && seq !== undefined) {
      // Since a time: what was not read before that is not on the screen.
      await (since > 0 ? ask("markSeen", { log, seqs: news.seqs }) : ask("markRead", { log, seq, how: "all" }));
      for (const one of kept) await ask("markUnread", { log, seq: one });
    }
    const undo = !left && since === 0 && kept.length === 0;
    const passed = [...way.value.passed, { log, count: news.posts.length, left, undo }];
    const next = news.left > 0 && seq !== undefined ? { after: seq } : { at: at + 1, after: -1 };
    way.value = { ...way.value, ...next, passed };
    await look();
    settle();
  };
  const read = useForm(() => [], () => pass(false));
  const isLast = at + 1 === rows?.length;
  const next = news.left > 0 ? `Next ${Math.min(news.left, PORTION)}` : isLast ? "Finish" : "Next child";
  return (
    <section class="pass" aria-label="Go on">
      <p role="status">
        {news.left === 0 ? (
          <>
            That is all for <bdi>{called(child)}</bdi>.
          </>
        ) : (
          `${plural(news.left, "more post")} about this child.`
        )}
      </p>
      <ErrorSummary form={read} title="Not noted." />
      <div class="row">
        <Button busy={read.busy} onClick={read.submit}>
          Read. {next}
        </Button>
        <Button look="second" onClick={() => void pass(true)}>
          Leave unread
        </Button>
      </div>
    </section>
  );
}

/** What is new: what is not read, or what came since the last visit. */
function Way({ way }: { way: Signal<Way> }) {
  const last = overview.value?.lastHere ?? 0;
  if (last === 0) return null;
  return (
    <Check
      id="since-last-here"
      value={way.value.since > 0}
      onInput={(on) => (way.value = { ...BEGIN, since: on ? last : 0 })}
    >
      All since you were last here, {ago(last)}, read or not
    </Check>
  );
}

function End({ way }: { way: Signal<Way> }) {
  const { passed, since } = way.value;
  const unread = (overview.value?.children ?? []).reduce((sum, child) => sum + child.unread, 0);
  const are = unread === 1 ? "is" : "are";
  const count = passed.reduce((sum, one) => sum + one.count, 0);
  return (
    <>
      <p class="all-read" role="status">
        {unread === 0
          ? "You have read everything."
          : since > 0
            ? `That is all since you were last here. ${plural(unread, "post")} from before ${are} unread.`
            : `That is all for now. ${plural(unread, "post")} ${are} unread.`}
      </p>
      {passed.length > 0 && (
        <>
          <h2>You went through {plural(count, "post")}</h2>
          <ul class="plain passed">
            {merged(passed).map((one) => (
              <PassedLine key={one.log} one={one} way={way} />
            ))}
          </ul>
        </>
      )}
      <Way way={way} />
      <div class="row">
        <ButtonLink href="#/">Go to the stream</ButtonLink>
        {unread > 0 && (
          <Button
            look="second"
            onClick={() => {
              way.value = { ...BEGIN };
              settle();
            }}
          >
            Read what is unread
          </Button>
        )}
      </div>
    </>
  );
}

// A child of whom there was more than a screen was passed in portions.
function merged(passed: Passed[]): Passed[] {
  const byLog = new Map<string, Passed>();
  for (const one of passed) {
    const before = byLog.get(one.log);
    const left = one.left || before?.left === true;
    byLog.set(one.log, before ? { ...one, left, count: before.count + one.count, undo: false } : one);
  }
  return [...byLog.values()];
}

function PassedLine({ one, way }: { one: Passed; way: Signal<Way> }) {
  const child = childOf(one.log);
  const undo = useForm(
    () => [],
    async () => {
      const done = await ask("undoRead", { log: one.log });
      const passed = way.value.passed.map((row) => {
        return row.log === one.log ? { ...row, undo: false, left: done || row.left } : row;
      });
      way.value = { ...way.value, passed };
      await look();
    },
  );
  return (
    <li>
      <a class="tall" href={`#/child/${one.log}`}>
        <bdi>{child ? called(child) : "No longer followed"}</bdi>
      </a>{" "}
      <span class="small">
        {plural(one.count, "post")}, {child?.unread ? `${child.unread} unread` : one.left ? "left unread" : "read"}
      </span>
      {one.undo && (
        <Button look="plain" busy={undo.busy} onClick={undo.submit}>
          Mark unread<span class="unseen"> again: {child && called(child)}</span>
        </Button>
      )}
      <ErrorSummary form={undo} title="Not noted." />
    </li>
  );
}
