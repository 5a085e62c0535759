// Notices on this device: switched on and off, and when none come. They say that something is new, never what.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Notices as Known } from "../client/shown-hand.ts";
import { ask } from "./bridge.ts";
import { ago } from "./dates.ts";
import { must, useForm } from "./form.ts";
import { isApplePhone, isOnHomeScreen } from "./home-screen.ts";
import { Button } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { byClock, isTime, TimeField } from "./parts/time-field.tsx";
import { sayNotices, WEEKDAYS } from "./round-words.ts";
import { type Failure, failureOf } from "./sentences.ts";
import { overview } from "./state.ts";
import { canBeTold, isDenied, type Not, subscribe, subscribed, unsubscribe } from "./subscribing.ts";

const BACK = { href: "#/me", text: "Back to Me" };

export function Notices() {
  const known = useSignal<Known | null>(null);
  const failure = useSignal<Failure | null>(null);
  const look = async () => {
    const [answer, here] = await Promise.all([ask("notices"), subscribed()]);
    // The server may have an address that this browser has thrown away, or has for another server's key.
    known.value = { ...answer, on: answer.on && here?.key === answer.key };
  };
  useEffect(() => {
    look().catch((error) => (failure.value = failureOf(error)));
  }, []);
  return (
    <Page title="Notices on this device" back={BACK}>
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      )}
      {!failure.value && !known.value && <p role="status">Asking the server…</p>}
      {known.value && <Switch known={known.value} look={look} />}
      <WhatComes />
    </Page>
  );
}

interface Props {
  known: Known;
  look: () => Promise<void>;
}

function Switch({ known, look }: Props) {
  const state = useRef<HTMLParagraphElement>(null);
  // The button that was pressed goes: whoever does not see the page hears what is so now, and goes on from there.
  const lookAnew = async () => {
    await look();
    state.current?.focus();
  };
  if (known.key === "") {
    return (
      <Notice sort="note" title="This server sends no notices.">
        <p>Whoever runs it can set them up. Until then open the app to see what is new.</p>
      </Notice>
    );
  }
  if (overview.value?.stored === false) return <Shared />;
  if (!canBeTold()) return <CannotBe />;
  return (
    <>
      <p ref={state} tabIndex={-1}>
        <strong>{known.on ? "Notices are on." : "Notices are off on this device."}</strong>{" "}
        {known.on && sayNotices(known).said}
      </p>
      {known.on ? <On known={known} look={lookAnew} /> : <Off known={known} look={lookAnew} />}
    </>
  );
}

function Shared() {
  return (
    <Notice sort="note" title="Not on a shared computer.">
      <p>
        Your keys are not kept here. Notices would go on when you have left, in front of whoever sits here next: have them on
        a device of your own.
      </p>
    </Notice>
  );
}

function CannotBe() {
  return (
    <Notice sort="note" title="This browser cannot show notices.">
      {isApplePhone() && !isOnHomeScreen() ? (
        <p>
          On an iPhone or iPad they come only to an app on the home screen: <a href="#/me">Me</a> says how it gets there. Open
          it there, and switch them on.
        </p>
      ) : (
        <p>A newer browser can, or another device of yours. A private window cannot.</p>
      )}
    </Notice>
  );
}

function Off({ known, look }: Props) {
  const not = useSignal<Not | "">(isDenied() ? "denied" : "");
  const form = useForm(
    () => [],
    async () => {
      not.value = "";
      const reached = await subscribe(known.key);
      if (typeof reached === "string") {
        not.value = reached;
        return;
      }
      const { begin, end, quiet } = known;
      await ask("setNotices", { ...reached, begin, end, quiet });
      await look();
    },
  );
  return (
    <>
      <ErrorSummary form={form} title="Not switched on." />
      {not.value === "denied" && (
        <Notice sort="warning" title="The browser does not allow it." alert>
          <p>
            Somebody has said no to notices of this app here. Allow them in the browser’s settings for this site (tap the sign
            left of the address, then Notifications), or in the phone’s settings, and try again.
          </p>
        </Notice>
      )}
      {not.value === "unanswered" && (
        <Notice sort="warning" title="The browser has had no answer." alert>
          <p>
            It asked whether this app may show notices, and heard neither yes nor no. Switch on again, and choose Allow. If it
            does not ask, allow them in its settings for this site.
          </p>
        </Notice>
      )}
      {not.value === "failed" && (
        <Notice sort="warning" title="The browser could not do it." alert>
          <p>
            Its push service did not answer, or it has none. Check that you are online and try again; a private window, and
            some browsers, never can.
          </p>
        </Notice>
      )}
      <p>
        <Button busy={form.busy} onClick={form.submit}>
          Switch on
        </Button>
      </p>
      <p class="hint">
        {not.value === "" && "Your browser then asks whether this app may show notices. "}
        {sayQuiet(known)}
      </p>
    </>
  );
}

