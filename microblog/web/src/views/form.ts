// A form's life: check, say every mistake at once, send, say what went wrong.

import { signal, useSignal } from "@preact/signals";

import { type Failure, failureOf } from "./sentences.ts";

export interface Mistake {
  id: string; // of the field
  text: string;
}

export interface Form {
  mistakes: Mistake[];
  failure: Failure | null;
  busy: boolean;
  submit: (event?: Event) => void;
  wrong: (id: string) => string;
}

/** Is any form sending? The app does not lock itself meanwhile. */
export const sending = signal(0);

export function useForm(check: () => Mistake[], send: () => Promise<void>): Form {
  const mistakes = useSignal<Mistake[]>([]);
  const failure = useSignal<Failure | null>(null);
  const busy = useSignal(false);

  const submit = async (event?: Event) => {
    event?.preventDefault();
    if (busy.value) return;
    mistakes.value = check();
    failure.value = null;
    if (mistakes.value.length > 0) return;
    busy.value = true;
    sending.value += 1;
    try {
      await send();
    } catch (error) {
      failure.value = failureOf(error);
    } finally {
      busy.value = false;
      sending.value -= 1;
    }
  };

  return {
    mistakes: mistakes.value,
    failure: failure.value,
    busy: busy.value,
    submit: (event) => void submit(event),
    wrong: (id) => mistakes.value.find((mistake) => mistake.id === id)?.text ?? "",
  };
}

/** Return the mistake as a list if the condition does not hold. */
export function must(holds: boolean, id: string, text: string): Mistake[] {
  return holds ? [] : [{ id, text }];
}
