// About whom? Nobody is chosen until the writer chooses. The last five are one tap each, all others two letters away.

import { useRef } from "preact/hooks";

import type { Child } from "../../client/shown.ts";
import { sortOrAge } from "../child-names.ts";
import type { Form } from "../form.ts";
import { chosen, overview } from "../state.ts";
import { Chip } from "./chip.tsx";
import { FindChild } from "./find-child.tsx";

const FEW = 5;

interface Props {
  log: string;
  onPick: (log: string) => void;
  form: Form;
  legend?: string;
  /** A child that is not offered. */
  except?: string;
}

export function PickChild({ log, onPick, form, legend, except }: Props) {
  const all = open().filter((child) => child.log !== except);
  // What stands where stays there: nothing moves from under a finger. Whom this device has only now
  // heard of comes after, as long as there are few.
  const places = useRef<string[]>([]);
  places.current = withMore(places.current, all);
  if (log && !places.current.includes(log)) places.current = [log, ...places.current];
  const few = places.current.flatMap((place) => all.filter((child) => child.log === place));
  const wrong = form.wrong("about");
  const pick = (picked: string) => {
    const last = chosen();
    last.value = [picked, ...last.value.filter((one) => one !== picked)].slice(0, FEW);
    onPick(picked);
  };
  return (
    <div class={`field about ${wrong && "wrong"}`}>
      <span id="about-label" class={legend ? "about-legend" : "unseen"}>
        {legend ?? "About which child"}
      </span>
      {wrong && (
        <p class="mistake" id="about-mistake">
          <span class="unseen">Error: </span>
          {wrong}
        </p>
      )}
      <div class="about-row">
        {all.length > few.length && <FindChild children={all} wrong={Boolean(wrong)} onPick={pick} />}
        <div
          id="about"
          role="radiogroup"
          class="chips"
          aria-labelledby="about-label"
          aria-describedby={wrong ? "about-mistake" : undefined}
        >
          {few.map((child) => (
            <Chip key={child.log} name="about" checked={log === child.log} onPick={() => pick(child.log)}>
              <bdi class="name">{child.name}</bdi> <Which child={child} among={all} />
            </Chip>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Two children may share a name: then where they live or learn, or another name, tells them apart. */
function Which({ child, among }: { child: Child; among: Child[] }) {
  const home = child.households.find(({ to, name }) => !to && name)?.name;
  const more = sharesName(child, among) ? home || child.school || child.knownAs[0] || "" : "";
  return (
    <span class="small">
      {sortOrAge(child)}
      {more && (
        <>
          {" · "}
          <bdi>{more}</bdi>
        </>
      )}
    </span>
  );
}

function sharesName(child: Child, among: Child[]): boolean {
  return among.filter(({ name }) => name === child.name).length > 1;
}

/** The places taken, and as many more as make the few. */
function withMore(places: string[], all: Child[]): string[] {
  const others = all.filter(({ log, closed }) => !closed && !places.includes(log));
  const free = Math.max(FEW - places.length, 0);
  return [...places, ...sorted(others).slice(0, free).map(({ log }) => log)];
}

/** Children to whose team one may post. */
function open(): Child[] {
  return (overview.value?.children ?? []).filter(({ myRole, name }) => myRole && name);
}

/** The ones chosen before, then by their last post. */
function sorted(children: Child[]): Child[] {
  const last = chosen().value;
  const placeOf = ({ log }: Child) => (last.includes(log) ? last.indexOf(log) : last.length);
  return [...children].sort((a, b) => placeOf(a) - placeOf(b) || b.lastPost - a.lastPost);
}
