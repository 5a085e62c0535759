// Something in the words could tell more than is meant: asked once, here, before anything is sent.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Caution } from "../../client/shown-hand.ts";
import type { Child } from "../../client/shown.ts";
import { people } from "../words.ts";
import { Button } from "./button.tsx";
import { Check } from "./field.tsx";

const WHAT: Record<Caution["sort"], string> = {
  address: "looks like an address",
  phone: "looks like a phone number",
  school: "looks like the name of a school",
  child: "is the name of another child you follow",
  sibling: "is the name of a brother or sister, who has a stream too",
};

interface Props {
  cautions: Caution[];
  child: Child | undefined;
  busy: boolean;
  onAsItIs: () => void;
  onChange: () => void;
}

export function Cautions({ cautions, child, busy, onAsItIs, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const checked = useSignal(false);
  const missed = useSignal(false);
  const hard = cautions.some((one) => one.hard);
  useEffect(() => box.current?.focus(), []);
  const go = () => {
    if (hard && !checked.value) missed.value = true;
    else onAsItIs();
  };
  return (
    <div class="notice warning" role="alert" tabIndex={-1} ref={box}>
      <p class="notice-title">
        {hard ? "The address of this family is protected." : `${people(child?.members.length ?? 0)} will read this.`}{" "}
        Nothing has been sent yet.
      </p>
      <ul>
        {cautions.map(({ sort, words }) => (
          <li key={words}>
            “<bdi class="name">{words}</bdi>” {WHAT[sort]}.
          </li>
        ))}
      </ul>
      {hard && (
        <>
          {missed.value && (
            <p class="mistake" id="guard-mistake">
              <span class="unseen">Error: </span>Tick this if it is so, or change your words
            </p>
          )}
          <Check id="guard" value={checked.value} onInput={(on) => (checked.value = on)}>
            I have checked: nobody can find this family by it
          </Check>
        </>
      )}
      <p class="row">
        <Button look="second" onClick={onChange}>
          Change it
        </Button>
        <Button look={hard ? "warning" : "main"} busy={busy} onClick={go}>
          Post as it is
        </Button>
      </p>
      <p class="small">Noticed on this device. Nobody else is told.</p>
    </div>
  );
}
