// What a keeper says of a child or household: names, birth, people, school, open or closed.

import type { Child } from "../client/shown.ts";
import { ask } from "./bridge.ts";
import { useKeptForm } from "./form.ts";
import { AboutFields, asKept, asTyped, checkAbout } from "./parts/about-fields.tsx";
import { Check } from "./parts/field.tsx";
import { FormFrame } from "./parts/form-frame.tsx";
import { Page } from "./parts/page.tsx";
import {
  checkRelatives,
  keptRelatives,
  type Relative,
  RelativeFields,
} from "./parts/relative-fields.tsx";
import { go } from "./route.ts";
import { look } from "./state.ts";

interface Typed extends ReturnType<typeof asTyped> {
  relatives: Relative[];
  protectedAddress: boolean;
  closed: boolean;
  seen: number; // what it said of itself when the typing began
}

export function About({ child }: { child: Child }) {
  const { log, sort, name, described } = child;
  const household = sort === "household";
  const form = useKeptForm<Typed>(
    `about:${log}`,
    {
      ...asTyped(child),
      relatives: child.relatives,
      protectedAddress: child.protectedAddress,
      closed: child.closed,
      seen: described,
    },
    (now) => [...checkAbout(now, sort), ...checkRelatives(now.relatives)],
    async (now) => {
      const { protectedAddress, closed, seen } = now;
      const relatives = keptRelatives(now.relatives);
      // Where the child lives is changed by moving it.
      const households = child.households.map(({ log: home, from, to }) => ({
        log: home,
        from,
        to,
      }));
      const about = { ...asKept(now), relatives, households, protectedAddress, closed };
      await ask("describe", { log, about, seen });
      await look();
      go(`/child/${log}`);
    },
  );
  return (
    <Page
      title={household ? "About the household" : "About the child"}
      heading={
        <>
          About <bdi>{name}</bdi>
        </>
      }
      back={{
        href: `#/child/${log}`,
        text: household ? "Back to the household" : "Back to the child",
      }}
    >
      <p>The whole team sees this, and who changed it. What it said before stays in the record.</p>
      <FormFrame form={form} failed="Not saved." button="Save">
        <AboutFields form={form} sort={sort} />
        <h2>People</h2>
        <p>
          {household
            ? "Who else lives here or belongs to it."
            : "Family and others around the child."}
        </p>
        <RelativeFields
          form={form}
          relatives={form.now.relatives}
          onInput={(relatives) => form.set({ relatives })}
        />
        <h2>Standing</h2>
        <Check
          id="protected"
          value={form.now.protectedAddress}
          onInput={(protectedAddress) => form.set({ protectedAddress })}
        >
          The address is protected{" "}
          <span class="hint">A mark for the team: do not say or write where they live</span>
        </Check>
        <Check id="closed" value={form.now.closed} onInput={(closed) => form.set({ closed })}>
          Closed{" "}
          <span class="hint">
            The work has ended. The team still reads and may post; it moves to the end of the list
          </span>
        </Check>
      </FormFrame>
    </Page>
  );
}
