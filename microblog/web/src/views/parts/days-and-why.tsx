// What is taken out: from which day, until which, and why. The whole team reads it.

import type { DateParts } from "../date-parts.ts";
import type { KeptForm } from "../form.ts";
import { DateField } from "./date-field.tsx";
import { Field } from "./field.tsx";

interface Typed {
  from: DateParts;
  to: DateParts;
  why: string;
}

interface Props<T extends Typed> {
  form: KeptForm<T>;
  /** What it means to leave out the first day. */
  hint: string;
}

export function DaysAndWhy<T extends Typed>({ form, hint }: Props<T>) {
  const set = (part: Partial<Typed>) => form.set(part as Partial<T>);
  return (
    <>
      <DateField
        id="from"
        label="From which day (optional)"
        hint={hint}
        form={form}
        value={form.now.from}
        onInput={(from) => set({ from })}
      />
      <DateField
        id="to"
        label="Until which day (optional)"
        hint="Empty: until now"
        form={form}
        value={form.now.to}
        onInput={(to) => set({ to })}
      />
      <Field
        {...form.of("why")}
        label="Why"
        hint="Who asked for it, and where it goes. The whole team reads this."
      />
    </>
  );
}
