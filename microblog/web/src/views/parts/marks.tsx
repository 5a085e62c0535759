// The marks of a post: those that belong to its kind, and those that anyone may add.

import { useSignal } from "@preact/signals";

import type { Child } from "../../client/shown.ts";
import { type DateParts, daysFromNow, NO_DATE, readDate } from "../date-parts.ts";
import type { Form } from "../form.ts";
import type { PostDraft } from "../post-draft.ts";
import { childOf, mails, overview } from "../state.ts";
import { KINDS, list, mayDecide, nameOf, OUTCOMES, sayScale, SIDES, SURES, type Word } from "../words.ts";
import { Chip } from "./chip.tsx";
import { DateField } from "./date-field.tsx";
import { Check, Choice, Field, PRIVATE } from "./field.tsx";
import { KindMark, markOf } from "./kind-mark.tsx";

interface Props {
  draft: PostDraft;
  set: (part: Partial<PostDraft>) => void;
  form: Form;
  /** What its ids begin with, where there is another composer on the page. */
  ids: string;
}

const POINTS: Word[] = Array.from({ length: 11 }, (_, point) => ({ value: String(point), label: String(point), hint: "" }));

/** What the chosen kind asks for. */
export function KindFields({ draft, set, form, ids }: Props) {
  const hint = KINDS.find(({ value }) => value === draft.kind)?.hint;
  return (
    <>
      {draft.kind !== "hunch" && <p class="small kind-hint">{hint}.</p>}
      {draft.kind === "told" && (
        <Field
          id={`${ids}source`}
          label="Who told you, in what role"
          form={form}
          value={draft.source}
          onInput={(source) => set({ source })}
        />
      )}
      {draft.kind === "records" && (
        <Field
          id={`${ids}source`}
          label="Which record"
          form={form}
          value={draft.source}
          onInput={(source) => set({ source })}
        />
      )}
      {draft.kind === "visit" && (
        <Choice
          id={`${ids}outcome`}
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
            id={`${ids}reason`}
            label="Reason"
            hint="Why, in a few words. It stands with the decision."
            form={form}
            value={draft.reason}
            onInput={(reason) => set({ reason })}
          />
          <DateField
            id={`${ids}review`}
            label="Review on"
            form={form}
            value={draft.review}
            onInput={(review) => set({ review })}
            hint="On that day it comes back, to all on the team, until a new decision answers it."
            taps={[
              ["In 1 week", 7],
              ["In 4 weeks", 28],
            ]}
          />
          <Check id={`${ids}reviewed`} value={draft.reviewed} onInput={(reviewed) => set({ reviewed })}>
            No review is needed
          </Check>
        </>
      )}
    </>
  );
}

/** The one mark that the server sees, because it sends the mail. */
export function Nudge({ draft, set, ids }: Omit<Props, "form">) {
  return (
    <>
      <Check id={`${ids}nudge`} value={draft.nudge} onInput={(nudge) => set({ nudge })}>
        {mails.value ? (
          <>
            Tell supervisors now <span class="hint">(a mail without content; in danger, ring)</span>
          </>
        ) : (
          <>
            Nudge supervisors{" "}
            <span class="hint">
              ({mails.value === false ? "marked in the stream; this server sends no mail, so ring" : "marked in the stream; in danger, ring"})
            </span>
          </>
        )}
      </Check>
      {draft.nudge && <Reaches child={childOf(draft.log)} />}
    </>
  );
}

/** Whom a nudge reaches, as far as this device can know: not who has switched its mails off. */
function Reaches({ child }: { child: Child | undefined }) {
  const me = overview.value?.me.id;
  if (!child || !mails.value) return null;
  const there = child.members.map(({ person }) => person);
  const told = there.filter(({ id, role }) => role === "supervisor" && id !== me);
  const [reached, unreached] = [told.filter(({ email }) => email), told.filter(({ email }) => !email)];
  return (
    <p class="small" role="status">
      {reached.length > 0 ? (
        <>
          It mails <bdi>{list(reached.map(nameOf))}</bdi>, unless they have switched that off.{" "}
        </>
      ) : (
        "No supervisor on this team can be reached by mail: ring. "
      )}
      {unreached.length > 0 && (
        <>
          <bdi>{list(unreached.map(nameOf))}</bdi> {unreached.length === 1 ? "has" : "have"} no work email here.
        </>
      )}
    </p>
  );
}

