// A steward adds an agency.

import type { Agency as Shown } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { Page } from "./parts/page.tsx";
import { go } from "./route.ts";
import { draft, dropDrafts, look } from "./state.ts";
import { SORTS } from "./words.ts";

const BLANK = { name: "", sort: "" as Shown["sort"] | "" };

export function Agency() {
  const kept = draft("agency", BLANK);
  const { name, sort } = kept.value;
  const set = (part: Partial<typeof BLANK>) => (kept.value = { ...kept.value, ...part });
  const form = useForm(
    () => [
      ...must(name.trim() !== "", "name", "Enter the agency’s name"),
      ...must(sort !== "", "sort", "Choose what sort of agency it is"),
    ],
    async () => {
      await ask("addAgency", { name: name.trim(), sort: sort || "other" });
      dropDrafts("agency");
      await look();
      go("/people/invite");
    },
  );
  return (
    <Page title="Add an agency" back={{ href: "#/people", text: "People" }}>
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} title="Not added." />
        <Field
          id="name"
          label="Name"
          hint="The body that people work for, like one school"
          form={form}
          value={name}
          onInput={(value) => set({ name: value })}
        />
        <Choice
          id="sort"
          label="Sort"
          words={SORTS}
          form={form}
          value={sort}
          onInput={(value) => set({ sort: value as Shown["sort"] })}
        />
        <Button submit busy={form.busy}>
          Add it
        </Button>
      </form>
    </Page>
  );
}
