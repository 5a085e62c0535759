// What is known of a child or household, beside its stream: where it lives, its people, its names.

import type { Child, Stay } from "../../client/shown.ts";
import { moment } from "../dates.ts";
import { list } from "../words.ts";

export function AboutCard({ child }: { child: Child }) {
  const { log, sort, keeper, trouble } = child;
  const household = sort === "household";
  return (
    <details class="card fold">
      <summary>About {household ? "the household" : "the child"}</summary>
      <Known child={child} />
      {keeper && !trouble && (
        <p class="row">
          <a class="tall" href={`#/child/${log}/about`}>
            Change
          </a>
          {!household && (
            <a class="tall" href={`#/child/${log}/move`}>
              Moves household
            </a>
          )}
        </p>
      )}
      <p>
        <a class="tall" href={`#/child/${log}/keeping`}>
          How long it is kept
        </a>
      </p>
    </details>
  );
}

function Known({ child }: { child: Child }) {
  const { knownAs, school, households, relatives, protectedAddress } = child;
  const nothing = ![knownAs, households, relatives].some((one) => one.length > 0) && !school;
  return (
    <dl class="summary">
      {protectedAddress && (
        <Row name="Address">
          <strong>Protected: do not say or write where they live</strong>
        </Row>
      )}
      {knownAs.length > 0 && (
        <Row name="Also known as">
          <bdi>{list(knownAs)}</bdi>
        </Row>
      )}
      {school && (
        <Row name="School or nursery">
          <bdi>{school}</bdi>
        </Row>
      )}
      {households.length > 0 && (
        <Row name="Households">
          <ul class="plain">
            {households.map((stay) => (
              <li key={stay.log + stay.from}>
                <Home stay={stay} /> <span class="small">{span(stay)}</span>
              </li>
            ))}
          </ul>
        </Row>
      )}
      {relatives.length > 0 && (
        <Row name="People">
          <ul class="plain">
            {relatives.map(({ name, relation }, at) => (
              <li key={at}>
                <bdi>{name}</bdi>
                {relation && (
                  <>
                    , <bdi>{relation}</bdi>
                  </>
                )}
              </li>
            ))}
          </ul>
        </Row>
      )}
      {nothing && <p class="small">Nothing more is noted. {child.keeper ? "Add what you know." : "A keeper can add it."}</p>}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A household by name, where one follows it. */
export function Home({ stay }: { stay: Stay }) {
  if (!stay.name) return <>a household that you do not follow</>;
  return (
    <a href={`#/child/${stay.log}`}>
      <bdi>{stay.name}</bdi>
    </a>
  );
}

/** "since 3 March 2026", "until 2025", "2023 to May 2026"; empty where nothing is known. */
export function span({ from, to }: Stay): string {
  if (from && to) return `${moment(from)} to ${moment(to)}`;
  if (to) return `until ${moment(to)}`;
  return from ? `since ${moment(from)}` : "";
}
