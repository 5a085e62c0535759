// The frame of a form: what is wrong with it at the top, the fields, and the button that sends it.

import type { ComponentChildren } from "preact";

import type { Form } from "../form.ts";
import { Button } from "./button.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { Working } from "./working.tsx";

interface Props {
  form: Form;
  /** What it means that it did not work: "Not begun." */
  failed?: string;
  button: ComponentChildren;
  look?: "main" | "second" | "warning";
  /** Keys are made or opened, which takes a while. */
  slow?: boolean;
  children: ComponentChildren;
}

export function FormFrame({ form, failed, button, look = "main", slow, children }: Props) {
  return (
    <form onSubmit={form.submit} noValidate>
      <ErrorSummary form={form} {...(failed ? { title: failed } : {})} />
      {children}
      <Button submit look={look} busy={form.busy}>
        {button}
      </Button>
      {slow && form.busy && <Working idle="unlock" />}
    </form>
  );
}
