// The people around a child and what they are to it, as they are typed.

import { type Form, type Mistake, must } from "../form.ts";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";

const MOST = 30;

export interface Relative {
  name: string;
  relation: string;
}

interface Props {
  relatives: Relative[];
  onInput: (relatives: Relative[]) => void;
  form: Form;
}

export function RelativeFields({ relatives, onInput, form }: Props) {
  const set = (at: number, part: Partial<Relative>) =>
    onInput(relatives.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <>
      {relatives.map((one, at) => (
        <fieldset key={at} class="group pair">
          <legend>Person {at + 1}</legend>
          <Field
            id={`relative-${at}`}
            label="Name"
            form={form}
            value={one.name}
            onInput={(name) => set(at, { name })}
          />
          <Field
            id={`relation-${at}`}
            label="Relation"
            hint="Like “mother” or “her uncle”"
            form={form}
            value={one.relation}
            onInput={(relation) => set(at, { relation })}
          />
          <Button
            look="plain"
            onClick={() => onInput(relatives.filter((_, index) => index !== at))}
          >
            Remove person {at + 1}
          </Button>
        </fieldset>
      ))}
      {relatives.length < MOST && (
        <p>
          <Button
            look="second"
            onClick={() => onInput([...relatives, { name: "", relation: "" }])}
          >
            {relatives.length === 0 ? "Add a person" : "Another person"}
          </Button>
        </p>
      )}
    </>
  );
}

/** Return those of whom something was typed. */
export function keptRelatives(relatives: Relative[]): Relative[] {
  return relatives
    .map(({ name, relation }) => ({ name: name.trim(), relation: relation.trim() }))
    .filter(({ name, relation }) => name || relation);
}

export function checkRelatives(relatives: Relative[]): Mistake[] {
  return relatives.flatMap(({ name, relation }, at) =>
    must(
      Boolean(name.trim()) || !relation.trim(),
      `relative-${at}`,
      `Enter the name of person ${at + 1}, or what they are called`,
    ),
  );
}
