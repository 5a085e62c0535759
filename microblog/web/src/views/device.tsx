// One device: what it is, and shutting it out when it is lost or no longer used.

import { useSignal } from "@preact/signals";

import type { DeviceRow, Person } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { ago, DAY_MS, plural } from "./dates.ts";
import { must, useForm } from "./form.ts";
import { ButtonLink } from "./parts/button.tsx";
import { deviceName, DeviceTags, DeviceTimes, isSheet, useDevices } from "./parts/device.tsx";
import { Choice } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Notice } from "./parts/notice.tsx";
import { Page } from "./parts/page.tsx";
import { settle } from "./route.ts";
import { look, overview, refresh } from "./state.ts";
import { isGood, nameOf, type Word } from "./words.ts";

const HOUR_MS = 3_600_000;

interface Props {
  device: DeviceRow;
  /** Whose it is, where a steward looks at somebody's; my own otherwise. */
  person: Person | undefined;
}

export function Device({ which, person }: { which: string; person?: Person }) {
  const rows = useDevices(person?.id);
  const device = rows?.find(({ key }) => key === which);
  const back = person
    ? { href: `#/people/${person.id}`, text: nameOf(person) }
    : { href: "#/me", text: "Back to Me" };
  if (!device) {
    return (
      <Page title="Device" back={back}>
        {rows && <p>There is no such device.</p>}
      </Page>
    );
  }
  return (
    <Page title="Device" heading={<bdi>{deviceName(device)}</bdi>} back={back}>
      <p>
        <DeviceTimes device={device} /> <DeviceTags device={device} />
      </p>
      <Act device={device} person={person} />
    </Page>
  );
}

function Act({ device, person }: Props) {
  if (device.revoked) return <IsShutOut device={device} person={person} />;
  if (!isGood(device)) {
    return (
      <p>
        Its time ended {ago(device.until)}. The server serves it no longer. There is nothing to do.
      </p>
    );
  }
  if (device.mine) return <ThisOne />;
  return <ShutOut device={device} person={person} />;
}

function ThisOne() {
  return (
    <>
      <p>
        You are using it now. If you stop using it, save what you need, then choose “Forget this
        device” under Me: that removes the keys from it. Then shut it out from another of your
        devices.
      </p>
      <p>
        If somebody else may have seen your passphrase, change it under Me: a device is shut out
        only when it is out of your hands.
      </p>
    </>
  );
}

/** Say what it does before it is done. */
function ShutOut({ device, person }: Props) {
  const when = useSignal("");
  const paper = isSheet(device);
  const form = useForm(
    () => must(when.value !== "", "when", "Choose when it was last in the right hands"),
    async () => {
      const since = sinceOf(when.value, device);
      await ask("revokeDevice", { key: device.key, since });
      settle();
      await look();
      // The next keys are made at once, as far as that is up to this device.
      void refresh();
    },
  );
  return (
    <FormFrame
      form={form}
      failed="Not shut out."
      look="warning"
      button={paper ? "Shut this sheet out" : <>Shut out <bdi>{deviceName(device)}</bdi></>}
    >
      <h2>If you shut it out</h2>
      <WhatItDoes paper={paper} person={person} />
      <Choice
        id="when"
        label={person ? `When did ${nameOf(person)} last have it?` : "When did you last have it?"}
        hint="What it signs after that is marked as doubtful for the teams. Rather too early than too late."
        words={WHENS(person !== undefined)}
        form={form}
        value={when.value}
        onInput={(value) => (when.value = value)}
      />
      <p>
        <strong>This cannot be undone.</strong>{" "}
        {paper ? "Make a new sheet instead." : "To use it again it is linked anew."}
      </p>
    </FormFrame>
  );
}

function WhatItDoes({ paper, person }: { paper: boolean; person: Person | undefined }) {
  const whose = person ? <bdi>{nameOf(person)}</bdi> : "you";
  return (
    <ul>
      <li>The server stops serving it at once. It can post nothing more.</li>
      <li>
        The keys of every child that {whose} {person ? "follows" : "follow"} are changed, by the
        apps of the teams themselves. What is posted then cannot be opened with it.
      </li>
      {paper ? (
        <li>Whoever has the sheet could have read all until now. Tear up what you have of it.</li>
      ) : (
        <li>
          What was on it already stays there, sealed under the passphrase. If the passphrase was
          with it, take what was posted until now as seen, and tell your service desk.
        </li>
      )}
      {person ? (
        <li>
          Their other devices go on as before. Ring <bdi>{nameOf(person)}</bdi> first, at a number
          you know.
        </li>
      ) : (
        <li>Your other devices go on as before. You have to do nothing on them.</li>
      )}
    </ul>
  );
}

function IsShutOut({ device, person }: Props) {
  return (
    <>
      <Notice sort="done" title="It is shut out.">
        <p>The server serves it no longer, and refuses whatever it signs.</p>
      </Notice>
      {person ? (
        <p>
          The keys of the children that <bdi>{nameOf(person)}</bdi> follows are changed by the apps
          of the teams themselves. Nobody has to do anything.
        </p>
      ) : (
        <KeysOfMine />
      )}
      {isSheet(device) && !person && (
        <p>
          <ButtonLink href="#/me/sheet">Make a new recovery sheet</ButtonLink>
        </p>
      )}
      <p>
        {person ? (
          <a class="tall" href={`#/people/${person.id}`}>
            Back to <bdi>{nameOf(person)}</bdi>
          </a>
        ) : (
          <a class="tall" href="#/">
            Carry on: go to the stream
          </a>
        )}
      </p>
    </>
  );
}

/** How far the changing of my keys has got. */
function KeysOfMine() {
  const { me, children = [] } = overview.value ?? {};
  const mine = children.filter(({ myRole }) => myRole !== "");
  const open = mine.filter(({ changing }) => changing.some(({ id }) => id === me?.id));
  if (mine.length === 0) return <p>You follow no child: there were no keys to change.</p>;
  if (open.length === 0) {
    return (
      <p role="status">
        The keys of all that you follow have been changed ({plural(mine.length, "stream")}). What is
        posted from now on cannot be opened with it. You can carry on.
      </p>
    );
  }
  return (
    <p role="status">
      Keys are being changed: done for {mine.length - open.length} of {plural(mine.length, "stream")}
      . That goes by itself. You can carry on: nothing is posted under an old key.
    </p>
  );
}

function WHENS(theirs: boolean): Word[] {
  const word = (value: string, label: string) => ({ value, label, hint: "" });
  return [
    word("now", theirs ? "They still have it" : "I still have it"),
    word("hour", "In the last hour"),
    word("today", "Earlier today"),
    word("yesterday", "Yesterday"),
    word("week", "In the last seven days"),
    word("unknown", "Longer ago, or not known"),
  ];
}

/** Return from when on what it signs is doubtful: never later than what was chosen says. */
function sinceOf(when: string, device: DeviceRow, now = Date.now()): number {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const since: Record<string, number> = {
    now,
    hour: now - HOUR_MS,
    today: midnight,
    yesterday: new Date(midnight - DAY_MS / 2).setHours(0, 0, 0, 0),
    week: now - 7 * DAY_MS,
  };
  return Math.max(since[when] ?? device.since, device.since);
}