/** Say when nothing comes, to somebody who has chosen nothing yet. */
function sayQuiet({ begin, end, quiet }: Known): string {
  const days = WEEKDAYS.filter(({ value }) => quiet.includes(Number(value))).map(({ label }) => label);
  return `Until you choose otherwise, nothing comes from ${begin} to ${end}, nor on ${days.join(" and ")}.`;
}

function On({ known, look }: Props) {
  const { trouble } = sayNotices(known);
  return (
    <>
      {trouble && (
        <Notice sort="warning" title={trouble}>
          <p>Until it is put right, open the app to see what is new, or have round-ups mailed.</p>
        </Notice>
      )}
      <Try known={known} />
      <QuietHours known={known} />
      <SwitchOff look={look} />
    </>
  );
}

function Try({ known }: { known: Known }) {
  const asked = useSignal(false);
  const form = useForm(
    () => [],
    async () => {
      await ask("tryNotice");
      asked.value = true;
    },
  );
  return (
    <>
      <ErrorSummary form={form} title="Not asked for." />
      <p>
        <Button look="second" busy={form.busy} onClick={form.submit}>
          Send a notice to try it
        </Button>
      </p>
      <p role="status">
        {asked.value && "Asked for. It comes within a minute or two, at any hour, with the app open or closed."}
        {!asked.value && known.sent > 0 && `The push service took the newest one ${ago(known.sent)}.`}
      </p>
    </>
  );
}

function QuietHours({ known }: { known: Known }) {
  const now = useSignal({ begin: known.begin, end: known.end, quiet: known.quiet });
  const done = useSignal(false);
  const set = (part: Partial<typeof now.value>) => {
    done.value = false;
    now.value = { ...now.value, ...part };
  };
  const { begin, end, quiet } = now.value;
  const form = useForm(
    () => [
      ...must(isTime(begin), "begin", "Enter when it gets quiet, such as 18:00"),
      ...must(isTime(end), "end", "Enter until when it is quiet, such as 08:00"),
      ...must(quiet.length < WEEKDAYS.length, "quiet", "Leave at least one day that is not quiet, or switch notices off"),
    ],
    async () => {
      const reached = await subscribed();
      if (reached) await ask("setNotices", { ...reached, begin, end, quiet });
      done.value = reached !== null;
    },
  );
  return (
    <form onSubmit={form.submit} noValidate>
      <h2>Quiet hours</h2>
      <p>
        Nothing comes then, <strong>a nudge neither</strong>: one notice comes when they end. If a child is in danger people ring.
      </p>
      <ErrorSummary form={form} title="Not changed." />
      <TimeField
        id="begin"
        label="Quiet from"
        hint={byClock(known.zone)}
        form={form}
        value={begin}
        onInput={(value) => set({ begin: value })}
      />
      <TimeField
        id="end"
        label="Until"
        hint="The same time twice: no quiet hours"
        form={form}
        value={end}
        onInput={(value) => set({ end: value })}
      />
      <Ticks
        id="quiet"
        inline
        some
        label="Quiet days"
        form={form}
        ticks={WEEKDAYS.map(({ value, label }) => ({ id: value, text: label }))}
        value={quiet.map(String)}
        onInput={(days) => set({ quiet: days.map(Number).sort() })}
      />
      <p role="status" class="done">
        {done.value && "Changed."}
      </p>
      <Button submit busy={form.busy}>
        Save
      </Button>
    </form>
  );
}

function SwitchOff({ look }: { look: () => Promise<void> }) {
  const form = useForm(
    () => [],
    async () => {
      await ask("endNotices");
      await unsubscribe().catch(() => null);
      await look();
    },
  );
  return (
    <>
      <h2>Switch off</h2>
      <ErrorSummary form={form} title="Not switched off." />
      <Button look="second" busy={form.busy} onClick={form.submit}>
        Switch off on this device
      </Button>
    </>
  );
}

function WhatComes() {
  return (
    <>
      <h2>What a notice says</h2>
      <p>
        “Something is new”, and nothing else: no name, no number, no word of a post. It comes when a colleague has posted on a
        stream you follow, at most every ten minutes, and at once when someone nudges. The app stays locked; opening it asks for
        your passphrase or your touch as ever.
      </p>
      <h2>Who learns what</h2>
      <ul>
        <li>
          The browser’s maker (Google, Apple, Mozilla or Microsoft) passes notices on. It learns that this device uses this
          server, and when something is new for you. It is never told about whom, from whom, or what; it could guess which
          devices belong to one team, for they are told in the same minute.
        </li>
        <li>The server learns on which devices you want notices, and your quiet hours.</li>
        <li>Whoever sees your screen sees that something is new.</li>
      </ul>
    </>
  );
}
