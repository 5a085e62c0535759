// What a chronology is of, between which days, in which format, and why.

import type { Child } from "../client/shown.ts";
import { useKeptForm } from "./form.ts";
import { DaysAndWhy } from "./parts/days-and-why.tsx";
import { Choice } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { Working } from "./parts/working.tsx";
import { begin, BLANK, checkDays, takingOf } from "./taking.ts";
import { called, type Word } from "./words.ts";

const FORMATS: Word[] = [
  { value: "xlsx", label: "XLSX", hint: "For Excel or LibreOffice: dates are dates, and it prints well" },
  { value: "csv", label: "CSV", hint: "For another system that takes it in" },
];

interface Props {
  log: string; // whose page this is; empty: all that I follow
  of: Child[];
  ticked: Child[];
  print: boolean;
}

export function ChronologyForm({ log, of, ticked, print }: Props) {
  const first = { ...BLANK, logs: ticked.map((one) => one.log) };
  const form = useKeptForm(
    `chronology:${log}`,
    first,
    (now) => [
      ...(now.logs.length > 0 ? [] : [{ id: "logs", text: "Tick at least one" }]),
      ...checkDays(now),
    ],
    async (now) => {
      takingOf(log).value = await begin({ ...now, format: print ? "print" : now.format });
    },
  );
  const { now, set } = form;
  return (
    <>
      <p>
        Every post is a row, in the order in which things happened, with who wrote it and whether it is
        opinion, seen, told or from a record. You see what goes out, and may black things out, before
        anyone is told.
      </p>
      <FormFrame form={form} failed="Nothing was taken out." button="Show what goes out">
        {of.length > 1 && (
          <Ticks
            id="logs"
            label="Whose posts"
            hint="Together in one chronology, by when it happened"
            form={form}
            ticks={of.map((one) => ({
              id: one.log,
              text: (
                <>
                  <bdi class="name">{called(one)}</bdi>{" "}
                  <span class="small">{one.sort === "household" ? "household" : ""}</span>
                </>
              ),
            }))}
            value={now.logs}
            onInput={(logs) => set({ logs })}
          />
        )}
        {!print && (
          <Choice
            id="format"
            label="Format"
            words={FORMATS}
            value={now.format}
            onInput={(format) => set({ format: format === "csv" ? "csv" : "xlsx" })}
          />
        )}
        <DaysAndWhy
          form={form}
          hint="When it happened. Empty: from the beginning. What nobody is sure when it happened always comes along, at the end."
        />
      </FormFrame>
      {form.busy && <Working idle="check" />}
    </>
  );
}
