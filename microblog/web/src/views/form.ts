// A form's life: check, say every mistake at once, send, say what went wrong.

import { signal, useSignal } from "@preact/signals";

import { type Failure, failureOf } from "./sentences.ts";
import { draft, dropDrafts } from "./state.ts";

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

/** A form that keeps what is typed until it has been sent, over other pages and the blind. */
export interface KeptForm<T> extends Form {
  now: T;
  set: (part: Partial<T>) => void;
  /** What ties the field of that name to its words. */
  of: (id: keyof T & string) => {
    id: string;
    form: Form;
    value: string;
    onInput: (value: string) => void;
  };
}

export function useKeptForm<T extends object>(
  key: string,
  blank: T,
  check: (now: T) => Mistake[],
  /** False: not all of it is done, so what was typed stays. */
  send: (now: T) => Promise<boolean | void>,
): KeptForm<T> {
  const kept = draft<T>(key, blank);
  const form = useForm(
    () => check(kept.value),
    async () => {
      if ((await send(kept.value)) !== false) dropDrafts(key);
    },
  );
  const set = (part: Partial<T>) => (kept.value = { ...kept.value, ...part });
  return {
    ...form,
    now: kept.value,
    set,
    of: (id) => ({
      id,
      form,
      value: String(kept.value[id]),
      onInput: (value) => set({ [id]: value } as unknown as Partial<T>),
    }),
  };
}

/** Return the mistake as a list if the condition does not hold. */
export function must(holds: boolean, id: string, text: string): Mistake[] {
  return holds ? [] : [{ id, text }];
}
