// Back from the recovery sheet: its code or letters, which devices are lost, and keys on this device.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Recovery } from "../client/messages.ts";
import { goIn } from "./after-keys.tsx";
import { ask } from "./bridge.ts";
import { must, useForm } from "./form.ts";
import { OwnKeys } from "./own-keys.tsx";
import { Button } from "./parts/button.tsx";
import { deviceName, DeviceTags, DeviceTimes, isSheet } from "./parts/device.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Check, Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Groups } from "./parts/groups.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { Working } from "./parts/working.tsx";
import { settle } from "./route.ts";
import { isGood } from "./words.ts";

const LETTERS = 36;

type Step = "sheet" | "lost" | "keys" | "back";

export function Recover({ fragment }: { fragment: string }) {
  const step = useSignal<Step>("sheet");
  const found = useSignal<Recovery | null>(null);
  const lost = useSignal<string[]>([]);
  const to = (next: Step) => {
    step.value = next;
    settle();
  };
  if (!found.value || step.value === "sheet") {
    return (
      <ReadSheet
        fragment={fragment}
        onRead={(read) => {
          found.value = read;
          to("lost");
        }}
      />
    );
  }
  if (step.value === "lost") {
    return (
      <Lost
        found={found.value}
        onDone={(keys) => {
          lost.value = keys;
          to("keys");
        }}
      />
    );
  }
  if (step.value === "keys") {
    return (
      <OwnKeys
        who={found.value}
        failed="You are not back in yet."
        button="Bring me back"
        onBack={() => to("lost")}
        send={async (opened) => {
          await ask("recover", { ...opened, lost: lost.value });
          to("back");
        }}
      />
    );
  }
  return <Back lost={lost.value.length} />;
}

/** A scanned sheet is read at once; a typed one when all nine groups stand there. */
function ReadSheet({ fragment, onRead }: { fragment: string; onRead: (found: Recovery) => void }) {
  const typed = useSignal("");
  const scanned = useSignal(fragment);
  const letters = typed.value.replace(/[\s-]/g, "");
  const form = useForm(
    () =>
      must(
        scanned.value !== "" || letters.length === LETTERS,
        "letters",
        `Enter all nine groups of four: there are ${letters.length} letters of ${LETTERS}`,
      ),
    async () => {
      const sheet = scanned.value ? { fragment: scanned.value } : { letters };
      // Whatever comes of it, a second attempt is with what is typed.
      scanned.value = "";
      onRead(await ask("readSheet", sheet));
    },
  );
  useEffect(() => void (fragment && form.submit()), []);
  return (
    <Page title="Use your recovery sheet">
      <p>
        It brings you back when every device is lost, or the passphrase is forgotten. Have the paper
        in your hand. It takes about two minutes.
      </p>
      <FormFrame form={form} failed="The sheet did not open." button="Continue">
        <Field
          id="letters"
          label="The nine groups of letters"
          hint="In any size, with or without spaces. Or point a phone’s camera at the code on the sheet."
          max={60}
          form={form}
          value={typed.value}
          onInput={(value) => (typed.value = value)}
        />
        {letters !== "" && (
          <p>
            <span class="small">As typed: </span>
            <Groups letters={letters} />
          </p>
        )}
        {form.busy && <Working idle="check" />}
      </FormFrame>
      <p class="small after">
        Another device of yours still works? <a href="/link">Link this one to it</a> instead. No
        sheet and no device: ask a steward to invite you anew.
      </p>
    </Page>
  );
}

/** What is lost is shut out; nothing is taken for lost that was not named. */
function Lost({ found, onDone }: { found: Recovery; onDone: (lost: string[]) => void }) {
  const lost = useSignal<string[]>([]);
  const none = useSignal(false);
  const devices = found.devices.filter((one) => isGood(one) && !isSheet(one));
  const form = useForm(
    () =>
      must(
        devices.length === 0 || lost.value.length > 0 !== none.value,
        "lost",
        "Tick what is lost, or that none is",
      ),
    async () => onDone(lost.value),
  );
  return (
    <Page title="Which devices are lost?">
      <p>
        The sheet opens. You are <bdi class="name">{found.name}</bdi>, <bdi>{found.practice}</bdi>.
      </p>
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} />
        {devices.length === 0 ? (
          <p>No other device of yours is good any more: there is nothing to shut out.</p>
        ) : (
          <>
            <Ticks
              id="lost"
              label="Your devices"
              hint="Tick each that you no longer have, or whose passphrase you have forgotten. It is shut out for good: the server stops serving it, and what is posted from then on cannot be opened with it."
              form={form}
              ticks={devices.map((device) => ({
                id: device.key,
                text: (
                  <>
                    <bdi class="name">{deviceName(device)}</bdi> <DeviceTags device={device} />
                    <span class="hint">
                      <DeviceTimes device={device} />
                    </span>
                  </>
                ),
              }))}
              value={lost.value}
              onInput={(keys) => (lost.value = keys)}
            />
            <Check id="none" value={none.value} onInput={(on) => (none.value = on)}>
              None of them is lost
            </Check>
          </>
        )}
        <Button submit busy={form.busy}>
          Continue
        </Button>
      </form>
    </Page>
  );
}

function Back({ lost }: { lost: number }) {
  return (
    <Page title="You are back">
      <Notice sort="done">
        <p>
          {lost === 0
            ? "This device has your keys again."
            : lost === 1
              ? "This device has your keys again, and the lost one is shut out."
              : `This device has your keys again, and the ${lost} lost ones are shut out.`}
        </p>
      </Notice>
      {lost > 0 && (
        <p>
          The keys of the children you follow are being changed, by the apps of the teams. That goes
          by itself: you can read and post.
        </p>
      )}
      <p>
        The sheet is still good: put it back where it was. If anyone may have seen it, make a new one
        under Me and shut this one out.
      </p>
      <Button onClick={goIn}>Go in</Button>
    </Page>
  );
}
