// How long what was posted about a child is kept: holds, retention, and what two people agree to destroy.

import type { Child, Shred } from "../client/shown.ts";
import { date, momentMs, moment } from "./dates.ts";
import { ButtonLink } from "./parts/button.tsx";
import { entries, mayConfirm, mayHold } from "./parts/keeping.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Trouble } from "./parts/trouble.tsx";
import { overview } from "./state.ts";
import { called, nameOf } from "./words.ts";

export function Keeping({ child }: { child: Child }) {
  const { log, sort, keeper, held, trouble, shreds } = child;
  const open = shreds.filter(({ done }) => !done);
  const over = shreds.filter(({ done }) => done);
  return (
    <Page
      title="How long it is kept"
      heading={
        <>
          How long posts about <bdi>{called(child)}</bdi> are kept
        </>
      }
      back={{ href: `#/child/${log}`, text: `Back to the ${sort === "household" ? "household" : "child"}` }}
    >
      {trouble && <Trouble trouble={trouble} of="This is about the list on this page" />}
      <p>
        Nothing is ever destroyed by itself. A keeper proposes it; after 14 days a supervisor on the
        team, or another keeper, may confirm it.
      </p>
      <Hold child={child} />
      <Due child={child} />
      {open.length > 0 && (
        <section aria-labelledby="proposed">
          <h2 id="proposed">Proposed to be destroyed for good</h2>
          {open.map((shred) => (
            <Proposed key={shred.id} shred={shred} child={child} />
          ))}
        </section>
      )}
      {keeper && !trouble && !held && (
        <ButtonLink href={`#/child/${log}/keeping/propose`} look="second">
          Propose to destroy posts for good
        </ButtonLink>
      )}
      {over.length > 0 && (
        <section aria-labelledby="destroyed">
          <h2 id="destroyed">Destroyed for good</h2>
          <ul class="lines">
            {over.map((shred) => (
              <Destroyed key={shred.id} shred={shred} />
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}

function Hold({ child }: { child: Child }) {
  const { log, held } = child;
  const link = `#/child/${log}/keeping/hold`;
  if (held) {
    return (
      <Notice sort="warning" title="Nothing here may be destroyed or erased.">
        <p>
          <bdi>{nameOf(held.by)}</bdi> put a hold on it on {date(held.time)}: <bdi>{held.why}</bdi>
        </p>
        {mayHold(child) && (
          <ButtonLink href={link} look="second">
            Lift the hold
          </ButtonLink>
        )}
      </Notice>
    );
  }
  return (
    <section aria-labelledby="hold">
      <h2 id="hold">Hold</h2>
      <p>
        There is none. What a court, an inquiry or a review has asked for, or may ask for, must be
        held.
      </p>
      {mayHold(child) ? (
        <ButtonLink href={link} look="second">
          Put a hold on it
        </ButtonLink>
      ) : (
        <p>A keeper or a supervisor on the team can put a hold on it.</p>
      )}
    </section>
  );
}

function Due({ child }: { child: Child }) {
  return (
    <section aria-labelledby="due">
      <h2 id="due">Until when</h2>
      {child.retention.length === 0 && (
        <p>
          {overview.value?.retention.length
            ? "None of what the practice has settled gives a date here yet."
            : "The practice has not settled how long posts are kept. A steward does, under People."}
        </p>
      )}
      <ul class="lines">
        {child.retention.map(({ cls, due, source }) => (
          <li key={cls} class="line">
            <div>
              <bdi class="name">{cls}</bdi>
              <p>
                {due ? `Until ${moment(due)}` : "No date yet"}
                {due && momentMs(due) < Date.now() && <span class="tag">That has passed</span>}
              </p>
              <p class="small">
                From: <bdi>{source}</bdi>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Proposed({ shred, child }: { shred: Shred; child: Child }) {
  const { id, seqs, by, time, cls, why, ready } = shred;
  const mine = by.id === overview.value?.me.id;
  return (
    <article class="card proposal" aria-label={`Proposed by ${nameOf(by)}`}>
      <p>
        <bdi class="name">{nameOf(by)}</bdi> proposed on {date(time)} to destroy{" "}
        <strong>{entries(seqs.length)}</strong>
        {cls && (
          <>
            {" "}
            as <bdi>{cls}</bdi>
          </>
        )}
        .
      </p>
      <p class="post-text" dir="auto">
        {why}
      </p>
      <p class="small">
        {child.held
          ? "Under the hold it cannot be confirmed."
          : ready <= Date.now()
            ? "May be confirmed now, by somebody else than who proposed it."
            : `May be confirmed from ${date(ready)}, by somebody else than who proposed it.`}
      </p>
      <p class="row">
        {mayConfirm(child, shred) && (
          <ButtonLink href={`#/child/${child.log}/keeping/${id}`} look="second">
            Look at it and decide<span class="unseen"> on what {nameOf(by)} proposed</span>
          </ButtonLink>
        )}
        {!child.held && mayHold(child) && (
          <a class="tall" href={`#/child/${child.log}/keeping/hold`}>
            {mine ? "Take it back with a hold" : "Stop it with a hold"}
          </a>
        )}
      </p>
    </article>
  );
}

function Destroyed({ shred }: { shred: Shred }) {
  const { seqs, by, cls, why, done, goneFromBackups } = shred;
  if (!done) return null;
  return (
    <li class="line">
      <div>
        <strong>{entries(seqs.length)}</strong>, on {date(done.time)}
        <p class="small">
          Proposed by <bdi>{nameOf(by)}</bdi>, confirmed by <bdi>{nameOf(done.by)}</bdi>
          {cls && (
            <>
              , as <bdi>{cls}</bdi>
            </>
          )}
          : <bdi>{why}</bdi>
        </p>
        <p>{fromBackups(goneFromBackups)}</p>
      </div>
    </li>
  );
}

/** From which day no backup holds it any more, as far as the practice has settled that. */
function fromBackups(gone: number): string {
  if (gone === 0) {
    return "How long backups are kept is not settled: they may still hold it. A steward enters it under People.";
  }
  return gone > Date.now()
    ? `Gone from the server. Gone from backups too from ${date(gone)}.`
    : `Gone from the server, and since ${date(gone)} from backups too.`;
}
