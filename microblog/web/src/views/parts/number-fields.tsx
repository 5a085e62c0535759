// A list of numbers to ring, as it is typed.

import type { Agency, PhoneNumber } from "../../client/shown.ts";
import { type Form, type Mistake, must } from "../form.ts";
import { Button } from "./button.tsx";
import { Field, Select } from "./field.tsx";

const MOST = 64;

export const NO_NUMBER: PhoneNumber = { agencyId: "", label: "", number: "", hours: "" };

interface Props {
  numbers: PhoneNumber[];
  onInput: (numbers: PhoneNumber[]) => void;
  form: Form;
  agencies?: Agency[];
}

export function NumberFields({ numbers, onInput, form, agencies = [] }: Props) {
  const set = (at: number, part: Partial<PhoneNumber>) =>
    onInput(numbers.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <>
      {numbers.map((one, at) => (
        <fieldset key={at} class="group">
          <legend>Number {at + 1}</legend>
          <Field
            id={`label-${at}`}
            label="Who answers"
            hint="Like “the front door” or “out of hours”"
            form={form}
            value={one.label}
            onInput={(label) => set(at, { label })}
          />
          <Field
            id={`number-${at}`}
            label="Number"
            type="tel"
            width="middle"
            form={form}
            value={one.number}
            onInput={(number) => set(at, { number })}
          />
          <Field
            id={`hours-${at}`}
            label="Hours (optional)"
            width="middle"
            form={form}
            value={one.hours}
            onInput={(hours) => set(at, { hours })}
          />
          {agencies.length > 0 && (
            <Select
              id={`agency-${at}`}
              label="For"
              value={one.agencyId}
              onInput={(agencyId) => set(at, { agencyId })}
            >
              <option value="">Everybody</option>
              {agencies.map((agency) => (
                <option key={agency.id} value={agency.id}>
                  {agency.name}
                </option>
              ))}
            </Select>
          )}
          {numbers.length > 1 && (
            <Button
              look="plain"
              onClick={() => onInput(numbers.filter((_, index) => index !== at))}
            >
              Remove number {at + 1}
            </Button>
          )}
        </fieldset>
      ))}
      {numbers.length < MOST && (
        <p>
          <Button look="second" onClick={() => onInput([...numbers, NO_NUMBER])}>
            Another number
          </Button>
        </p>
      )}
    </>
  );
}

/** Return those in which something was typed. */
export function kept(numbers: PhoneNumber[]): PhoneNumber[] {
  return numbers
    .map(({ agencyId, label, number, hours }) => ({
      agencyId,
      label: label.trim(),
      number: number.trim(),
      hours: hours.trim(),
    }))
    .filter(({ label, number }) => label || number);
}

export function checkNumbers(numbers: PhoneNumber[]): Mistake[] {
  return numbers.flatMap(({ label, number }, at) => [
    ...must(
      Boolean(label.trim()) || !number.trim(),
      `label-${at}`,
      `Say who answers number ${at + 1}`,
    ),
    ...must(Boolean(number.trim()) || !label.trim(), `number-${at}`, `Enter number ${at + 1}`),
    ...must(
      /^[+0-9 ()-]*$/.test(number),
      `number-${at}`,
      `Enter number ${at + 1} in figures, like 01632 960 000`,
    ),
  ]);
}
