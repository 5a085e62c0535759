// What a child or household is called, when it was born or is due, and its school, as it is typed.

import type { Child } from "../../client/shown.ts";
import { isLater, partsOfDate, readDate } from "../date-parts.ts";
import { type KeptForm, type Mistake, must } from "../form.ts";
import type { AboutText } from "./about-text.ts";
import { DateField } from "./date-field.tsx";
import { Choice, Field } from "./field.tsx";

const MOST_NAMES = 8;
const BIRTHS = [
  { value: "born", label: "Born", hint: "" },
  { value: "due", label: "Not born yet, due", hint: "" },
  { value: "unknown", label: "Not known", hint: "" },
];

/** Return what is known as it is typed. */
export function asTyped({ name, knownAs, birth, school }: Child): AboutText {
  const { how, date } = birth;
  return { name, others: knownAs.join(", "), how, day: partsOfDate(date), school };
}

/** Return what was typed as it is kept. */
export function asKept({ name, others, how, day, school }: AboutText) {
  const dated = how === "born" || how === "due";
  const birth: Child["birth"] = {
    how: (how || "unknown") as Child["birth"]["how"],
    date: dated ? (readDate(day) ?? "") : "",
  };
  return { name: name.trim(), knownAs: names(others), birth, school: school.trim() };
}

export function checkAbout(typed: AboutText, sort: Child["sort"]): Mistake[] {
  const { name, others, how, day } = typed;
  const household = sort === "household";
  const date = readDate(day);
  return [
    ...must(
      name.trim() !== "",
      "name",
      household
        ? "Enter what the household is called"
        : "Enter the child’s name, or what the child is called",
    ),
    ...must(names(others).length <= MOST_NAMES, "others", "Give at most eight other names"),
    ...(household ? [] : checkBirth(how, date)),
  ];
}

function checkBirth(how: string, date: string | null): Mistake[] {
  const dated = how === "born" || how === "due";
  const real = "Enter a real date: a year, a month and year, or a day too";
  return [
    ...must(how !== "", "how", "Choose whether the child is born"),
    ...must(!dated || Boolean(date), "day", real),
    ...must(
      how !== "born" || !date || !isLater(date),
      "day",
      "A date of birth cannot be in the future",
    ),
  ];
}

interface Props<T extends AboutText> {
  form: KeptForm<T>;
  sort: Child["sort"];
}

export function AboutFields<T extends AboutText>({ form, sort }: Props<T>) {
  const { how, day } = form.now;
  const household = sort === "household";
  return (
    <>
      <Field
        {...form.of("name")}
        label="Name"
        {...(household ? { hint: "Like “North Street household”: a name the whole team knows" } : {})}
      />
      <Field
        {...form.of("others")}
        label="Also known as (optional)"
        hint="Other names, with commas between them"
        max={600}
      />
      {!household && (
        <>
          <Choice {...form.of("how")} label="Date of birth" words={BIRTHS} />
          {(how === "born" || how === "due") && (
            <DateField
              id="day"
              label={how === "due" ? "Due date" : "Born on"}
              hint="A year, or a month and year, will do."
              form={form}
              value={day}
              onInput={(value) => form.set({ day: value } as Partial<T>)}
            />
          )}
          <Field {...form.of("school")} label="School or nursery (optional)" />
        </>
      )}
    </>
  );
}

function names(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
}
