// A new device asks to be linked: it shows letters to a device that has the keys, and then gets its own.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import type { Linked } from "../client/messages.ts";
import { goIn } from "./after-keys.tsx";
import { ask } from "./bridge.ts";
import { by } from "./dates.ts";
import { must, useForm } from "./form.ts";
import { OwnKeys } from "./own-keys.tsx";
import { Button } from "./parts/button.tsx";
import { Code } from "./parts/code.tsx";
import { Field } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Groups } from "./parts/groups.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { settle } from "./route.ts";
import { type Failure, failureOf } from "./sentences.ts";

const LOOK_EVERY_MS = 2_000;
const GOOD_MS = 10 * 60_000;

interface Shown {
  letters: string;
  link: string;
  until: number; // ms
}

export function Link() {
  const device = useSignal("");
  const shown = useSignal<Shown | null>(null);
  const linked = useSignal<Linked | null>(null);
  const state = linked.value?.state;
  const over = () => {
    shown.value = linked.value = null;
    settle();
  };
  if (linked.value && state === "done") {
    return (
      <OwnKeys
        who={linked.value}
        device={device.value}
        failed="This device is not linked yet."
        button="Finish"
        send={async (opened) => {
          await ask("finishLink", opened);
          goIn();
        }}
      />
    );
  }
  if (state === "over") return <Over onAgain={over} />;
  if (!shown.value) {
    return (
      <Begin
        device={device.value}
        onInput={(value) => (device.value = value)}
        onBegun={(begun) => {
          shown.value = { ...begun, until: Date.now() + GOOD_MS };
          settle();
        }}
      />
    );
  }
  return (
    <Show
      shown={shown.value}
      device={device.value}
      linked={linked.value}
      onLinked={(now) => {
        linked.value = now;
        if (now.state === "done" || now.state === "over") settle();
      }}
    />
  );
}

interface BeginProps {
  device: string;
  onInput: (device: string) => void;
  onBegun: (begun: { letters: string; link: string }) => void;
}

function Begin({ device, onInput, onBegun }: BeginProps) {
  const form = useForm(
    () => must(device.trim() !== "", "device", "Give this device a name"),
    async () => onBegun(await ask("beginLink", { device: device.trim() })),
  );
  return (
    <Page title="Link this device">
      <p>
        For someone who already uses this app on another phone or computer. Have that one at hand:
        it decides whether this one is let in.
      </p>
      <FormFrame form={form} failed="Not begun." button="Show the code">
        <Field
          id="device"
          label="What to call this device"
          hint="Like “council laptop”. Your other device shows it to you, and colleagues see it beside what it signs."
          width="middle"
          max={60}
          form={form}
          value={device}
          onInput={onInput}
        />
      </FormFrame>
      <p class="small after">
        No device left? <a href="/recover">Use your recovery sheet</a>
      </p>
    </Page>
  );
}

interface ShowProps {
  shown: Shown;
  device: string;
  linked: Linked | null;
  onLinked: (linked: Linked) => void;
}

function Show({ shown, device, linked, onLinked }: ShowProps) {
  const failure = useSignal<Failure | null>(null);
  useEffect(() => {
    // One look after the other, and none of a page that has gone.
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lookAgain = async () => {
      try {
        const now = await ask("linked");
        failure.value = null;
        if (!gone) onLinked(now);
      } catch (error) {
        failure.value = failureOf(error);
      }
      if (!gone) timer = setTimeout(() => void lookAgain(), LOOK_EVERY_MS);
    };
    timer = setTimeout(() => void lookAgain(), LOOK_EVERY_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [shown]);
  const welcomed = linked?.state === "welcomed";
  return (
    <Page title="Now take your other device">
      {failure.value && (
        <Notice sort="warning" title={failure.value.title}>
          <p>{failure.value.next}</p>
        </Notice>
      )}
      <p role="status">
        {welcomed ? (
          <>
            <strong>
              <bdi>{linked.name}</bdi>, <bdi>{linked.practice}</bdi>
            </strong>{" "}
            lets this device in. One moment.
          </>
        ) : (
          `Waiting for your other device. The code is good until ${by(shown.until)}.`
        )}
      </p>
      <h2>A phone: point its own camera at this</h2>
      <Code text={shown.link} label="The link of this device, as a code for a camera" />
      <h2>Or type these letters there</h2>
      <p>Under Me, “Link another device”.</p>
      <p class="letters">
        <Groups letters={shown.letters} />
      </p>
      <p>
        It must ask about “<bdi>{device}</bdi>”. Show the code to nobody else, and do not send it.
      </p>
    </Page>
  );
}

function Over({ onAgain }: { onAgain: () => void }) {
  return (
    <Page title="The ten minutes are over">
      <p>Nothing was linked, and the letters are good no more.</p>
      <Button onClick={onAgain}>Begin again</Button>
    </Page>
  );
}
