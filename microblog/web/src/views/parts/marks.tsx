// The marks of a post: those that belong to its kind, and those that anyone may add.

import type { Form } from "../form.ts";
import type { PostDraft } from "../post-draft.ts";
import { KINDS, OUTCOMES, say, SIDES, SURES } from "../words.ts";
import { DateField } from "./date-field.tsx";
import { Check, Choice, Field, PRIVATE, Select } from "./field.tsx";

interface Props {
  draft: PostDraft;
  set: (part: Partial<PostDraft>) => void;
  form: Form;
}

const NONE = { value: "", label: "Not said", hint: "" };

/** What the chosen kind asks for. */
export function KindFields({ draft, set, form }: Props) {
  const hint = KINDS.find(({ value }) => value === draft.kind)?.hint;
  return (
    <>
      {draft.kind !== "hunch" && <p class="small kind-hint">{hint}.</p>}
      {draft.kind === "told" && (
        <Field
          id="source"
          label="Who told you, in what role"
          form={form}
          value={draft.source}
          onInput={(source) => set({ source })}
        />
      )}
      {draft.kind === "records" && (
        <Field
          id="source"
          label="Which record"
          form={form}
          value={draft.source}
          onInput={(source) => set({ source })}
        />
      )}
      {draft.kind === "visit" && (
        <Choice
          id="outcome"
          label="What came of it"
          form={form}
          words={OUTCOMES}
          inline
          value={draft.outcome}
          onInput={(outcome) => set({ outcome })}
        />
      )}
      {draft.kind === "decision" && (
        <>
          <Field
            id="reason"
            label="Reason"
            form={form}
            value={draft.reason}
            onInput={(reason) => set({ reason })}
          />
          <DateField
            id="review"
            label="Review on"
            form={form}
            value={draft.review}
            onInput={(review) => set({ review })}
            taps={[
              ["In 1 week", 7],
              ["In 4 weeks", 28],
            ]}
          />
        </>
      )}
    </>
  );
}

/** The one mark that the server sees, because it sends the mail. */
export function Nudge({ draft, set }: Omit<Props, "form">) {
  return (
    <Check id="nudge" value={draft.nudge} onInput={(nudge) => set({ nudge })}>
      Nudge supervisors <span class="hint">(marked in the stream; no mail is sent yet, so ring)</span>
    </Check>
  );
}

/** Folds and unfolds what anyone may add. */
export function DetailsToggle({ open, onClick }: { open: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      class="button plain"
      aria-expanded={open}
      aria-controls="details"
      onClick={onClick}
    >
      Details
    </button>
  );
}

/** What anyone may add, after what the kind asks for; what was set stays to be read when folded. */
export function Details({ draft, set, form, open }: Props & { open: boolean }) {
  return (
    <>
      {!open && <Chosen draft={draft} />}
      <div id="details" hidden={!open}>
        {open && <Fields draft={draft} set={set} form={form} />}
      </div>
    </>
  );
}

function Fields({ draft, set, form }: Props) {
  return (
    <>
      <DateField
        id="happened"
        label="When it happened"
        hint="A year or a month will do. Leave it empty if you are not sure."
        form={form}
        value={draft.day}
        onInput={(day) => set({ day })}
        taps={[
          ["Today", 0],
          ["Yesterday", -1],
        ]}
      >
        <label class="date-time">
          <span>Time</span>
          <input
            {...PRIVATE}
            class="input"
            type="time"
            value={draft.time}
            onInput={(event) => set({ time: event.currentTarget.value })}
          />
        </label>
      </DateField>
      <Choice
        id="sure"
        label="How sure"
        inline
        words={[...SURES, NONE]}
        value={draft.sure}
        onInput={(sure) => set({ sure })}
      />
      <Choice
        id="side"
        label="This is"
        inline
        words={[...SIDES, { ...NONE, label: "Neither" }]}
        value={draft.side}
        onInput={(side) => set({ side })}
      />
      <Select
        id="scale"
        label="How safe, in your view"
        hint="0 = not safe, 10 = safe enough to close"
        value={draft.scale}
        onInput={(scale) => set({ scale })}
      >
        <option value="">Not said</option>
        {Array.from({ length: 11 }, (_, point) => (
          <option key={point} value={String(point)}>
            {point}
            {point === 0 ? " – not safe" : point === 10 ? " – safe enough to close" : ""}
          </option>
        ))}
      </Select>
    </>
  );
}

function Chosen({ draft }: { draft: PostDraft }) {
  const chosen = [
    (draft.day.day || draft.day.month || draft.day.year) && "when it happened",
    draft.sure && say(SURES, draft.sure).toLowerCase(),
    draft.side && say(SIDES, draft.side).toLowerCase(),
    draft.scale && `scale ${draft.scale} of 10`,
  ].filter(Boolean);
  if (chosen.length === 0) return null;
  return <p class="small chosen">Also: {chosen.join(", ")}.</p>;
}
