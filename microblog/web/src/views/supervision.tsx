// Supervision: the children of the people I supervise, each by name, and what there is to ask about.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Supervised } from "../client/shown-picture.ts";
import { ask } from "./bridge.ts";
import { ago, moment, plural } from "./dates.ts";
import { Due } from "./parts/due.tsx";
import { Choice } from "./parts/field.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { type Failure, failureOf } from "./sentences.ts";
import { childOf, draft, version } from "./state.ts";
import { called, list, nameOf, type Word } from "./words.ts";

const LONG_DAYS = 14;

interface Filter extends Word {
  fits: (row: Supervised) => boolean;
}

const FILTERS: Filter[] = [
  { value: "", label: "All", hint: "", fits: () => true },
  { value: "seen", label: `Not seen for ${LONG_DAYS} days`, hint: "", fits: isNotSeen },
  { value: "tried", label: "Tried, not seen since", hint: "", fits: ({ attempts }) => attempts > 0 },
  { value: "quiet", label: "An agency gone quiet", hint: "", fits: ({ quiet }) => quiet.length > 0 },
  { value: "nudged", label: "Nudged", hint: "", fits: ({ nudged }) => nudged !== null },
  { value: "due", label: "Review due", hint: "", fits: ({ due }) => due.length > 0 },
];

const BACK = { href: "#/round-up", text: "Back to the round-up" };

export function Supervision() {
  const rows = useSignal<Supervised[] | null>(null);
  const failure = useSignal<Failure | null>(null);
  const filter = draft("supervision", "");
  useEffect(() => {
    let stale = false;
    ask("supervision").then(
      (answer) => !stale && (rows.value = answer),
      (error) => !stale && (failure.value = failureOf(error)),
    );
    return () => {
      stale = true;
    };
  }, [version.value]);

  if (failure.value) {
    return (
      <Page title="Supervision" back={BACK}>
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      </Page>
    );
  }
  if (rows.value === null) {
    return (
      <Page title="Supervision" back={BACK}>
        <p role="status">Opening posts…</p>
      </Page>
    );
  }
  const all = rows.value;
  const counted = FILTERS.map((one) => ({ ...one, label: `${one.label} (${all.filter(one.fits).length})` }));
  const { fits } = FILTERS.find(({ value }) => value === filter.value) ?? FILTERS[0]!;
  const kept = all.filter(fits);
  return (
    <Page title="Supervision" back={BACK}>
      <p>
        {all.length === 0
          ? "Nobody who names you as supervisor or deputy is on the team of a child that you follow. They name you under " +
            "Me, and keepers add you to a team."
          : "What has been posted, by the child’s name. It says what there is to ask about, not how anyone works."}
      </p>
      {all.length > 0 && (
        <Choice
          id="supervision"
          label="Show"
          inline
          words={counted}
          value={filter.value}
          onInput={(value) => (filter.value = value)}
        />
      )}
      <p role="status" class="unseen">
        {kept.length} shown
      </p>
      {kept.map((row) => (
        <One key={row.log} row={row} />
      ))}
    </Page>
  );
}

function isNotSeen({ seen, log }: Supervised): boolean {
  if (childOf(log)?.sort === "household") return false;
  return seen === null || seen.days >= LONG_DAYS;
}

function One({ row }: { row: Supervised }) {
  const { log, workers, nudged, quiet, due } = row;
  const child = childOf(log);
  return (
    <section class="card supervised" aria-labelledby={`of-${log}`}>
      <h2 id={`of-${log}`}>
        <a href={`#/child/${log}`}>
          <bdi>{child ? called(child) : row.name}</bdi>
        </a>
      </h2>
      {workers.length > 0 && (
        <p class="small">
          On the team: <bdi>{list(workers.map(nameOf))}</bdi>
        </p>
      )}
      <dl class="figures">
        {child?.sort !== "household" && <Seen row={row} />}
        <div>
          <dt>Failed visits since</dt>
          <dd class={row.attempts > 0 ? "figure loud" : "figure"}>{row.attempts}</dd>
          <dd>{row.attempts > 0 ? "Not let in, not seen or not brought" : "None that is known"}</dd>
        </div>
      </dl>
      {nudged && (
        <p>
          <span class="tag alert">Nudge</span> by <bdi>{nameOf(nudged.by)}</bdi> {ago(nudged.time)}:{" "}
          <a href={`#/child/${log}/post/${nudged.seq}`}>open it</a>
        </p>
      )}
      {quiet.map(({ agencyId, name, days, usual }) => (
        <p key={agencyId}>
          <strong>Gone quiet:</strong> <bdi>{name}</bdi> has posted nothing for {plural(days, "day")}; before, it was
          every {usual <= 1 ? "day" : plural(usual, "day")}.
        </p>
      ))}
      {due.length > 0 && (
        <>
          <h3>Due for review</h3>
          <Due rows={due} about={false} />
        </>
      )}
    </section>
  );
}

function Seen({ row: { seen } }: { row: Supervised }) {
  return (
    <div>
      <dt>Last seen</dt>
      {seen ? (
        <>
          <dd class={seen.days >= LONG_DAYS ? "figure loud" : "figure"}>{sayDays(seen.days)}</dd>
          <dd>
            {moment(seen.when.at)}, by <bdi>{seen.by.job || nameOf(seen.by)}</bdi>
          </dd>
        </>
      ) : (
        <>
          <dd class="figure loud">Not yet</dd>
          <dd>No visit here says so</dd>
        </>
      )}
    </div>
  );
}

function sayDays(days: number): string {
  if (days <= 0) return "Today";
  return days === 1 ? "Yesterday" : `${days} days ago`;
}
