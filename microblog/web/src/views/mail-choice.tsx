// When my round-up comes by mail, and what is in it: that something happened, never what.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { RoundUpChoice } from "../client/shown-rounds.ts";
import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Check, Choice, Select } from "./parts/field.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { byClock, isTime, TimeField } from "./parts/time-field.tsx";
import { WEEKDAYS } from "./round-words.ts";
import { type Failure, failureOf } from "./sentences.ts";
import { mails, overview } from "./state.ts";
import type { Word } from "./words.ts";

const BACK = { href: "#/me", text: "Back to Me" };
const EVERY: Word[] = [
  { value: "daily", label: "Every day", hint: "" },
  { value: "weekly", label: "Once a week", hint: "" },
  { value: "off", label: "Never", hint: "the Round-up screen is there all the same" },
];

export function MailChoice() {
  const known = useSignal<RoundUpChoice | null>(null);
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    let stale = false;
    ask("roundUpChoice").then(
      (answer) => {
        if (stale) return;
        known.value = answer;
        mails.value = answer.mails;
      },
      (error) => !stale && (failure.value = failureOf(error)),
    );
    return () => {
      stale = true;
    };
  }, []);
  return (
    <Page title="Round-ups by mail" back={BACK}>
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      )}
      {known.value ? (
        <Form known={known.value} />
      ) : (
        !failure.value && <p role="status">Asking the server…</p>
      )}
    </Page>
  );
}

function Form({ known }: { known: RoundUpChoice }) {
  const now = useSignal(known);
  const done = useSignal(false);
  const { every, at, weekday, nudges, quiet, zone } = now.value;
  const set = (part: Partial<RoundUpChoice>) => {
    done.value = false;
    now.value = { ...now.value, ...part };
  };
  const form = useForm(
    () => [
      ...must(isTime(at), "at", "Enter a time, such as 08:00"),
      ...must(
        every !== "weekly" || !quiet.includes(weekday),
        "quiet",
        "The day on which it comes cannot be a quiet day",
      ),
      ...must(quiet.length < WEEKDAYS.length, "quiet", "Leave at least one day that is not quiet"),
    ],
    async () => {
      await ask("setRoundUpChoice", now.value);
      done.value = true;
    },
  );
  return (
    <form onSubmit={form.submit} noValidate>
      <Where mails={known.mails} />
      <ErrorSummary form={form} title="Not changed." />
      <Choice
        id="every"
        label="How often"
        words={EVERY}
        value={every}
        onInput={(value) => set({ every: value as RoundUpChoice["every"] })}
      />
      {every !== "off" && (
        <TimeField id="at" label="At" hint={byClock(zone)} form={form} value={at} onInput={(value) => set({ at: value })} />
      )}
      {every === "weekly" && (
        <Select id="weekday" label="On" value={String(weekday)} onInput={(value) => set({ weekday: Number(value) })}>
          {WEEKDAYS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      )}
      {every !== "off" && (
        <Ticks
          id="quiet"
          inline
          some
          label="Quiet days"
          hint="Nothing comes on these days; it comes with the next one."
          form={form}
          ticks={WEEKDAYS.map(({ value, label }) => ({ id: value, text: label }))}
          value={quiet.map(String)}
          onInput={(days) => set({ quiet: days.map(Number).sort() })}
        />
      )}
      <Check id="nudges" value={nudges} onInput={(value) => set({ nudges: value })}>
        Mail me at once when someone nudges
        <span class="hint">on quiet days too</span>
      </Check>
      <p role="status" class="done">
        {done.value && "Changed."}
      </p>
      <Button submit busy={form.busy}>
        Save
      </Button>
      <h2>What is in the mail</h2>
      <p>
        One line: how many posts on how many streams, each called by two words that only say which is which, how many nudges,
        and a link to the Round-up. Never a name, a kind, a scale or a word of a post.
      </p>
    </form>
  );
}

/** To which address it goes; or why it goes to none. */
function Where({ mails: on }: { mails: boolean }) {
  const email = overview.value?.me.email ?? "";
  if (!on) {
    return (
      <Notice sort="warning" title="This server sends no mail.">
        <p>
          What you choose is kept for when it does. Until then look at the Round-up; whoever runs the server can set mail up.
        </p>
      </Notice>
    );
  }
  if (email === "") {
    return (
      <Notice sort="warning" title="There is no address to send it to.">
        <p>
          Enter your work email <a href="#/me">under Me</a> first. Everyone who works here can see it.
        </p>
      </Notice>
    );
  }
  return (
    <p>
      It goes to <bdi>{email}</bdi>, the work email that you gave <a href="#/me">under Me</a>.
    </p>
  );
}
