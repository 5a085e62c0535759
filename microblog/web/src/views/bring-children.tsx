// A list of children and households: what is on it, which of them to begin, and beginning them one after another.

import { useSignal } from "@preact/signals";

import type { Handed } from "../client/messages.ts";
import type { ChildrenPlan, Column, Table } from "../client/shown-rows.ts";
import { ask } from "./bridge.ts";
import { moment, plural } from "./dates.ts";
import { must, useForm } from "./form.ts";
import { BadRows } from "./parts/bad-rows.tsx";
import { ButtonLink } from "./parts/button.tsx";
import { type Chosen, ChooseFile, tableOf } from "./parts/choose-file.tsx";
import { Columns } from "./parts/columns.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { usePlan } from "./parts/use-plan.ts";
import { Working } from "./parts/working.tsx";
import { settle } from "./route.ts";
import { failureNamed } from "./sentences.ts";
import { CHILD_FIELDS, needed } from "./sheet-words.ts";
import { draft, dropDrafts, look } from "./state.ts";
import { list, many } from "./words.ts";

const BACK = { href: "#/children", text: "Children I follow" };

export function BringChildren() {
  const chosen = draft<Chosen | null>("bring-children:file", null);
  const columns = draft<Column[] | null>("bring-children:columns", null);
  const done = useSignal(0);
  const table = tableOf(chosen.value);
  if (done.value > 0) return <Done count={done.value} />;
  return (
    <Page title="Bring in a list of children" back={BACK}>
      {!chosen.value && (
        <p>
          A spreadsheet with a child or a household on each row: name, birth date, school, household.
          For each a stream is begun, of which you are keeper. Nobody is added to it yet.
        </p>
      )}
      <ChooseFile chosen={chosen} onChosen={() => (columns.value = null)} />
      {table && (
        <Plan
          key={`${chosen.value?.name} ${chosen.value?.at}`}
          table={table}
          columns={columns.value}
          onColumns={(next) => (columns.value = next)}
          onDone={(count) => {
            dropDrafts("bring-children:");
            done.value = count;
            settle();
          }}
        />
      )}
    </Page>
  );
}

interface PlanProps {
  table: Table;
  columns: Column[] | null;
  onColumns: (columns: Column[]) => void;
  onDone: (count: number) => void;
}

function Plan({ table, columns, onColumns, onDone }: PlanProps) {
  const begun = useSignal(0); // goes up with every attempt, so that what is here by then is known
  const planned = usePlan([table, columns, begun.value], () =>
    ask("planChildren", { table, ...(columns ? { columns } : {}) }),
  );
  const left = useSignal<number[]>([]); // the rows whose tick was taken away
  const missed = useSignal<Handed[]>([]);
  const plan = planned.plan.value;
  const rows = (plan?.good ?? []).map(({ row }) => row).filter((row) => !left.value.includes(row));
  const form = useForm(
    () => must(rows.length > 0, "rows", "Tick at least one"),
    async () => {
      missed.value = [];
      const handed = await ask("beginChildren", { table, columns: plan?.columns ?? [], rows });
      await look();
      missed.value = handed.filter(({ done }) => !done);
      if (missed.value.length === 0) onDone(handed.length);
      else begun.value += 1;
    },
  );
  if (planned.failure.value) {
    return (
      <Notice sort="alarm" title={planned.failure.value.title}>
        <p>{planned.failure.value.next}</p>
      </Notice>
    );
  }
  if (!plan) return <p role="status">Looking at the rows…</p>;
  return (
    <>
      <Columns
        table={table}
        columns={plan.columns}
        words={CHILD_FIELDS}
        open={plan.needs.length > 0}
        onInput={onColumns}
      />
      {plan.needs.length > 0 && (
        <Notice
          sort="warning"
          title={`Say above which column is: ${list(needed(plan.needs, CHILD_FIELDS))}.`}
        />
      )}
      <BadRows bad={plan.bad} columns={plan.columns} />
      <Known plan={plan} />
      <Missed missed={missed.value} />
      {plan.good.length > 0 && plan.needs.length === 0 && (
        <FormFrame form={form} failed="It stopped." button={`Begin ${many(rows.length, "stream")}`}>
          <Ticks
            id="rows"
            label="To begin"
            hint="For each you become keeper, and the only one on the team until you add others."
            form={form}
            ticks={plan.good.map((one) => ({ id: String(one.row), text: <Line one={one} /> }))}
            value={rows.map(String)}
            onInput={(ids) => {
              left.value = plan.good.map(({ row }) => row).filter((row) => !ids.includes(String(row)));
            }}
          />
          {form.busy && <Working idle="hand" />}
        </FormFrame>
      )}
    </>
  );
}

function Line({ one }: { one: ChildrenPlan["good"][number] }) {
  const rest = [
    one.sort === "household" ? "household" : one.birth && moment(one.birth),
    one.household,
  ].filter(Boolean);
  return (
    <>
      <bdi class="name">{one.name}</bdi>
      {rest.length > 0 && (
        <span class="hint">
          <bdi>{rest.join(" · ")}</bdi>
        </span>
      )}
    </>
  );
}

function Known({ plan: { known } }: { plan: ChildrenPlan }) {
  if (known.length === 0) return null;
  return (
    <details class="card fold">
      <summary>{many(known.length, "row")} you follow already</summary>
      <ul class="plain">
        {known.map(({ row, name }) => (
          <li key={row}>
            Row {row}: <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Missed({ missed }: { missed: Handed[] }) {
  const [first] = missed;
  if (!first) return null;
  const { title, next } = failureNamed(first.error, first.code);
  return (
    <Notice sort="alarm" title={`${plural(missed.length, "stream")} could not be begun. ${title}`}>
      <p>{next} What was begun stays: press the button again to go on with the rest.</p>
    </Notice>
  );
}

function Done({ count }: { count: number }) {
  return (
    <Page title="Streams begun" back={BACK}>
      <Notice sort="done">
        <p>{many(count, "stream")} begun. You are keeper of each, and the only one on the team.</p>
      </Notice>
      <p>Next, add who should follow each child, and a second keeper.</p>
      <ButtonLink href="#/children">Children I follow</ButtonLink>
    </Page>
  );
}