/** What anyone may add: one tap each, and a second tap takes it back. */
export function Marks({ draft, set, form, ids }: Props) {
  return (
    <>
      <When draft={draft} set={set} form={form} ids={ids} />
      <Row ids={ids} id="side" label="This is" words={SIDES} value={draft.side} onInput={(side) => set({ side })} />
      <Row ids={ids} id="sure" label="How sure" words={SURES} value={draft.sure} onInput={(sure) => set({ sure })} />
      <Row
        ids={ids}
        id="scale"
        label={draft.scale ? `${draft.scale} of 10: ${sayScale(draft.scale)}` : `Scale: ${sayScale("")}`}
        words={POINTS}
        value={draft.scale}
        onInput={(scale) => set({ scale })}
      />
    </>
  );
}

interface RowProps {
  ids: string;
  id: string;
  label: string;
  words: Word[];
  value: string;
  onInput: (value: string) => void;
}

function Row({ ids, id, label, words, value, onInput }: RowProps) {
  return (
    <div class={`marks-row ${id}`} role="radiogroup" aria-labelledby={`${ids}${id}-label`}>
      <span class="marks-label" id={`${ids}${id}-label`}>
        {label}
      </span>
      {words.map((word) => (
        <Chip
          key={word.value}
          name={id}
          checked={value === word.value}
          onPick={() => onInput(word.value)}
          onTakeBack={() => onInput("")}
        >
          {word.label}
        </Chip>
      ))}
    </div>
  );
}

/** The kind of a post: a hunch, unless its writer says more. */
export function Kinds({ draft, set }: Pick<Props, "draft" | "set">) {
  const child = childOf(draft.log);
  const kinds = KINDS.filter(({ value }) => value !== "decision" || !child || mayDecide(child));
  return (
    <div class="chips kinds" role="radiogroup" aria-label="Kind of post">
      {kinds.map(({ value, label }) => (
        <Chip key={value} name="kind" checked={draft.kind === value} onPick={() => set({ kind: value })}>
          <KindMark mark={markOf(value, value === draft.kind ? draft.outcome : "")} />
          {label}
        </Chip>
      ))}
    </div>
  );
}

// When it happened: as it is posted, unless its writer says otherwise.
function When({ draft, set, form, ids }: Props) {
  const { day, time } = draft;
  const wrong = Boolean(form.wrong(`${ids}happened`));
  const isOn = (days: number) => same(day, daysFromNow(days));
  const other = useSignal(false);
  const isOther = other.value || wrong || !(same(day, NO_DATE) || isOn(0) || isOn(-1));
  const pick = (next: DateParts) => {
    other.value = false;
    set({ day: next, time: same(next, NO_DATE) ? "" : time });
  };
  const chip = (text: string, next: DateParts) => (
    <Chip name="when" checked={!isOther && same(day, next)} onPick={() => pick(next)}>
      {text}
    </Chip>
  );
  return (
    <>
      <div class="marks-row when" role="radiogroup" aria-label="When it happened">
        {chip("Now", NO_DATE)}
        {chip("Today", daysFromNow(0))}
        {chip("Yesterday", daysFromNow(-1))}
        <Chip name="when" checked={isOther} onPick={() => (other.value = true)}>
          Earlier
        </Chip>
      </div>
      {isOther ? (
        <DateField
          id={`${ids}happened`}
          label="When it happened"
          hint="A year or a month will do. Leave it empty if you are not sure."
          form={form}
          value={day}
          onInput={(next) => {
            other.value = true;
            set({ day: next });
          }}
        >
          <Time draft={draft} set={set} />
        </DateField>
      ) : (
        !same(day, NO_DATE) && <Time draft={draft} set={set} />
      )}
    </>
  );
}

function Time({ draft, set }: Pick<Props, "draft" | "set">) {
  return (
    <label class="date-time">
      <span>Time, if it helps</span>
      <input
        {...PRIVATE}
        class="input"
        type="time"
        value={draft.time}
        onInput={(event) => set({ time: event.currentTarget.value })}
      />
    </label>
  );
}

function same(one: DateParts, other: DateParts): boolean {
  return readDate(one) === readDate(other);
}
