// A steward adds an agency.

import type { Agency as Shown } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useKeptForm } from "./form.ts";
import { Choice, Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Page } from "./parts/page.tsx";
import { go } from "./route.ts";
import { look } from "./state.ts";
import { SORTS } from "./words.ts";

const BLANK = { name: "", sort: "" };

export function Agency() {
  const form = useKeptForm(
    "agency",
    BLANK,
    ({ name, sort }) => [
      ...must(name.trim() !== "", "name", "Enter the agency’s name"),
      ...must(sort !== "", "sort", "Choose what sort of agency it is"),
    ],
    async ({ name, sort }) => {
      await ask("addAgency", { name: name.trim(), sort: sort as Shown["sort"] });
      await look();
      go("/people/invite");
    },
  );
  return (
    <Page title="Add an agency" back={{ href: "#/people", text: "People" }}>
      <FormFrame form={form} failed="Not added." button="Add it">
        <Field
          {...form.of("name")}
          label="Name"
          hint="The body that people work for, like one school"
        />
        <Choice {...form.of("sort")} label="Sort" words={SORTS} />
      </FormFrame>
    </Page>
  );
}
