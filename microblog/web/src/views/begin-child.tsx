// Beginning a child's stream, or a household's.

import { ask } from "./bridge.ts";
import { useKeptForm } from "./form.ts";
import { AboutFields, asKept, checkAbout } from "./parts/about-fields.tsx";
import { NO_ABOUT } from "./parts/about-text.ts";
import { FormFrame } from "./parts/form-frame.tsx";
import { Page } from "./parts/page.tsx";
import { Ticks } from "./parts/ticks.tsx";
import { go } from "./route.ts";
import { households, look } from "./state.ts";

const BACK = { href: "#/children", text: "Children I follow" };

export function BeginChild() {
  const homes = households();
  const form = useKeptForm(
    "begin-child",
    { ...NO_ABOUT, homes: [] as string[] },
    (now) => checkAbout(now, "child"),
    async (now) => {
      const log = await ask("beginChild", {
        ...asKept(now),
        sort: "child",
        households: now.homes,
      });
      await look();
      go(`/child/${log}`);
    },
  );
  return (
    <Page title="Begin a child" back={BACK}>
      <p>
        Nobody reads this but the people you add to the team. First ask whether a colleague has
        begun the same child already.
      </p>
      <FormFrame form={form} failed="Not begun." button="Begin">
        <AboutFields form={form} sort="child" />
        {homes.length > 0 && (
          <Ticks
            id="homes"
            label="Household (optional)"
            hint="Where the child lives from today on. It may be more than one."
            ticks={homes.map(({ log, name }) => ({ id: log, text: <bdi>{name}</bdi> }))}
            value={form.now.homes}
            onInput={(ids) => form.set({ homes: ids })}
          />
        )}
        <p>
          You will be the keeper: you say who is on the team. Ask a second person to be keeper soon.
        </p>
      </FormFrame>
    </Page>
  );
}

export function BeginHousehold() {
  const form = useKeptForm(
    "begin-household",
    NO_ABOUT,
    (now) => checkAbout(now, "household"),
    async (now) => {
      const log = await ask("beginChild", { ...asKept(now), sort: "household" });
      await look();
      go(`/child/${log}`);
    },
  );
  return (
    <Page title="Begin a household" back={BACK}>
      <p>
        A household has a stream of its own, for what is about all who live there. Each child keeps
        theirs, with a team of its own; afterwards you say which children live here.
      </p>
      <FormFrame form={form} failed="Not begun." button="Begin">
        <AboutFields form={form} sort="household" />
        <p>
          You will be the keeper: you say who is on the team. Ask a second person to be keeper soon.
        </p>
      </FormFrame>
    </Page>
  );
}
