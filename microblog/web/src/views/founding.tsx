// The first start: the practice is founded by its first steward, who holds the one-time link.

import { useSignal } from "@preact/signals";

import type { Agency, PhoneNumber } from "../client/shown.ts";
import { AfterKeys } from "./after-keys.tsx";
import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Choice, Field } from "./parts/field.tsx";
import { Notice } from "./parts/notice.tsx";
import { checkNumbers, kept as filled, NO_NUMBER, NumberFields } from "./parts/number-fields.tsx";
import { Page } from "./parts/page.tsx";
import { ProtectsLink } from "./parts/protects-link.tsx";
import { settle } from "./route.ts";
import { SORTS } from "./words.ts";
import { Keys, NOTHING } from "./keys.tsx";

interface Practice {
  practice: string;
  name: string;
  job: string;
  agency: string;
  sort: Agency["sort"] | "";
  numbers: PhoneNumber[];
}

const BLANK: Practice = {
  practice: "",
  name: "",
  job: "",
  agency: "",
  sort: "",
  numbers: [NO_NUMBER],
};

export function Founding({ token }: { token: string }) {
  const step = useSignal<"practice" | "keys" | "sheet">("practice");
  const practice = useSignal(BLANK);
  const keys = useSignal(NOTHING);
  const to = (next: typeof step.value) => {
    step.value = next;
    settle();
  };
  if (step.value === "sheet") return <AfterKeys keep={keys.value.keep === "own"} />;
  if (step.value === "keys") {
    return (
      <Keys
        kept={keys}
        button="Found the practice"
        failed="The practice was not founded."
        onBack={() => to("practice")}
        send={async (opened) => {
          const { sort, numbers, ...rest } = practice.value;
          await ask("found", {
            ...trimmed(rest),
            sort: sort || "other",
            numbers: filled(numbers),
            token,
            ...opened,
          });
          to("sheet");
        }}
      />
    );
  }
  return (
    <Form
      practice={practice.value}
      onInput={(next) => (practice.value = next)}
      onDone={() => to("keys")}
    />
  );
}

interface FormProps {
  practice: Practice;
  onInput: (practice: Practice) => void;
  onDone: () => void;
}

function Form({ practice, onInput, onDone }: FormProps) {
  const set = (part: Partial<Practice>) => onInput({ ...practice, ...part });
  const form = useForm(
    () => [
      ...must(practice.practice.trim() !== "", "practice", "Enter the name of the practice"),
      ...must(practice.name.trim() !== "", "name", "Enter your name"),
      ...must(practice.job.trim() !== "", "job", "Enter your job"),
      ...must(practice.agency.trim() !== "", "agency", "Enter the agency you work for"),
      ...must(practice.sort !== "", "sort", "Choose what sort of agency it is"),
      ...checkNumbers(practice.numbers),
    ],
    async () => onDone(),
  );
  const field = (
    id: "practice" | "name" | "job" | "agency",
    label: string,
    hint: string,
    own?: string,
  ) => (
    <Field
      id={id}
      label={label}
      hint={hint}
      form={form}
      value={practice[id]}
      {...(own ? { own } : {})}
      onInput={(value) => set({ [id]: value })}
    />
  );
  return (
    <Page title="Found the practice">
      <Notice sort="warning" title="Not for real children yet">
        <p>
          Nobody can open a child’s stream in an emergency when its whole team is out of reach.
          Until two people together can, use this with invented children only.
        </p>
        <p>
          <ProtectsLink words="What it protects, and what it cannot" />
        </p>
      </Notice>
      <p>
        Step 1 of 3. You become the first steward: you invite staff. Being a steward opens no
        child’s stream.
      </p>
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} />
        {field(
          "practice",
          "Name of the practice",
          "The council or partnership, as staff call it. It stands at the top of every screen.",
        )}
        {field("name", "Your name", "As colleagues know it", "name")}
        {field(
          "job",
          "Your job",
          "What you are, like “safeguarding partnership manager”",
          "organization-title",
        )}
        {field(
          "agency",
          "Your agency",
          "The body you work for. You add the others later.",
          "organization",
        )}
        <Choice
          id="sort"
          label="What sort of agency it is"
          words={SORTS}
          form={form}
          value={practice.sort}
          onInput={(sort) => set({ sort: sort as Agency["sort"] })}
        />
        <h2>Numbers to ring</h2>
        <p>
          They stand under every button that posts, beside 999, because nobody is on duty in this
          app. You can change them later.
        </p>
        <NumberFields
          numbers={practice.numbers}
          form={form}
          onInput={(numbers) => set({ numbers })}
        />
        <Button submit>Continue</Button>
      </form>
    </Page>
  );
}

function trimmed<T extends Record<string, string>>(words: T): T {
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, value.trim()])) as T;
}
