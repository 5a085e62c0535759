// Beginning a child's stream.

import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type DateParts, isLater, NO_DATE, readDate } from "./date-parts.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { DateField } from "./parts/date-field.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { go } from "./route.ts";
import { draft, dropDrafts, look } from "./state.ts";

const BIRTHS = [
  { value: "born", label: "Born", hint: "" },
  { value: "due", label: "Not born yet, due", hint: "" },
  { value: "unknown", label: "Not known", hint: "" },
];

const BLANK = {
  name: "",
  others: "",
  how: "" as Child["birth"]["how"] | "",
  day: NO_DATE as DateParts,
  school: "",
};

export function BeginChild() {
  const kept = draft("begin", BLANK);
  const { name, others, how, day, school } = kept.value;
  const set = (part: Partial<typeof BLANK>) => (kept.value = { ...kept.value, ...part });
  const dated = how === "born" || how === "due";
  const date = readDate(day);
  const knownAs = others
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

  const form = useForm(
    () => [
      ...must(name.trim() !== "", "name", "Enter the child’s name, or what the child is called"),
      ...must(knownAs.length <= 8, "others", "Give at most eight other names"),
      ...must(how !== "", "how", "Choose whether the child is born"),
      ...must(
        !dated || Boolean(date),
        "day",
        "Enter a real date: a year, a month and year, or a day too",
      ),
      ...must(
        how !== "born" || !date || !isLater(date),
        "day",
        "A date of birth cannot be in the future",
      ),
    ],
    async () => {
      const birth = { how: how || "unknown", date: dated ? (date ?? "") : "" } as const;
      const log = await ask("beginChild", {
        name: name.trim(),
        knownAs,
        birth,
        school: school.trim(),
      });
      dropDrafts("begin");
      await look();
      go(`/child/${log}`);
    },
  );

  return (
    <Page title="Begin a child" back={{ href: "#/children", text: "Children I follow" }}>
      <p>
        Nobody reads this but the people you add to the team. First ask whether a colleague has
        begun the same child already.
      </p>
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} title="Not begun." />
        <Field
          id="name"
          label="Name"
          form={form}
          value={name}
          onInput={(value) => set({ name: value })}
        />
        <Field
          id="others"
          label="Also known as (optional)"
          hint="Other names, with commas between them"
          form={form}
          value={others}
          max={600}
          onInput={(value) => set({ others: value })}
        />
        <Choice
          id="how"
          label="Date of birth"
          form={form}
          words={BIRTHS}
          value={how}
          onInput={(value) => set({ how: value as typeof how })}
        />
        {dated && (
          <DateField
            id="day"
            label={how === "due" ? "Due date" : "Born on"}
            hint="A year, or a month and year, will do."
            form={form}
            value={day}
            onInput={(value) => set({ day: value })}
          />
        )}
        <Field
          id="school"
          label="School or nursery (optional)"
          form={form}
          value={school}
          onInput={(value) => set({ school: value })}
        />
        <p>
          You will be the keeper: you say who is on the team. Ask a second person to be keeper soon.
        </p>
        <Button submit busy={form.busy}>
          Begin
        </Button>
      </form>
    </Page>
  );
}
