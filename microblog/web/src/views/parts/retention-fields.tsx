// Retention classes, as they are typed: a name, how long, from when, and where that comes from.

import type { RetentionRow } from "../../client/shown.ts";
import { plural } from "../dates.ts";
import { type Form, type Mistake, must } from "../form.ts";
import { Button } from "./button.tsx";
import { Field, Select } from "./field.tsx";

const YEAR = 12;

/** A class as it is typed: in years where they are whole. */
export interface ClassDraft {
  cls: string;
  length: string;
  unit: "years" | "months";
  from: RetentionRow["from"];
  source: string;
}

export const NO_CLASS: ClassDraft = { cls: "", length: "", unit: "years", from: "birth", source: "" };

const FROMS: Record<RetentionRow["from"], string> = {
  birth: "from the child’s birth",
  closed: "from closing",
  newest: "from the newest post",
};

interface Props {
  rows: ClassDraft[];
  onInput: (rows: ClassDraft[]) => void;
  form: Form;
}

export function RetentionFields({ rows, onInput, form }: Props) {
  const set = (at: number, part: Partial<ClassDraft>) =>
    onInput(rows.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <>
      {rows.map((one, at) => (
        <fieldset key={at} class="group">
          <legend>Class {at + 1}</legend>
          <Field
            id={`cls-${at}`}
            label="Name"
            form={form}
            value={one.cls}
            onInput={(cls) => set(at, { cls })}
          />
          <div class="beside">
            <Field
              id={`length-${at}`}
              label="How long"
              width="short"
              max={3}
              form={form}
              value={one.length}
              onInput={(length) => set(at, { length })}
            />
            <Select
              id={`unit-${at}`}
              label="In"
              value={one.unit}
              onInput={(unit) => set(at, { unit: unit === "months" ? "months" : "years" })}
            >
              <option value="years">years</option>
              <option value="months">months</option>
            </Select>
          </div>
          <Select
            id={`from-${at}`}
            label="Counted"
            value={one.from}
            onInput={(from) => set(at, { from: from as RetentionRow["from"] })}
          >
            {Object.entries(FROMS).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </Select>
          <Field
            id={`source-${at}`}
            label="Where this comes from"
            hint="A law, a schedule, a decision of the practice"
            form={form}
            value={one.source}
            onInput={(source) => set(at, { source })}
          />
          <Button look="plain" onClick={() => onInput(rows.filter((_, index) => index !== at))}>
            Remove class {at + 1}
          </Button>
        </fieldset>
      ))}
    </>
  );
}

export function checkClasses(rows: ClassDraft[]): Mistake[] {
  return rows.flatMap(({ cls, length, source }, at) => [
    ...must(cls.trim() !== "", `cls-${at}`, `Name class ${at + 1}`),
    ...must(
      rows.findIndex((one) => one.cls.trim() === cls.trim()) === at || cls.trim() === "",
      `cls-${at}`,
      `Give class ${at + 1} a name of its own`,
    ),
    ...must(
      /^[1-9][0-9]{0,2}$/.test(length.trim()),
      `length-${at}`,
      `Say how long class ${at + 1} is kept, in figures`,
    ),
    ...must(source.trim() !== "", `source-${at}`, `Say where class ${at + 1} comes from`),
  ]);
}

export function draftOf({ cls, months, from, source }: RetentionRow): ClassDraft {
  const whole = months % YEAR === 0;
  const length = String(whole ? months / YEAR : months);
  return { cls, length, unit: whole ? "years" : "months", from, source };
}

export function rowOf({ cls, length, unit, from, source }: ClassDraft): RetentionRow {
  const months = Number(length) * (unit === "years" ? YEAR : 1);
  return { cls: cls.trim(), months, from, source: source.trim() };
}

/** "25 years from the child’s birth". */
export function sayClass({ months, from }: RetentionRow): string {
  const whole = months % YEAR === 0;
  return `${whole ? plural(months / YEAR, "year") : plural(months, "month")} ${FROMS[from]}`;
}
