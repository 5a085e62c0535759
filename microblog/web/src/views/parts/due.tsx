// Decisions whose review date has come: what was decided, and the way to decide anew.

import type { DueDecision } from "../../client/shown-picture.ts";
import { moment } from "../dates.ts";
import { childOf } from "../state.ts";
import { called, mayDecide, nameOf } from "../words.ts";
import { ButtonLink } from "./button.tsx";

export function Due({ rows, about = true }: { rows: DueDecision[]; about?: boolean }) {
  return (
    <ul class="plain dues">
      {rows.map((row) => (
        <One key={row.id} row={row} about={about} />
      ))}
    </ul>
  );
}

function One({ row: { log, seq, review, by, text }, about }: { row: DueDecision; about: boolean }) {
  const child = childOf(log);
  const post = `#/child/${log}/post/${seq}`;
  return (
    <li class="card due decision">
      <p class="small">
        {about && child && (
          <>
            <bdi class="name">{called(child)}</bdi>:{" "}
          </>
        )}
        decided by <bdi>{nameOf(by)}</bdi>, to be reviewed on {moment(review)}
      </p>
      <p dir="auto">{text}</p>
      <p class="row">
        {child && mayDecide(child) && (
          <ButtonLink href={`${post}/review`} look="second">
            Review it<span class="unseen">: {text}</span>
          </ButtonLink>
        )}
        <a class="tall" href={post}>
          Open<span class="unseen"> the decision: {text}</span>
        </a>
      </p>
    </li>
  );
}
