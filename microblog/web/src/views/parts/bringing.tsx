// Rows on their way in: how far they are, what stopped them, and what came in.

import { useSignal } from "@preact/signals";

import type { Brought, ImportPlan } from "../../client/shown-rows.ts";
import type { Child, Person } from "../../client/shown.ts";
import { ask } from "../bridge.ts";
import { many } from "../words.ts";
import { BadRows } from "./bad-rows.tsx";
import { Button, ButtonLink } from "./button.tsx";
import { Joined } from "./joined.tsx";
import { Notice } from "./notice.tsx";
import { Unvouched } from "./vouching.tsx";
import { Working } from "./working.tsx";

/** While it goes on, it can be stopped. */
export function UnderWay() {
  const asked = useSignal(false);
  return (
    <div class="card">
      <Working idle="bring" />
      <p>Leave this page open until it is done.</p>
      <Button
        look="second"
        busy={asked.value}
        onClick={() => {
          asked.value = true;
          void ask("cancelImport").catch(() => {});
        }}
      >
        {asked.value ? "Stopping…" : "Stop"}
      </Button>
    </div>
  );
}

interface SomeProps {
  brought: Brought | undefined; // not all of it
  child: Child;
  /** `all`: for the people who joined too. `unvouched`: although nobody vouches for the server. */
  onAgain: (again: { all: boolean; unvouched: boolean }) => void;
}

/** It stopped before the end: why, and how to go on. */
export function BroughtSome({ brought, child, onAgain }: SomeProps) {
  if (!brought || brought.left === 0) return null;
  const { rows, left, newcomers, unvouched } = brought;
  if (newcomers.length > 0) {
    return (
      <Joined
        newcomers={peopleOf(child, brought)}
        child={child}
        busy={false}
        onYes={() => onAgain({ all: true, unvouched: false })}
      />
    );
  }
  if (unvouched > 0) {
    return (
      <Unvouched
        child={child}
        when={unvouched}
        kept="The rows are in your file."
        busy={false}
        onAgain={() => onAgain({ all: false, unvouched: false })}
        onAllTheSame={() => onAgain({ all: false, unvouched: true })}
      />
    );
  }
  return (
    <Notice
      sort="note"
      alert
      title={`Stopped: ${many(rows, "row")} came in, ${many(left, "row is", "rows are")} left.`}
    >
      <p>What is in stays in. Press the button again to go on with the rest; none comes in twice.</p>
    </Notice>
  );
}

export function NothingToBring({ plan: { known, bad } }: { plan: ImportPlan }) {
  return (
    <Notice sort="note" title="There is nothing to bring in.">
      {known > 0 && bad.length === 0 && <p>Every row of this sheet is in the stream already.</p>}
    </Notice>
  );
}

interface AllProps {
  child: Child;
  brought: Brought;
  plan: ImportPlan;
  onMore: () => void;
}

export function BroughtAll({ child, brought: { rows, known }, plan, onMore }: AllProps) {
  return (
    <>
      <Notice sort="done" title={`${many(rows, "row")} came in.`}>
        {known > 0 && <p>{many(known, "row was", "rows were")} here already.</p>}
        <p>
          They stand in the picture and the chronology at their own dates. In the stream they are one
          line.
        </p>
      </Notice>
      <BadRows bad={plan.bad} columns={plan.columns} />
      <p class="row">
        <ButtonLink href={`#/child/${child.log}`}>Go to the stream</ButtonLink>
        <Button look="second" onClick={onMore}>
          Bring in another file
        </Button>
      </p>
    </>
  );
}

function peopleOf(child: Child, { newcomers }: Brought): Person[] {
  const ids = newcomers.map(({ id }) => id);
  return child.members.map(({ person }) => person).filter(({ id }) => ids.includes(id));
}
