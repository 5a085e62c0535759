// The numbers to ring, which stand under every button that posts.

import type { PhoneNumber } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { checkNumbers, kept as filled, NumberFields, NO_NUMBER } from "./parts/number-fields.tsx";
import { Page } from "./parts/page.tsx";
import { go } from "./route.ts";
import { draft, dropDrafts, look, overview } from "./state.ts";

export function Numbers() {
  const seen = overview.value;
  const begun = {
    practice: seen?.practice ?? "",
    numbers: seen?.numbers.length ? seen.numbers : [NO_NUMBER],
  };
  const kept = draft<{ practice: string; numbers: PhoneNumber[] }>("numbers", begun);
  const { practice, numbers } = kept.value;
  const form = useForm(
    () => [
      ...must(practice.trim() !== "", "practice", "Enter the practice’s name"),
      ...checkNumbers(numbers),
    ],
    async () => {
      await ask("setPolicy", { practice: practice.trim(), numbers: filled(numbers) });
      dropDrafts("numbers");
      await look();
      go("/people");
    },
  );
  return (
    <Page title="Numbers to ring" back={{ href: "#/people", text: "People" }}>
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} title="Not saved." />
        <p>
          These stand under every button that posts. Danger now is always 999 and need not be
          entered.
        </p>
        <NumberFields
          numbers={numbers}
          agencies={seen?.agencies ?? []}
          form={form}
          onInput={(next) => (kept.value = { ...kept.value, numbers: next })}
        />
        <Field
          id="practice"
          label="Name of the practice"
          form={form}
          value={practice}
          onInput={(value) => (kept.value = { ...kept.value, practice: value })}
        />
        <Button submit busy={form.busy}>
          Save
        </Button>
      </form>
    </Page>
  );
}
