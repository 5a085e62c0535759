// A child leaves a household, comes into one, or both; where it lived before stays on record.

import type { Child, Stay } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { type DateParts, daysFromNow, readDate } from "./date-parts.ts";
import { age, moment } from "./dates.ts";
import { type Mistake, must, useKeptForm } from "./form.ts";
import { DateField } from "./parts/date-field.tsx";
import { Choice } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Page } from "./parts/page.tsx";
import { go } from "./route.ts";
import { draft, households, look, overview } from "./state.ts";
import type { Word } from "./words.ts";

const NONE = "none";

interface Typed {
  from: string; // a household's log, NONE, or empty: not chosen yet
  to: string;
  day: DateParts;
}

export function Move({ child }: { child: Child }) {
  const { log, name } = child;
  const homes = child.households.filter(({ to }) => to === "");
  const form = useKeptForm(
    keyOf(log),
    begun(child),
    ({ from, to, day }) => [
      ...must(from !== "", "from", "Choose which household it leaves, or none"),
      ...must(to !== "", "to", "Choose where it lives now, or that it is not known"),
      ...must(
        from !== NONE || to !== NONE,
        "to",
        "Choose a household that it leaves, or one that it comes into",
      ),
      ...must(Boolean(readDate(day)), "day", "Enter a real date: a year or a month will do"),
      ...checkLater(
        readDate(day) ?? "",
        homes.find((home) => home.log === from),
      ),
    ],
    async ({ from, to, day }) => {
      const [left, came] = [from, to].map((one) => (one === NONE ? "" : one)) as [string, string];
      await ask("moveChild", { log, from: left, to: came, date: readDate(day) ?? "" });
      await look();
      go(`/child/${log}`);
    },
  );
  return (
    <Page
      title="Move a child"
      heading={
        <>
          <bdi>{name}</bdi> moves
        </>
      }
      back={{ href: `#/child/${log}`, text: "Back to the child" }}
    >
      <FormFrame form={form} failed="Not moved." button="Move">
        <Choice
          {...form.of("from")}
          label="Leaves"
          words={[
            ...homes.map((home) => wordOf(home.log, home.name)),
            { value: NONE, label: "No household", hint: leavesNone(homes.length) },
          ]}
        />
        <Choice
          {...form.of("to")}
          label="Lives from then on in"
          words={[
            ...households()
              .filter((home) => !homes.some((one) => one.log === home.log))
              .map((home) => wordOf(home.log, home.name)),
            { value: NONE, label: "No household that is known here", hint: "" },
          ]}
        />
        <DateField
          id="day"
          label="From which day"
          hint="A year, or a month and year, will do."
          form={form}
          value={form.now.day}
          onInput={(day) => form.set({ day })}
          taps={[
            ["Today", 0],
            ["Yesterday", -1],
          ]}
        />
        <p>
          The team stays as it is: nobody begins or ceases to read about <bdi>{name}</bdi> by this.
          Everything posted stays where it is, in both households.
        </p>
      </FormFrame>
    </Page>
  );
}

/** Which child comes into this household? */
export function MoveIn({ household }: { household: Child }) {
  const { log, name } = household;
  const here = new Set(household.children.filter(({ to }) => !to).map((child) => child.log));
  const others = (overview.value?.children ?? []).filter(
    (child) => child.sort === "child" && child.keeper && !here.has(child.log),
  );
  return (
    <Page
      title="A child moves in"
      heading={
        <>
          Who moves into <bdi>{name}</bdi>?
        </>
      }
      back={{ href: `#/child/${log}`, text: "Back to the household" }}
    >
      {others.length === 0 && (
        <p>You are keeper of no other child. A child’s own keeper says where it lives.</p>
      )}
      <ul class="lines">
        {others.map((child) => (
          <li key={child.log} class="line">
            <div>
              <a
                class="name"
                href={`#/child/${child.log}/move`}
                onClick={() => presetMove(child, log)}
              >
                <bdi>{child.name}</bdi>
              </a>{" "}
              <span class="small">{age(child.birth)}</span>
            </div>
          </li>
        ))}
      </ul>
    </Page>
  );
}

/** Nobody leaves where they had not come yet. */
function checkLater(date: string, home: Stay | undefined): Mistake[] {
  const [length, from] = [Math.min(date.length, home?.from.length ?? 0), home?.from ?? ""];
  return must(
    date.slice(0, length) >= from.slice(0, length),
    "day",
    `Enter a day that is not before ${moment(from)}, when it came there`,
  );
}

function presetMove(child: Child, to: string): void {
  draft<Typed>(keyOf(child.log), begun(child)).value = { ...begun(child), to };
}

/** Who lives in one household most likely leaves that one, today. */
function begun(child: Child): Typed {
  const homes = child.households.filter(({ to }) => to === "");
  const from = homes.length === 0 ? NONE : homes.length === 1 ? (homes[0]?.log ?? "") : "";
  return { from, to: "", day: daysFromNow(0) };
}

function keyOf(log: string): string {
  return `move:${log}`;
}

function wordOf(log: string, name: string): Word {
  return { value: log, label: name || "A household that you do not follow", hint: "" };
}

function leavesNone(homes: number): string {
  return homes > 0 ? "It lives in more than one from then on" : "";
}
