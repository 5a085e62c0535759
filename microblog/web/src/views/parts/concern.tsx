// Three people are worried, or see the same: who they are, and whom to ring. What is said was counted, and not weighed.

import type { Concern as Shown } from "../../client/shown-picture.ts";
import type { Child } from "../../client/shown.ts";
import { capital, concernTitle } from "../concern-words.ts";
import { moment } from "../dates.ts";
import { overview } from "../state.ts";
import { Ring, Who } from "./who.tsx";

export function ConcernCard({ child }: { child: Child }) {
  const { concern, log } = child;
  if (!concern) return null;
  return (
    <section class="card concern" aria-labelledby="concern">
      <h2 id="concern">{concernTitle(concern)}</h2>
      <ul>
        {concern.people.map((who, at) => (
          <li key={at}>
            <bdi>{who}</bdi>
          </li>
        ))}
      </ul>
      <p>
        {capital(span(concern))}. Ring each other, or ask for a strategy discussion.
      </p>
      <Numbers />
      <details class="plain-fold">
        <summary>The team’s numbers</summary>
        <Team child={child} />
      </details>
      <details class="plain-fold">
        <summary>The posts that say so</summary>
        <ul class="plain">
          {concern.posts.map(({ log: of, seq }, at) => (
            <li key={`${of} ${seq}`}>
              <a class="tall" href={`#/child/${of || log}/post/${seq}`}>
                Post {at + 1} of {concern.posts.length}
              </a>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function span({ from, to }: Shown): string {
  return from === to ? `on ${moment(from)}` : `from ${moment(from)} to ${moment(to)}`;
}

/** The numbers of the practice's policy; one's own agency first, for there they know one's voice. */
export function numbersToRing() {
  const seen = overview.value;
  const mine = seen?.numbers.filter(({ agencyId }) => !agencyId || agencyId === seen.me.agencyId) ?? [];
  return [...mine].sort((a, b) => Number(!a.agencyId) - Number(!b.agencyId));
}

function Numbers() {
  const numbers = numbersToRing();
  if (numbers.length === 0) return <p>Ring your agency’s safeguarding lead.</p>;
  return (
    <ul class="plain ring-list">
      {numbers.map(({ label, number, hours }, at) => (
        <li key={label + number}>
          <a
            class={at === 0 ? "button main" : "button second"}
            href={`tel:${number.replace(/[^0-9+]/g, "")}`}
          >
            <span>
              Ring <bdi>{label}</bdi> <bdi dir="ltr">{number}</bdi>
            </span>
          </a>
          {hours && (
            <span class="small">
              {" "}
              <bdi>{hours}</bdi>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Those on the team who have a phone, in the order in which they came. */
function Team({ child: { members } }: { child: Child }) {
  const ringing = members.filter(({ person }) => person.phone);
  if (ringing.length === 0) {
    return <p>Nobody on the team has given a number yet: that is done under Me. Ring a number above.</p>;
  }
  return (
    <ul class="plain">
      {ringing.map(({ person }) => (
        <li key={person.id}>
          <Who person={person} /> <Ring number={person.phone} />
        </li>
      ))}
    </ul>
  );
}
