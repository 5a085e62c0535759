// Bringing rows of a spreadsheet into a stream: the file, its columns, what would become of it, and who reads it.

import { type Signal, useSignal } from "@preact/signals";

import type { Brought, Column, ImportPlan, Table } from "../client/shown-rows.ts";
import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type Form, must, useForm } from "./form.ts";
import { BadRows } from "./parts/bad-rows.tsx";
import { BroughtAll, BroughtSome, NothingToBring, UnderWay } from "./parts/bringing.tsx";
import { Button } from "./parts/button.tsx";
import { type Chosen, ChooseFile, tableOf } from "./parts/choose-file.tsx";
import { Columns } from "./parts/columns.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Outlook } from "./parts/outlook.tsx";
import { Readers } from "./parts/readers.tsx";
import { usePlan } from "./parts/use-plan.ts";
import { settle } from "./route.ts";
import { needed, ROW_FIELDS } from "./sheet-words.ts";
import { draft, look, progress } from "./state.ts";
import { codePoints, list, many } from "./words.ts";

const MOST_SOURCE = 120;
const GO_ON =
  "Rows that are in stay in. Bring in the same file again to go on: none comes in twice.";

/** How the newest attempt ended, and what it was of. */
interface Ended {
  brought: Brought;
  plan: ImportPlan;
}

/** What is typed and chosen; it outlives the page and the blind, and not the lock. */
interface Typed {
  columns: Column[] | null; // null: as they are guessed
  source: string;
  shown: string[]; // who was on the screen, by id, when the file was chosen
}

const BLANK: Typed = { columns: null, source: "", shown: [] };

export function BringIn({ child }: { child: Child }) {
  const { log } = child;
  const chosen = draft<Chosen | null>(`bring-in:file:${log}`, null);
  const typed = draft<Typed>(`bring-in:${log}`, BLANK);
  const done = useSignal<Ended | null>(null);
  const table = tableOf(chosen.value);
  const onChosen = () => {
    done.value = null;
    typed.value = { ...typed.value, columns: null, shown: ids(child) };
  };
  return (
    <Page
      title="Bring in a spreadsheet"
      heading={
        <>
          Bring in a spreadsheet about <bdi>{child.name}</bdi>
        </>
      }
      back={{ href: `#/child/${log}`, text: "Back to the stream" }}
    >
      {!chosen.value && (
        <p>
          Case notes, a log of calls, a chronology from another system: each row becomes a post that
          says where it comes from, at its own date. You see what would become of it before anything
          is sent.
        </p>
      )}
      {done.value && done.value.brought.left === 0 ? (
        <BroughtAll child={child} {...done.value} onMore={() => { chosen.value = null; done.value = null; }} />
      ) : (
        <>
          <ChooseFile chosen={chosen} onChosen={onChosen} />
          {table && (
            <Plan
              key={`${chosen.value?.name} ${chosen.value?.at}`}
              child={child}
              table={table}
              typed={typed}
              done={done}
            />
          )}
        </>
      )}
    </Page>
  );
}

interface PlanProps {
  child: Child;
  table: Table;
  typed: Signal<Typed>;
  done: Signal<Ended | null>;
}

function Plan({ child, table, typed, done }: PlanProps) {
  const { log } = child;
  const { columns: chosen } = typed.value;
  const source = typed.value.source.trim();
  const planned = usePlan([table, chosen, source, done.value], () =>
    ask("planImport", { log, table, source, ...(chosen ? { columns: chosen } : {}) }),
  );
  const plan = planned.plan.value;
  const allTheSame = useSignal(false);
  const form = useForm(
    () => check(plan, source),
    async () => {
      if (!plan) return;
      const { columns } = plan;
      const { shown } = typed.value;
      // Said of this attempt; the next one is warned anew.
      const warned = allTheSame.value;
      allTheSame.value = false;
      const brought = await ask("bringIn", { log, table, columns, source, shown, allTheSame: warned });
      await look();
      done.value = { brought, plan };
      settle();
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
  // A page that was left while it worked, and is back, says how far it is.
  if (form.busy || progress.value?.what === "bring") return <UnderWay />;
  return (
    <form onSubmit={form.submit} noValidate>
      <ErrorSummary form={form} title="It stopped." more={GO_ON} />
      <BroughtSome
        brought={done.value?.brought}
        child={child}
        onAgain={({ all, unvouched }) => {
          if (all) typed.value = { ...typed.value, shown: ids(child) };
          allTheSame.value = unvouched;
          form.submit();
        }}
      />
      <Look table={table} plan={plan} typed={typed} form={form} />
      <Last child={child} plan={plan} busy={planned.stale.value} />
    </form>
  );
}

interface LookProps {
  table: Table;
  plan: ImportPlan;
  typed: Signal<Typed>;
  form: Form;
}

/** All that is looked over before anything is sent. */
function Look({ table, plan, typed, form }: LookProps) {
  const set = (part: Partial<Typed>) => (typed.value = { ...typed.value, ...part });
  return (
    <>
      <Field
        id="source"
        form={form}
        label="Where these rows are from"
        hint="Said of each row that does not say it itself, like “School chronology 2021 to 2025”."
        value={typed.value.source}
        onInput={(source) => set({ source })}
      />
      <Columns
        table={table}
        columns={plan.columns}
        words={ROW_FIELDS}
        open={plan.needs.length > 0}
        onInput={(columns) => set({ columns })}
      />
      <Outlook plan={plan} />
      <BadRows bad={plan.bad} columns={plan.columns} />
    </>
  );
}

function Last({ child, plan, busy }: { child: Child; plan: ImportPlan; busy: boolean }) {
  if (plan.needs.length > 0) return null;
  if (plan.good === 0) return <NothingToBring plan={plan} />;
  return (
    <>
      <Readers child={child} />
      <p>
        They all read every row, and what is brought in stays: there is no taking it back in one go.
        It is nobody’s news: nothing is marked unread, and no mail counts it.
      </p>
      <Button submit busy={busy}>
        Bring in {many(plan.good, "row")} for <bdi>{child.name || "this"}</bdi>’s team (
        {child.members.length})
      </Button>
    </>
  );
}

function ids({ members }: Child): string[] {
  return members.map(({ person }) => person.id);
}

function check(plan: ImportPlan | null, source: string) {
  const missing = needed(plan?.needs ?? [], ROW_FIELDS);
  return [
    ...must(codePoints(source) <= MOST_SOURCE, "source", `Use at most ${MOST_SOURCE} characters`),
    ...must(missing.length === 0, "column-0", `Say which column is: ${list(missing)}`),
  ];
}
