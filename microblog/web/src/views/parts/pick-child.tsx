// About whom? Nobody is chosen until the writer chooses. The last five are one tap each.

import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";

import type { Child } from "../../client/shown.ts";
import { age } from "../dates.ts";
import type { Form } from "../form.ts";
import { overview } from "../state.ts";

const FEW = 5;

/** Whom this person chose, newest first; of this visit only. */
const chosen = signal<string[]>([]);

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
  const others = all
    .filter((child) => !few.includes(child))
    .sort((a, b) => a.name.localeCompare(b.name));
  const wrong = form.wrong("about");
  const pick = (picked: string) => {
    chosen.value = [picked, ...chosen.value.filter((one) => one !== picked)];
    onPick(picked);
  };
  return (
    <div
      id="about"
      role="radiogroup"
      class={`field about ${wrong && "wrong"}`}
      aria-labelledby="about-label"
      aria-describedby={wrong ? "about-mistake" : undefined}
    >
      <span id="about-label" class={legend ? "" : "unseen"}>
        {legend ?? "About which child"}
      </span>
      {wrong && (
        <p class="mistake" id="about-mistake">
          <span class="unseen">Error: </span>
          {wrong}
        </p>
      )}
      <div class="chips">
        {few.map((child) => (
          <label key={child.log} class="chip">
            <input
              type="radio"
              name="about"
              checked={log === child.log}
              onChange={() => pick(child.log)}
            />
            <span>
              <bdi class="name">{child.name}</bdi> <Which child={child} among={all} />
            </span>
          </label>
        ))}
        {others.length > 0 && (
          <select
            class="input chip-select"
            aria-label="Another child"
            value=""
            onChange={(event) => event.currentTarget.value && pick(event.currentTarget.value)}
          >
            <option value="">Another child</option>
            {others.map((child) => (
              <option key={child.log} value={child.log}>
                {[child.name, sortOrAge(child), sharesName(child, all) && child.school]
                  .filter(Boolean)
                  .join(", ")}
              </option>
            ))}
          </select>
        )}
      </div>
    </div>
  );
}

/** Two children may share a name: then the school, or another name, tells them apart. */
function Which({ child, among }: { child: Child; among: Child[] }) {
  const more = sharesName(child, among) ? child.school || child.knownAs[0] || "" : "";
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

function sortOrAge({ sort, birth }: Child): string {
  return sort === "household" ? "household" : age(birth);
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
  const rank = ({ log }: Child) => {
    const place = chosen.value.indexOf(log);
    return place < 0 ? Infinity : place;
  };
  return [...children].sort((a, b) =>
    rank(a) === rank(b) ? b.lastPost - a.lastPost : rank(a) - rank(b),
  );
}
